import Model
import Wire

/// MySQL and MariaDB. Packets have a length and a number; the server greets with its version, the client answers with its
/// account or asks for TLS first.
///
///     0  length     3   little-endian
///     3  number     1   begins at 0 with each command
///     4  greeting   10, version, 0, thread 4, salt 8, 0, capabilities 2, …
///     4  login      capabilities 4, largest packet 4, character set 1, filler 23, account, 0, …
///     4  command    1
package enum MySQL: Dissector {
    package static let description = ProtocolDescription(
        name: "mysql", title: "MySQL", family: .service, level: .identity,
        reference: "MySQL Client/Server Protocol, Connection Phase and Command Phase", bindings: [.tcp([3306])],
        displayFilter: "mysql")

    private static let headerSize = 4
    private static let capabilityTLS: UInt32 = 0x800
    private static let capability41: UInt32 = 0x200

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= 12, bytes.u8(3) == 0, bytes.u8(4) == 10, bytes.u8(2) == 0 else {
            return refusal(bytes, hint)
        }
        let length = Int(bytes.le16(0))
        guard length >= 30, length <= 512, let end = bytes.index(of: 0, from: 5, limit: 64), end > 8,
            bytes.u8(5) >= 0x30, bytes.u8(5) <= 0x39, bytes.slice(5, end &- 5).isPlainText(),
            bytes.byteCount < end &+ 14 || bytes.u8(end &+ 13) == 0
        else { return .no }
        return .certain(from: .server)
    }

    /// A server that does not let the client in says so instead of greeting: 0xff, error 2, text.
    private static func refusal(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(4) == 0xff, bytes.byteCount >= 12, bytes.be16(2) == 0, hint.sourcePort == 3306 else {
            return .no
        }
        let error = bytes.le16(5)
        return Int(bytes.le16(0)) == bytes.byteCount &- headerSize && error >= 1_000 && error < 5_000
            ? .certain(from: .server) : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let state = d.state { MySQLState() }
        if state.isTLS {
            return bytes.u8(0) >= 20 && bytes.u8(0) <= 24 ? TLS.read(inside: bytes, state.session, &d) : .directionDone
        }
        guard bytes.byteCount >= headerSize else { return .needMore(headerSize) }
        let length = Int(bytes.le16(0)) | Int(bytes.u8(2)) << 16
        let number = bytes.u8(3)
        if state.isLoggedIn {
            if d.fromClient, number == 0, length > 0 {
                guard bytes.byteCount > headerSize else { return .needMore(headerSize &+ 1) }
                let command = bytes.u8(headerSize)
                d.message(UInt32(command))
            }
            return .consumed(headerSize &+ length)
        }
        // Without the login before it, what the client sends may be its password.
        guard length <= 4_096, !d.afterGap else { return .conversationDone }
        guard bytes.byteCount >= headerSize &+ length else { return .needMore(headerSize &+ length) }
        let body = bytes.slice(headerSize, length)
        if d.fromClient { client(body, number, state, &d) } else { server(body, number, state, &d) }
        return .consumed(headerSize &+ length)
    }

    private static func server(_ body: RawSpan, _ number: UInt8, _ state: MySQLState, _ d: inout Dissection) {
        switch body.u8(0) {
        case 10 where number == 0:
            guard let end = body.index(of: 0, from: 1, limit: 256) else { return }
            d.message(0x100)
            var version = WireText(wire: body.slice(1, end &- 1)).raw
            let isMaria = version.contains("MariaDB")
            // MariaDB from 10 on puts a version before its own that old replicas accept.
            if isMaria, version.hasPrefix("5.5.5-") { version.removeFirst(6) }
            d.observe(.software, "\(isMaria ? "MariaDB" : "MySQL") \(version)", field: "server_version")
            d.role(.server, field: "database", confidence: .medium)
        case 0 where number >= 2:
            state.isLoggedIn = true
            d.observe(.authentication, "accepted", field: "ok", about: .conversation)
        case 0xff:
            let error = body.le16(1)
            // 1045: access denied; 1130: host not allowed; 1698: access denied without password.
            if error == 1_045 || error == 1_130 || error == 1_698 {
                d.observe(.authentication, "rejected", field: "error", about: .conversation)
            }
            d.observe(.status, "error \(error)", field: "error_code", about: .conversation)
        case 0xfe:
            // The server asks for another method; this one sends the password as it is.
            if body.starts(with: "mysql_clear_password", at: 1) { state.isClear = true }
        default: break
        }
    }

    private static func client(_ body: RawSpan, _ number: UInt8, _ state: MySQLState, _ d: inout Dissection) {
        guard !state.hasAnswered else {
            if state.isClear, number >= 3 {
                d.observe(.cleartextCredential, "MySQL", field: "clear_password", about: .conversation)
            }
            return
        }
        let capabilities = body.le32(0)
        if capabilities & capability41 != 0, capabilities & capabilityTLS != 0, body.byteCount == 32 {
            d.message(0x101)
            d.observe(.security, "MySQL with TLS", field: "tls_request", about: .conversation)
            state.isTLS = true
            return
        }
        state.hasAnswered = true
        d.message(0x102, .login)
        // The filler is zero but for four bytes that MariaDB uses; logins before 4.1 have none and are not read.
        guard number <= 2, capabilities & capability41 != 0, body.be64(9) == 0, body.be64(17) == 0,
            let end = body.index(of: 0, from: 32, limit: 256)
        else { return }
        d.observe(.user, text: body.slice(32, end &- 32), field: "user", about: .conversation)
        d.observe(.security, "MySQL without TLS", field: "tls_request", about: .conversation)
    }

    package static func messageName(_ code: UInt32) -> String {
        if code >= TLS.insideBase { return TLS.messageName(code) }
        return switch code {
        case 1: "COM_QUIT"
        case 2: "COM_INIT_DB"
        case 3: "COM_QUERY"
        case 4: "COM_FIELD_LIST"
        case 8: "COM_SHUTDOWN"
        case 9: "COM_STATISTICS"
        case 12: "COM_PROCESS_KILL"
        case 14: "COM_PING"
        case 17: "COM_CHANGE_USER"
        case 18: "COM_BINLOG_DUMP"
        case 21: "COM_REGISTER_SLAVE"
        case 22: "COM_STMT_PREPARE"
        case 23: "COM_STMT_EXECUTE"
        case 25: "COM_STMT_CLOSE"
        case 27: "COM_SET_OPTION"
        case 31: "COM_RESET_CONNECTION"
        case 0x100: "greeting"
        case 0x101: "SSL request"
        case 0x102: "login"
        default: "command \(code)"
        }
    }
}

private final class MySQLState {
    var hasAnswered = false
    var isLoggedIn = false
    var isTLS = false
    var isClear = false
    let session = TLSSession(inside: ())
}
