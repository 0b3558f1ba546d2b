import Model
import Wire

/// Message elements of CAPWAP control messages that carry identity (RFC 5415, 4.6).
enum CAPWAPElements {
    private enum Element {
        static let acDescriptor: UInt16 = 1, acName: UInt16 = 4, controlIPv4: UInt16 = 10, controlIPv6: UInt16 = 11
        static let location: UInt16 = 28, localIPv4: UInt16 = 30, localIPv6: UInt16 = 50, boardData: UInt16 = 38
        static let vendorPayload: UInt16 = 37, wtpDescriptor: UInt16 = 39, wtpName: UInt16 = 45
    }
    private static let mostElements = 256

    static func read(_ area: RawSpan, _ d: inout Dissection) {
        walk(area) { type, value in
            switch type {
            // Stations 2, limit 2, access points 2, limit 2, security 1, R-MAC 1, reserved 1, DTLS policy 1.
            case Element.acDescriptor: descriptors(value.from(12), &d)
            case Element.acName: d.observe(.name, text: value, field: "ac_name")
            case Element.controlIPv4 where value.byteCount >= 4: owns(value.ipv4(0), "control_address", &d)
            case Element.controlIPv6 where value.byteCount >= 16: owns(value.ipv6(0), "control_address", &d)
            case Element.location: d.observe(.location, text: value, field: "location")
            case Element.localIPv4 where value.byteCount >= 4: owns(value.ipv4(0), "local_address", &d)
            case Element.localIPv6 where value.byteCount >= 16: owns(value.ipv6(0), "local_address", &d)
            case Element.boardData: board(value, &d)
            case Element.wtpDescriptor: wtpDescriptor(value, &d)
            case Element.vendorPayload: vendorPayload(value, &d)
            case Element.wtpName: d.observe(.name, text: value, field: "wtp_name")
            default: break
            }
        }
    }

    private static func owns(_ address: IPAddress, _ field: StaticString, _ d: inout Dissection) {
        // A controller names its peers as well; the address is its own only where it agrees with the packet.
        guard address.isUnicast else { return }
        if address == d.source.ip {
            d.observe(.ip, address: address, field: field)
        } else {
            d.role(.wirelessController, field: "other_controller", about: .address(address), confidence: .low)
        }
    }

    /// Vendor 4 (enterprise number), then sub-elements type 2, length 2: 0 model, 1 serial, 2 board id, 3 revision,
    /// 4 base MAC (4.6.40).
    private static func board(_ value: RawSpan, _ d: inout Dissection) {
        guard value.byteCount >= 4 else { return }
        vendor(value.be32(0), &d)
        walk(value.from(4)) { type, value in
            switch type {
            case 0: d.observe(.model, text: value, field: "board_model")
            case 1: d.observe(.serial, text: value, field: "board_serial")
            case 2: d.observe("board_id", identifier: value, field: "board_id")
            case 3: d.observe(.hardware, text: value, field: "board_revision")
            case 4 where value.byteCount == 6:
                if value.mac(0).isUnicast { d.observe(.mac, mac: value.mac(0), field: "base_mac") }
            default: break
            }
        }
    }

    /// Radios 2, number of encryption sub-elements 1, each 3 bytes, then descriptors. Cisco sends a two-byte number and no
    /// sub-elements.
    private static func wtpDescriptor(_ value: RawSpan, _ d: inout Dissection) {
        let standard = value.from(3 &+ Int(value.u8(2)) &* 3)
        descriptors(hasWholeDescriptors(standard) ? standard : value.from(4), &d)
    }

    private static func hasWholeDescriptors(_ area: RawSpan) -> Bool {
        var offset = 0
        while area.has(8, at: offset) { offset &+= 8 &+ Int(area.be16(offset &+ 6)) }
        return offset == area.byteCount && offset > 0
    }

    /// Sub-elements vendor 4, type 2, length 2, value: for an access point 0 hardware, 1 active software (4.6.41); for a
    /// controller 4 hardware, 5 software (4.6.1), though Cisco's uses an access point's numbers.
    private static func descriptors(_ area: RawSpan, _ d: inout Dissection) {
        var offset = 0
        var left = 16
        while left > 0, area.has(8, at: offset) {
            left &-= 1
            let type = area.be16(offset &+ 4)
            let length = Int(area.be16(offset &+ 6))
            guard area.has(length, at: offset &+ 8) else { return }
            let value = area.slice(offset &+ 8, length)
            vendor(area.be32(offset), &d)
            switch type {
            case 0, 4: version(value, .hardware, "hardware_version", &d)
            case 1, 5: version(value, .firmware, "software_version", &d)
            default: break
            }
            offset &+= 8 &+ length
        }
    }

    /// Vendor 4, element 2, data. Cisco's element 5 is the access point's name.
    private static func vendorPayload(_ value: RawSpan, _ d: inout Dissection) {
        if value.be32(0) == ciscoOUI, value.be16(4) == 5, value.from(6).isPrintable {
            d.observe(.name, text: value.from(6), field: "cisco_wtp_name")
        }
    }

    /// Text, or four numbers as some makers send it.
    private static func version(
        _ value: RawSpan, _ attribute: Attribute, _ field: StaticString, _ d: inout Dissection
    ) {
        if value.isPrintable {
            d.observe(attribute, text: value, field: field)
        } else if value.byteCount == 4, value.be32(0) != 0 {
            d.observe(attribute, "\(value.u8(0)).\(value.u8(1)).\(value.u8(2)).\(value.u8(3))", field: field)
        }
    }

    /// Cisco identifies itself by its OUI 00-40-96 and a zero byte instead of its enterprise number.
    private static let ciscoOUI: UInt32 = 0x0040_9600

    /// Enterprise numbers (IANA) of makers of wireless networks.
    private static func vendor(_ enterprise: UInt32, _ d: inout Dissection) {
        let name: String? =
            switch enterprise {
            case 9, ciscoOUI: "Cisco"
            case 11: "Hewlett Packard"
            case 388: "Symbol"
            case 2011: "Huawei"
            case 2636: "Juniper"
            case 12356: "Fortinet"
            case 14525: "Trapeze"
            case 14823: "Aruba"
            case 25053: "Ruckus"
            case 25506: "H3C"
            default: nil
            }
        if let name { d.observe(.vendor, name, field: "vendor_identifier") }
    }

    /// Elements of type 2, length 2, value; stops where one does not fit.
    private static func walk(_ area: RawSpan, _ body: (UInt16, RawSpan) -> Void) {
        var offset = 0
        var left = mostElements
        while left > 0, area.has(4, at: offset) {
            left &-= 1
            let length = Int(area.be16(offset &+ 2))
            guard area.has(length, at: offset &+ 4) else { return }
            body(area.be16(offset), area.slice(offset &+ 4, length))
            offset &+= 4 &+ length
        }
    }
}
