import Model
import Wire

/// RSVP: reserves ways through a network, today for MPLS.
///
///     0  version 4 bits (1), flags 4 bits   1  type 1   2  checksum 2   4  TTL 1   5  reserved 1   6  length 2
package enum RSVP: Dissector {
    package static let description = ProtocolDescription(
        name: "rsvp", title: "RSVP", family: .network, level: .messages, reference: "RFC 2205, 3.1; RFC 3209",
        bindings: [.ipProtocol(46)], displayFilter: "rsvp")

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 8, bytes.u8(0) >> 4 == 1 else { return .malformed }
        d.message(UInt32(bytes.u8(1)))
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "Path"
        case 2: "Resv"
        case 3: "PathErr"
        case 4: "ResvErr"
        case 5: "PathTear"
        case 6: "ResvTear"
        case 7: "ResvConf"
        case 12: "Bundle"
        case 13: "Ack"
        case 15: "Srefresh"
        case 20: "Hello"
        default: "type \(code)"
        }
    }
}
