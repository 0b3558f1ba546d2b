import Model
import Wire

/// BJNP, with which computers find and use printers and scanners of Canon.
///
///     0  "BJNP"   4  device 1 (1 printer, 2 scanner; bit 7: answer)   5  command 1 (1 discover, 0x30 identity)
///     6  error 2, sequence 4, session 2   14  length 2 (of the body; older: 12, 4)   16  body
package enum BJNP: Dissector {
    package static let description = ProtocolDescription(
        name: "bjnp", title: "Canon BJNP", family: .service, level: .identity,
        reference: "Layout as the backend pixma of SANE and Wireshark read it", bindings: [.udp([8611, 8612])],
        displayFilter: "bjnp")

    private static let headerSize = 16

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0x42, bytes.byteCount >= headerSize, bytes.starts(with: "BJNP"), bytes.u8(4) & 0x7f <= 4
        else {
            return .no
        }
        return .certain(from: bytes.u8(4) & 0x80 == 0 ? .client : .server)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.starts(with: "BJNP") else { return .malformed }
        let isAnswer = bytes.u8(4) & 0x80 != 0
        if isAnswer {
            d.role(.printer, field: "answer")
            d.observe(.vendor, "Canon", field: "answer_vendor", confidence: .medium)
            if bytes.u8(5) == 0x30 { DeviceID.read(bytes.from(headerSize), &d) }
        } else {
            d.message(UInt32(bytes.u8(5)), bytes.u8(5) == 1 || bytes.u8(5) == 0x30 ? .identity : .none)
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "discover"
        case 0x10: "start session"
        case 0x11: "end session"
        case 0x20: "read or status"
        case 0x21: "write"
        case 0x30: "get identity"
        default: "command \(code)"
        }
    }
}
