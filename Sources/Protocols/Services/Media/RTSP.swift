import Model
import Wire

/// RTSP: how viewers and recorders ask cameras for pictures. Messages have the form of HTTP's; between them pictures may come
/// as `$`, channel 1, length 2, data.
///
///     request   method SP uri SP "RTSP/1.0"
///     answer    "RTSP/1.0" SP status SP reason
package enum RTSP: Dissector {
    package static let description = ProtocolDescription(
        name: "rtsp", title: "RTSP", family: .service, level: .identity, reference: "RFC 2326, 4 and 10; RFC 7826",
        bindings: [.tcp([554, 8554])], displayFilter: "rtsp")

    private static let longestHead = 16_384

    private enum Method: UInt32 {
        case describe = 1, setup, play, pause, teardown, options, announce, record, getParameter, setParameter

        init?(_ line: RawSpan) {
            switch line.u8(0) {
            case 0x44 where line.starts(with: "DESCRIBE "): self = .describe
            case 0x53 where line.starts(with: "SETUP "): self = .setup
            case 0x53 where line.starts(with: "SET_PARAMETER "): self = .setParameter
            case 0x50 where line.starts(with: "PLAY "): self = .play
            case 0x50 where line.starts(with: "PAUSE "): self = .pause
            case 0x54 where line.starts(with: "TEARDOWN "): self = .teardown
            case 0x4f where line.starts(with: "OPTIONS "): self = .options
            case 0x41 where line.starts(with: "ANNOUNCE "): self = .announce
            case 0x52 where line.starts(with: "RECORD "): self = .record
            case 0x47 where line.starts(with: "GET_PARAMETER "): self = .getParameter
            default: return nil
            }
        }
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        if bytes.u8(0) == 0x52, bytes.starts(with: "RTSP/1.0 ") || bytes.starts(with: "RTSP/2.0 ") {
            return .certain(from: .server)
        }
        guard Method(bytes) != nil, let line = bytes.line(limit: 1_024) else { return .no }
        return line.text.starts(with: " RTSP/", at: line.text.byteCount &- 9) ? .certain(from: .client) : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        if bytes.u8(0) == 0x24 {
            guard bytes.byteCount >= 4 else { return .needMore(4) }
            return .consumed(4 &+ Int(bytes.be16(2)))
        }
        if bytes.u8(0) == 0x0d || bytes.u8(0) == 0x0a { return .consumed(1) }
        let method = Method(bytes)
        guard method != nil || bytes.starts(with: "RTSP/") else {
            if bytes.byteCount < 16 { return .needMore(16) }
            return d.afterGap ? .consumed(bytes.byteCount) : .malformed
        }
        guard let head = MessageHead(bytes, limit: longestHead) else {
            return bytes.byteCount < longestHead ? .needMore(bytes.byteCount &+ 1) : .malformed
        }
        let state = d.state { RTSPState() }
        if let method { request(method, head, state, &d) } else { answer(head, state, &d) }
        return .consumed(head.size &+ head.contentLength)
    }

    private static func request(
        _ method: Method, _ head: borrowing MessageHead, _ state: RTSPState, _ d: inout Dissection
    ) {
        d.message(method.rawValue, method == .describe ? .identity : .none)
        state.isRecording = state.isRecording || method == .announce || method == .record
        if head.software.byteCount > 0 { d.observe(.userAgent, text: head.software, field: "user_agent") }
        guard head.authorization.byteCount > 0 else { return }
        state.triedLogin = true
        if head.authorization.startsIgnoringCase(with: "basic") {
            d.observe(.cleartextCredential, "RTSP basic", field: "authorization", about: .conversation)
        } else if let start = head.authorization.indexIgnoringCase(of: "username=\"") {
            let rest = head.authorization.from(start &+ 10)
            d.observe(.user, text: rest.first(rest.index(of: 0x22) ?? 0), field: "digest_user", about: .conversation)
        }
    }

    private static func answer(_ head: borrowing MessageHead, _ state: RTSPState, _ d: inout Dissection) {
        let status = UInt32(truncatingIfNeeded: head.startLine.slice(9, 3).decimal() ?? 0)
        d.message(1_000 &+ status)
        if head.software.byteCount > 0 { d.observe(.software, text: head.software, field: "server") }
        if state.triedLogin {
            if status == 401 { d.observe(.authentication, "rejected", field: "status", about: .conversation) }
            if status == 200 { d.observe(.authentication, "accepted", field: "status", about: .conversation) }
        }
        // Who is asked for pictures inside the plant is mostly a camera or its recorder.
        if status == 200, !state.isRecording, !head.software.starts(with: "VLC"), d.source.ip?.isGlobal != true {
            d.role(.camera, field: "answer", confidence: .low)
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case Method.getParameter.rawValue: "GET_PARAMETER"
        case Method.setParameter.rawValue: "SET_PARAMETER"
        default:
            code >= 1_000
                ? "status \(code &- 1_000)" : Method(rawValue: code).map { "\($0)".uppercased() } ?? "method \(code)"
        }
    }
}

private final class RTSPState {
    var triedLogin = false
    var isRecording = false
}
