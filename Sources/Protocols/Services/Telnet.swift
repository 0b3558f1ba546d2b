import Model
import Wire

/// Telnet: text in both directions with commands mixed in, each beginning with IAC (255).
///
///     IAC WILL|WONT|DO|DONT option       3 bytes
///     IAC SB option … IAC SE             subnegotiation
package enum Telnet: Dissector {
    package static let description = ProtocolDescription(
        name: "telnet", title: "Telnet", family: .remoteAccess, level: .operations, reference: "RFC 854; RFC 855",
        bindings: [.tcp([23, 2323])], displayFilter: "telnet")

    /// Command bytes of RFC 854, after which RFC 2217's are parted as well.
    enum Command {
        static let endOfSubnegotiation: UInt8 = 240, subnegotiation: UInt8 = 250, will: UInt8 = 251, dont: UInt8 = 254
        static let escape: UInt8 = 255
    }
    private enum Code {
        /// The same number as where a conversation that turns out to control a serial port is counted on.
        static let negotiation = SerialPortControl.Code.negotiation
        static let login: UInt32 = 2
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard hint.uses(23) || hint.uses(2323) || bytes.u8(0) == Command.escape else { return .no }
        if bytes.u8(0) == Command.escape {
            guard bytes.byteCount >= 3 else { return .wait }
            guard isNegotiation(bytes, 0) else { return .no }
            return isNegotiation(bytes, 3) && (bytes.byteCount < 9 || isNegotiation(bytes, 6) || hint.uses(23))
                ? .certain : .possible
        }
        return bytes.first(64).isReplyText ? .possible : .no
    }

    /// IAC, a verb, and an option that is assigned (IANA, "Telnet Options").
    private static func isNegotiation(_ bytes: RawSpan, _ offset: Int) -> Bool {
        guard bytes.has(3, at: offset), bytes.u8(offset) == Command.escape else { return false }
        let verb = bytes.u8(offset &+ 1)
        let option = bytes.u8(offset &+ 2)
        return verb >= Command.will && verb <= Command.dont
            && (option <= 49 || option >= 138 && option <= 140 || option == 255)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let state = d.state { TelnetState() }
        if state.isDone { return .conversationDone }
        if d.afterGap { state.lose() }
        var index = 0
        let end = min(bytes.byteCount, 4_096)
        while index < end {
            let byte = bytes.u8(index)
            if byte == Command.escape {
                guard bytes.has(2, at: index) else { break }
                // Where somebody logs in, it is a terminal's session, whatever else is in it.
                if !state.hasPrompted, SerialPortControl.isCommand(bytes, at: index) {
                    return index > 0 ? .consumed(index) : .notMine
                }
                let size = commandSize(bytes, index)
                d.message(Code.negotiation)
                index &+= size
                continue
            }
            if d.fromClient { state.typed(byte, &d) } else { state.shown(byte, &d) }
            index &+= 1
        }
        if !d.fromClient { state.endOfText(&d) }
        return .consumed(bytes.byteCount)
    }

    private static func commandSize(_ bytes: RawSpan, _ start: Int) -> Int {
        switch bytes.u8(start &+ 1) {
        case Command.will...Command.dont: return 3
        case Command.subnegotiation:
            var index = start &+ 3
            let end = min(bytes.byteCount, start &+ 512)
            while index < end {
                if bytes.u8(index) == Command.escape, bytes.u8(index &+ 1) == Command.endOfSubnegotiation {
                    return index &+ 2 &- start
                }
                index &+= 1
            }
            return max(3, end &- start)
        default: return 2
        }
    }

    fileprivate static func loggedIn(_ d: inout Dissection) { d.message(Code.login, .login) }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case Code.negotiation: "option negotiation"
        case Code.login: "login"
        default: "message \(code)"
        }
    }
}

/// Follows the prompts of a login. What is typed at a password prompt is counted off, never kept.
private final class TelnetState {
    private enum Expected { case nothing, user, password }

    private var line: [UInt8] = []
    private var banner: [UInt8] = []
    private var name: [UInt8] = []
    private var expected = Expected.nothing
    private var prompts = 0
    private(set) var isDone = false
    var hasPrompted: Bool { prompts > 0 }

    private static let longestLine = 200
    /// Prompts after which nothing new is to be learnt.
    private static let promptLimit = 64

    /// One byte that the server showed.
    func shown(_ byte: UInt8, _ d: inout Dissection) {
        switch byte {
        case 0x0a, 0x0d:
            if line.contains(where: { $0 > 0x20 && $0 < 0x7f }), prompts == 0 { banner = line }
            line = []
        case 0x20..<0x7f, 0x80...:
            if line.count < TelnetState.longestLine { line.append(byte) }
        default: break
        }
    }

    /// Bytes were lost, a prompt or an answer among them: what is typed next is not known to be a name.
    func lose() {
        expected = .nothing
        name = []
        line = []
    }

    /// The server waits: an unfinished line is the prompt.
    func endOfText(_ d: inout Dissection) {
        guard !line.isEmpty else { return }
        let kind = prompt()
        guard kind != .nothing, kind != expected else { return }
        if expected == .nothing, kind == .user, prompts == 0 {
            withBytes(banner) { d.observe(.description, text: $0, field: "banner", confidence: .low) }
        }
        expected = kind
        prompts += 1
        name = []
        line = []
        if prompts > TelnetState.promptLimit { isDone = true }
    }

    private func prompt() -> Expected {
        let text = line.reversed().drop { $0 == 0x20 }
        guard text.first == 0x3a || text.first == 0x3e else { return .nothing }
        let lower = line.map { $0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0 }
        return withBytes(lower) { bytes in
            if bytes.indexIgnoringCase(of: "password") != nil || bytes.indexIgnoringCase(of: "passwd") != nil {
                return .password
            }
            if bytes.indexIgnoringCase(of: "login:") != nil || bytes.indexIgnoringCase(of: "username") != nil
                || bytes.indexIgnoringCase(of: "user name") != nil || bytes.indexIgnoringCase(of: "user:") != nil
            {
                return .user
            }
            return .nothing
        }
    }

    /// One byte that the client sent.
    func typed(_ byte: UInt8, _ d: inout Dissection) {
        switch (expected, byte) {
        case (.nothing, _): return
        case (_, 0x0d), (_, 0x0a):
            if expected == .user, !name.isEmpty {
                withBytes(name) { d.observe(.user, text: $0, field: "login_user", about: .conversation) }
                expected = .nothing
            } else if expected == .password {
                d.observe(.cleartextCredential, "Telnet", field: "password", about: .conversation)
                Telnet.loggedIn(&d)
                expected = .nothing
            }
            name = []
        case (.user, 0x08), (.user, 0x7f): _ = name.popLast()
        case (.user, 0x20..<0x7f):
            if name.count < 64 { name.append(byte) }
        default: return
        }
    }
}
