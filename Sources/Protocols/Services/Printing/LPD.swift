import Model
import Wire

/// Line printer daemon: one line per command, which begins with a byte; the server answers each with a zero byte.
///
///     1 print waiting jobs, 2 receive a job, 3, 4 send queue state, 5 remove jobs: byte, queue, …, LF
///     within a job: 2 control file, 3 data file: byte, size, SP, name ("cfA" number host), LF, file, 0
package enum LPD: Dissector {
    package static let description = ProtocolDescription(
        name: "lpd", title: "Line printer daemon", family: .service, level: .identity, reference: "RFC 1179, 5 and 6",
        bindings: [.tcp([515])], displayFilter: "lpd")

    private static let port: UInt16 = 515
    private static let longestLine = 256

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard hint.destinationPort == port, bytes.u8(0) >= 1, bytes.u8(0) <= 5 else { return .no }
        guard let line = bytes.line(limit: longestLine) else { return bytes.byteCount < longestLine ? .wait : .no }
        return line.text.byteCount > 1 && line.text.from(1).isPlainText() ? .certain(from: .client) : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard d.fromClient else {
            if bytes.u8(0) == 0 { d.role(.printer, field: "answer", confidence: .medium) }
            return .directionDone
        }
        if d.afterGap { return .directionDone }
        let state = d.state { LPDState() }
        // The zero byte after a file.
        if bytes.u8(0) == 0 { return .consumed(1) }
        guard bytes.u8(0) <= 5, let line = bytes.line(limit: longestLine) else {
            return bytes.byteCount < longestLine && bytes.u8(0) <= 5 ? .needMore(bytes.byteCount &+ 1) : .directionDone
        }
        let command = bytes.u8(0)
        guard state.isReceiving else {
            d.message(UInt32(command))
            state.isReceiving = command == 2
            d.observe("print_queue", text: line.text.from(1), field: "queue", about: .conversation)
            return .consumed(line.size)
        }
        d.message(0x10 | UInt32(command))
        guard command == 2 || command == 3, let size = line.text.from(1).decimal() else { return .consumed(line.size) }
        guard command == 2, size <= 4_096 else {
            return .consumed(line.size &+ Int(truncatingIfNeeded: min(size, 1 << 30)))
        }
        let total = line.size &+ Int(size)
        guard bytes.byteCount >= total else { return .needMore(total) }
        control(bytes.slice(line.size, Int(size)), &d)
        return .consumed(total)
    }

    /// Lines of the control file: H host, P user, J job name.
    private static func control(_ file: RawSpan, _ d: inout Dissection) {
        var offset = 0
        var lines = 0
        while lines < 32, let line = file.line(from: offset, limit: 512) {
            offset &+= line.size
            lines &+= 1
            switch line.text.u8(0) {
            case 0x48: d.observe(.name, text: line.text.from(1), field: "control_host")
            case 0x50: d.observe(.user, text: line.text.from(1), field: "control_user", about: .conversation)
            default: break
            }
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "print waiting jobs"
        case 2: "receive job"
        case 3, 4: "send queue state"
        case 5: "remove jobs"
        case 0x11: "abort job"
        case 0x12: "control file"
        case 0x13: "data file"
        default: "command \(code)"
        }
    }
}

private final class LPDState {
    var isReceiving = false
}
