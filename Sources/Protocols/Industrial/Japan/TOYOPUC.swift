import Model
import Wire

/// JTEKT TOYOPUC computer link over Ethernet.
///
///     0  frame type  1   00 command, 80 response
///     1  result      1   00; in a response 00 good, 10 error
///     2  length      2   little-endian, of command and data
///     4  command     1
///     5  data
package enum TOYOPUC: Dissector {
    package static let description = ProtocolDescription(
        name: "toyopuc", title: "JTEKT TOYOPUC computer link", family: .industrial, level: .operations,
        reference: "JTEKT TOYOPUC 2PORT-EFR and FL/ET-T-V2H manuals, computer link; as plc-comm-toyopuc speaks it",
        bindings: [.tcp(ports), .udp(ports)], displayFilter: nil)

    private static let ports: [UInt16] = [1025, 1026, 1027, 1028, 1029]
    private enum Offset { static let result = 1, length = 2, command = 4, subcommand = 5 }
    private static let longest = 2048

    private static func isFrame(_ bytes: RawSpan) -> Bool {
        guard bytes.has(Offset.command &+ 1), name(bytes.u8(Offset.command)) != nil,
            bytes.le16(Offset.length) >= 1, Int(bytes.le16(Offset.length)) <= longest
        else { return false }
        switch bytes.u8(0) {
        case 0x00: return bytes.u8(Offset.result) == 0 && bytes.le16(Offset.length) >= 2
        case 0x80: return bytes.u8(Offset.result) == 0 || bytes.u8(Offset.result) == 0x10
        default: return false
        }
    }

    private static func size(_ bytes: RawSpan) -> Int { Offset.command &+ Int(bytes.le16(Offset.length)) }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard isFrame(bytes), size(bytes) == bytes.byteCount else { return .no }
        return .possible(from: bytes.u8(0) == 0 ? .client : .server)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.has(Offset.subcommand) else { return d.isTCP ? .needMore(Offset.subcommand) : .malformed }
        guard isFrame(bytes) else { return .malformed }
        let command = bytes.u8(Offset.command)
        guard bytes.u8(0) == 0 else {
            d.message((bytes.u8(Offset.result) == 0 ? 0x1_0000 : 0x2_0000) | UInt32(command) << 8)
            d.role(.plc, field: "response", confidence: .medium)
            d.observe(.vendor, "JTEKT", field: "response_vendor", confidence: .medium)
            return .consumed(size(bytes))
        }
        guard command == 0x32 else {
            d.message(UInt32(command) << 8, effect(command))
            return .consumed(size(bytes))
        }
        // Function calls: 01 resume scan, 02 stop scan, 11 CPU status, 70 clock, 71 set clock.
        let subcommand = bytes.u8(Offset.subcommand)
        let effect: MessageEffect =
            switch subcommand {
            case 0x01, 0x02: .control
            case 0x71: .write
            default: .read
            }
        d.message(UInt32(command) << 8 | UInt32(subcommand), effect)
        return .consumed(size(bytes))
    }

    private static func effect(_ command: UInt8) -> MessageEffect {
        switch command {
        case 0x18: .upload
        case 0x19: .download
        case 0x1d, 0x1f, 0x21, 0x23, 0x25, 0x27, 0x95, 0x97, 0x99, 0xc3, 0xc5, 0xca: .write
        case 0x60, 0xa0: .none
        default: .read
        }
    }

    private static func name(_ command: UInt8) -> String? {
        switch command {
        case 0x18: "Read program"
        case 0x19: "Write program"
        case 0x1c: "Read words"
        case 0x1d: "Write words"
        case 0x1e: "Read bytes"
        case 0x1f: "Write bytes"
        case 0x20: "Read bit"
        case 0x21: "Write bit"
        case 0x22: "Read scattered words"
        case 0x23: "Write scattered words"
        case 0x24: "Read scattered bytes"
        case 0x25: "Write scattered bytes"
        case 0x26: "Read scattered bits"
        case 0x27: "Write scattered bits"
        case 0x32: "Function call"
        case 0x60: "Relay command"
        case 0x94: "Read words of a program"
        case 0x95: "Write words of a program"
        case 0x96: "Read bytes of a program"
        case 0x97: "Write bytes of a program"
        case 0x98: "Read scattered data of a program"
        case 0x99: "Write scattered data of a program"
        case 0xa0: "Extended function call"
        case 0xc2: "Read PC10 bytes"
        case 0xc3: "Write PC10 bytes"
        case 0xc4: "Read scattered PC10 data"
        case 0xc5: "Write scattered PC10 data"
        case 0xca: "Register FR area"
        default: nil
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        let command = UInt8(truncatingIfNeeded: code >> 8)
        var text = name(command) ?? "Command 0x" + String(command, radix: 16)
        switch code & 0xffff {
        case 0x3201: text = "Resume scan"
        case 0x3202: text = "Stop scan"
        case 0x3211: text = "Read CPU status"
        case 0x3270: text = "Read clock"
        case 0x3271: text = "Write clock"
        default: break
        }
        return code & 0x1_0000 != 0 ? text + " (response)" : code & 0x2_0000 != 0 ? text + " (error)" : text
    }
}
