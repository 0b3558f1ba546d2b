import Model
import Wire

/// PPTP, control connection; the tunnel itself runs in GRE.
///
///     0  length  2    2  message type  2   1    4  magic cookie  4   0x1a2b3c4d    8  control type  2
///        start request and reply (156 bytes): firmware 2 at 26, host name 64 at 28, vendor 64 at 92
package enum PPTP: Dissector {
    package static let description = ProtocolDescription(
        name: "pptp", title: "PPTP", family: .tunnel, level: .identity, reference: "RFC 2637, 2",
        bindings: [.tcp([1723])], displayFilter: "pptp")

    private static let cookie: UInt32 = 0x1a2b_3c4d
    private static let startSize = 156

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= 10 else { return bytes.byteCount < 2 || bytes.be16(0) <= 256 ? .wait : .no }
        guard bytes.be16(2) == 1, bytes.be32(4) == cookie else { return .no }
        switch bytes.be16(8) {
        case 1: return .certain(from: .client)
        case 2: return .certain(from: .server)
        default: return .certain
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 10 else { return .needMore(10) }
        let length = Int(bytes.be16(0))
        guard length >= 10, length <= 512, bytes.be32(4) == cookie else { return .malformed }
        guard bytes.byteCount >= length else { return .needMore(length) }
        let type = bytes.be16(8)
        d.message(UInt32(type), type == 7 ? .login : .none)
        if type == 1 || type == 2, length >= startSize {
            d.observe(.name, text: bytes.slice(28, 64), field: "host_name", confidence: .medium)
            d.observe(.vendor, text: bytes.slice(92, 64), field: "vendor_name", confidence: .medium)
            if type == 2 { d.role(.vpnGateway, field: "start_reply", confidence: .medium) }
        }
        return .consumed(length)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "Start-Control-Connection-Request"
        case 2: "Start-Control-Connection-Reply"
        case 3: "Stop-Control-Connection-Request"
        case 4: "Stop-Control-Connection-Reply"
        case 5: "Echo-Request"
        case 6: "Echo-Reply"
        case 7: "Outgoing-Call-Request"
        case 8: "Outgoing-Call-Reply"
        case 12: "Call-Clear-Request"
        case 13: "Call-Disconnect-Notify"
        case 15: "Set-Link-Info"
        default: "control \(code)"
        }
    }
}
