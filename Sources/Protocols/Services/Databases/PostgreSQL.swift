import Model
import Wire

/// PostgreSQL. The client's first message has no type; all others are a letter, a length that counts itself, and a body.
///
///     start     length 4, version 4 (3.0), then pairs of texts { name, 0, value, 0 }, 0
///     TLS       length 4 (8), 80877103; the server answers 'S' or 'N'
///     server    'R' authentication { kind 4 }, 'S' setting { name, 0, value, 0 }, 'E' error { field 1, text, 0 … }
package enum PostgreSQL: Dissector {
    package static let description = ProtocolDescription(
        name: "postgresql", title: "PostgreSQL", family: .service, level: .identity,
        reference: "PostgreSQL documentation, Frontend/Backend Protocol 3.0", bindings: [.tcp([5432])],
        displayFilter: "pgsql")

    private enum Code {
        static let version3: UInt32 = 0x0003_0000, tls: UInt32 = 80_877_103, cancel: UInt32 = 80_877_102
        static let encryption: UInt32 = 80_877_104
    }
    private static let longestStart = 10_000

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.be16(0) == 0, bytes.byteCount >= 8 else {
            // 'R', a length, kind 0 to 12.
            guard bytes.u8(0) == 0x52, bytes.byteCount >= 9, bytes.be32(1) >= 8, bytes.be32(1) < 256,
                bytes.be32(5) <= 12
            else { return .no }
            return hint.sourcePort == 5432 ? .certain(from: .server) : .possible(from: .server)
        }
        let length = Int(bytes.be32(0))
        switch bytes.be32(4) {
        case Code.tls, Code.encryption: return length == 8 && bytes.byteCount == 8 ? .certain(from: .client) : .no
        case Code.cancel: return length == 16 ? .certain(from: .client) : .no
        case Code.version3, Code.version3 &+ 2:
            guard length >= 9, length <= longestStart, bytes.byteCount <= length else { return .no }
            return bytes.byteCount < 12 || bytes.u8(8) >= 0x61 && bytes.u8(8) <= 0x7a ? .certain(from: .client) : .no
        default: return .no
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let state = d.state { PostgreSQLState() }
        if state.isTLS {
            return bytes.u8(0) >= 20 && bytes.u8(0) <= 24 ? TLS.read(inside: bytes, state.session, &d) : .directionDone
        }
        if d.fromClient, !state.isStarted { return start(bytes, state, &d) }
        if !d.fromClient, state.askedTLS {
            state.askedTLS = false
            state.isTLS = bytes.u8(0) == 0x53
            d.observe(
                .security, state.isTLS ? "PostgreSQL with TLS" : "PostgreSQL without TLS", field: "ssl_answer",
                about: .conversation)
            return .consumed(1)
        }
        guard bytes.byteCount >= 5 else { return .needMore(5) }
        let size = 1 &+ Int(bytes.be32(1))
        guard size >= 5, size <= 1 << 30 else { return .malformed }
        let type = bytes.u8(0)
        guard type >= 0x31, type <= 0x7a else { return .malformed }
        let isRead = !d.fromClient && (type == 0x52 || type == 0x53 || type == 0x45) || d.fromClient && type == 0x70
        if isRead, size <= 8_192 {
            guard bytes.byteCount >= size else { return .needMore(size) }
            read(type, bytes.slice(5, size &- 5), state, &d)
        }
        if d.fromClient { d.message(UInt32(type), type == 0x70 ? .login : .none) }
        return .consumed(size)
    }

    private static func start(_ bytes: RawSpan, _ state: PostgreSQLState, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 8 else { return .needMore(8) }
        let length = Int(bytes.be32(0))
        switch bytes.be32(4) {
        case Code.tls, Code.encryption:
            state.askedTLS = true
            d.message(0x101)
            return .consumed(8)
        case Code.cancel:
            d.message(0x102)
            return .conversationDone
        case Code.version3, Code.version3 &+ 2: break
        default:
            // The beginning was not seen.
            state.isStarted = true
            return bytes.u8(0) >= 0x41 ? dissect(bytes, &d) : .notMine
        }
        guard length >= 9, length <= longestStart else { return .malformed }
        guard bytes.byteCount >= length else { return .needMore(length) }
        state.isStarted = true
        d.message(0x100, .login)
        var offset = 8
        var pairs = 0
        while pairs < 32, let middle = bytes.index(of: 0, from: offset, limit: length &- offset), middle > offset,
            let end = bytes.index(of: 0, from: middle &+ 1, limit: length &- middle &- 1)
        {
            pairs &+= 1
            let name = bytes.slice(offset, middle &- offset)
            let value = bytes.slice(middle &+ 1, end &- middle &- 1)
            switch name.byteCount {
            case 4 where name.starts(with: "user"): d.observe(.user, text: value, field: "user", about: .conversation)
            case 8 where name.starts(with: "database"):
                d.observe("database", text: value, field: "database", about: .conversation)
            case 16 where name.starts(with: "application_name"):
                d.observe(.software, text: value, field: "application_name", confidence: .medium)
            default: break
            }
            offset = end &+ 1
        }
        return .consumed(length)
    }

    private static func read(_ type: UInt8, _ body: RawSpan, _ state: PostgreSQLState, _ d: inout Dissection) {
        switch type {
        case 0x52:  // 'R'
            let kind = body.be32(0)
            state.asksForPassword = kind == 3
            if kind == 0 {
                d.observe(.authentication, "accepted", field: "authentication", about: .conversation)
                d.role(.server, field: "database", confidence: .medium)
            }
        case 0x70:  // 'p'
            if state.asksForPassword {
                d.observe(.cleartextCredential, "PostgreSQL", field: "password", about: .conversation)
            }
        case 0x53:  // 'S'
            guard body.starts(with: "server_version\0") else { return }
            d.observe(.software, "PostgreSQL \(WireText(wire: body.from(15)).raw)", field: "server_version")
        default:  // 'E': fields of a letter and a text; C is the SQLSTATE, class 28 a refused login.
            var offset = 0
            while let end = body.index(of: 0, from: offset), end > offset {
                if body.u8(offset) == 0x43, body.starts(with: "28", at: offset &+ 1) {
                    d.observe(.authentication, "rejected", field: "sqlstate", about: .conversation)
                    return
                }
                offset = end &+ 1
            }
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        if code >= TLS.insideBase { return TLS.messageName(code) }
        return switch code {
        case 0x42: "Bind"
        case 0x43: "Close"
        case 0x44: "Describe"
        case 0x45: "Execute"
        case 0x46: "FunctionCall"
        case 0x48: "Flush"
        case 0x50: "Parse"
        case 0x51: "Query"
        case 0x53: "Sync"
        case 0x58: "Terminate"
        case 0x64: "CopyData"
        case 0x70: "PasswordMessage"
        case 0x100: "StartupMessage"
        case 0x101: "SSLRequest"
        case 0x102: "CancelRequest"
        default: "message \(code)"
        }
    }
}

private final class PostgreSQLState {
    var isStarted = false
    var askedTLS = false
    var isTLS = false
    var asksForPassword = false
    let session = TLSSession(inside: ())
}
