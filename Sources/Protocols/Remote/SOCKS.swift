import Model
import Wire

/// SOCKS: a client asks a proxy to connect it elsewhere; what follows is another protocol's.
///
///     5  client 5, count, methods; server 5, method; request 5, command, 0, address type, address, port; reply likewise
///     4  client 4, command, port 2, address 4, user, NUL (and a host name, NUL); reply 0, code, port 2, address 4
package enum SOCKS: Dissector {
    package static let description = ProtocolDescription(
        name: "socks", title: "SOCKS", family: .tunnel, level: .identity,
        reference: "RFC 1928; RFC 1929; SOCKS 4 and 4A",
        bindings: [.tcp([1080])], displayFilter: "socks")

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= 2 else { return .wait }
        switch (bytes.u8(0), hint.fromClient) {
        case (5, true):
            // Methods: at most a handful, all assigned.
            let count = Int(bytes.u8(1))
            guard count >= 1, count <= 10, bytes.byteCount == 2 &+ count, areMethods(bytes.from(2)) else { return .no }
            return .possible(from: .client)
        case (5, false):
            return bytes.byteCount == 2 && (bytes.u8(1) <= 9 || bytes.u8(1) == 0xff) ? .possible(from: .server) : .no
        case (4, true):
            guard bytes.byteCount >= 9, bytes.u8(1) == 1 || bytes.u8(1) == 2, bytes.be16(2) != 0, bytes.be32(4) != 0,
                bytes.u8(bytes.byteCount &- 1) == 0, bytes.from(8).first(bytes.byteCount &- 9).isVersion4Tail
            else { return .no }
            return .possible(from: .client)
        case (0, false):
            return bytes.byteCount == 8 && bytes.u8(1) >= 0x5a && bytes.u8(1) <= 0x5d ? .possible(from: .server) : .no
        default: return .no
        }
    }

    private static func areMethods(_ methods: RawSpan) -> Bool {
        var index = 0
        while index < methods.byteCount {
            guard methods.u8(index) <= 9 || methods.u8(index) >= 0x80 else { return false }
            index &+= 1
        }
        return true
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let state = d.state { SOCKSState() }
        if d.afterGap { return .directionDone }
        return d.fromClient ? client(bytes, state, &d) : server(bytes, state, &d)
    }

    private static func client(_ bytes: RawSpan, _ state: SOCKSState, _ d: inout Dissection) -> Progress {
        switch state.client {
        case .opening:
            guard bytes.u8(0) == 5 else { return version4(bytes, state, &d) }
            guard bytes.byteCount >= 2 else { return .needMore(2) }
            let size = 2 &+ Int(bytes.u8(1))
            guard bytes.byteCount >= size else { return .needMore(size) }
            d.message(0)
            state.client = .request
            return .consumed(size)
        case .request:
            // The login comes before the request when the server asked for it (RFC 1929, 2).
            if bytes.u8(0) == 1 { return login(bytes, &d) }
            guard bytes.u8(0) == 5 else { return .notMine }
            guard bytes.byteCount >= 5 else { return .needMore(5) }
            guard let size = addressSize(bytes) else { return .directionDone }
            guard bytes.byteCount >= size else { return .needMore(size) }
            d.message(UInt32(bytes.u8(1)))
            d.observe("proxy_target", target(bytes.slice(3, size &- 3)), field: "target", about: .conversation)
            state.client = .tunnel
            return .consumed(size)
        case .tunnel: return state.tunnel(bytes, &d)
        }
    }

    private static func version4(_ bytes: RawSpan, _ state: SOCKSState, _ d: inout Dissection) -> Progress {
        guard bytes.u8(0) == 4 else { return .notMine }
        guard bytes.byteCount >= 9 else { return .needMore(9) }
        guard let user = bytes.index(of: 0, from: 8, limit: 256) else { return .directionDone }
        d.message(UInt32(bytes.u8(1)))
        d.observe(.user, text: bytes.slice(8, user &- 8), field: "user", about: .conversation)
        state.client = .tunnel
        let port = bytes.be16(2)
        // 4A: 0.0.0.x stands for a host name after the user.
        if bytes.be24(4) == 0, let end = bytes.index(of: 0, from: user &+ 1, limit: 256) {
            let host = WireText(wire: bytes.slice(user &+ 1, end &- user &- 1)).raw
            d.observe("proxy_target", "\(host):\(port)", field: "target", about: .conversation)
            return .consumed(end &+ 1)
        }
        d.observe("proxy_target", "\(bytes.ipv4(4)):\(port)", field: "target", about: .conversation)
        return .consumed(user &+ 1)
    }

    private static func login(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 2 else { return .needMore(2) }
        let name = Int(bytes.u8(1))
        guard bytes.byteCount >= 3 &+ name else { return .needMore(3 &+ name) }
        let size = 3 &+ name &+ Int(bytes.u8(2 &+ name))
        guard bytes.byteCount >= size else { return .needMore(size) }
        d.message(0x10, .login)
        d.observe(.user, text: bytes.slice(2, name), field: "user", about: .conversation)
        d.observe(.cleartextCredential, "SOCKS 5", field: "login", about: .conversation)
        return .consumed(size)
    }

    private static func server(_ bytes: RawSpan, _ state: SOCKSState, _ d: inout Dissection) -> Progress {
        switch state.server {
        case .opening:
            if bytes.u8(0) == 0 {
                guard bytes.byteCount >= 8 else { return .needMore(8) }
                state.server = .tunnel
                return .consumed(8)
            }
            guard bytes.byteCount >= 2 else { return .needMore(2) }
            guard bytes.u8(0) == 5 else { return .notMine }
            d.observe(
                .security, bytes.u8(1) == 0 ? "SOCKS without login" : "SOCKS method \(bytes.u8(1))", field: "method")
            state.server = .request
            return .consumed(2)
        case .request:
            if bytes.u8(0) == 1 {
                guard bytes.byteCount >= 2 else { return .needMore(2) }
                d.observe(
                    .authentication, bytes.u8(1) == 0 ? "accepted" : "rejected", field: "login", about: .conversation)
                return .consumed(2)
            }
            guard bytes.byteCount >= 5 else { return .needMore(5) }
            guard bytes.u8(0) == 5, let size = addressSize(bytes) else { return .directionDone }
            guard bytes.byteCount >= size else { return .needMore(size) }
            state.server = .tunnel
            return .consumed(size)
        case .tunnel: return state.tunnel(bytes, &d)
        }
    }

    /// Size of a request or reply by the kind of its address: 1 IPv4, 3 name, 4 IPv6.
    private static func addressSize(_ bytes: RawSpan) -> Int? {
        switch bytes.u8(3) {
        case 1: 10
        case 3: 7 &+ Int(bytes.u8(4))
        case 4: 22
        default: nil
        }
    }

    private static func target(_ bytes: RawSpan) -> String {
        let port = bytes.be16(bytes.byteCount &- 2)
        switch bytes.u8(0) {
        case 1: return "\(bytes.ipv4(1)):\(port)"
        case 3: return "\(WireText(wire: bytes.slice(2, Int(bytes.u8(1)))).raw):\(port)"
        default: return "[\(bytes.ipv6(1))]:\(port)"
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0: "method selection"
        case 1: "CONNECT"
        case 2: "BIND"
        case 3: "UDP ASSOCIATE"
        case 0x10: "login"
        default: code >= TLS.insideBase ? TLS.messageName(code) : "command \(code)"
        }
    }
}

private final class SOCKSState {
    enum Place { case opening, request, tunnel }

    var client = Place.opening
    var server = Place.opening
    private let session = TLSSession(inside: ())

    /// What was proxied is read only when it is TLS.
    func tunnel(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        bytes.u8(0) >= 20 && bytes.u8(0) <= 24 && (bytes.byteCount < 2 || bytes.u8(1) == 3)
            ? TLS.read(inside: bytes, session, &d) : .directionDone
    }
}

extension RawSpan {
    /// User and host name of SOCKS 4: printable, with at most one NUL between.
    fileprivate var isVersion4Tail: Bool {
        var zeros = 0
        var index = 0
        while index < byteCount {
            let byte = u8(index)
            if byte == 0 { zeros &+= 1 } else if byte < 0x20 || byte > 0x7e { return false }
            index &+= 1
        }
        return zeros <= 1
    }
}
