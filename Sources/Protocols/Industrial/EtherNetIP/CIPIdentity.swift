import Model
import Wire

/// Facts in responses of the objects that say what a device is: Identity (volume 1, 5A-2), TCP/IP Interface and Ethernet
/// Link (volume 2, 5-4 and 5-5), and the controller's program name of Logix.
enum CIPIdentity {

    // MARK: Identity object

    static func identity(_ data: RawSpan, _ request: CIPRequest, _ d: inout Dissection) {
        switch request.service {
        case CIP.Service.getAttributesAll:
            guard data.byteCount >= 15 else { return }
            // Attributes 1 to 7 in a row.
            var offset = 0
            var id: UInt16 = 1
            while id <= 7, let size = size(of: id, data, at: offset), data.has(size, at: offset) {
                attribute(id, data.slice(offset, size), request.route, &d)
                offset &+= size
                id &+= 1
            }
            if let route = request.route { module(data, route, &d) }
        case CIP.Service.getAttributeSingle:
            attribute(UInt16(truncatingIfNeeded: request.attribute), data, request.route, &d)
        case CIP.Service.getAttributeList:
            // Count, then id 2, status 2 and, where that is 0, the value.
            var left = min(data.le16(0), 64)
            var offset = 2
            while left > 0, data.has(4, at: offset) {
                let id = data.le16(offset)
                let isGood = data.le16(offset &+ 2) == 0
                offset &+= 4
                left &-= 1
                guard isGood else { continue }
                guard let size = size(of: id, data, at: offset), data.has(size, at: offset) else { return }
                attribute(id, data.slice(offset, size), request.route, &d)
                offset &+= size
            }
        default: break
        }
    }

    /// Bytes of an attribute of the identity object; nil for one whose size is not known.
    private static func size(of id: UInt16, _ data: RawSpan, at offset: Int) -> Int? {
        switch id {
        case 1, 2, 3, 4, 5, 9: 2
        case 6: 4
        case 7: 1 &+ Int(data.u8(offset))
        case 8, 10: 1
        default: nil
        }
    }

    private static func attribute(_ id: UInt16, _ value: RawSpan, _ route: CIPPath.Route?, _ d: inout Dissection) {
        if route != nil {
            routedAttribute(id, value, &d)
            return
        }
        switch id {
        case 1 where value.byteCount >= 2:
            d.observe(.vendorID, number: UInt64(value.le16(0)), field: "identity_vendor_id")
            if let name = CIPVendor.name(value.le16(0)) { d.observe(.vendor, name, field: "identity_vendor") }
        case 2 where value.byteCount >= 2:
            d.observe(.deviceType, number: UInt64(value.le16(0)), field: "identity_device_type")
            if let role = role(value.le16(0)) { d.role(role.0, field: "identity_role", confidence: role.1) }
        case 3 where value.byteCount >= 2:
            d.observe(.productCode, number: UInt64(value.le16(0)), field: "identity_product_code")
        case 4:
            if let revision = revision(value, at: 0) { d.observe(.firmware, revision, field: "identity_revision") }
        case 5 where value.byteCount >= 2:
            d.observe(.status, hexadecimal(UInt32(value.le16(0)), digits: 4), field: "identity_status")
        case 6 where value.byteCount >= 4:
            d.observe(.serial, hexadecimal(value.le32(0), digits: 8), field: "identity_serial_number")
        case 7: d.observe(.model, text: value.slice(1, Int(value.u8(0))), field: "identity_product_name")
        default: break
        }
    }

    /// The same of a module behind the addressed device. It is said at this address, but of one module of several.
    private static func routedAttribute(_ id: UInt16, _ value: RawSpan, _ d: inout Dissection) {
        switch id {
        case 1 where value.byteCount >= 2:
            d.observe(.vendorID, number: UInt64(value.le16(0)), field: "module_vendor_id", confidence: .medium)
            if let name = CIPVendor.name(value.le16(0)) {
                d.observe(.vendor, name, field: "module_vendor", confidence: .medium)
            }
        case 2 where value.byteCount >= 2:
            d.observe(.deviceType, number: UInt64(value.le16(0)), field: "module_device_type", confidence: .medium)
            // A controller in the rack makes the rack one; other modules say nothing of the whole.
            if value.le16(0) == DeviceType.controller {
                d.role(.plc, field: "module_role", confidence: .medium)
            }
        case 3 where value.byteCount >= 2:
            d.observe(.productCode, number: UInt64(value.le16(0)), field: "module_product_code", confidence: .medium)
        case 4:
            if let revision = revision(value, at: 0) {
                d.observe(.firmware, revision, field: "module_revision", confidence: .medium)
            }
        case 6 where value.byteCount >= 4:
            d.observe(
                .serial, hexadecimal(value.le32(0), digits: 8), field: "module_serial_number", confidence: .medium)
        case 7:
            d.observe(
                .model, text: value.slice(1, Int(value.u8(0))), field: "module_product_name", confidence: .medium)
        default: break
        }
    }

    /// A module as one fact, with its place, so that its parts stay together.
    private static func module(_ data: RawSpan, _ route: CIPPath.Route, _ d: inout Dissection) {
        guard d.isNew(data, field: "module") else { return }
        let name = WireText(wire: data.slice(15, Int(data.u8(14))))
        guard let revision = revision(data, at: 6), !name.isEmpty else { return }
        let place = route.port == 1 ? "slot \(route.address)" : "port \(route.port) address \(route.address)"
        let serial = hexadecimal(data.le32(10), digits: 8)
        d.observe("module", "\(place): \(name.raw), revision \(revision), serial \(serial)", field: "module")
    }

    // MARK: Network objects

    private enum Interface {
        static let configuration: UInt32 = 5, hostName: UInt32 = 6
    }

    static func tcpIPInterface(_ data: RawSpan, _ request: CIPRequest, _ d: inout Dissection) {
        switch (request.service, request.attribute) {
        case (CIP.Service.getAttributeSingle, Interface.configuration): _ = configuration(data, &d)
        case (CIP.Service.getAttributeSingle, Interface.hostName): hostName(data, &d)
        case (CIP.Service.getAttributesAll, _):
            // Status, capability and control 4 each, a path counted in words, configuration, host name.
            let path = Int(data.le16(12)) &* 2
            hostName(data.from(configuration(data.from(14 &+ path), &d) &+ 14 &+ path), &d)
        default: break
        }
    }

    /// Address, mask, gateway, two name servers (4 each), domain name (counted by 2 bytes, padded); answers the length.
    private static func configuration(_ data: RawSpan, _ d: inout Dissection) -> Int {
        guard data.byteCount >= 20 else { return data.byteCount }
        let address = data.le32(0)
        if address != 0 { d.observe(.ip, address: IPAddress(v4: address), field: "interface_address") }
        let gateway = data.le32(8)
        if gateway != 0 { d.observe(.gateway, address: IPAddress(v4: gateway), field: "interface_gateway") }
        let server = data.le32(12)
        if server != 0 { d.observe(.dnsServer, address: IPAddress(v4: server), field: "interface_name_server") }
        let size = Int(data.le16(20))
        d.observe(.domain, text: data.slice(22, size), field: "interface_domain")
        return 22 &+ size &+ (size & 1)
    }

    private static func hostName(_ data: RawSpan, _ d: inout Dissection) {
        d.observe(.name, text: data.slice(2, Int(data.le16(0))), field: "interface_host_name")
    }

    static func ethernetLink(_ data: RawSpan, _ request: CIPRequest, _ d: inout Dissection) {
        // Attribute 3 is the physical address; speed and flags, 4 each, come before it.
        let offset =
            switch (request.service, request.attribute) {
            case (CIP.Service.getAttributeSingle, 3): 0
            case (CIP.Service.getAttributesAll, _): 8
            default: -1
            }
        guard offset >= 0, data.has(6, at: offset) else { return }
        let mac = data.mac(offset)
        if mac != .zero { d.observe(.mac, mac: mac, field: "link_physical_address") }
    }

    /// Logix keeps its program's name and description in class 0x64: length 2, text.
    static func program(_ data: RawSpan, _ request: CIPRequest, _ d: inout Dissection) {
        guard request.service == CIP.Service.getAttributesAll, request.instance == 1 else { return }
        let size = Int(data.le16(0))
        guard size > 0, size <= 64, data.has(size, at: 2) else { return }
        d.observe("program_name", text: data.slice(2, size), field: "program_name")
    }

    // MARK: Values

    /// Major and minor revision joined; the high bit of the major one is reserved.
    static func revision(_ bytes: RawSpan, at offset: Int) -> String? {
        guard bytes.has(2, at: offset) else { return nil }
        return "\(bytes.u8(offset) & 0x7f).\(bytes.u8(offset &+ 1))"
    }

    private enum DeviceType {
        static let controller: UInt16 = 14
    }

    /// What a device type says of the device (volume 1, 6-1).
    static func role(_ deviceType: UInt16) -> (Role, Confidence)? {
        switch deviceType {
        case DeviceType.controller: (.plc, .high)
        case 2, 19, 37, 45, 46: (.drive, .high)
        case 3, 16, 21, 22, 23: (.drive, .medium)
        case 4, 5, 6, 9, 34, 47, 52: (.sensor, .high)
        case 26, 28, 30, 39: (.sensor, .medium)
        case 7, 35, 42, 49: (.io, .high)
        case 27: (.io, .medium)
        // A communications adapter stands before a rack: of inputs and outputs or of a controller.
        case 12: (.gateway, .low)
        case 24: (.hmi, .high)
        case 41, 53: (.gateway, .high)
        case 44: (.switch, .high)
        default: nil
        }
    }
}
