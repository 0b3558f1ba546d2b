import Model
import Wire

/// SMB version 1 messages ([MS-CIFS] 2.2.3, [MS-SMB] 2.2.4). Offsets count from the 0xff of the header.
///
///     4  command  1    5  status  4    9  flags  1    10  flags2  2    24  tree 2, process 2, user 2, multiplex 2
///    32  word count  1, then the words, byte count 2, bytes; integers little-endian
enum SMB1 {
    /// Keeps codes apart from version 2's.
    static let codeBase: UInt32 = 0x100

    private enum Command {
        static let negotiate: UInt8 = 0x72, sessionSetup: UInt8 = 0x73, treeConnect: UInt8 = 0x75
    }
    private enum Offset {
        static let command = 4, status = 5, flags = 9, flags2 = 10, words = 33
    }
    private static let unicode: UInt16 = 0x8000

    static func read(_ bytes: RawSpan, _ total: Int, _ state: SMBState, _ d: inout Dissection) -> Progress {
        let command = bytes.u8(SMB.framingSize &+ Offset.command)
        switch command {
        case Command.negotiate, Command.sessionSetup, Command.treeConnect: break
        default:
            d.message(codeBase &+ UInt32(command), effect(command))
            // Transaction 2 with the subcommand SESSION_SETUP ([MS-CIFS] 2.2.6.15): reserved, answered by no server; tools
            // that break into servers (MS17-010) knock with it.
            if command == 0x32, bytes.u8(SMB.framingSize &+ Offset.flags) & 0x80 == 0,
                bytes.u8(SMB.framingSize &+ 32) >= 15,
                bytes.le16(SMB.framingSize &+ Offset.words &+ 28) == 0x000e
            {
                d.observe(
                    "exploit_pattern", "SMB1 SESSION_SETUP (MS17-010)", field: "trans2_subcommand",
                    about: .conversation,
                    confidence: .medium)
            }
            return .consumed(total)
        }
        guard total <= SMB.longestRead else { return .consumed(total) }
        guard bytes.byteCount >= total else { return .needMore(total) }
        let message = bytes.slice(SMB.framingSize, total &- SMB.framingSize)
        let isResponse = message.u8(Offset.flags) & 0x80 != 0
        d.message(codeBase &+ UInt32(command), !isResponse && command == Command.sessionSetup ? .login : .none)
        switch (command, isResponse) {
        case (Command.negotiate, false): offers(message, state)
        case (Command.negotiate, true): choice(message, state, &d)
        case (Command.sessionSetup, false): setupRequest(message, state, &d)
        case (Command.sessionSetup, true): setupResponse(message, state, &d)
        case (Command.treeConnect, false): treeRequest(message, &d)
        default: treeResponse(message, &d)
        }
        return .consumed(total)
    }

    // MARK: Negotiate

    /// Dialects: each 0x02, text, NUL.
    private static func offers(_ message: RawSpan, _ state: SMBState) {
        var list = block(message)
        state.dialects = []
        while list.u8(0) == 2, state.dialects.count < 32 {
            let end = list.index(of: 0, from: 1) ?? list.byteCount
            state.dialects.append(WireText(wire: list.slice(1, end &- 1)))
            list = list.from(end &+ 1)
        }
    }

    private static func choice(_ message: RawSpan, _ state: SMBState, _ d: inout Dissection) {
        let index = Int(message.le16(Offset.words))
        guard message.u8(32) > 0, index != 0xffff else { return }
        if index < state.dialects.count {
            d.observe(.version, "SMB 1 (\(state.dialects[index].raw))", field: "dialect")
        } else {
            d.observe(.version, "SMB 1", field: "dialect")
        }
        // NT LM 0.12 answers with 17 words: index 2, security mode 1, …, capabilities at 19, challenge length at 33.
        guard message.u8(32) == 17 else { return }
        let mode = message.u8(Offset.words &+ 2)
        state.wantsPlainPasswords = mode & 0x02 == 0
        d.observe(.security, signing(required: mode & 0x08 != 0, enabled: mode & 0x04 != 0), field: "signing")
        let capabilities = message.le32(Offset.words &+ 19)
        guard capabilities & 0x8000_0000 == 0 else { return }  // CAP_EXTENDED_SECURITY
        // Before the flags are agreed, CAP_UNICODE tells how these two are written.
        var texts = Texts(
            message, from: blockStart(message) &+ Int(message.u8(Offset.words &+ 33)), isAligned: false,
            isUnicode: capabilities & 0x4 != 0)
        d.observe(.domain, texts.next(), field: "negotiate_domain")
        d.observe(.name, texts.next(), field: "negotiate_server")
    }

    static func signing(required: Bool, enabled: Bool) -> String {
        required ? "SMB signing required" : enabled ? "SMB signing enabled" : "SMB signing disabled"
    }

    // MARK: Session setup

    private static func setupRequest(_ message: RawSpan, _ state: SMBState, _ d: inout Dissection) {
        let start = blockStart(message)
        switch message.u8(32) {
        case 12:  // extended security: blob length at 14
            let length = Int(message.le16(Offset.words &+ 14))
            NTLM.read(message.slice(start, length), &d)
            var texts = Texts(message, from: start &+ length)
            system(&texts, &d)
        case 13:  // lengths of two passwords at 14 and 16
            let first = Int(message.le16(Offset.words &+ 14))
            let second = Int(message.le16(Offset.words &+ 16))
            var texts = Texts(message, from: start &+ first &+ second)
            let user = texts.next()
            d.observe(.user, user, field: "account", about: .conversation)
            d.observe(.domain, texts.next(), field: "domain", confidence: .medium)
            if state.wantsPlainPasswords, first &+ second > 1, !user.isEmpty {
                d.observe(.cleartextCredential, "SMB", field: "password", about: .conversation)
            }
            system(&texts, &d)
        default: break
        }
    }

    private static func setupResponse(_ message: RawSpan, _ state: SMBState, _ d: inout Dissection) {
        SMBStatus.login(message.le32(Offset.status), &d)
        let start = blockStart(message)
        switch message.u8(32) {
        case 4:
            let length = Int(message.le16(Offset.words &+ 6))
            NTLM.read(message.slice(start, length), &d)
            var texts = Texts(message, from: start &+ length)
            system(&texts, &d)
        case 3:
            if message.le16(Offset.words &+ 4) & 1 != 0 {
                d.observe(.authentication, "guest", field: "guest_login", about: .conversation)
            }
            var texts = Texts(message, from: start)
            system(&texts, &d)
            d.observe(.domain, texts.next(), field: "primary_domain")
        default: break
        }
    }

    /// NativeOS and NativeLanMan.
    private static func system(_ texts: inout Texts, _ d: inout Dissection) {
        d.observe(.os, texts.next(), field: "native_os")
        d.observe(.software, texts.next(), field: "native_lanman")
    }

    // MARK: Tree connect

    /// Password length at 6; then password, path, service.
    private static func treeRequest(_ message: RawSpan, _ d: inout Dissection) {
        guard message.u8(32) == 4 else { return }
        var texts = Texts(message, from: blockStart(message) &+ Int(message.le16(Offset.words &+ 6)))
        d.observe("share", texts.next(), field: "tree", about: .server)
    }

    private static func treeResponse(_ message: RawSpan, _ d: inout Dissection) {
        if block(message).starts(with: "A:") {
            d.role(.fileServer, field: "disk_share", about: .server, confidence: .medium)
        }
    }

    // MARK: Parts of a message

    private static func blockStart(_ message: RawSpan) -> Int { Offset.words &+ Int(message.u8(32)) &* 2 &+ 2 }

    @_lifetime(copy message)
    private static func block(_ message: RawSpan) -> RawSpan {
        let start = blockStart(message)
        return message.slice(start, Int(message.le16(start &- 2)))
    }

    /// Reads one text after another: UTF-16 at even offsets of the message, or bytes, each up to a NUL.
    private struct Texts: ~Escapable {
        private let message: RawSpan
        private let isUnicode: Bool
        private let isAligned: Bool
        private var offset: Int

        @_lifetime(copy message)
        init(_ message: RawSpan, from offset: Int, isAligned: Bool = true, isUnicode: Bool? = nil) {
            self.message = message
            self.offset = offset
            self.isAligned = isAligned
            self.isUnicode = isUnicode ?? (message.le16(Offset.flags2) & unicode != 0)
        }

        mutating func next() -> WireText {
            guard offset < message.byteCount else { return WireText("") }
            if isUnicode {
                if isAligned, offset & 1 == 1 { offset &+= 1 }
                let start = offset
                while message.has(2, at: offset), message.le16(offset) != 0 { offset &+= 2 }
                defer { offset &+= 2 }
                return WireText(utf16: message.slice(start, offset &- start))
            }
            let start = offset
            let end = message.index(of: 0, from: offset) ?? message.byteCount
            offset = end &+ 1
            return WireText(shiftJIS: message.slice(start, end &- start))
        }
    }

    // MARK: Names

    private static func effect(_ command: UInt8) -> MessageEffect {
        switch command {
        case 0x0a, 0x2e: .read
        case 0x0b, 0x0c, 0x2c, 0x2f: .write
        case 0x00, 0x01, 0x06, 0x07, 0x09: .write
        default: .none
        }
    }

    static func name(_ command: UInt32) -> String {
        switch command {
        case 0x00: "SMB1 Create Directory"
        case 0x01: "SMB1 Delete Directory"
        case 0x04: "SMB1 Close"
        case 0x06: "SMB1 Delete"
        case 0x07: "SMB1 Rename"
        case 0x09, 0x0a, 0x0b, 0x0c: "SMB1 command \(command)"
        case 0x25: "SMB1 Transaction"
        case 0x2b: "SMB1 Echo"
        case 0x2e: "SMB1 Read AndX"
        case 0x2f: "SMB1 Write AndX"
        case 0x32: "SMB1 Transaction2"
        case 0x71: "SMB1 Tree Disconnect"
        case 0x72: "SMB1 Negotiate"
        case 0x73: "SMB1 Session Setup AndX"
        case 0x74: "SMB1 Logoff AndX"
        case 0x75: "SMB1 Tree Connect AndX"
        case 0xa0: "SMB1 NT Transact"
        case 0xa2: "SMB1 NT Create AndX"
        default: "SMB1 command \(command)"
        }
    }
}
