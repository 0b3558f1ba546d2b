extension Scenario {
    static let all: [Scenario] =
        [
            flat, flatButTooLittle, vlans, vlanSPAN, tagsStripped, oneWay, translated, proxyARP, hsrp, doubleCapture,
            noOT,
            nothing,
            vendorInsideWindow, vendorOutsideWindow, unknownVendor, straightIn, manyTargets, administration,
            rogueAccessPoint, usbTethering, ordinaryLease, maintenancePC, churn, newDevice, wholeLedger,
            scan, portScan, stop, engineer, guessing, dnsTunnel, spoofing, spreading, monitoring,
        ] + allControls + allLedgers + allHealth + allEncryption
}
