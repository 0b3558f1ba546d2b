import Model
import Wire

/// TDS, the protocol of Microsoft SQL Server. Both ends first exchange versions and agree on encryption; then comes the login,
/// in TLS unless both refuse it, where computer, application, account and database are UTF-16 texts.
///
///     0  type 1, status 1, length 2 (big-endian), channel 2, packet 1, window 1
///     8  PRELOGIN (type 18): options { token 1, offset 2, length 2 }, 0xff; token 0 version 6, token 1 encryption 1
///     8  LOGIN7 (type 16): length 4, TDS version 4, …, from 36 on offset 2 and characters 2 of each text
///     8  answer (type 4): tokens; 0xad LOGINACK { length 2, interface 1, TDS version 4, characters 1, name, version 4 }
package enum TDS: Dissector {
    package static let description = ProtocolDescription(
        name: "tds", title: "Microsoft SQL Server (TDS)", family: .service, level: .identity, reference: "[MS-TDS] 2.2",
        bindings: [.tcp([1433])], displayFilter: "tds", includes: ["NTLM"])

    private enum PacketType {
        static let batch: UInt8 = 1, call: UInt8 = 3, answer: UInt8 = 4, attention: UInt8 = 6, bulk: UInt8 = 7
        static let login: UInt8 = 16, prelogin: UInt8 = 18
    }
    private static let headerSize = 8

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        let type = bytes.u8(0)
        guard
            type == PacketType.prelogin || type == PacketType.login || type == PacketType.answer || type == 1
                || type == 3
        else { return .no }
        guard bytes.byteCount >= headerSize &+ 5 else { return .no }
        let length = Int(bytes.be16(2))
        guard bytes.u8(1) <= 9, length >= headerSize &+ 5, length <= 32_768, bytes.u8(7) == 0 else { return .no }
        switch type {
        case PacketType.prelogin:
            return bytes.u8(1) == 1 && isPrelogin(bytes) ? .certain(from: .client) : .no
        case PacketType.login:
            let size = Int(bytes.le32(headerSize))
            return size >= 86 && size <= 131_072 && size >= length &- headerSize && bytes.u8(headerSize &+ 7) >= 0x70
                && bytes.u8(headerSize &+ 7) <= 0x74 ? .certain(from: .client) : .no
        case PacketType.answer:
            if bytes.u8(1) == 1, isPrelogin(bytes) { return .certain(from: .server) }
            return hint.sourcePort == 1433 && bytes.byteCount >= length ? .possible(from: .server) : .no
        default:
            // Statements and calls begin with headers of their own, whose length comes first ([MS-TDS] 2.2.5.3); before
            // TDS 7.2 with the text, or with the length of a name.
            guard hint.destinationPort == 1433 else { return .no }
            let isText =
                type == PacketType.batch
                ? bytes.u8(8) >= 0x20 && bytes.u8(9) == 0
                : bytes.u8(9) == 0 && bytes.u8(8) > 0 && bytes.u8(10) >= 0x20 && bytes.u8(11) == 0
            return bytes.le32(headerSize) == 22 || isText ? .certain(from: .client) : .no
        }
    }

    /// The version option comes first and points behind the list of options.
    private static func isPrelogin(_ bytes: RawSpan) -> Bool {
        bytes.u8(8) == 0 && bytes.be16(9) >= 11 && bytes.be16(9) <= 128 && bytes.be16(11) == 6
    }

    // MARK: Packets

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let state = d.state { TDSState() }
        // After its handshake TLS stands by itself.
        if state.isTLS, bytes.u8(0) >= 20, bytes.u8(0) <= 23, bytes.u8(1) == 3 {
            return TLS.read(inside: bytes, state.session, &d)
        }
        guard bytes.byteCount >= headerSize else { return .needMore(headerSize) }
        let length = Int(bytes.be16(2))
        guard length >= headerSize else { return .malformed }
        let type = bytes.u8(0)
        guard type <= PacketType.prelogin, type > 0 else { return .directionDone }
        // Statements and results are not read.
        let wanted =
            type == PacketType.prelogin || type == PacketType.login || type == PacketType.answer && !state.isLoggedIn
        if wanted {
            guard bytes.byteCount >= length else { return .needMore(length) }
        }
        let body = bytes.slice(headerSize, length &- headerSize)
        switch type {
        case PacketType.prelogin: prelogin(body, state, &d)
        case PacketType.login:
            d.message(UInt32(type), .login)
            login(body, &d)
        case PacketType.answer where wanted:
            if isPrelogin(bytes) || state.isTLS { prelogin(body, state, &d) } else { answer(body, state, &d) }
        case PacketType.answer: break
        default: d.message(UInt32(type))
        }
        return .consumed(length)
    }

    private static func prelogin(_ body: RawSpan, _ state: TDSState, _ d: inout Dissection) {
        if body.u8(0) == 22, body.u8(1) == 3 {
            // The handshake of TLS travels in packets of this type.
            state.isTLS = true
            var offset = 0
            var records = 0
            while offset < body.byteCount, records < 8 {
                records &+= 1
                guard case .consumed(let used) = TLS.read(inside: body.from(offset), state.session, &d), used > 0 else {
                    return
                }
                offset &+= used
            }
            return
        }
        d.message(UInt32(PacketType.prelogin))
        var option = 0
        var count = 0
        while count < 16, body.has(5, at: option), body.u8(option) != 0xff {
            let offset = Int(body.be16(option &+ 1))
            let size = Int(body.be16(option &+ 3))
            if body.has(size, at: offset) {
                switch body.u8(option) {
                case 0 where size >= 4 && !d.fromClient:
                    version(body.slice(offset, 4), &d)
                case 1 where size >= 1 && !d.fromClient:
                    d.observe(.security, encryptionName(body.u8(offset)), field: "encryption", about: .conversation)
                default: break
                }
            }
            option &+= 5
            count &+= 1
        }
    }

    /// Major 1, minor 1, build 2.
    private static func version(_ bytes: RawSpan, _ d: inout Dissection) {
        guard bytes.u8(0) > 0 else { return }
        d.observe(
            .software, "Microsoft SQL Server \(bytes.u8(0)).\(bytes.u8(1)).\(bytes.be16(2))", field: "server_version")
        d.role(.server, field: "database", confidence: .medium)
    }

    private static func encryptionName(_ value: UInt8) -> String {
        switch value {
        case 0: "TDS encrypts the login"
        case 1: "TDS encrypted"
        case 2: "TDS not encrypted"
        case 3: "TDS encryption required"
        default: "TDS encryption \(value)"
        }
    }

    // MARK: Login

    private enum Text {
        static let host = 36, user = 40, password = 44, application = 48, library = 60, database = 68
    }

    private static func login(_ body: RawSpan, _ d: inout Dissection) {
        d.observe(.name, text(body, Text.host), field: "host_name")
        d.observe(.user, text(body, Text.user), field: "user_name", about: .conversation)
        d.observe(.software, text(body, Text.application), field: "application_name", confidence: .medium)
        d.observe("database", text(body, Text.database), field: "database", about: .conversation)
        // Only veiled, not encrypted ([MS-TDS] 2.2.6.4).
        if body.le16(Text.password &+ 2) > 0 {
            d.observe(.cleartextCredential, "TDS login", field: "password", about: .conversation)
        }
        // Integrated login: an SSPI token follows the texts.
        let token = Int(body.le16(78))
        let size = Int(body.le16(80))
        if size > 0, body.has(size, at: token) { NTLM.read(body.slice(token, size), &d) }
    }

    private static func text(_ body: RawSpan, _ descriptor: Int) -> WireText {
        let characters = Int(body.le16(descriptor &+ 2))
        guard characters > 0 else { return WireText("") }
        return WireText(utf16: body.slice(Int(body.le16(descriptor)), characters &* 2))
    }

    private static func answer(_ body: RawSpan, _ state: TDSState, _ d: inout Dissection) {
        var offset = 0
        var tokens = 0
        while offset < body.byteCount, tokens < 64 {
            tokens &+= 1
            let token = body.u8(offset)
            // Those that a login brings all have a length of two bytes; FEATUREEXTACK and DONE end it.
            guard token == 0xe3 || token == 0xab || token == 0xaa || token == 0xad || token == 0xed else { return }
            let size = Int(body.le16(offset &+ 1))
            let value = body.slice(offset &+ 3, size)
            switch token {
            case 0xad:
                state.isLoggedIn = true
                d.message(0x100)
                d.observe(.authentication, "accepted", field: "loginack", about: .conversation)
                let name = Int(value.u8(5)) &* 2
                version(value.slice(6 &+ name, 4), &d)
            case 0xaa:
                // Error 18456: login failed.
                if value.le32(0) == 18_456 {
                    d.observe(.authentication, "rejected", field: "error", about: .conversation)
                }
                // Number 4, state 1, class 1, message (characters 2), server (characters 1).
                let message = Int(value.le16(6)) &* 2
                d.observe(
                    .name, WireText(utf16: value.slice(9 &+ message, Int(value.u8(8 &+ message)) &* 2)),
                    field: "server_name", confidence: .medium)
            case 0xed: NTLM.read(value, &d)
            default: break
            }
            offset &+= 3 &+ size
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        if code >= TLS.insideBase { return TLS.messageName(code) }
        return switch code {
        case 1: "SQL batch"
        case 3: "RPC"
        case 6: "attention"
        case 7: "bulk load"
        case 8: "federated authentication token"
        case 14: "transaction manager"
        case 16: "LOGIN7"
        case 17: "SSPI"
        case 18: "PRELOGIN"
        case 0x100: "LOGINACK"
        default: "packet \(code)"
        }
    }
}

private final class TDSState {
    var isTLS = false
    var isLoggedIn = false
    let session = TLSSession(inside: ())
}
