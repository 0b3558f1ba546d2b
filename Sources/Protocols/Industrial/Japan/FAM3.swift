import Model
import Wire

/// Personal computer link (upper link) of Yokogawa's FA-M3 controllers over Ethernet, in binary code. The frames bear no mark of
/// their own, so they are believed only where the controller listens.
///
///     0  command   1   in the answer with the high bit set
///     1  CPU       1   1–4; in the answer the exit code, 0 for none
///     2  length    2   big-endian, of what follows
package enum FAM3: Dissector {
    package static let description = ProtocolDescription(
        name: "fa-m3", title: "Yokogawa FA-M3 upper link", family: .industrial, level: .operations,
        reference: "Yokogawa IM 34M06P41 (personal computer link commands), binary; as HslCommunication uses it",
        bindings: [.tcp([12_289, 12_291]), .udp([12_289, 12_291])])

    private static let ports: (UInt16, UInt16) = (12_289, 12_291)
    private enum Offset { static let cpu = 1, length = 2, data = 4 }
    private static let answer: UInt8 = 0x80
    /// A command carries at most 256 bits or 64 words with their addresses.
    private static let longest = 1_024

    private static func isCommand(_ command: UInt8) -> Bool {
        switch command {
        // Bits, words, special modules; start and stop.
        case 0x01, 0x02, 0x04, 0x05, 0x11, 0x12, 0x14, 0x15, 0x31, 0x32, 0x45, 0x46: true
        default: false
        }
    }

    /// The length that a request's command and count ask for; nil when it is no command that is known. Addresses take six bytes.
    private static func requestLength(_ bytes: RawSpan) -> Int? {
        switch bytes.u8(0) {
        case 0x01, 0x11: 8
        case 0x02: 8 &+ Int(bytes.be16(10))
        case 0x12: 8 &+ 2 &* Int(bytes.be16(10))
        case 0x04, 0x14: 2 &+ 6 &* Int(bytes.be16(4))
        case 0x05: 1 &+ 8 &* Int(bytes.be16(4))
        case 0x15: 2 &+ 8 &* Int(bytes.be16(4))
        case 0x31: 6
        case 0x32: 6 &+ 2 &* Int(bytes.be16(8))
        case 0x45, 0x46: 0
        default: nil
        }
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard isCommand(bytes.u8(0) & ~answer), hint.uses(ports.0) || hint.uses(ports.1),
            bytes.byteCount >= Offset.data,
            Int(bytes.be16(Offset.length)) == bytes.byteCount &- Offset.data, bytes.byteCount <= longest
        else { return .no }
        if bytes.u8(0) & answer != 0 {
            // What was refused has no data.
            let isShort = bytes.u8(Offset.cpu) == 0 || bytes.byteCount == Offset.data
            return isShort ? .possible(from: .server) : .no
        }
        let cpu = bytes.u8(Offset.cpu)
        return cpu >= 1 && cpu <= 4 && requestLength(bytes) == bytes.byteCount &- Offset.data
            ? .possible(from: .client) : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= Offset.data else { return d.isTCP ? .needMore(Offset.data) : .malformed }
        let command = bytes.u8(0)
        guard isCommand(command & ~answer) else { return .malformed }
        let length = Offset.data &+ Int(bytes.be16(Offset.length))
        guard length <= longest else { return .malformed }
        if command & answer != 0 {
            d.message(UInt32(command) | (bytes.u8(Offset.cpu) == 0 ? 0 : 0x100))
            d.role(.plc, field: "answer", confidence: .medium)
            d.observe(.vendor, "Yokogawa Electric", field: "answer_vendor", confidence: .low)
        } else {
            d.message(UInt32(command), effect(command))
        }
        return .consumed(length)
    }

    private static func effect(_ command: UInt8) -> MessageEffect {
        switch command {
        case 0x01, 0x04, 0x11, 0x14, 0x31: .read
        case 0x02, 0x05, 0x12, 0x15, 0x32: .write
        case 0x45, 0x46: .control
        default: .none
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        let command = UInt8(truncatingIfNeeded: code) & ~answer
        let name: String =
            switch command {
            case 0x01: "bit read"
            case 0x02: "bit write"
            case 0x04: "random bit read"
            case 0x05: "random bit write"
            case 0x11: "word read"
            case 0x12: "word write"
            case 0x14: "random word read"
            case 0x15: "random word write"
            case 0x31: "special module read"
            case 0x32: "special module write"
            case 0x45: "start program"
            case 0x46: "stop program"
            default: "command 0x" + String(command, radix: 16)
            }
        return code & 0x100 != 0 ? name + " (refused)" : code & 0x80 != 0 ? name + " (answer)" : name
    }
}
