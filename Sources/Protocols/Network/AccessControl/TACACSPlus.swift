import Model
import Wire

/// TACACS+: network devices ask a server who may log in and what they may do. Bodies are veiled unless a flag says not.
///
///     0  version 1 (0xc0, 0xc1)    1  type 1 (1 authentication, 2 authorisation, 3 accounting)    2  sequence 1
///     3  flags 1 (bit 0: not encrypted)    4  session 4    8  length 4    12  body
package enum TACACSPlus: Dissector {
    package static let description = ProtocolDescription(
        name: "tacacs-plus", title: "TACACS+", family: .network, level: .messages, reference: "RFC 8907, 4",
        bindings: [.tcp([49])], displayFilter: "tacplus")

    private static let headerSize = 12
    private static let port: UInt16 = 49

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) & 0xfe == 0xc0, bytes.byteCount >= headerSize, bytes.u8(1) >= 1, bytes.u8(1) <= 3,
            bytes.u8(2) >= 1, bytes.u8(3) & 0xfa == 0, bytes.be32(8) <= 65_535,
            bytes.byteCount <= headerSize &+ Int(bytes.be32(8))
        else { return .no }
        // The client's numbers are odd.
        let sender: Verdict.Sender = bytes.u8(2) & 1 == 1 ? .client : .server
        return Verdict(hint.uses(port) ? .certain : .possible, sender: sender)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= headerSize else { return .needMore(headerSize) }
        guard bytes.u8(0) & 0xfe == 0xc0, bytes.be32(8) <= 65_535 else { return .malformed }
        let type = bytes.u8(1)
        d.message(UInt32(type), type == 1 && d.fromClient ? .login : .none)
        if bytes.u8(3) & 1 == 1 { d.observe(.security, "TACACS+ not encrypted", field: "flags", about: .conversation) }
        if !d.fromClient { d.role(.server, field: "answer", confidence: .medium) }
        return .consumed(headerSize &+ Int(bytes.be32(8)))
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "authentication"
        case 2: "authorization"
        default: "accounting"
        }
    }
}
