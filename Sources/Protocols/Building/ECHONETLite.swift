import Model
import Wire

/// ECHONET Lite: air conditioning, meters, lighting and batteries of Japanese makers, over UDP.
///
///     0  1081         format 1
///     2  transaction  2
///     4  source object 3, destination object 3
///    10  service      1   60 to 63 and 6E requests, 71 to 74 and 7E answers, 50 to 53 and 5E refusals
///    11  count        1
///    12  properties: code 1, size 1, data
package enum ECHONETLite: Dissector {
    package static let description = ProtocolDescription(
        name: "echonet-lite", title: "ECHONET Lite", family: .building, level: .operations,
        reference: "ECHONET Lite Specification 1.14, part II, 3 and 6.11 (node profile)",
        bindings: [.udp([3610]), .tcp([3610])],
        displayFilter: "udp.port == 3610 || tcp.port == 3610")

    private enum Offset { static let source = 4, service = 10, count = 11, properties = 12 }

    /// The frame's size when every property is whole; nil when it is no frame.
    private static func size(_ bytes: RawSpan) -> Int? {
        guard bytes.be16(0) == 0x1081, bytes.has(Offset.properties), name(bytes.u8(Offset.service)) != nil else {
            return nil
        }
        var lists = bytes.u8(Offset.service) & 0x0f == 0x0e ? 2 : 1
        var offset = Offset.count
        while lists > 0 {
            guard bytes.has(1, at: offset) else { return nil }
            var left = bytes.u8(offset)
            offset &+= 1
            while left > 0 {
                guard bytes.has(2, at: offset) else { return nil }
                offset &+= 2 &+ Int(bytes.u8(offset &+ 1))
                left &-= 1
            }
            lists &-= 1
        }
        return offset <= bytes.byteCount && offset > Offset.properties ? offset : nil
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard let size = size(bytes), hint.isTCP || size == bytes.byteCount else { return .no }
        let isRequest = bytes.u8(Offset.service) & 0xf0 == 0x60
        return hint.uses(3610) ? .certain(from: isRequest ? .client : .server) : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard let size = size(bytes) else {
            return d.isTCP && bytes.byteCount < 1500 ? .needMore(bytes.byteCount &+ 1) : .malformed
        }
        let service = bytes.u8(Offset.service)
        d.message(UInt32(service), effect(service))
        // Answers and notices tell of the sender's object.
        guard service == 0x72 || service == 0x73 || service == 0x74 else { return .consumed(size) }
        let source = bytes.be24(Offset.source)
        if source >> 8 != 0x0ef0 { d.observe(.deviceType, number: UInt64(source >> 8), field: "object_class") }
        var left = bytes.u8(Offset.count)
        var offset = Offset.properties
        while left > 0, bytes.has(2, at: offset) {
            let data = bytes.slice(offset &+ 2, Int(bytes.u8(offset &+ 1)))
            property(bytes.u8(offset), data, &d)
            offset &+= 2 &+ data.byteCount
            left &-= 1
        }
        return .consumed(size)
    }

    private static func property(_ code: UInt8, _ data: RawSpan, _ d: inout Dissection) {
        switch code {
        case 0x8a where data.byteCount == 3:
            d.observe(.vendorID, number: UInt64(data.be24(0)), field: "manufacturer_code")
        case 0x8c where data.byteCount == 12: d.observe(.model, text: data, field: "product_code")
        case 0x8d where data.byteCount == 12: d.observe(.serial, text: data, field: "production_number")
        case 0x80 where data.byteCount == 1:
            d.observe(.status, data.u8(0) == 0x30 ? "on" : "off", field: "operation_status")
        default: break
        }
    }

    private static func effect(_ service: UInt8) -> MessageEffect {
        switch service {
        case 0x60, 0x61, 0x6e: .write
        case 0x62, 0x63: .read
        default: .none
        }
    }

    private static func name(_ service: UInt8) -> String? {
        switch service {
        case 0x60: "SetI"
        case 0x61: "SetC"
        case 0x62: "Get"
        case 0x63: "INF_REQ"
        case 0x6e: "SetGet"
        case 0x71: "Set_Res"
        case 0x72: "Get_Res"
        case 0x73: "INF"
        case 0x74: "INFC"
        case 0x7a: "INFC_Res"
        case 0x7e: "SetGet_Res"
        case 0x50: "SetI_SNA"
        case 0x51: "SetC_SNA"
        case 0x52: "Get_SNA"
        case 0x53: "INF_SNA"
        case 0x5e: "SetGet_SNA"
        default: nil
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        name(UInt8(truncatingIfNeeded: code)) ?? "Service \(code)"
    }
}
