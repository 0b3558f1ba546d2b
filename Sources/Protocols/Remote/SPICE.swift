import Model
import Wire

/// SPICE, the remote display of virtual machines (QEMU, Proxmox, oVirt): one connection per channel, each opened by a link
/// message in clear; the ticket that follows is encrypted.
///
///     0  magic       4   "REDQ"
///     4  major, minor 4 each, little-endian
///     12 size        4   of what follows
///     16 request: session id 4, channel type 1, channel id 1, …   reply: error 4, public key, …
package enum SPICE: Dissector {
    package static let description = ProtocolDescription(
        name: "spice", title: "SPICE", family: .remoteAccess, level: .messages,
        reference: "SPICE Remote Computing Protocol, 2",
        bindings: [.tcp([5900, 5930])], displayFilter: "spice")

    private static let headerSize = 16

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0x52, bytes.u8(1) == 0x45 || bytes.byteCount == 1 else { return .no }
        guard bytes.byteCount >= headerSize else { return .wait }
        return bytes.starts(with: "REDQ") && bytes.le32(4) <= 9 && bytes.le32(12) <= 4_096
            ? .certain(from: hint.fromClient ? .client : .server) : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= headerSize &+ 6 else { return .needMore(headerSize &+ 6) }
        guard bytes.starts(with: "REDQ") else { return .directionDone }
        if d.fromClient {
            let channel = UInt32(bytes.u8(20))
            d.message(channel, channel == 1 ? .login : .none)
            return .directionDone
        }
        d.observe(.version, "SPICE \(bytes.le32(4)).\(bytes.le32(8))", field: "version")
        let error = bytes.le32(16)
        if error != 0 { d.observe(.status, errorName(error), field: "link_error", about: .conversation) }
        return .conversationDone
    }

    private static func errorName(_ error: UInt32) -> String {
        switch error {
        case 4: "NEED_SECURED"
        case 5: "NEED_UNSECURED"
        case 6: "PERMISSION_DENIED"
        case 7: "BAD_CONNECTION_ID"
        case 8: "CHANNEL_NOT_AVAILABLE"
        default: "error \(error)"
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "link main"
        case 2: "link display"
        case 3: "link inputs"
        case 4: "link cursor"
        case 5: "link playback"
        case 6: "link record"
        case 8: "link smartcard"
        case 9: "link usb redirection"
        case 10, 11: "link port"
        default: "link channel \(code)"
        }
    }
}
