import Model
import Wire

/// Remote shell (rsh, rcp: port 514) and remote execution (rexec: port 512): one command on another computer, in clear. The
/// client opens with texts, each ended by a zero; the server answers with a zero byte, or 1 and a complaint.
///
///     rsh     port for errors (digits, may be empty), user on the client, user on the server, command
///     rexec   port for errors, user, password, command
package enum RemoteShell: Dissector {
    package static let description = ProtocolDescription(
        name: "rsh", title: "Remote shell (rsh, rexec)", family: .remoteAccess, level: .identity,
        reference: "BSD rcmd(3), rshd(8) and rexecd(8)", bindings: [.tcp([512, 514])], displayFilter: "rsh")

    private static let executionPort: UInt16 = 512
    private static let longestOpening = 8_192

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard hint.fromClient, hint.isStreamStart, hint.uses(514) || hint.uses(executionPort) else { return .no }
        guard bytes.byteCount >= 1 else { return .wait }
        var digits = 0
        while digits < 6, bytes.u8(digits) >= 0x30, bytes.u8(digits) <= 0x39 { digits &+= 1 }
        guard digits <= 5 else { return .no }
        if bytes.byteCount == digits { return .wait }
        guard bytes.u8(digits) == 0 else { return .no }
        if bytes.byteCount == digits &+ 1 { return digits > 0 ? .possible(from: .client) : .wait }
        return bytes.from(digits &+ 1).first(16).u8(0) > 0x20 ? .possible(from: .client) : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        if d.afterGap { return .conversationDone }
        return d.fromClient ? client(bytes, &d) : server(bytes, &d)
    }

    private static func client(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard let port = bytes.index(of: 0, limit: 8) else {
            return bytes.byteCount < 8 ? .needMore(bytes.byteCount &+ 1) : .notMine
        }
        guard let first = bytes.index(of: 0, from: port &+ 1, limit: 256),
            let second = bytes.index(of: 0, from: first &+ 1, limit: 256),
            bytes.index(of: 0, from: second &+ 1, limit: longestOpening) != nil
        else {
            return bytes.byteCount < longestOpening ? .needMore(bytes.byteCount &+ 1) : .conversationDone
        }
        let isExecution = d.sourcePort == executionPort || d.destinationPort == executionPort
        let one = bytes.slice(port &+ 1, first &- port &- 1)
        guard one.isPlainText() else { return .notMine }
        d.message(isExecution ? 1 : 0, .login)
        if isExecution {
            d.observe(.user, text: one, field: "user", about: .conversation)
            if second > first &+ 1 { d.observe(.cleartextCredential, "rexec", field: "password", about: .conversation) }
        } else {
            d.observe(
                .user, text: bytes.slice(first &+ 1, second &- first &- 1), field: "server_user", about: .conversation)
            d.observe("client_user", text: one, field: "client_user", about: .conversation)
        }
        return .directionDone
    }

    private static func server(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        d.observe(
            .authentication, bytes.u8(0) == 0 ? "accepted" : "rejected", field: "answer", about: .conversation)
        return .directionDone
    }

    package static func messageName(_ code: UInt32) -> String { code == 0 ? "remote command" : "remote execution" }
}
