import Model
import Wire

/// Redis: commands are arrays of texts with their lengths, answers begin with a mark (RESP).
///
///     client   "*" count CR LF, then "$" length CR LF text CR LF each
///     server   "+" text, "-" error, ":" number, "$" length text, "*" array, and in RESP3 "%" map and others
package enum Redis: Dissector {
    package static let description = ProtocolDescription(
        name: "redis", title: "Redis", family: .service, level: .identity,
        reference: "Redis serialization protocol (RESP 2, 3)",
        bindings: [.tcp([6379])], displayFilter: "resp")

    private static let longestCommand = 65_536

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0x2a else { return .no }
        guard bytes.byteCount >= 9 else {
            return bytes.byteCount < 2 || bytes.u8(1) >= 0x31 && bytes.u8(1) <= 0x39 ? .wait : .no
        }
        guard let count = bytes.line(limit: 8), bytes.u8(count.size) == 0x24,
            let first = count.text.from(1).decimal(), first >= 1, first <= 100_000,
            let length = bytes.line(from: count.size, limit: 8), let size = length.text.from(1).decimal(), size <= 32
        else { return .no }
        let start = count.size &+ length.size
        return isWord(bytes.slice(start, Int(size))) ? .certain(from: hint.fromClient ? .client : .server) : .no
    }

    private static func isWord(_ word: RawSpan) -> Bool {
        guard word.byteCount >= 2 else { return false }
        var index = 0
        while index < word.byteCount {
            let byte = word.u8(index) | 0x20
            guard byte >= 0x61, byte <= 0x7a || byte == 0x7f else { return false }
            index &+= 1
        }
        return true
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        if d.afterGap { return .directionDone }
        return d.fromClient ? client(bytes, &d) : server(bytes, &d)
    }

    private static func client(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.u8(0) == 0x2a else { return .directionDone }
        guard let head = bytes.line(limit: 16) else {
            return bytes.byteCount < 16 ? .needMore(bytes.byteCount &+ 1) : .directionDone
        }
        guard let count = head.text.from(1).decimal(), count >= 1, count <= 1_000_000 else { return .directionDone }
        var offset = head.size
        var index: UInt64 = 0
        var command = Command.other
        while index < count {
            guard offset < longestCommand else { return .directionDone }
            guard let line = bytes.line(from: offset, limit: 16) else {
                return bytes.byteCount &- offset < 16 ? .needMore(bytes.byteCount &+ 1) : .directionDone
            }
            guard bytes.u8(offset) == 0x24, let length = line.text.from(1).decimal(), length <= 512 << 20 else {
                return .directionDone
            }
            let start = offset &+ line.size
            let end = start &+ Int(length) &+ 2
            if index <= 2 {
                guard end <= longestCommand else { return .directionDone }
                guard bytes.byteCount >= end else { return .needMore(end) }
                let argument = bytes.slice(start, Int(length))
                if index == 0 { command = Command(argument) }
                // AUTH user password; with one argument the account is "default".
                if index == 1, command == .auth, count == 3 {
                    d.observe(.user, text: argument, field: "auth_user", about: .conversation)
                }
            }
            offset = end
            index &+= 1
            // Values of long commands are passed over unread.
            if offset > bytes.byteCount, index < count {
                return offset < longestCommand ? .needMore(offset &+ 1) : .directionDone
            }
        }
        d.message(command.rawValue, command.effect)
        if command == .auth { d.observe(.cleartextCredential, "Redis AUTH", field: "auth", about: .conversation) }
        return .consumed(offset)
    }

    /// Commands that change or tell something of the server; all others only move data.
    private enum Command: UInt32 {
        case other = 0, get, set, delete, auth, hello, ping, info, config, shutdown, flush, replicate, module, eval,
            select

        init(_ name: RawSpan) {
            switch name.byteCount {
            case 3 where name.startsIgnoringCase(with: "get"): self = .get
            case 3 where name.startsIgnoringCase(with: "set"): self = .set
            case 3 where name.startsIgnoringCase(with: "del"): self = .delete
            case 4 where name.startsIgnoringCase(with: "auth"): self = .auth
            case 4 where name.startsIgnoringCase(with: "ping"): self = .ping
            case 4 where name.startsIgnoringCase(with: "info"): self = .info
            case 4 where name.startsIgnoringCase(with: "eval"): self = .eval
            case 5 where name.startsIgnoringCase(with: "hello"): self = .hello
            case 6 where name.startsIgnoringCase(with: "config"): self = .config
            case 6 where name.startsIgnoringCase(with: "module"): self = .module
            case 6 where name.startsIgnoringCase(with: "select"): self = .select
            case 7 where name.startsIgnoringCase(with: "flushdb"): self = .flush
            case 8 where name.startsIgnoringCase(with: "flushall"): self = .flush
            case 8 where name.startsIgnoringCase(with: "shutdown"): self = .shutdown
            case 7 where name.startsIgnoringCase(with: "slaveof"): self = .replicate
            case 9 where name.startsIgnoringCase(with: "replicaof"): self = .replicate
            default: self = .other
            }
        }

        var effect: MessageEffect {
            switch self {
            case .get: .read
            case .set, .delete, .config, .flush, .replicate: .write
            case .auth: .login
            case .shutdown: .control
            default: .none
            }
        }
    }

    /// Only the answer to INFO and HELLO tells of the server; it is looked for in each segment by itself.
    private static func server(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        if bytes.starts(with: "-NOAUTH") || bytes.starts(with: "-WRONGPASS")
            || bytes.starts(with: "-ERR invalid password")
        {
            d.observe(.authentication, "rejected", field: "error", about: .conversation)
        }
        if bytes.u8(0) == 0x24 || bytes.u8(0) == 0x3d {
            let head = bytes.first(2_048)
            if let version = field(head, "redis_version:") {
                d.observe(.software, "Redis \(WireText(wire: version).raw)", field: "redis_version")
                d.role(.server, field: "database", confidence: .medium)
                if let os = field(head, "\nos:") { d.observe(.os, text: os, field: "os") }
            }
        }
        return .consumed(bytes.byteCount)
    }

    @_lifetime(copy text)
    private static func field(_ text: RawSpan, _ key: StaticString) -> RawSpan? {
        guard let start = text.indexIgnoringCase(of: key) else { return nil }
        guard let line = text.line(from: start &+ key.utf8CodeUnitCount, limit: 128) else { return nil }
        return line.text
    }

    package static func messageName(_ code: UInt32) -> String {
        Command(rawValue: code).map { "\($0)".uppercased() } ?? "command \(code)"
    }
}
