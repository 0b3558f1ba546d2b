import Model
import Wire

/// BFD: two routers watch the way between them with short messages, many a second.
///
///     0  version 3 bits (1), diagnosis 5 bits   1  state 2 bits, flags 6 bits   2  multiplier 1   3  length 1
///     4  own discriminator 4, the peer's 4, intervals 4 each
package enum BFD: Dissector {
    package static let description = ProtocolDescription(
        name: "bfd", title: "BFD", family: .network, level: .messages, reference: "RFC 5880, 4; RFC 5881; RFC 5883",
        bindings: [.udp(ports)], displayFilter: "bfd")

    /// One hop, several hops, link bundles, seamless.
    private static let ports: [UInt16] = [3784, 4784, 6784, 7784]

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) >> 5 == 1, bytes.byteCount >= 24, Int(bytes.u8(3)) == bytes.byteCount, bytes.u8(2) > 0,
            bytes.be32(4) != 0, bytes.u8(0) & 0x1f <= 9
        else { return .no }
        return ports.contains(hint.destinationPort) || ports.contains(hint.sourcePort) ? .certain : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        d.message(UInt32(bytes.u8(1) >> 6))
        d.role(.router, field: "peer", confidence: .low)
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0: "AdminDown"
        case 1: "Down"
        case 2: "Init"
        default: "Up"
        }
    }
}
