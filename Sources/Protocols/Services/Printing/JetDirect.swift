import Model
import Wire

/// Raw printing on port 9100 (JetDirect, AppSocket): the job itself, mostly begun by lines of PJL, in which one can also ask a
/// printer what it is.
///
///     client   ESC "%-12345X@PJL" …, "@PJL INFO ID", "@PJL SET USERNAME="…""
///     server   "@PJL INFO ID" CR LF "model" CR LF FF
package enum JetDirect: Dissector {
    package static let description = ProtocolDescription(
        name: "jetdirect", title: "Raw printing (JetDirect, PJL)", family: .service, level: .identity,
        reference: "HP Printer Job Language Technical Reference Manual, 2 and 6", bindings: [.tcp([9100, 9101, 9102])],
        displayFilter: "tcp.port == 9100")

    private static let searchLimit = 2_048

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        switch bytes.u8(0) {
        case 0x1b:
            guard bytes.byteCount >= 9 else { return hint.uses(9100) ? .wait : .no }
            if bytes.starts(with: "%-12345X", at: 1) { return .certain(from: .client) }
            // PCL: reset.
            return bytes.u8(1) == 0x45 && hint.destinationPort == 9100 ? .possible(from: .client) : .no
        case 0x40: return bytes.starts(with: "@PJL ") ? .certain(from: hint.fromClient ? .client : .server) : .no
        case 0x25:
            return bytes.starts(with: "%!PS-Adobe") && hint.destinationPort == 9100 ? .possible(from: .client) : .no
        default: return .no
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let text = bytes.first(searchLimit)
        guard d.fromClient else {
            answer(text, &d)
            return .consumed(bytes.byteCount)
        }
        let state = d.state { JetDirectState() }
        if !state.isBegun {
            state.isBegun = true
            d.role(.printer, field: "job", about: .server, confidence: .medium)
        }
        guard text.indexIgnoringCase(of: "@pjl", limit: 64) != nil else {
            // The job's pages.
            d.message(0)
            return .directionDone
        }
        var offset = 0
        var lines = 0
        while lines < 64, let line = text.line(from: offset, limit: 512) {
            offset &+= line.size
            lines &+= 1
            let start = line.text.indexIgnoringCase(of: "@pjl ") ?? line.text.byteCount
            command(line.text.from(start &+ 5), &d)
        }
        return .consumed(bytes.byteCount)
    }

    private static func command(_ text: RawSpan, _ d: inout Dissection) {
        if text.startsIgnoringCase(with: "info ") || text.startsIgnoringCase(with: "ustatus") {
            d.message(1, .identity)
        }
        if text.startsIgnoringCase(with: "job") || text.startsIgnoringCase(with: "enter language") { d.message(2) }
        if text.startsIgnoringCase(with: "fsupload") || text.startsIgnoringCase(with: "fsdirlist") {
            d.message(3, .read)
        }
        if text.startsIgnoringCase(with: "fsdownload") || text.startsIgnoringCase(with: "fsdelete")
            || text.startsIgnoringCase(with: "default ")
        {
            d.message(4, .write)
        }
        if text.startsIgnoringCase(with: "set username"), let open = text.index(of: 0x22),
            let close = text.index(of: 0x22, from: open &+ 1)
        {
            d.observe(.user, text: text.slice(open &+ 1, close &- open &- 1), field: "username", about: .conversation)
        }
    }

    private static func answer(_ text: RawSpan, _ d: inout Dissection) {
        guard let start = text.indexIgnoringCase(of: "@pjl info id"), let first = text.line(from: start, limit: 64),
            let second = text.line(from: start &+ first.size, limit: 256)
        else { return }
        var model = second.text
        if model.u8(0) == 0x22 {
            model = model.slice(1, model.byteCount &- (model.u8(model.byteCount &- 1) == 0x22 ? 2 : 1))
        }
        d.observe(.model, text: model, field: "info_id")
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0: "pages"
        case 1: "PJL INFO"
        case 2: "PJL JOB"
        case 3: "PJL file read"
        default: "PJL file or setting write"
        }
    }
}

private final class JetDirectState {
    var isBegun = false
}
