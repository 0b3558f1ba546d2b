import Wire

/// Methods of RFC 9110, 9.3, RFC 5789 and WebDAV (RFC 4918) that a request line may begin with.
enum HTTPMethod: UInt32 {
    case get = 1, head, post, put, delete, connect, options, trace, patch
    case propfind, proppatch, mkcol, copy, move, lock, unlock, report, search, subscribe, unsubscribe, notify

    /// The method at the start of a line, with the space after it.
    init?(_ line: RawSpan) {
        switch line.u8(0) {
        case 0x47 where line.starts(with: "GET "): self = .get
        case 0x48 where line.starts(with: "HEAD "): self = .head
        case 0x50 where line.starts(with: "POST "): self = .post
        case 0x50 where line.starts(with: "PUT "): self = .put
        case 0x50 where line.starts(with: "PATCH "): self = .patch
        case 0x50 where line.starts(with: "PROPFIND "): self = .propfind
        case 0x50 where line.starts(with: "PROPPATCH "): self = .proppatch
        case 0x44 where line.starts(with: "DELETE "): self = .delete
        case 0x43 where line.starts(with: "CONNECT "): self = .connect
        case 0x43 where line.starts(with: "COPY "): self = .copy
        case 0x4f where line.starts(with: "OPTIONS "): self = .options
        case 0x54 where line.starts(with: "TRACE "): self = .trace
        case 0x4d where line.starts(with: "MKCOL "): self = .mkcol
        case 0x4d where line.starts(with: "MOVE "): self = .move
        case 0x4c where line.starts(with: "LOCK "): self = .lock
        case 0x55 where line.starts(with: "UNLOCK "): self = .unlock
        case 0x52 where line.starts(with: "REPORT "): self = .report
        case 0x53 where line.starts(with: "SEARCH "): self = .search
        case 0x53 where line.starts(with: "SUBSCRIBE "): self = .subscribe
        case 0x55 where line.starts(with: "UNSUBSCRIBE "): self = .unsubscribe
        case 0x4e where line.starts(with: "NOTIFY "): self = .notify
        default: return nil
        }
    }

    var name: String { "\(self)".uppercased() }
}

/// The header fields of one message that matter here, borrowed from the wire.
struct HTTPHead: ~Escapable {
    let startLine: RawSpan
    private(set) var host: RawSpan
    private(set) var userAgent: RawSpan
    private(set) var server: RawSpan
    private(set) var authorization: RawSpan
    private(set) var proxyAuthorization: RawSpan
    /// WWW-Authenticate; of several the one with a token, else the first.
    private(set) var authenticate: RawSpan
    private(set) var contentLength: Int?
    private(set) var isChunked = false
    /// application/x-www-form-urlencoded or application/json
    private(set) var isForm = false
    /// text/html, not compressed
    private(set) var isPage = false

    private static let fieldLimit = 256
    /// Longer bodies are as good as endless.
    private static let longestBody: UInt64 = 1 << 48

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) {
        let nothing = bytes.first(0)
        host = nothing
        userAgent = nothing
        server = nothing
        authorization = nothing
        proxyAuthorization = nothing
        authenticate = nothing
        var offset = 0
        if let first = bytes.line() {
            startLine = first.text
            offset = first.size
        } else {
            startLine = nothing
        }
        var isCompressed = false
        var count = 0
        while count < HTTPHead.fieldLimit, let line = bytes.line(from: offset) {
            offset &+= line.size
            count &+= 1
            let text = line.text
            guard let colon = text.index(of: 0x3a) else { continue }
            let value = text.from(colon &+ 1).trimmingSpaces()
            switch colon {
            case 4 where text.startsIgnoringCase(with: "host"): host = value
            case 6 where text.startsIgnoringCase(with: "server"): server = value
            case 10 where text.startsIgnoringCase(with: "user-agent"): userAgent = value
            case 12 where text.startsIgnoringCase(with: "content-type"):
                isForm =
                    value.startsIgnoringCase(with: "application/x-www-form-urlencoded")
                    || value.startsIgnoringCase(with: "application/json")
                isPage = value.startsIgnoringCase(with: "text/html")
            case 13 where text.startsIgnoringCase(with: "authorization"): authorization = value
            case 14 where text.startsIgnoringCase(with: "content-length"):
                if let length = value.decimal() {
                    contentLength = Int(truncatingIfNeeded: min(length, HTTPHead.longestBody))
                }
            case 16 where text.startsIgnoringCase(with: "www-authenticate"):
                if authenticate.byteCount == 0 || HTTPLogin.hasToken(value) { authenticate = value }
            case 16 where text.startsIgnoringCase(with: "content-encoding"):
                isCompressed = !value.startsIgnoringCase(with: "identity")
            case 17 where text.startsIgnoringCase(with: "transfer-encoding"):
                isChunked = value.indexIgnoringCase(of: "chunked") != nil
            case 18 where text.startsIgnoringCase(with: "proxy-authenticate"):
                if authenticate.byteCount == 0 || HTTPLogin.hasToken(value) { authenticate = value }
            case 19 where text.startsIgnoringCase(with: "proxy-authorization"): proxyAuthorization = value
            default: break
            }
        }
        if isCompressed { isPage = false }
    }

    /// The second word of a request line.
    var target: RawSpan {
        @_lifetime(copy self)
        get {
            guard let start = startLine.index(of: 0x20) else { return startLine.first(0) }
            let end = startLine.index(of: 0x20, from: start &+ 1) ?? startLine.byteCount
            return startLine.slice(start &+ 1, end &- start &- 1)
        }
    }

    /// The host without a port; of an IPv6 address the brackets stay.
    var hostWithoutPort: RawSpan {
        @_lifetime(copy self)
        get {
            let from = host.u8(0) == 0x5b ? host.index(of: 0x5d) ?? 0 : 0
            return host.first(host.index(of: 0x3a, from: from) ?? host.byteCount)
        }
    }
}
