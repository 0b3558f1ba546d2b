import Model
import Wire

/// SMTP: lines of commands and three-digit replies; read up to the first message's text.
package enum SMTP: Dissector {
    package static let description = ProtocolDescription(
        name: "smtp", title: "SMTP", family: .service, level: .messages, reference: "RFC 5321; RFC 4954 (AUTH)",
        bindings: [.tcp([25, 587, 2525])], displayFilter: "smtp")

    private static let commands: [StaticString] = [
        "ehlo", "helo", "auth", "starttls", "mail from:", "rcpt to:", "data", "bdat", "rset", "quit", "noop", "vrfy",
    ]

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= 5 else { return .wait }
        if bytes.startsIgnoringCase(with: "ehlo ") || bytes.startsIgnoringCase(with: "helo ")
            || bytes.startsIgnoringCase(with: "mail from:")
        {
            return bytes.first(256).isReplyText ? .certain(from: .client) : .no
        }
        guard let reply = TextReply(bytes), bytes.first(256).isReplyText else { return .no }
        if reply.code == 220, let line = bytes.line(limit: 1_024), line.text.indexIgnoringCase(of: "smtp") != nil {
            return .certain(from: .server)
        }
        let isOnPort = hint.uses(25) || hint.uses(587) || hint.uses(2525)
        return reply.code >= 211 && reply.code <= 555 && isOnPort ? .possible(from: .server) : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let state = d.state { TextSession() }
        if d.afterGap { state.loseUserName() }
        if let progress = state.secured(bytes, &d) { return progress }
        guard let line = bytes.line(limit: 8_192) else {
            return bytes.byteCount < 8_192 ? .needMore(bytes.byteCount &+ 1) : .malformed
        }
        return d.fromClient ? request(line.text, line.size, state, &d) : reply(line.text, line.size, state, &d)
    }

    private static func request(
        _ line: RawSpan, _ size: Int, _ state: TextSession, _ d: inout Dissection
    ) -> Progress {
        switch state.asked {
        case .loginUser:
            MailLogin.user(line, field: "auth_user", &d)
            state.asked = .login
            return .consumed(size)
        default: break
        }
        guard let code = commands.firstIndex(where: { line.startsIgnoringCase(with: $0) }) else {
            return .consumed(size)
        }
        d.message(UInt32(code), code == 2 ? .login : .none)
        switch commands[code] {
        case "ehlo", "helo": d.observe(.name, text: line.from(5).trimmingSpaces(), field: "helo", confidence: .low)
        case "starttls": state.asked = .security
        case "auth":
            state.asked = .login
            MailLogin.mechanism(line.from(5).trimmingSpaces(), kind: "SMTP", state, &d)
        // The text of the message follows; who speaks to whom is known by now.
        case "data", "bdat": return .conversationDone
        default: break
        }
        return .consumed(size)
    }

    private static func reply(_ line: RawSpan, _ size: Int, _ state: TextSession, _ d: inout Dissection) -> Progress {
        guard let reply = TextReply(line) else { return .consumed(size) }
        d.message(1_000 &+ reply.code)
        // Only 334 asks for what comes next.
        if reply.code != 334 { state.loseUserName() }
        switch (reply.code, state.asked) {
        case (220, .security): state.beginTLS()
        case (220, _): state.greeting(line.from(4), &d)
        case (235, _): d.observe(.authentication, "accepted", field: "login", about: .conversation)
        case (535, .login): d.observe(.authentication, "rejected", field: "login", about: .conversation)
        default: break
        }
        return .consumed(size)
    }

    package static func messageName(_ code: UInt32) -> String {
        if code >= TLS.insideBase { return TLS.messageName(code) }
        if code >= 1_000 { return "reply \(code &- 1_000)" }
        return code < UInt32(commands.count) ? "\(commands[Int(code)])".uppercased() : "command \(code)"
    }
}

/// POP3: lines; the server answers +OK or -ERR. Read until the login.
package enum POP3: Dissector {
    package static let description = ProtocolDescription(
        name: "pop3", title: "POP3", family: .service, level: .messages, reference: "RFC 1939; RFC 2595 (STLS)",
        bindings: [.tcp([110])], displayFilter: "pop")

    private static let commands: [StaticString] = ["user", "pass", "apop", "auth", "stls", "capa", "quit"]

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= 4 else { return .wait }
        if bytes.starts(with: "+OK") || bytes.starts(with: "-ERR") {
            guard bytes.first(256).isReplyText else { return .no }
            if hint.uses(110) { return .certain(from: .server) }
            // Redis answers a bare +OK.
            return bytes.starts(with: "+OK ") ? .possible(from: .server) : .no
        }
        guard hint.uses(110) else { return .no }
        for command in commands where bytes.startsIgnoringCase(with: command) { return .possible(from: .client) }
        return .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let state = d.state { TextSession() }
        if d.afterGap { state.loseUserName() }
        if let progress = state.secured(bytes, &d) { return progress }
        guard let line = bytes.line(limit: 8_192) else {
            return bytes.byteCount < 8_192 ? .needMore(bytes.byteCount &+ 1) : .malformed
        }
        let text = line.text
        guard d.fromClient else {
            let isGood = text.starts(with: "+OK")
            if text.u8(0) == 0x2d || isGood { state.loseUserName() }
            switch state.asked {
            case .security:
                if isGood { state.beginTLS() }
                state.asked = .nothing
            case .login:
                d.observe(.authentication, isGood ? "accepted" : "rejected", field: "login", about: .conversation)
                if isGood { return .conversationDone }
                state.asked = .nothing
            default: break
            }
            return .consumed(line.size)
        }
        if state.asked == .loginUser {
            MailLogin.user(text, field: "auth_user", &d)
            state.asked = .login
            return .consumed(line.size)
        }
        guard let code = commands.firstIndex(where: { text.startsIgnoringCase(with: $0) }) else {
            return .consumed(line.size)
        }
        d.message(UInt32(code), code < 4 ? .login : .none)
        switch commands[code] {
        case "user": d.observe(.user, text: text.from(5).trimmingSpaces(), field: "user", about: .conversation)
        case "pass":
            d.observe(.cleartextCredential, "POP3", field: "pass", about: .conversation)
            state.asked = .login
        case "apop":
            let name = text.from(5).trimmingSpaces()
            d.observe(
                .user, text: name.first(name.index(of: 0x20) ?? name.byteCount), field: "apop_user",
                about: .conversation)
            state.asked = .login
        case "auth": MailLogin.mechanism(text.from(5).trimmingSpaces(), kind: "POP3", state, &d)
        case "stls": state.asked = .security
        default: break
        }
        return .consumed(line.size)
    }

    package static func messageName(_ code: UInt32) -> String {
        if code >= TLS.insideBase { return TLS.messageName(code) }
        return code < UInt32(commands.count) ? "\(commands[Int(code)])".uppercased() : "command \(code)"
    }
}

/// IMAP: lines that begin with a tag; the server's untagged ones with `*`. Read until the login.
package enum IMAP: Dissector {
    package static let description = ProtocolDescription(
        name: "imap", title: "IMAP", family: .service, level: .messages, reference: "RFC 9051; RFC 3501",
        bindings: [.tcp([143])], displayFilter: "imap")

    private static let commands: [StaticString] = [
        "login ", "authenticate ", "starttls", "capability", "select ", "logout", "noop", "id ",
    ]

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= 6 else { return .wait }
        if bytes.starts(with: "* OK ") || bytes.starts(with: "* PREA") || bytes.starts(with: "* BYE ") {
            return bytes.first(256).isReplyText ? .certain(from: .server) : .no
        }
        guard hint.uses(143), let line = bytes.line(limit: 1_024), command(line.text) != nil else { return .no }
        return .possible(from: .client)
    }

    /// The command after the tag, and where its arguments begin.
    private static func command(_ line: RawSpan) -> (code: Int, arguments: Int)? {
        guard let space = line.index(of: 0x20, limit: 32), space > 0 else { return nil }
        for (code, name) in commands.enumerated() where line.startsIgnoringCase(with: name, at: space &+ 1) {
            return (code, space &+ 1 &+ name.utf8CodeUnitCount)
        }
        return nil
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let state = d.state { TextSession() }
        if d.afterGap { state.loseUserName() }
        if let progress = state.secured(bytes, &d) { return progress }
        guard let line = bytes.line(limit: 65_536) else {
            return bytes.byteCount < 65_536 ? .needMore(bytes.byteCount &+ 1) : .malformed
        }
        if d.fromClient {
            request(line.text, state, &d)
        } else if reply(line.text, state, &d) {
            return .conversationDone
        }
        return .consumed(line.size)
    }

    private static func request(_ line: RawSpan, _ state: TextSession, _ d: inout Dissection) {
        if state.asked == .loginUser {
            MailLogin.user(line, field: "auth_user", &d)
            state.asked = .login
            return
        }
        guard let (code, start) = command(line) else { return }
        d.message(UInt32(code), code < 2 ? .login : .none)
        switch commands[code] {
        case "login ":
            let arguments = line.from(start)
            let isQuoted = arguments.u8(0) == 0x22
            let name = isQuoted ? arguments.from(1) : arguments
            let end = name.index(of: isQuoted ? 0x22 : 0x20) ?? name.byteCount
            d.observe(.user, text: name.first(end), field: "login_user", about: .conversation)
            d.observe(.cleartextCredential, "IMAP", field: "login", about: .conversation)
            state.asked = .login
        case "authenticate ": MailLogin.mechanism(line.from(start), kind: "IMAP", state, &d)
        case "starttls": state.asked = .security
        default: break
        }
    }

    /// True when the login has ended well.
    private static func reply(_ line: RawSpan, _ state: TextSession, _ d: inout Dissection) -> Bool {
        if line.u8(0) == 0x2a || line.u8(0) == 0x2b {
            if line.starts(with: "* OK ") {
                d.observe(.description, text: line.from(5), field: "banner", confidence: .low)
            }
            return false
        }
        state.loseUserName()
        guard let space = line.index(of: 0x20, limit: 32) else { return false }
        let isGood = line.startsIgnoringCase(with: "ok", at: space &+ 1)
        switch state.asked {
        case .security:
            if isGood { state.beginTLS() }
            state.asked = .nothing
        case .login:
            d.observe(.authentication, isGood ? "accepted" : "rejected", field: "login", about: .conversation)
            state.asked = .nothing
            return isGood
        default: break
        }
        return false
    }

    package static func messageName(_ code: UInt32) -> String {
        if code >= TLS.insideBase { return TLS.messageName(code) }
        return code < UInt32(commands.count) ? "\(commands[Int(code)])".uppercased() : "command \(code)"
    }
}

/// SASL as the mail protocols carry it: PLAIN and LOGIN send the secret as it is (RFC 4616).
enum MailLogin {
    static func mechanism(_ text: RawSpan, kind: String, _ state: TextSession, _ d: inout Dissection) {
        state.asked = .login
        if text.startsIgnoringCase(with: "plain") {
            d.observe(.cleartextCredential, kind, field: "auth", about: .conversation)
            let response = Base64.decoded(text.from(5).trimmingSpaces())
            // authorization id NUL user NUL password
            let parts = response.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
            if parts.count == 3 {
                withBytes(Array(parts[1])) { d.observe(.user, text: $0, field: "plain_user", about: .conversation) }
            }
        } else if text.startsIgnoringCase(with: "login") {
            d.observe(.cleartextCredential, kind, field: "auth", about: .conversation)
            let initial = text.from(5).trimmingSpaces()
            if initial.byteCount > 0 { user(initial, field: "login_user", &d) } else { state.asked = .loginUser }
        }
    }

    /// A user name alone, in base64; a line of several words is something else, and may hold the secret.
    static func user(_ line: RawSpan, field: StaticString, _ d: inout Dissection) {
        guard line.index(of: 0x20) == nil else { return }
        let name = Base64.decoded(line)
        withBytes(name) { d.observe(.user, text: $0, field: field, about: .conversation) }
    }
}
