import Model
import Wire

/// What HTTP messages tell about logins: who, and whether the secret crossed in clear. The secret itself is never kept.
enum HTTPLogin {
    /// Authorization and Proxy-Authorization; true when the field tries a login.
    static func header(_ value: RawSpan, _ d: inout Dissection) -> Bool {
        guard value.byteCount > 0 else { return false }
        if value.startsIgnoringCase(with: "basic ") {
            // user-id ":" password (RFC 7617, 2)
            let pair = Base64.decoded(value.from(6).trimmingSpaces())
            let name = pair.prefix { $0 != 0x3a }
            d.observe(.cleartextCredential, "HTTP Basic", field: "authorization", about: .conversation)
            if name.count < pair.count {
                withBytes(Array(name)) { d.observe(.user, text: $0, field: "basic_user", about: .conversation) }
            }
            return true
        }
        if value.startsIgnoringCase(with: "digest ") {
            d.observe(.user, text: parameter("username", of: value), field: "digest_user", about: .conversation)
            d.observe(.security, "HTTP Digest", field: "authorization_scheme", about: .conversation)
            return true
        }
        if value.startsIgnoringCase(with: "bearer ") {
            d.observe(.cleartextCredential, "HTTP Bearer", field: "authorization", about: .conversation)
            return true
        }
        if hasToken(value) {
            token(value, &d)
            return true
        }
        return false
    }

    /// WWW-Authenticate: the scheme, the realm (devices often name their model there), and an NTLM challenge.
    static func challenge(_ value: RawSpan, _ d: inout Dissection) {
        guard value.byteCount > 0 else { return }
        if hasToken(value) {
            token(value, &d)
            return
        }
        d.observe(.description, text: parameter("realm", of: value), field: "realm", confidence: .medium)
    }

    /// True for `NTLM …` and `Negotiate …` with a token.
    static func hasToken(_ value: RawSpan) -> Bool {
        value.byteCount > 20
            && (value.startsIgnoringCase(with: "ntlm ") || value.startsIgnoringCase(with: "negotiate "))
    }

    private static func token(_ value: RawSpan, _ d: inout Dissection) {
        guard let space = value.index(of: 0x20) else { return }
        let decoded = Base64.decoded(value.from(space &+ 1).trimmingSpaces())
        NTLM.read(decoded.span.bytes, &d)
    }

    /// The value of `name="…"` among a field's parameters; empty when absent.
    @_lifetime(copy value)
    private static func parameter(_ name: StaticString, of value: RawSpan) -> RawSpan {
        guard let start = value.indexIgnoringCase(of: name) else { return value.first(0) }
        let rest = value.from(start &+ name.utf8CodeUnitCount)
        guard rest.u8(0) == 0x3d, rest.u8(1) == 0x22 else { return value.first(0) }
        return rest.slice(2, (rest.index(of: 0x22, from: 2) ?? rest.byteCount) &- 2)
    }

    // MARK: Forms

    /// The body of a form: names of its fields, and the value of the one that names the user.
    static func form(_ body: RawSpan, _ d: inout Dissection) {
        if body.u8(0) == 0x7b || body.u8(0) == 0x5b {
            if hasSecretMember(body) {
                d.observe(.cleartextCredential, "HTTP JSON", field: "json_login", about: .conversation)
                d.message(HTTPMethod.post.rawValue, .login)
            }
            return
        }
        if pairs(body, &d) {
            d.observe(.cleartextCredential, "HTTP form", field: "form_login", about: .conversation)
            d.message(HTTPMethod.post.rawValue, .login)
        }
    }

    /// The query of a target; true when it holds a secret.
    static func query(_ query: RawSpan, _ d: inout Dissection) -> Bool {
        guard !HTTPAttack.isSuspicious(query), pairs(query, &d) else { return false }
        d.observe(.cleartextCredential, "HTTP URL", field: "url_login", about: .conversation)
        return true
    }

    /// `name=value` pairs joined by `&`; true when one is named as passwords are and is not empty.
    private static func pairs(_ text: RawSpan, _ d: inout Dissection) -> Bool {
        var offset = 0
        var count = 0
        var hasSecret = false
        var user = text.first(0)
        while offset < text.byteCount, count < 64 {
            count &+= 1
            let end = text.index(of: 0x26, from: offset) ?? text.byteCount
            let pair = text.slice(offset, end &- offset)
            offset = end &+ 1
            guard let equals = pair.index(of: 0x3d), equals > 0, equals < pair.byteCount &- 1 else { continue }
            let name = pair.first(equals)
            if isSecretName(name) {
                hasSecret = true
            } else if isUserName(name) {
                user = pair.from(equals &+ 1)
            }
        }
        if hasSecret { d.observe(.user, percentDecoded(user), field: "form_user", about: .conversation) }
        return hasSecret
    }

    private static func hasSecretMember(_ body: RawSpan) -> Bool {
        let limit = 4_096
        return body.indexIgnoringCase(of: "\"password\"", limit: limit) != nil
            || body.indexIgnoringCase(of: "\"passwd\"", limit: limit) != nil
            || body.indexIgnoringCase(of: "\"pwd\"", limit: limit) != nil
    }

    /// Names under which forms send a secret (`login_password`, `newPasswd2`, `j_pwd`, `pass`).
    private static func isSecretName(_ name: RawSpan) -> Bool {
        name.indexIgnoringCase(of: "passw") != nil || name.indexIgnoringCase(of: "pwd") != nil
            || name.indexIgnoringCase(of: "passphrase") != nil
            || name.byteCount == 4 && name.startsIgnoringCase(with: "pass")
    }

    private static func isUserName(_ name: RawSpan) -> Bool {
        func ends(_ text: StaticString) -> Bool {
            name.startsIgnoringCase(with: text, at: name.byteCount &- text.utf8CodeUnitCount)
        }
        return ends("user") || ends("username") || ends("userid") || ends("user_name") || ends("login")
            || ends("account")
    }

    private static func percentDecoded(_ text: RawSpan) -> WireText {
        var octets: [UInt8] = []
        var index = 0
        while index < text.byteCount, octets.count < WireText.limit {
            let byte = text.u8(index)
            if byte == 0x25, let value = text.slice(index &+ 1, 2).decimal(radix: 16), index &+ 2 < text.byteCount {
                octets.append(UInt8(truncatingIfNeeded: value))
                index &+= 3
            } else {
                octets.append(byte == 0x2b ? 0x20 : byte)
                index &+= 1
            }
        }
        return WireText(wire: octets.span.bytes)
    }
}

/// What a User-Agent field says of the system it runs on.
enum HTTPUserAgent {
    static func read(_ agent: RawSpan, _ d: inout Dissection) {
        let start: Int? =
            agent.indexIgnoringCase(of: "windows nt ") ?? agent.indexIgnoringCase(of: "windows ce")
            ?? agent.indexIgnoringCase(of: "android ") ?? agent.indexIgnoringCase(of: "iphone os ")
            ?? agent.indexIgnoringCase(of: "mac os x ") ?? agent.indexIgnoringCase(of: "freebsd")
            ?? agent.indexIgnoringCase(of: "linux")
        guard let start else { return }
        var end = start
        while end < agent.byteCount {
            let byte = agent.u8(end)
            if byte == 0x3b || byte == 0x29 || byte == 0x2c || byte == 0x28 || byte == 0x2f { break }
            end &+= 1
        }
        d.observe(.os, text: agent.slice(start, end &- start), field: "user_agent_os", confidence: .low)
    }
}
