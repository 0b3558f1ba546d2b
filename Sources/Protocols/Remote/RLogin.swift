import Model
import Wire

/// Rlogin: a login across the network in clear. The client opens with a zero byte and three texts, each ended by a zero; the
/// server answers with a zero byte, and what follows is a terminal.
///
///     client   0, user on the client, 0, user on the server, 0, terminal "/" speed, 0
///     server   0
package enum RLogin: Dissector {
    package static let description = ProtocolDescription(
        name: "rlogin", title: "Rlogin", family: .remoteAccess, level: .identity, reference: "RFC 1282",
        bindings: [.tcp([513])], displayFilter: "rlogin")

    private static let longestOpening = 256

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0, bytes.byteCount > 0 else { return .no }
        if bytes.byteCount == 1 { return hint.uses(513) ? .wait : .no }
        guard let opening = Opening(bytes) else { return .no }
        return opening.size == bytes.byteCount ? .certain(from: .client) : .no
    }

    /// Where the three texts end.
    private struct Opening {
        let clientUser: Int
        let serverUser: Int
        let terminal: Int
        var size: Int { terminal &+ 1 }

        init?(_ bytes: RawSpan) {
            guard let first = bytes.index(of: 0, from: 1, limit: longestOpening), first > 1,
                let second = bytes.index(of: 0, from: first &+ 1, limit: longestOpening), second > first &+ 1,
                let third = bytes.index(of: 0, from: second &+ 1, limit: longestOpening)
            else { return nil }
            let terminal = bytes.slice(second &+ 1, third &- second &- 1)
            guard bytes.slice(1, first &- 1).isPlainText(), bytes.slice(first &+ 1, second &- first &- 1).isPlainText(),
                let slash = terminal.index(of: 0x2f), slash > 0, terminal.from(slash &+ 1).decimal() != nil
            else { return nil }
            clientUser = first
            serverUser = second
            self.terminal = third
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        d.fromClient ? client(bytes, &d) : server(bytes, &d)
    }

    private static func client(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.u8(0) == 0, !d.afterGap else { return .directionDone }
        guard let opening = Opening(bytes) else {
            return bytes.byteCount < longestOpening ? .needMore(bytes.byteCount &+ 1) : .directionDone
        }
        d.message(0, .login)
        d.observe(
            .user, text: bytes.slice(opening.clientUser &+ 1, opening.serverUser &- opening.clientUser &- 1),
            field: "server_user", about: .conversation)
        d.observe(
            "client_user", text: bytes.slice(1, opening.clientUser &- 1), field: "client_user", about: .conversation)
        return .directionDone
    }

    private static func server(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        // A server that does not trust the client's word asks for the password, which then crosses in clear.
        if bytes.indexIgnoringCase(of: "password:", limit: 512) != nil {
            d.observe(.cleartextCredential, "rlogin", field: "password_prompt", about: .conversation)
            return .directionDone
        }
        if bytes.indexIgnoringCase(of: "login incorrect", limit: 512) != nil {
            d.observe(.authentication, "rejected", field: "answer", about: .conversation)
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String { "login" }
}
