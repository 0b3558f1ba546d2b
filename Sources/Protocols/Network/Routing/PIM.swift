import Model
import Wire

/// PIM: routers arrange between themselves who forwards multicast.
///
///     0  version 4 bits (2), type 4 bits   1  reserved 1   2  checksum 2
package enum PIM: Dissector {
    package static let description = ProtocolDescription(
        name: "pim", title: "PIM", family: .network, level: .messages, reference: "RFC 7761, 4.9; RFC 3973",
        bindings: [.ipProtocol(103)], displayFilter: "pim")

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 4, bytes.u8(0) >> 4 == 2 else { return .malformed }
        d.message(UInt32(bytes.u8(0) & 15))
        d.role(.router, field: "router", confidence: .medium)
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0: "Hello"
        case 1: "Register"
        case 2: "Register-Stop"
        case 3: "Join/Prune"
        case 4: "Bootstrap"
        case 5: "Assert"
        case 6: "Graft"
        case 7: "Graft-Ack"
        case 8: "Candidate-RP-Advertisement"
        case 9: "State Refresh"
        default: "type \(code)"
        }
    }
}
