import Model
import Wire

/// HTTP/1.x: a start line, header fields, an empty line, and a body whose length the header tells (RFC 9112). Bodies are
/// passed over unread, but for the title of a device's page and the names of the fields of a login form.
package enum HTTP: Dissector {
    package static let description = ProtocolDescription(
        name: "http", title: "HTTP", family: .service, level: .identity,
        reference: "RFC 9110; RFC 9112; RFC 7617 (Basic); RFC 7616 (Digest); RFC 4559 (Negotiate)",
        bindings: [.tcp([80, 81, 591, 3128, 5985, 8000, 8008, 8080, 8081, 8088, 8888])], displayFilter: "http",
        includes: ["CONNECT", "NTLM"])

    /// Longest header that is waited for.
    private static let longestHead = 65_536

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        if bytes.starts(with: "HTTP/1.") { return .certain(from: .server) }
        guard bytes.byteCount >= 4 else { return isBeginning(bytes) ? .wait : .no }
        guard HTTPMethod(bytes) != nil else { return .no }
        guard let line = bytes.line(limit: 8_192) else {
            guard bytes.isPlainText(limit: 8_192) else { return .no }
            return bytes.byteCount < 1_000 ? .wait : .possible(from: .client)
        }
        // RTSP, SIP and ICAP share the form of the line but not the version at its end.
        let text = line.text
        guard text.starts(with: " HTTP/1.", at: text.byteCount &- 9) else { return .no }
        return .certain(from: .client)
    }

    /// True for fewer than four bytes that a method or status line may begin with.
    private static func isBeginning(_ bytes: RawSpan) -> Bool {
        var index = 0
        while index < bytes.byteCount {
            guard bytes.u8(index) >= 0x41, bytes.u8(index) <= 0x5a else { return false }
            index &+= 1
        }
        return true
    }

    // MARK: Messages

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let state = d.state { HTTPState() }
        if d.afterGap { state[fromClient: d.fromClient] = .head }
        switch state[fromClient: d.fromClient] {
        case .head: return head(bytes, state, &d)
        case .chunk: return chunk(bytes, state, &d)
        case .trailer:
            guard let line = bytes.line() else { return waiting(bytes) }
            if line.text.byteCount == 0 { state[fromClient: d.fromClient] = .head }
            return .consumed(line.size)
        case .page(let size, let isChunk, let endsWithConnection):
            return page(bytes, size, isChunk, endsWithConnection, state, &d)
        case .form(let size):
            let wanted = min(size, 4_096)
            guard bytes.byteCount >= wanted else { return .needMore(wanted) }
            HTTPLogin.form(bytes.first(size), &d)
            state[fromClient: d.fromClient] = .head
            return .consumed(size)
        case .tunnel:
            guard let session = state.tunnelled else { return .directionDone }
            let isRecord = bytes.u8(0) >= 20 && bytes.u8(0) <= 24 && (bytes.byteCount < 2 || bytes.u8(1) == 3)
            return isRecord ? TLS.read(inside: bytes, session, &d) : .directionDone
        }
    }

    private static func waiting(_ bytes: RawSpan) -> Progress {
        bytes.byteCount < longestHead ? .needMore(bytes.byteCount &+ 1) : .malformed
    }

    private static func head(_ bytes: RawSpan, _ state: HTTPState, _ d: inout Dissection) -> Progress {
        // Empty lines before a message are to be ignored (RFC 9112, 2.2).
        if bytes.u8(0) == 0x0d || bytes.u8(0) == 0x0a { return .consumed(1) }
        let isRequest = HTTPMethod(bytes) != nil
        guard isRequest || bytes.starts(with: "HTTP/1.") else {
            if bytes.byteCount < 8, isBeginning(bytes.first(3)) { return .needMore(8) }
            // The rest of a body whose header was lost; the next segment may begin a message.
            return state.messages > 0 || d.afterGap ? .consumed(bytes.byteCount) : .malformed
        }
        guard let size = headSize(bytes) else { return waiting(bytes) }
        let head = HTTPHead(bytes.first(size))
        state.messages &+= 1
        return isRequest ? request(head, size, state, &d) : response(head, size, state, &d)
    }

    /// Size of the header with the empty line that ends it.
    private static func headSize(_ bytes: RawSpan) -> Int? {
        var offset = 0
        while let line = bytes.line(from: offset, limit: longestHead) {
            offset &+= line.size
            if line.text.byteCount == 0 { return offset }
            if offset > longestHead { return nil }
        }
        return nil
    }

    private static func request(
        _ head: borrowing HTTPHead, _ size: Int, _ state: HTTPState, _ d: inout Dissection
    ) -> Progress {
        guard let method = HTTPMethod(head.startLine) else { return .malformed }
        let target = head.target
        let isAbsolute = target.u8(0) != 0x2f && target.byteCount > 1
        if isAbsolute { state.isProxied = true }
        if method != .connect, !head.hostWithoutPort.hasUserInformation {
            d.observe(.serverName, text: head.hostWithoutPort, field: "host", about: .conversation)
        }
        if method == .connect, !target.hasUserInformation {
            d.observe(.serverName, text: target, field: "connect_target", about: .conversation)
        }
        if head.userAgent.byteCount > 0 {
            d.observe(.userAgent, text: head.userAgent, field: "user_agent")
            if d.isNew(head.userAgent, field: "user_agent_new") { HTTPUserAgent.read(head.userAgent, &d) }
        }
        HTTPAttack.look(at: target, &d)
        state.triedLogin = HTTPLogin.header(head.authorization, &d)
        if head.proxyAuthorization.byteCount > 0 { _ = HTTPLogin.header(head.proxyAuthorization, &d) }
        if let query = target.index(of: 0x3f), HTTPLogin.query(target.from(query &+ 1), &d) { state.triedLogin = true }
        d.message(method.rawValue, method == .get || method == .head ? .read : .none)
        state.expect(method)
        if head.isChunked {
            state[fromClient: true] = .chunk
            return .consumed(size)
        }
        let length = head.contentLength ?? 0
        if length > 0, head.isForm, length <= 65_536 {
            state[fromClient: true] = .form(size: length)
            return .consumed(size)
        }
        return .consumed(size &+ length)
    }

    private static func response(
        _ head: borrowing HTTPHead, _ size: Int, _ state: HTTPState, _ d: inout Dissection
    ) -> Progress {
        let status = UInt32(truncatingIfNeeded: head.startLine.slice(9, 3).decimal() ?? 0)
        d.message(1_000 &+ status)
        d.observe(
            .software, text: head.server, field: "server", confidence: state.isProxied ? .low : .high)
        HTTPLogin.challenge(head.authenticate, &d)
        if state.triedLogin {
            if status == 401 || status == 403 {
                d.observe(.authentication, "rejected", field: "login", about: .conversation)
            } else if status >= 200, status < 300 {
                d.observe(.authentication, "accepted", field: "login", about: .conversation)
            }
        }
        if status == 101 {
            state.enterTunnel()
            return .consumed(size)
        }
        if status < 200 { return .consumed(size) }
        let method = state.answered()
        if method == .connect, status < 300 {
            state.enterTunnel()
            return .consumed(size)
        }
        if method == .head || status == 204 || status == 304 { return .consumed(size) }
        // Pages of outside servers say nothing about the plant.
        let wantsTitle =
            head.isPage && method != .post && (status == 200 || status == 401) && d.source.ip?.isGlobal != true
        if head.isChunked {
            state.wantsTitle = wantsTitle
            state[fromClient: false] = .chunk
            return .consumed(size)
        }
        guard let length = head.contentLength else {
            // The end of the connection ends the body (RFC 9112, 6.3).
            guard wantsTitle else { return .directionDone }
            state[fromClient: false] = .page(size: .max, isChunk: false, endsWithConnection: true)
            return .consumed(size)
        }
        if wantsTitle, length > 0 {
            state[fromClient: false] = .page(size: length, isChunk: false, endsWithConnection: false)
            return .consumed(size)
        }
        return .consumed(size &+ length)
    }

    /// Chunk: size in hexadecimal, extensions, line end, data, line end (RFC 9112, 7.1).
    private static func chunk(_ bytes: RawSpan, _ state: HTTPState, _ d: inout Dissection) -> Progress {
        guard let line = bytes.line(limit: 1_024) else {
            return bytes.byteCount < 1_024 ? .needMore(bytes.byteCount &+ 1) : .malformed
        }
        guard let size = line.text.trimmingSpaces().decimal(radix: 16) else {
            state[fromClient: d.fromClient] = .head
            return .malformed
        }
        if size == 0 {
            state[fromClient: d.fromClient] = .trailer
            return .consumed(line.size)
        }
        let data = Int(truncatingIfNeeded: size) &+ 2
        if state.wantsTitle, !d.fromClient {
            state.wantsTitle = false
            state[fromClient: false] = .page(size: data, isChunk: true, endsWithConnection: false)
            return .consumed(line.size)
        }
        return .consumed(line.size &+ data)
    }

    private static func page(
        _ bytes: RawSpan, _ size: Int, _ isChunk: Bool, _ endsWithConnection: Bool, _ state: HTTPState,
        _ d: inout Dissection
    ) -> Progress {
        let part = bytes.first(min(size, 4_096))
        var isComplete = part.byteCount >= min(size, 4_096)
        if let tag = part.indexIgnoringCase(of: "<title"), let open = part.index(of: 0x3e, from: tag),
            let close = part.indexIgnoringCase(of: "</title", from: open)
        {
            d.observe(
                .description, title(part.slice(open &+ 1, close &- open &- 1)), field: "page_title", confidence: .medium
            )
            isComplete = true
        }
        guard isComplete else { return .needMore(min(size, 4_096, bytes.byteCount &+ 1)) }
        if endsWithConnection { return .directionDone }
        state[fromClient: false] = isChunk ? .chunk : .head
        return .consumed(size)
    }

    /// UTF-8, or else the code that Japanese devices wrote their pages in before.
    private static func title(_ text: RawSpan) -> WireText {
        String(validating: text.bytes(), as: UTF8.self) != nil ? WireText(wire: text) : WireText(shiftJIS: text)
    }

    package static func messageName(_ code: UInt32) -> String {
        if code >= TLS.insideBase { return TLS.messageName(code) }
        if code >= 1_000 { return "status \(code &- 1_000)" }
        return HTTPMethod(rawValue: code)?.name ?? "method \(code)"
    }
}

/// Where each direction stands, and which requests wait for their answers.
private final class HTTPState {
    enum Place {
        case head, chunk, trailer, tunnel
        case page(size: Int, isChunk: Bool, endsWithConnection: Bool)
        case form(size: Int)
    }

    private var client = Place.head
    private var server = Place.head
    private var waiting: [HTTPMethod] = []
    private(set) var tunnelled: TLSSession?
    var messages = 0
    var isProxied = false
    var triedLogin = false
    var wantsTitle = false

    /// Requests sent ahead of their answers; beyond, the pairing is given up.
    private static let waitingLimit = 64

    subscript(fromClient fromClient: Bool) -> Place {
        get { fromClient ? client : server }
        set {
            if fromClient { client = newValue } else { server = newValue }
        }
    }

    func expect(_ method: HTTPMethod) {
        if waiting.count < HTTPState.waitingLimit { waiting.append(method) }
    }

    func answered() -> HTTPMethod? { waiting.isEmpty ? nil : waiting.removeFirst() }

    /// From here on the connection is another protocol's (CONNECT, Upgrade).
    func enterTunnel() {
        client = .tunnel
        server = .tunnel
        tunnelled = TLSSession(inside: ())
    }
}
