import Model
import Wire

/// FTP, control connection: lines of commands and of three-digit replies (RFC 959). Transfers themselves run over
/// connections of their own.
package enum FTP: Dissector {
    package static let description = ProtocolDescription(
        name: "ftp", title: "FTP", family: .service, level: .operations, reference: "RFC 959; RFC 4217 (AUTH TLS)",
        bindings: [.tcp([21, 2121])], displayFilter: "ftp")

    private static let longestLine = 8_192

    /// Commands in the order of their codes.
    private static let commands: [StaticString] = [
        "user", "pass", "acct", "quit", "auth", "feat", "syst", "opts", "type", "pasv", "epsv", "port", "eprt", "list",
        "nlst", "mlsd", "retr", "stor", "stou", "appe", "dele", "rnfr", "rnto", "mkd", "rmd", "cwd", "cdup", "pwd",
        "size",
        "mdtm", "site", "noop", "help", "stat", "abor", "rest", "pbsz", "prot", "mode", "stru", "mlst", "host", "clnt",
        "xmkd", "xpwd",
    ]

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= 4 else { return .wait }
        if let reply = TextReply(bytes) {
            guard reply.code >= 110, reply.code <= 553, bytes.first(256).isReplyText else { return .no }
            if reply.code == 220, let line = bytes.line(limit: longestLine) {
                if line.text.indexIgnoringCase(of: "smtp") != nil { return .no }
                if line.text.indexIgnoringCase(of: "ftp") != nil { return .certain(from: .server) }
            }
            // Elsewhere only a greeting may be FTP's: news and chat servers answer in three digits too.
            return hint.uses(21) || reply.code == 220 ? .possible(from: .server) : .no
        }
        guard let line = bytes.line(limit: longestLine), let command = command(line.text), line.text.isPlainText()
        else {
            return .no
        }
        // USER and a few others are POP3's and SMTP's as well; these are FTP's alone.
        switch commands[Int(command)] {
        case "syst", "feat", "pasv", "epsv", "port", "eprt", "pbsz", "mlsd":
            return hint.uses(21) ? .certain(from: .client) : .possible(from: .client)
        // On IRC, USER has four arguments.
        case "user": return line.text.index(of: 0x20, from: 5) == nil || hint.uses(21) ? .possible(from: .client) : .no
        case "auth": return .possible(from: .client)
        default: return hint.uses(21) ? .possible(from: .client) : .no
        }
    }

    private static func command(_ line: RawSpan) -> UInt32? {
        for (code, name) in commands.enumerated() where line.startsIgnoringCase(with: name) {
            let end = line.u8(name.utf8CodeUnitCount)
            if line.byteCount == name.utf8CodeUnitCount || end == 0x20 { return UInt32(code) }
        }
        return nil
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let state = d.state { TextSession() }
        if let progress = state.secured(bytes, &d) { return progress }
        guard let line = bytes.line(limit: longestLine) else {
            return bytes.byteCount < longestLine ? .needMore(bytes.byteCount &+ 1) : .malformed
        }
        if d.fromClient { request(line.text, state, &d) } else { reply(line.text, state, &d) }
        return .consumed(line.size)
    }

    private static func request(_ line: RawSpan, _ state: TextSession, _ d: inout Dissection) {
        guard let code = command(line) else { return }
        let name = commands[Int(code)]
        let argument = line.from(name.utf8CodeUnitCount &+ 1).trimmingSpaces()
        d.message(code, effect(name))
        switch name {
        case "user":
            d.observe(.user, text: argument, field: "user", about: .conversation)
            state.hasUser = true
            state.isAnonymous =
                argument.startsIgnoringCase(with: "anonymous") || argument.startsIgnoringCase(with: "ftp")
        case "pass":
            state.asked = .login
            // Where the name was not seen, an address for a password is what anonymous visitors give.
            if !state.isAnonymous, state.hasUser || argument.index(of: 0x40) == nil {
                d.observe(.cleartextCredential, "FTP", field: "pass", about: .conversation)
            }
        case "auth": state.asked = .security
        case "retr", "stor", "appe", "stou":
            d.observe("file", text: argument, field: "file", about: .conversation, confidence: .high)
        default: break
        }
    }

    private static func reply(_ line: RawSpan, _ state: TextSession, _ d: inout Dissection) {
        guard let reply = TextReply(line) else { return }
        d.message(1_000 &+ reply.code)
        switch reply.code {
        case 220: state.greeting(line.from(4), &d)
        case 215: d.observe(.os, text: line.from(4), field: "system", confidence: .medium)
        case 230 where state.asked == .login:
            d.observe(.authentication, "accepted", field: "login", about: .conversation)
            if state.isAnonymous { d.observe(.security, "anonymous FTP", field: "anonymous_login") }
            state.asked = .nothing
        case 530 where state.asked == .login:
            d.observe(.authentication, "rejected", field: "login", about: .conversation)
            state.asked = .nothing
        case 234 where state.asked == .security: state.beginTLS()
        default: break
        }
    }

    private static func effect(_ name: StaticString) -> MessageEffect {
        switch name {
        case "user", "pass", "acct": .login
        case "retr", "list", "nlst", "mlsd", "size", "mdtm", "pwd", "stat": .read
        case "stor", "stou", "appe", "dele", "rnfr", "rnto", "mkd", "rmd", "xmkd": .write
        case "syst", "feat", "help": .identity
        default: .none
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        if code >= TLS.insideBase { return TLS.messageName(code) }
        if code >= 1_000 { return "reply \(code &- 1_000)" }
        return code < UInt32(commands.count) ? "\(commands[Int(code)])".uppercased() : "command \(code)"
    }
}
