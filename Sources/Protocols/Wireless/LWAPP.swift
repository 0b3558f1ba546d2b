import Model
import Wire

/// Lightweight Access Point Protocol, CAPWAP's forerunner: UDP 12222 (data) and 12223 (control), or directly on Ethernet.
///
///     0  version 2 bits, radio 3, control 1, fragment 1, last 1
///     1  fragment id  1
///     2  length       2   of what follows the header
///     4  signal       2
///     6  control message: type 1, sequence 1, length 2, session 4, elements
package enum LWAPP: Dissector {
    package static let description = ProtocolDescription(
        name: "lwapp", title: "LWAPP", family: .wireless, level: .messages, reference: "RFC 5412",
        bindings: [.udp([12222, 12223]), .etherType(0x88bb), .etherType(0xbbbb)], displayFilter: "lwapp")

    private enum Offset {
        static let flags = 0, length = 2, message = 6
        /// Over UDP and Ethernet alike Cisco puts the access point's MAC before the header.
        static let cisco = 6
    }
    private static let controlBit: UInt8 = 0x04
    private static let dataCode: UInt32 = 0x100

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard hint.uses(12222) || hint.uses(12223), header(bytes) != nil else { return .no }
        return .possible(from: hint.destinationPort == 12222 || hint.destinationPort == 12223 ? .client : .server)
    }

    /// Where the header starts: at once, or behind a MAC; nil when neither makes sense.
    private static func header(_ bytes: RawSpan) -> Int? {
        for start in [Offset.cisco, 0] where bytes.byteCount >= start + Offset.message {
            let length = Int(bytes.be16(start + Offset.length))
            if bytes.u8(start) >> 6 == 0, length > 0, length == bytes.byteCount - start - Offset.message {
                return start
            }
        }
        return nil
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard let start = header(bytes) else { return .malformed }
        guard bytes.u8(start + Offset.flags) & controlBit != 0 else {
            d.message(dataCode)
            return .consumed(bytes.byteCount)
        }
        let type = bytes.u8(start + Offset.message)
        d.message(UInt32(type))
        switch type {
        case 1, 3, 22: d.role(.accessPoint, field: "request")
        case 2, 4, 23: d.role(.wirelessController, field: "response")
        default: break
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "Discovery Request"
        case 2: "Discovery Reply"
        case 3: "Join Request"
        case 4: "Join Reply"
        case 22: "Echo Request"
        case 23: "Echo Response"
        case dataCode: "Data"
        default: "Message type \(code)"
        }
    }
}
