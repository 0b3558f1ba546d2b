import Model
import Wire

/// KEYENCE KV host link (upper link): commands of KV controllers in ASCII, over TCP or UDP.
///
///     command, parameters after spaces, CR        RD DM100.U     WR DM100.U 1     ?K     M1
///     answer, CR LF                               00001          OK               57     E0 to E6: error
package enum KVHostLink: Dissector {
    package static let description = ProtocolDescription(
        name: "kv-hostlink", title: "KEYENCE KV host link", family: .industrial, level: .operations,
        reference:
            "KEYENCE KV-8000/7500/7300 and KV-XLE02 user's manuals, host link; as plc-comm-kv-hostlink speaks it",
        bindings: [.tcp([port]), .udp([port])], displayFilter: nil)

    private static let port: UInt16 = 8501
    private static let longest = 4096
    private static let cr: UInt8 = 13

    private final class State { var isModelAsked = false }

    /// The command's letters as a number, and its length; nil when the line begins with none.
    private static func command(_ line: RawSpan) -> UInt32? {
        var code: UInt32 = 0
        var index = 0
        while index < line.byteCount, line.u8(index) != 0x20 {
            guard index < 4 else { return nil }
            code = code << 8 | UInt32(line.u8(index))
            index &+= 1
        }
        guard effect(code) != nil, line.isPrintable || line.byteCount == 0 else { return nil }
        // Most commands have parameters; these stand alone.
        switch code {
        case 0x3f4b, 0x3f45, 0x3f4d, 0x4552, 0x4d30, 0x4d31, 0x4352, 0x4351, 0x4d42_52, 0x4d57_52:
            return index == line.byteCount ? code : nil
        default: return index < line.byteCount &- 1 ? code : nil
        }
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard hint.uses(port), hint.fromClient || hint.destinationPort == port, bytes.u8(0) >= 0x3f else { return .no }
        guard let end = bytes.index(of: cr, limit: longest) else { return hint.isTCP && bytes.has(1) ? .wait : .no }
        return command(bytes.first(end)) != nil ? .possible(from: .client) : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard let end = bytes.index(of: cr, limit: longest) else {
            return d.isTCP && bytes.byteCount < longest ? .needMore(bytes.byteCount &+ 1) : .malformed
        }
        let state = d.state { State() }
        var size = end &+ 1
        if bytes.u8(size) == 0x0a { size &+= 1 }
        guard end > 0 else { return .consumed(size) }
        let line = bytes.first(end)
        if d.fromClient {
            guard let code = command(line) else { return .malformed }
            state.isModelAsked = code == 0x3f4b
            d.message(code, effect(code) ?? .none)
            return .consumed(size)
        }
        let isError = line.byteCount == 2 && line.u8(0) == 0x45 && line.u8(1) >= 0x30 && line.u8(1) <= 0x39
        d.message(isError ? 2 : 1)
        d.role(.plc, field: "response", confidence: .medium)
        d.observe(.vendor, "KEYENCE", field: "response_vendor", confidence: .medium)
        if state.isModelAsked, !isError, let code = line.decimal() {
            d.observe("model_code", number: code, field: "model_code")
            if let model = model(code) { d.observe(.model, model, field: "model") }
        }
        state.isModelAsked = false
        return .consumed(size)
    }

    /// Answers to ?K.
    private static func model(_ code: UInt64) -> String? {
        switch code {
        case 48, 49: "KV-700"
        case 50: "KV-1000"
        case 51: "KV-3000"
        case 52: "KV-5000"
        case 53: "KV-5500"
        case 54: "KV-7300"
        case 55: "KV-7500"
        case 57: "KV-8000"
        case 58: "KV-8000A"
        case 59: "KV-X310"
        case 60: "KV-X520"
        case 61: "KV-X530"
        case 62: "KV-X500"
        case 63: "KV-X550"
        case 128: "KV-NC32T"
        case 132: "KV-N60"
        case 133: "KV-N40"
        case 134: "KV-N24"
        default: nil
        }
    }

    /// What a command does; nil for a word that is none.
    private static func effect(_ code: UInt32) -> MessageEffect? {
        switch code {
        // ?K model; ?E error, ?M mode.
        case 0x3f4b: .identity
        case 0x3f45, 0x3f4d: .read
        // RD RDS RDE RDC, MBR MWR, URD.
        case 0x5244, 0x5244_53, 0x5244_45, 0x5244_43, 0x4d42_52, 0x4d57_52, 0x5552_44: .read
        // WR WRS WRE WS WSS WSE, UWR, ST STS RS RSS (set and reset of relays), WRT (clock).
        case 0x5752, 0x5752_53, 0x5752_45, 0x5753, 0x5753_53, 0x5753_45, 0x5557_52, 0x5354, 0x5354_53, 0x5253,
            0x5253_53,
            0x5752_54:
            .write
        // M0 M1 mode, ER clear error, BE switch bank.
        case 0x4d30, 0x4d31, 0x4552, 0x4245: .control
        // MBS MWS monitor registration; CR CQ opening and closing on a serial line.
        case 0x4d42_53, 0x4d57_53, 0x4352, 0x4351: MessageEffect.none
        default: nil
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: return "Answer"
        case 2: return "Error"
        case 0x3f4b: return "?K query model"
        case 0x4d30: return "M0 program mode"
        case 0x4d31: return "M1 run mode"
        default:
            var text = ""
            for shift in [24, 16, 8, 0] {
                let letter = UInt8(truncatingIfNeeded: code >> UInt32(shift))
                if letter >= 0x20, letter < 0x7f { text.unicodeScalars.append(UnicodeScalar(letter)) }
            }
            return text
        }
    }
}
