import Model
import Wire

/// ROC Plus: Emerson's remote operations controllers and flow computers of oil and gas.
///
///     0  destination unit 1, group 1; source unit 1, group 1
///     4  opcode    1
///     5  length    1   of the data
///     6  data; then a checksum 2, little-endian
package enum ROCPlus: Dissector {
    package static let description = ProtocolDescription(
        name: "roc-plus", title: "Emerson ROC Plus", family: .industrial, level: .operations,
        reference: "Emerson ROC Plus Protocol Specification Manual D301180X012",
        bindings: [.tcp([port]), .udp([port])],
        displayFilter: "tcp.port == \(port) || udp.port == \(port)")

    private static let port: UInt16 = 4000
    private enum Offset { static let source = 2, opcode = 4, length = 5, data = 6 }
    private static let login: UInt8 = 17

    private static func total(_ bytes: RawSpan) -> Int { Offset.data &+ Int(bytes.u8(Offset.length)) &+ 2 }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= Offset.data &+ 2 else { return .no }
        let total = total(bytes)
        guard bytes.byteCount >= total, hint.uses(port) || bytes.byteCount == total,
            effect(bytes.u8(Offset.opcode)) != nil
        else { return .no }
        guard CRC16.modbus(bytes.first(total &- 2)) == bytes.le16(total &- 2) else { return .no }
        return .certain
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= Offset.data &+ 2 else { return d.isTCP ? .needMore(Offset.data &+ 2) : .malformed }
        let total = total(bytes)
        guard bytes.byteCount >= total else { return d.isTCP ? .needMore(total) : .malformed }
        let opcode = bytes.u8(Offset.opcode)
        guard let effect = effect(opcode) else { return .malformed }
        d.message(d.fromClient ? UInt32(opcode) : UInt32(opcode) | 0x100, d.fromClient ? effect : .none)
        if !d.fromClient {
            d.role(.plc, field: "controller", confidence: .medium)
            if d.isNew(bytes.slice(Offset.source, 2), field: "address") {
                d.observe(
                    "roc_address", "\(bytes.u8(Offset.source)).\(bytes.u8(Offset.source &+ 1))", field: "address")
            }
        } else if opcode == login, bytes.u8(Offset.length) >= 5 {
            d.observe(.cleartextCredential, "ROC Plus operator password", field: "login", about: .conversation)
        }
        return .consumed(total)
    }

    /// What a request does; nil when the opcode is not of the specification.
    private static func effect(_ opcode: UInt8) -> MessageEffect? {
        switch opcode {
        case 0, 6: .identity
        case 7, 10, 50, 100, 105, 107, 108, 118, 119, 120, 121, 122, 123, 126, 128, 130...132, 135...139, 165, 167, 171,
            180, 206, 223:
            .read
        case 8, 11, 101, 102, 103, 166, 181: .write
        case 17: .login
        case 203: .upload
        case 24, 204, 205, 224, 225, 255: MessageEffect.none
        default: nil
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        let name: String =
            switch code & 0xff {
            case 6: "System Configuration"
            case 7: "Read Real-time Clock"
            case 8: "Set Real-time Clock"
            case 10: "Read Configurable Opcode"
            case 11: "Write Configurable Opcode"
            case 17: "Login"
            case 24: "Store and Forward"
            case 50: "Request I/O Point Position"
            case 100: "Access User-defined Information"
            case 105, 107, 108, 118...120, 135...139: "Request History, opcode \(code & 0xff)"
            case 121, 122: "Request Alarms or Events"
            case 166: "Set Single Point Parameters"
            case 167: "Request Single Point Parameters"
            case 180: "Request Parameters"
            case 181: "Write Parameters"
            case 203: "File Transfer"
            case 206: "Read Transaction History"
            case 224: "Spontaneous Report by Exception"
            case 225: "Acknowledge Report by Exception"
            case 255: "Error"
            default: "Opcode \(code & 0xff)"
            }
        return code & 0x100 != 0 ? name + " (response)" : name
    }
}
