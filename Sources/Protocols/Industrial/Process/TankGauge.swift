import Model
import Wire

/// Automatic tank gauges: Veeder-Root TLS consoles and those that speak like them, over TCP or a serial server.
///
///     SOH   I or S (in lower case for computer format)   function, three digits   tank, two digits   …   CR or ETX
///     answers repeat the request; 9999FF1B when it was not understood
package enum TankGauge: Dissector {
    package static let description = ProtocolDescription(
        name: "tank-gauge", title: "Veeder-Root tank gauge (TLS)", family: .industrial, level: .operations,
        reference: "Veeder-Root 576013-635, TLS-300/350 Serial Interface Manual", bindings: [.tcp([10_001])],
        displayFilter: nil)

    private static let soh: UInt8 = 1
    private static let etx: UInt8 = 3
    private static let commandSize = 7
    private static let longest = 8192

    private static func isCommand(_ bytes: RawSpan) -> Bool {
        guard bytes.u8(0) == soh, bytes.has(commandSize) else { return false }
        let letter = bytes.u8(1) & 0xdf
        guard letter == 0x49 || letter == 0x53 else { return false }
        var index = 2
        while index < commandSize {
            let digit = bytes.u8(index)
            guard digit >= 0x30 && digit <= 0x39 || index < 5 && digit >= 0x41 && digit <= 0x46 else { return false }
            index &+= 1
        }
        return true
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard isCommand(bytes) else { return .no }
        // A request ends at once, or with the line; an answer goes on.
        if bytes.byteCount == commandSize { return .certain(from: .client) }
        let next = bytes.u8(commandSize)
        return next == 0x0d || next == 0x0a || next >= 0x20 && next < 0x7f ? .certain : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.u8(0) == soh else {
            // A terminal's line ends and negotiation between commands.
            guard let next = bytes.index(of: soh, limit: longest) else { return .consumed(bytes.byteCount) }
            return .consumed(next)
        }
        guard bytes.has(commandSize) else { return .needMore(commandSize) }
        guard isCommand(bytes) else { return .malformed }
        let isSetting = bytes.u8(1) & 0xdf == 0x53
        let function = UInt32(decimal(bytes, 2, 3))
        guard !d.fromClient else {
            d.message((isSetting ? 0x1000 : 0) | function, isSetting ? .write : function == 902 ? .identity : .read)
            return .consumed(commandSize)
        }
        d.message(0x2000 | function)
        d.role(.sensor, field: "console", confidence: .medium)
        let end = bytes.index(of: etx, limit: longest) ?? min(bytes.byteCount, longest)
        if function == 902 { version(bytes.first(end), &d) }
        return .consumed(max(end, commandSize))
    }

    /// System revision report: `SOFTWARE# 346006-100-B` and `S-MODULE# 330160-004-A` on lines of their own.
    private static func version(_ text: RawSpan, _ d: inout Dissection) {
        d.observe(.vendor, "Veeder-Root", field: "revision_report", confidence: .medium)
        guard let mark = text.indexIgnoringCase(of: "software#") else { return }
        let start = mark &+ 9
        let end = text.index(of: 0x0d, from: start, limit: 64) ?? min(text.byteCount, start &+ 64)
        d.observe(.firmware, text: text.slice(start, end &- start).trimmingSpaces(), field: "software_number")
    }

    private static func decimal(_ bytes: RawSpan, _ offset: Int, _ count: Int) -> UInt64 {
        bytes.slice(offset, count).decimal() ?? 0
    }

    package static func messageName(_ code: UInt32) -> String {
        let function = String(1_000 + Int(code & 0xfff)).dropFirst()
        let kind = code & 0x1000 != 0 ? "S" : "I"
        let name =
            switch code & 0x1fff {
            case 101: "System status"
            case 201: "In-tank inventory"
            case 202: "In-tank delivery"
            case 205: "In-tank status"
            case 206: "In-tank alarm history"
            case 301: "Liquid sensor status"
            case 902: "System revision"
            default: "Function"
            }
        return code & 0x2000 != 0 ? "\(name) \(function) (response)" : "\(name) \(kind)\(function)"
    }
}
