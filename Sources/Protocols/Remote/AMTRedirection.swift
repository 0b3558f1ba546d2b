import Model
import Wire

/// Intel AMT redirection: serial console, disks and screen of a computer through its management engine, whatever its system
/// does. Port 16994 is in clear, 16995 in TLS.
///
///     client   0x10, 0, 0, 0, "SOL " (console), "IDER" (disks) or "KVMR" (screen)
///     server   0x11, status 1, …
///     client   0x13 authentication { 0, 0, 0, method 1, length 4 (little-endian), user length 1, user, … }
package enum AMTRedirection: Dissector {
    package static let description = ProtocolDescription(
        name: "amt-redirection", title: "Intel AMT redirection", family: .remoteAccess, level: .identity,
        reference: "Intel AMT Redirection Library; as amtterm speaks it", bindings: [.tcp([16994])])

    private static let openingSize = 8

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0x10, bytes.be24(1) == 0, bytes.byteCount >= openingSize else { return .no }
        return bytes.byteCount == openingSize && kind(bytes) != nil ? .certain(from: .client) : .no
    }

    private static func kind(_ bytes: RawSpan) -> UInt32? {
        if bytes.starts(with: "SOL ", at: 4) { return 1 }
        if bytes.starts(with: "IDER", at: 4) { return 2 }
        return bytes.starts(with: "KVMR", at: 4) ? 3 : nil
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard d.fromClient else {
            d.observe(.deviceType, "management engine (Intel AMT)", field: "answer", confidence: .medium)
            return .directionDone
        }
        if d.afterGap { return .directionDone }
        switch bytes.u8(0) {
        case 0x10:
            guard bytes.byteCount >= openingSize else { return .needMore(openingSize) }
            guard let kind = kind(bytes) else { return .directionDone }
            d.message(kind, .control)
            return .consumed(openingSize)
        case 0x13:
            guard bytes.byteCount >= 9 else { return .needMore(9) }
            let size = 9 &+ Int(bytes.le32(5))
            guard size <= 1_024 else { return .directionDone }
            guard bytes.byteCount >= size else { return .needMore(size) }
            let method = bytes.u8(4)
            guard method != 0, size > 9 else { return .consumed(size) }
            d.message(0x13, .login)
            d.observe(.user, text: bytes.slice(10, Int(bytes.u8(9))), field: "user", about: .conversation)
            // Method 1 sends the password as it is.
            if method == 1 { d.observe(.cleartextCredential, "Intel AMT", field: "password", about: .conversation) }
            return .consumed(size)
        default: return .directionDone
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "start Serial over LAN"
        case 2: "start IDE redirection"
        case 3: "start KVM"
        default: "authentication"
        }
    }
}
