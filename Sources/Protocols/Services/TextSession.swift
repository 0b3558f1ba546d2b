import Model
import Wire

/// What FTP and the mail protocols keep of a connection: what the client asked for last, and TLS once it has begun.
final class TextSession {
    enum Asked { case nothing, login, security, loginUser, loginPassword }

    var asked = Asked.nothing
    var isAnonymous = false
    /// The client named a user.
    var hasUser = false
    private var tls: TLSSession?

    private var isGreeted = false

    /// The server's greeting: of several lines the first one with a word in it.
    func greeting(_ text: RawSpan, _ d: inout Dissection) {
        guard !isGreeted else { return }
        var index = 0
        while index < text.byteCount, text.u8(index) < 0x41 { index &+= 1 }
        guard index < text.byteCount else { return }
        isGreeted = true
        d.observe(.description, text: text, field: "banner", confidence: .medium)
    }

    /// The line that was to name the user did not come, or was lost: the next one may be the secret.
    func loseUserName() {
        if asked == .loginUser { asked = .login }
    }

    /// The server agreed to TLS: what follows in both directions is its records.
    func beginTLS() {
        if tls == nil { tls = TLSSession(inside: ()) }
    }

    /// Hands bytes to TLS when it has begun; nil while the connection is plain.
    func secured(_ bytes: RawSpan, _ d: inout Dissection) -> Progress? {
        guard let tls else { return nil }
        guard bytes.u8(0) >= 20, bytes.u8(0) <= 24 else { return .directionDone }
        return TLS.read(inside: bytes, tls, &d)
    }
}

/// A reply of FTP or SMTP: three digits, then a space, or a dash when more lines follow (RFC 959, 4.2; RFC 5321, 4.2).
struct TextReply {
    let code: UInt32

    init?(_ line: RawSpan) {
        guard line.byteCount >= 4, line.u8(0) >= 0x31, line.u8(0) <= 0x35 else { return nil }
        guard line.u8(3) == 0x20 || line.u8(3) == 0x2d || line.u8(3) == 0x0d else { return nil }
        guard line.u8(1) >= 0x30, line.u8(1) <= 0x39, line.u8(2) >= 0x30, line.u8(2) <= 0x39 else { return nil }
        code = UInt32(truncatingIfNeeded: line.first(3).decimal() ?? 0)
    }
}

extension RawSpan {
    /// True when the bytes are text with line ends: no other control characters.
    var isReplyText: Bool {
        var index = 0
        while index < byteCount {
            let byte = u8(index)
            if byte < 0x20, byte != 0x0d, byte != 0x0a, byte != 0x09 { return false }
            index &+= 1
        }
        return true
    }
}

/// Lets a `switch` go over the commands of a table of literals.
func ~= (pattern: StaticString, value: StaticString) -> Bool {
    guard pattern.hasPointerRepresentation, value.hasPointerRepresentation else { return false }
    guard pattern.utf8CodeUnitCount == value.utf8CodeUnitCount else { return false }
    return pattern.withUTF8Buffer { wanted in value.withUTF8Buffer { unsafe wanted.elementsEqual($0) } }
}
