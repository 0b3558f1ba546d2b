import Model
import Wire

/// Citrix ICA, the display protocol of XenApp and Virtual Apps, bare (both ends send a mark of six bytes) or inside the
/// Common Gateway Protocol, which keeps a session through interruptions. What follows is compressed or encrypted.
///
///     ICA   0x7f 0x7f "ICA" 0
///     CGP   length 1, "CGP/01", …
package enum CitrixICA: Dissector {
    package static let description = ProtocolDescription(
        name: "ica", title: "Citrix ICA", family: .remoteAccess, level: .recognised,
        reference: "Opening as observed; ports from the vendor's list of communication ports",
        bindings: [.tcp([1494, 2598])], displayFilter: "tcp.port == 1494 || tcp.port == 2598")

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        switch bytes.u8(0) {
        case 0x7f:
            if bytes.byteCount < 6 { return bytes.byteCount < 2 || bytes.u8(1) == 0x7f ? .wait : .no }
            return bytes.u8(1) == 0x7f && bytes.starts(with: "ICA\0", at: 2) ? .certain : .no
        case 0x1a:
            guard bytes.byteCount >= 7 else { return .wait }
            return bytes.starts(with: "CGP/", at: 1) ? .certain : .no
        default: return .no
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        d.message(bytes.u8(0) == 0x7f ? 0 : 1, .login)
        d.observe(.software, "Citrix ICA", field: "opening", about: .server, confidence: .medium)
        return .conversationDone
    }

    package static func messageName(_ code: UInt32) -> String { code == 0 ? "ICA opening" : "CGP opening" }
}
