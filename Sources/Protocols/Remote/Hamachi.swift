import Model
import Wire

/// LogMeIn Hamachi, the control connection of its client: blocks with a length and a mark. The tunnel's datagrams have no mark
/// and are left unnamed.
///
///     0  length  4   of what follows
///    12  mark    4   0x7b7a0dad
package enum Hamachi: Dissector {
    package static let description = ProtocolDescription(
        name: "hamachi", title: "LogMeIn Hamachi", family: .tunnel, level: .recognised,
        reference: "Control connection as observed (nDPI)", bindings: [.tcp([12975, 32976])])

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0, bytes.byteCount >= 64, bytes.be32(12) == 0x7b7a_0dad else { return .no }
        return Int(bytes.be32(0)) >= bytes.byteCount &- 4 && bytes.be32(0) < 65_536 ? .certain : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        d.observe(.software, "LogMeIn Hamachi", field: "opening", about: .client, confidence: .medium)
        return .conversationDone
    }
}
