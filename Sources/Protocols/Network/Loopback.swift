import Model
import Wire

/// Ethernet configuration test: a frame that asks to be sent back. Cisco switches send it to themselves as a keep-alive.
///
///     0  skip count  2  little-endian: bytes to pass over
///     2  function    2  little-endian: 1 reply, 2 forward
package enum Loopback: Dissector {
    package static let description = ProtocolDescription(
        name: "loop", title: "Ethernet loopback", family: .network, level: .messages,
        reference: "The Ethernet, Version 2.0 (DEC, Intel, Xerox), section 8: configuration testing",
        bindings: [.etherType(0x9000)], displayFilter: "loop")

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let skip = Int(bytes.le16(0))
        guard bytes.has(2, at: 2 &+ skip) else { return .malformed }
        d.message(UInt32(bytes.le16(2 &+ skip)))
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "Reply"
        case 2: "Forward"
        default: "Function \(code)"
        }
    }
}
