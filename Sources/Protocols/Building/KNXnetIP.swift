import Model
import Wire

/// KNXnet/IP: building automation over IP, between tunnelling clients, routers and devices.
///
///     0  header size   1   06
///     1  version       1   10
///     2  service type  2
///     4  total length  2
///     6  body; search responses: endpoint 8, then description blocks: length 1, type 1, value
///
/// Device block (54 bytes, type 1): 2 medium 1, status 1, individual address 2, project 2, serial number 6, multicast address 4, MAC
/// address 6, name 30. Telegrams (cEMI): code 1, additional length 1, …, control 2, source 2, destination 2, length 1, TPCI and APCI 2.
package enum KNXnetIP: Dissector {
    package static let description = ProtocolDescription(
        name: "knxnet-ip", title: "KNXnet/IP", family: .building, level: .operations,
        reference: "ISO 22510:2019; KNX Standard 03/08, 03/06/03 (cEMI)", bindings: [.udp([port]), .tcp([port])],
        displayFilter: "kip")

    private static let port: UInt16 = 3671
    private static let headerSize = 6

    private enum Service {
        static let searchResponse: UInt16 = 0x0202, descriptionResponse: UInt16 = 0x0204
        static let searchResponseExtended: UInt16 = 0x020c, connectResponse: UInt16 = 0x0206
        static let tunnelling: UInt16 = 0x0420, routing: UInt16 = 0x0530
    }

    private static func length(_ bytes: RawSpan) -> Int? {
        let length = Int(bytes.be16(4))
        guard bytes.be16(0) == 0x0610, length >= headerSize, length <= 2048, isKnown(bytes.be16(2)) else { return nil }
        return length
    }

    private static func isKnown(_ service: UInt16) -> Bool {
        switch service {
        case 0x0201...0x020c, 0x0310...0x0313, 0x0420...0x0425, 0x0530...0x0533, 0x0740...0x0743, 0x0950...0x0955: true
        default: false
        }
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 6 else { return .no }
        guard bytes.byteCount >= headerSize else { return bytes.be16(0) == 0x0610 && hint.isTCP ? .wait : .no }
        guard let length = length(bytes), hint.isTCP || length == bytes.byteCount else { return .no }
        switch bytes.be16(2) {
        case 0x0201, 0x0203, 0x0205, 0x0207, 0x020b, 0x0951, 0x0953: return .certain(from: .client)
        case 0x0202, 0x0204, 0x0206, 0x0208, 0x020c, 0x0952, 0x0954: return .certain(from: .server)
        default: return .certain
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= headerSize else { return d.isTCP ? .needMore(headerSize) : .malformed }
        guard let length = length(bytes) else { return .malformed }
        guard bytes.byteCount >= length else { return d.isTCP ? .needMore(length) : .malformed }
        let service = bytes.be16(2)
        let body = bytes.slice(headerSize, length &- headerSize)
        switch service {
        case Service.searchResponse, Service.searchResponseExtended:
            d.message(UInt32(service))
            blocks(body.from(8), &d)
        case Service.descriptionResponse:
            d.message(UInt32(service))
            blocks(body, &d)
        case Service.tunnelling: telegram(body.from(Int(body.u8(0))), service, &d)
        case Service.routing: telegram(body, service, &d)
        default: d.message(UInt32(service), service == 0x0201 || service == 0x0203 ? .identity : .none)
        }
        if service == Service.connectResponse { d.role(.gateway, field: "connect_response", confidence: .medium) }
        return .consumed(length)
    }

    private static func blocks(_ body: RawSpan, _ d: inout Dissection) {
        var offset = 0
        var left = 16
        while left > 0, body.has(2, at: offset) {
            left &-= 1
            let size = Int(body.u8(offset))
            guard size >= 2, body.has(size, at: offset) else { return }
            if body.u8(offset &+ 1) == 1, size >= 54 { device(body.slice(offset, size), &d) }
            offset &+= size
        }
    }

    private static func device(_ block: RawSpan, _ d: inout Dissection) {
        d.observe(.name, text: block.slice(24, 30), field: "friendly_name")
        d.observe(.serial, WireText(hexadecimal: block.slice(8, 6)), field: "serial_number")
        let mac = block.mac(18)
        if mac.isUnicast, mac != .zero { d.observe(.mac, mac: mac, field: "mac_address") }
        if d.isNew(block.slice(4, 2), field: "address") {
            let address = block.be16(4)
            d.observe(
                "knx_address", "\(address >> 12).\(address >> 8 & 15).\(address & 255)", field: "individual_address")
        }
        d.role(.gateway, field: "device_information", confidence: .medium)
        // The first two bytes of a serial number are the maker's in KNX's list.
        d.observe(.vendorID, number: UInt64(block.be16(8)), field: "manufacturer", confidence: .medium)
    }

    /// Counts a telegram by its application service.
    private static func telegram(_ message: RawSpan, _ service: UInt16, _ d: inout Dissection) {
        let kind = message.u8(0)
        let at = 2 &+ Int(message.u8(1))
        guard kind == 0x11 || kind == 0x29 || kind == 0x2e, message.has(9, at: at) else {
            d.message(UInt32(service))
            return
        }
        let control = UInt32(message.be16(at &+ 7) & 0x03ff)
        // The upper four bits say what; groups of services go on in the lower six.
        let application = control >> 6 == 15 || control >> 6 == 11 ? control : control & 0x3c0
        let isAction = kind == 0x11 || service == Service.routing
        d.message(UInt32(service) << 16 | 0x8000 | UInt32(application), isAction ? effect(application) : .none)
    }

    private static func effect(_ application: UInt32) -> MessageEffect {
        switch application {
        case 0x000, 0x100, 0x180, 0x200: .read
        case 0x080, 0x0c0: .write
        case 0x280: .download
        case 0x300: .identity
        case 0x380: .control
        case 0x3d1, 0x3d3: .login
        case 0x3d5, 0x3d8: .read
        case 0x3d7, 0x2c2, 0x3e0: .write
        default: .none
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        if code & 0x8000 != 0, code >> 16 != 0 {
            return serviceName(code >> 16) + ": " + applicationName(code & 0x3ff)
        }
        return serviceName(code)
    }

    private static func applicationName(_ application: UInt32) -> String {
        switch application {
        case 0x000: "group value read"
        case 0x040: "group value response"
        case 0x080: "group value write"
        case 0x0c0: "individual address write"
        case 0x100: "individual address read"
        case 0x140: "individual address response"
        case 0x200: "memory read"
        case 0x240: "memory response"
        case 0x280: "memory write"
        case 0x300: "device descriptor read"
        case 0x340: "device descriptor response"
        case 0x380: "restart"
        case 0x3d1: "authorize"
        case 0x3d3: "key write"
        case 0x3d5: "property value read"
        case 0x3d6: "property value response"
        case 0x3d7: "property value write"
        default: "service 0x" + String(application, radix: 16)
        }
    }

    private static func serviceName(_ service: UInt32) -> String {
        switch service {
        case 0x0201: "Search request"
        case 0x0202: "Search response"
        case 0x0203: "Description request"
        case 0x0204: "Description response"
        case 0x0205: "Connect request"
        case 0x0206: "Connect response"
        case 0x0207: "Connection state request"
        case 0x0208: "Connection state response"
        case 0x0209: "Disconnect request"
        case 0x020a: "Disconnect response"
        case 0x020b: "Extended search request"
        case 0x020c: "Extended search response"
        case 0x0310: "Device configuration request"
        case 0x0311: "Device configuration acknowledge"
        case 0x0420: "Tunnelling request"
        case 0x0421: "Tunnelling acknowledge"
        case 0x0530: "Routing"
        case 0x0531: "Routing lost message"
        case 0x0532: "Routing busy"
        case 0x0950: "Secure wrapper"
        case 0x0951: "Secure session request"
        case 0x0952: "Secure session response"
        case 0x0953: "Secure session authenticate"
        case 0x0954: "Secure session status"
        case 0x0955: "Secure timer notify"
        default: "Service 0x" + String(service, radix: 16)
        }
    }
}
