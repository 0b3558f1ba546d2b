import Model
import Wire

/// SCCP (Skinny): telephones of Cisco and their call manager. All numbers are little-endian.
///
///     0  length 4 (from the message on)   4  version 4   8  message 4
///    12  register (1): device name 16 ("SEP" and its MAC), user 4, instance 4, address 4, device type 4
package enum SCCP: Dissector {
    package static let description = ProtocolDescription(
        name: "sccp", title: "Cisco SCCP (Skinny)", family: .service, level: .identity,
        reference: "Messages as Wireshark reads them", bindings: [.tcp([2000])], displayFilter: "skinny")

    private static let headerSize = 12
    private static let port: UInt16 = 2000

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard hint.uses(port), bytes.byteCount >= headerSize, bytes.le32(0) >= 4, bytes.le32(0) <= 4_096,
            bytes.le32(4) <= 0x20, bytes.le32(8) <= 0x1000
        else { return .no }
        if bytes.le32(8) == 1 {
            return bytes.byteCount >= 48 && bytes.slice(headerSize, 3).isPlainText() ? .certain(from: .client) : .no
        }
        return Int(bytes.le32(0)) &+ 8 == bytes.byteCount ? .possible : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= headerSize else { return .needMore(headerSize) }
        let length = Int(bytes.le32(0))
        guard length >= 4, length <= 65_536 else { return .malformed }
        let message = bytes.le32(8)
        d.message(message, message == 1 ? .login : .none)
        if message == 1 {
            guard bytes.byteCount >= headerSize &+ 32 else { return .needMore(headerSize &+ 32) }
            let name = bytes.slice(headerSize, 16)
            d.observe(.name, text: name, field: "device_name")
            d.observe(.deviceType, number: UInt64(bytes.le32(headerSize &+ 28)), field: "device_type")
            if name.starts(with: "SEP") { d.role(.phone, field: "register") }
        } else if message == 0x81 {
            d.role(.server, field: "register_acknowledged", confidence: .medium)
        }
        return .consumed(8 &+ length)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0: "KeepAlive"
        case 1: "Register"
        case 2: "IpPort"
        case 3: "KeypadButton"
        case 6: "OffHook"
        case 7: "OnHook"
        case 0x81: "RegisterAck"
        case 0x9d: "RegisterReject"
        case 0x100: "KeepAliveAck"
        case 0x111: "CallState"
        default: "message \(code)"
        }
    }
}
