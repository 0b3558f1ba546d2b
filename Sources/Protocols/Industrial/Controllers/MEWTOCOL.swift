import Model
import Wire

/// MEWTOCOL-COM: Panasonic FP controllers and GT panels, in ASCII over TCP, UDP or a serial server.
///
///     %  (or <)   unit, two hexadecimal digits or EE   #  request, $ answer, ! error   command, two letters   data
///     check: exclusive or of all before in two hexadecimal digits, or **   CR
package enum MEWTOCOL: Dissector {
    package static let description = ProtocolDescription(
        name: "mewtocol", title: "Panasonic MEWTOCOL-COM", family: .industrial, level: .operations,
        reference: "Panasonic FP series communication manual, MEWTOCOL-COM", bindings: [.tcp([9094]), .udp([9094])],
        displayFilter: nil)

    private enum Offset { static let unit = 1, kind = 3, command = 4, data = 6 }
    private static let longest = 2048
    private static let cr: UInt8 = 13

    /// True when start, unit, kind and command are possible.
    private static func isStart(_ bytes: RawSpan) -> Bool {
        let first = bytes.u8(0)
        guard first == 0x25 || first == 0x3c, bytes.byteCount >= Offset.data else { return false }
        let kind = bytes.u8(Offset.kind)
        guard kind == 0x23 || kind == 0x24 || kind == 0x21, isHexadecimal(bytes.u8(1)), isHexadecimal(bytes.u8(2))
        else {
            return false
        }
        return kind == 0x21 || isLetter(bytes.u8(Offset.command)) && isLetter(bytes.u8(Offset.command &+ 1))
    }

    private static func isHexadecimal(_ octet: UInt8) -> Bool {
        octet >= 0x30 && octet <= 0x39 || octet >= 0x41 && octet <= 0x46
    }
    private static func isLetter(_ octet: UInt8) -> Bool { octet >= 0x41 && octet <= 0x5a }

    /// Offset after the CR when the check before it is right.
    private static func end(_ bytes: RawSpan) -> Int? {
        guard let end = bytes.index(of: cr, limit: longest), end >= Offset.data &+ 2 else { return nil }
        if bytes.be16(end &- 2) == 0x2a2a { return end &+ 1 }
        var sum: UInt8 = 0
        var index = 0
        while index < end &- 2 {
            sum ^= bytes.u8(index)
            index &+= 1
        }
        return value(bytes, end &- 2) == sum ? end &+ 1 : nil
    }

    /// Two hexadecimal digits.
    private static func value(_ bytes: RawSpan, _ offset: Int) -> UInt8? {
        guard isHexadecimal(bytes.u8(offset)), isHexadecimal(bytes.u8(offset &+ 1)) else { return nil }
        func digit(_ octet: UInt8) -> UInt8 { octet < 0x41 ? octet &- 0x30 : octet &- 0x37 }
        return digit(bytes.u8(offset)) << 4 | digit(bytes.u8(offset &+ 1))
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard isStart(bytes) else { return .no }
        guard end(bytes) != nil else {
            return hint.isTCP && hint.uses(9094) && bytes.index(of: cr) == nil ? .wait : .no
        }
        return .certain(from: bytes.u8(Offset.kind) == 0x23 ? .client : .server)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= Offset.data else { return d.isTCP ? .needMore(Offset.data) : .malformed }
        guard isStart(bytes) else { return .malformed }
        guard let end = end(bytes) else {
            // A longer answer's parts end in an ampersand; they are not read.
            return d.isTCP && bytes.byteCount < longest && bytes.index(of: cr) == nil
                ? .needMore(bytes.byteCount &+ 1) : .malformed
        }
        let kind = bytes.u8(Offset.kind)
        let command = bytes.be16(Offset.command)
        switch kind {
        case 0x23: d.message(UInt32(command), effect(command))
        case 0x24:
            d.message(0x1_0000 | UInt32(command))
            d.role(.plc, field: "response", confidence: .medium)
            d.observe(.vendor, "Panasonic", field: "response_vendor", confidence: .medium)
            if command == 0x5254 { status(bytes.first(end), &d) }
        default: d.message(0x2_0000)
        }
        return .consumed(end)
    }

    /// Answer to RT: model code 2, version 2, capacity 2, operation mode 2, link 2, error flag 2, self-diagnosis 4 digits.
    private static func status(_ bytes: RawSpan, _ d: inout Dissection) {
        guard let model = value(bytes, Offset.data), let version = value(bytes, Offset.data &+ 2),
            let mode = value(bytes, Offset.data &+ 6)
        else { return }
        d.observe("model_code", number: UInt64(model), field: "model_code")
        d.observe(.firmware, "\(version >> 4).\(version & 15)", field: "version")
        d.observe(.status, mode & 1 != 0 ? "run" : "program", field: "mode")
    }

    private static func effect(_ command: UInt16) -> MessageEffect {
        switch command {
        // RT; then RC RD RS RK RR and monitors MC MD MG.
        case 0x5254: .identity
        case 0x5243, 0x5244, 0x5253, 0x524b, 0x5252, 0x4d43, 0x4d44, 0x4d47: .read
        // WC WD WS WK WR, and SC SD which fill areas.
        case 0x5743, 0x5744, 0x5753, 0x574b, 0x5752, 0x5343, 0x5344: .write
        case 0x524d: .control
        case 0x5250: .upload
        case 0x5750: .download
        default: .none
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        if code == 0x2_0000 { return "Error" }
        let command = String(UnicodeScalar(UInt8(code >> 8 & 0x7f))) + String(UnicodeScalar(UInt8(code & 0x7f)))
        let name: String =
            switch command {
            case "RT": "RT read status"
            case "RM": "RM remote control (run or program)"
            case "RP": "RP read program"
            case "WP": "WP write program"
            case "RC": "RC read contacts"
            case "RD": "RD read data"
            case "WC": "WC write contacts"
            case "WD": "WD write data"
            default: command
            }
        return code & 0x1_0000 != 0 ? name + " (response)" : name
    }
}
