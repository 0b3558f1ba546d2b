import Model

extension Scenario {
    private static let lineNames = ["plc-1", "plc-2", "plc-3", "panel", "scada", "engineering"]

    static let maintenancePC = Scenario(
        "maintenance-pc", "A contractor's PC is plugged in for ten minutes of a long day and reads a controller.",
        truth: Truth(
            listed: lineNames, unlisted: ["maintenance-pc"],
            findings: ["unlisted-device": ["maintenance-pc"], "transient-device": ["maintenance-pc"]],
            levels: ["2-6": 1...2])
    ) { network in
        PlantKit.dayWithVisitor(&network)
    }

    static let churn = Scenario(
        "dhcp-churn", "Laptops that get another address each morning, and addresses that pass from one to the next.",
        truth: Truth(
            listed: lineNames + ["laptop-1", "laptop-2", "router"], levels: ["2-6": 1...2])
    ) { network in
        let line = PlantKit.line(&network)
        let site = network.outside("web-site", "198.51.100.80")
        _ = network.station("router", "192.168.10.1", mac: PlantKit.routerMAC.bits)
        let addresses = ["192.168.10.151", "192.168.10.152", "192.168.10.153"]
        let macs: [UInt64] = [0x0030_de77_0001, 0x0030_de77_0002]
        for day in 0..<3 {
            PlantKit.work(&network, line)
            for number in 0..<2 {
                let laptop = network.station(
                    "laptop-\(number + 1)", addresses[(day + number) % 3], mac: macs[number], ttl: 128)
                network.arp(laptop, line.supervision)
                network.tcp(laptop, site, 443, .tls, times: 6)
            }
            network.wait(seconds: 86_400)
        }
    }

    static let newDevice = Scenario(
        "unlisted-devices", "Three devices talk that the ledger does not know, one of them only by ARP.",
        truth: Truth(
            listed: lineNames, unlisted: ["camera", "printer", "silent"],
            findings: ["unlisted-device": ["camera", "printer", "silent"]], levels: ["2-6": 1...2])
    ) { network in
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        let camera = network.station("camera", "192.168.10.210")
        let printer = network.station("printer", "192.168.10.211")
        let silent = network.station("silent", "192.168.10.212")
        network.tcp(line.supervision, camera, 80, .http)
        network.tcp(line.supervision, printer, 80, .http)
        network.arp(silent, line.supervision)
        PlantKit.work(&network, line)
    }

    static let wholeLedger = Scenario(
        "complete-ledger", "Everything that talks is listed, in two VLANs and beyond a router.",
        truth: Truth(listed: lineNames + ["router", "office-pc-1", "office-pc-2", "office-pc-3", "file-server"])
    ) { network in
        let line = PlantKit.line(&network, net: "192.168.20", vlan: 20)
        let office = PlantKit.office(&network, net: "192.168.10", vlan: 10)
        _ = network.station("router", "192.168.10.1", vlan: 10, mac: PlantKit.routerMAC.bits)
        PlantKit.work(&network, line, office)
    }
}
