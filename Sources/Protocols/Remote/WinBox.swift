import Model
import Wire

/// WinBox, the management of MikroTik's routers (RouterOS 6.43 and later): the client opens with its account and a public key;
/// what follows is encrypted.
///
///     0  length 1   1  kind 1 (6)   2  account, 0, public key 32, parity 1
package enum WinBox: Dissector {
    package static let description = ProtocolDescription(
        name: "winbox", title: "MikroTik WinBox", family: .remoteAccess, level: .identity,
        reference: "Opening as described in public analyses of EC-SRP5 in RouterOS", bindings: [.tcp([8291])])

    private static let keySize = 33
    private static let port: UInt16 = 8291

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(1) == 6, hint.destinationPort == port, Int(bytes.u8(0)) == bytes.byteCount &- 2 else {
            return .no
        }
        guard let end = bytes.index(of: 0, from: 2, limit: 128), end > 2, bytes.byteCount == end &+ 1 &+ keySize,
            bytes.slice(2, end &- 2).isPlainText(), bytes.u8(bytes.byteCount &- 1) <= 1
        else { return .no }
        return .certain(from: .client)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard d.fromClient, bytes.u8(1) == 6 else { return .directionDone }
        guard bytes.byteCount >= 2 &+ Int(bytes.u8(0)) else { return .needMore(2 &+ Int(bytes.u8(0))) }
        guard let end = bytes.index(of: 0, from: 2, limit: 128) else { return .directionDone }
        d.message(6, .login)
        d.observe(.user, text: bytes.slice(2, end &- 2), field: "user", about: .conversation)
        d.observe(.vendor, "MikroTik", field: "vendor", about: .server, confidence: .medium)
        return .conversationDone
    }

    package static func messageName(_ code: UInt32) -> String { "key exchange" }
}
