import Model
import Wire

/// VNC, the Remote Framebuffer protocol: both ends state a version, agree on security, and the server names its desktop;
/// then come keys and pointer one way and pictures the other.
///
///     server, client   "RFB 003.008" LF
///     server           3.7 and later: number of security types 1, types; 3.3: one type 4
///     client           the type it chose 1 (3.7 and later)
///     server           VNC authentication: challenge 16; client: response 16; server: result 4
///     client           shared flag 1
///     server           width 2, height 2, pixel format 16, name length 4, name
package enum VNC: Dissector {
    package static let description = ProtocolDescription(
        name: "vnc", title: "VNC (RFB)", family: .remoteAccess, level: .operations, reference: "RFC 6143, 7",
        bindings: [.tcp([5900, 5901, 5902, 5903])], displayFilter: "vnc")

    private static let greetingSize = 12

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= greetingSize else {
            return bytes.byteCount < 4 ? (bytes.u8(0) == 0x52 ? .wait : .no) : bytes.starts(with: "RFB ") ? .wait : .no
        }
        return isGreeting(bytes) ? .certain(from: hint.fromClient ? .client : .server) : .no
    }

    private static func isGreeting(_ bytes: RawSpan) -> Bool {
        bytes.starts(with: "RFB 00") && bytes.u8(7) == 0x2e && bytes.u8(11) == 0x0a
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let state = d.state { VNCState() }
        if d.afterGap { return .directionDone }
        return d.fromClient ? client(bytes, state, &d) : server(bytes, state, &d)
    }

    // MARK: Server

    private static func server(_ bytes: RawSpan, _ state: VNCState, _ d: inout Dissection) -> Progress {
        switch state.server {
        case .greeting:
            guard bytes.byteCount >= greetingSize else { return .needMore(greetingSize) }
            guard isGreeting(bytes) else { return .notMine }
            d.observe(.version, text: bytes.first(greetingSize - 1), field: "version")
            state.server = .security
            return .consumed(greetingSize)
        case .security: return security(bytes, state, &d)
        case .challenge:
            guard bytes.byteCount >= 16 else { return .needMore(16) }
            state.server = .result
            return .consumed(16)
        case .result:
            guard bytes.byteCount >= 4 else { return .needMore(4) }
            let isAccepted = bytes.be32(0) == 0
            d.observe(
                .authentication, isAccepted ? "accepted" : "rejected", field: "security_result", about: .conversation)
            guard isAccepted else { return .conversationDone }
            state.server = .desktop
            return .consumed(4)
        case .desktop: return desktop(bytes, &d)
        }
    }

    private static func security(_ bytes: RawSpan, _ state: VNCState, _ d: inout Dissection) -> Progress {
        if state.isVersion33 {
            guard bytes.byteCount >= 4 else { return .needMore(4) }
            let type = UInt8(truncatingIfNeeded: bytes.be32(0))
            offered(type, &d)
            choose(type, state, &d)
            return .consumed(4)
        }
        guard bytes.byteCount >= 1 else { return .needMore(1) }
        let count = Int(bytes.u8(0))
        // None offered: a reason follows, and the end.
        guard count > 0 else { return .conversationDone }
        guard bytes.byteCount >= 1 &+ count else { return .needMore(1 &+ count) }
        var index = 1
        while index <= count {
            offered(bytes.u8(index), &d)
            index &+= 1
        }
        // What comes next depends on what the client chooses, which arrives before the server goes on.
        state.server = .result
        return .consumed(1 &+ count)
    }

    private static func offered(_ type: UInt8, _ d: inout Dissection) {
        d.observe(.security, securityName(type), field: "security_type", about: .server)
    }

    private static func choose(_ type: UInt8, _ state: VNCState, _ d: inout Dissection) {
        d.observe(.security, securityName(type), field: "chosen_security_type", about: .conversation)
        switch type {
        case 1: state.server = state.hasResultWithoutAuthentication ? .result : .desktop
        case 2:
            state.server = .challenge
            state.hasResponse = true
        // The rest have exchanges of their own.
        default: state.isOpaque = true
        }
    }

    private static func desktop(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 24 else { return .needMore(24) }
        let length = Int(bytes.be32(20))
        guard length <= 4_096 else { return .directionDone }
        guard bytes.byteCount >= 24 &+ length else { return .needMore(24 &+ length) }
        d.observe(.name, text: bytes.slice(24, length), field: "desktop_name", confidence: .medium)
        return .directionDone
    }

    // MARK: Client

    private static func client(_ bytes: RawSpan, _ state: VNCState, _ d: inout Dissection) -> Progress {
        switch state.client {
        case .greeting:
            guard bytes.byteCount >= greetingSize else { return .needMore(greetingSize) }
            guard isGreeting(bytes) else { return .notMine }
            // 003.003 and everything below 003.007 works as 3.3 does.
            state.isVersion33 = bytes.u8(10) < 0x37 && bytes.u8(9) == 0x30
            state.hasResultWithoutAuthentication = bytes.u8(10) >= 0x38
            d.message(0xf0, .login)
            state.client = state.isVersion33 ? .response : .choice
            return .consumed(greetingSize)
        case .choice:
            choose(bytes.u8(0), state, &d)
            state.client = .response
            return .consumed(1)
        case .response:
            if state.isOpaque { return .conversationDone }
            state.client = .shared
            guard state.hasResponse else { return client(bytes, state, &d) }
            return .consumed(16)
        case .shared:
            state.client = .messages
            return .consumed(1)
        case .messages: return message(bytes, &d)
        }
    }

    /// Client messages (RFC 6143, 7.5), by their fixed sizes.
    private static func message(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let type = bytes.u8(0)
        let size: Int
        switch type {
        case 0: size = 20
        case 2:
            guard bytes.byteCount >= 4 else { return .needMore(4) }
            size = 4 &+ Int(bytes.be16(2)) &* 4
        case 3: size = 10
        case 4: size = 8
        case 5: size = 6
        case 6:
            guard bytes.byteCount >= 8 else { return .needMore(8) }
            let length = Int(bytes.be32(4))
            guard length <= 1 << 24 else { return .directionDone }
            size = 8 &+ length
        default: return .directionDone
        }
        d.message(UInt32(type))
        return .consumed(size)
    }

    private static func securityName(_ type: UInt8) -> String {
        switch type {
        case 1: "VNC None"
        case 2: "VNC Authentication"
        case 5: "RA2"
        case 6: "RA2ne"
        case 16: "Tight"
        case 17: "UltraVNC"
        case 18: "TLS"
        case 19: "VeNCrypt"
        case 20: "SASL"
        case 30: "Apple Remote Desktop"
        default: "VNC security type \(type)"
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0: "SetPixelFormat"
        case 2: "SetEncodings"
        case 3: "FramebufferUpdateRequest"
        case 4: "KeyEvent"
        case 5: "PointerEvent"
        case 6: "ClientCutText"
        case 0xf0: "ProtocolVersion"
        default: "message \(code)"
        }
    }
}

/// How far the opening of each direction has come.
private final class VNCState {
    enum Server { case greeting, security, challenge, result, desktop }
    enum Client { case greeting, choice, response, shared, messages }

    var server = Server.greeting
    var client = Client.greeting
    var isVersion33 = false
    /// 3.8 and later state a result even without authentication.
    var hasResultWithoutAuthentication = false
    var hasResponse = false
    var isOpaque = false
}
