import Assessment
import Foundation

/// Who may see the pages: whoever opened a link that was shown in the terminal, in the browser that opened it, through the address
/// that the server listens on.
///
/// Another page in the same browser must not be able to read or write here. So every request has to name this server exactly
/// (which stops a foreign name that was made to resolve to this machine), writing requests have to come from our own pages, and
/// the cookie is never sent along from elsewhere.
struct Gate {
    /// What is kept of one browser while the server runs.
    struct Session {
        let id: String
        /// Stands in every form, so that only our own pages can send one.
        let csrf: String
        var language: Language
        var reviewer: String
    }

    enum Verdict {
        case refused(WebResponse)
        /// Something for everybody who names the server rightly: style sheet, script, the way in.
        case open
        case admitted(Session)
    }

    static let cookie = "otscan_session"
    /// Paths that need no session.
    static let openPaths: Set<String> = ["static", "open"]

    /// What the `Host` header must be, exactly: `127.0.0.1:8642`, `localhost:8642`.
    let hosts: Set<String>
    private var tokens: Set<String> = []
    private(set) var sessions: [String: Session] = [:]

    init(port: UInt16) { hosts = ["127.0.0.1:\(port)", "localhost:\(port)"] }

    // MARK: The way in

    /// A new one-time token.
    mutating func issueToken() -> String {
        let token = Gate.secret()
        tokens.insert(token)
        return token
    }

    /// The session that a token opens; nil when it was used already or never was one.
    mutating func redeem(_ token: String, language: Language, reviewer: String) -> Session? {
        guard let known = tokens.first(where: { Gate.isEqual($0, token) }) else { return nil }
        tokens.remove(known)
        let session = Session(id: Gate.secret(), csrf: Gate.secret(), language: language, reviewer: reviewer)
        sessions[session.id] = session
        return session
    }

    mutating func update(_ session: Session) { sessions[session.id] = session }

    static func cookieHeader(_ session: Session) -> String {
        "\(cookie)=\(session.id); HttpOnly; SameSite=Strict; Path=/"
    }

    // MARK: Every request

    func judge(_ request: WebRequest) -> Verdict {
        guard let host = request.headers["host"], hosts.contains(host) else {
            return .refused(.plain(421, "This server answers to its own address only."))
        }
        guard ["GET", "HEAD", "POST"].contains(request.method) else {
            return .refused(.plain(405, "GET, HEAD and POST only."))
        }
        guard let path = request.path else { return .refused(.plain(400, "No such path.")) }
        if let origin = request.headers["origin"], origin != "http://\(host)" {
            return .refused(.plain(403, "This request comes from another page."))
        }
        let isWayIn = path.first == "open"
        // "none" is what the user typed or opened from elsewhere; a link on a foreign page is not.
        if let site = request.headers["sec-fetch-site"], site != "same-origin", !isWayIn,
            !(site == "none" && request.method != "POST")
        {
            return .refused(.plain(403, "This request comes from another page."))
        }
        if request.method == "POST", request.headers["origin"] == nil {
            return .refused(.plain(403, "This request does not say which page it comes from."))
        }
        if request.method != "POST", let first = path.first, Gate.openPaths.contains(first) { return .open }
        guard let id = request.cookie(Gate.cookie),
            let session = sessions.values.first(where: { Gate.isEqual($0.id, id) })
        else {
            return .refused(
                .plain(
                    401,
                    "otscan: open the link that the terminal shows. Press Enter there for a new one.\notscan: 端末に表示されたリンクを開いてください。端末でEnterを押すと新しいリンクが出ます。"
                ))
        }
        return .admitted(session)
    }

    /// True when the form came from a page of this session.
    func isOwn(_ form: WebForm, _ session: Session) -> Bool { Gate.isEqual(form["csrf"], session.csrf) }

    // MARK: Secrets

    /// 256 bits, in hexadecimal.
    private static func secret() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<4).map { _ in
            let text = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
    }

    /// Compares in a time that does not tell how much is right.
    private static func isEqual(_ a: String, _ b: String) -> Bool {
        let (left, right) = (Array(a.utf8), Array(b.utf8))
        guard left.count == right.count, !left.isEmpty else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
