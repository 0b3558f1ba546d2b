import Model
import Wire

/// SIP: how telephones and exchanges set up calls. Messages have the form of HTTP's.
///
///     request   method SP uri SP "SIP/2.0"
///     answer    "SIP/2.0" SP status SP reason
package enum SIP: Dissector {
    package static let description = ProtocolDescription(
        name: "sip", title: "SIP", family: .service, level: .identity, reference: "RFC 3261, 7 and 20",
        bindings: [.tcp([5060]), .udp([5060])], displayFilter: "sip")

    private static let longestHead = 16_384

    private enum Method: UInt32 {
        case invite = 1, ack, bye, cancel, register, options, subscribe, notify, publish, info, refer, message, prack,
            update

        init?(_ line: RawSpan) {
            switch line.u8(0) {
            case 0x49 where line.starts(with: "INVITE "): self = .invite
            case 0x49 where line.starts(with: "INFO "): self = .info
            case 0x41 where line.starts(with: "ACK "): self = .ack
            case 0x42 where line.starts(with: "BYE "): self = .bye
            case 0x43 where line.starts(with: "CANCEL "): self = .cancel
            case 0x52 where line.starts(with: "REGISTER "): self = .register
            case 0x52 where line.starts(with: "REFER "): self = .refer
            case 0x4f where line.starts(with: "OPTIONS "): self = .options
            case 0x53 where line.starts(with: "SUBSCRIBE "): self = .subscribe
            case 0x4e where line.starts(with: "NOTIFY "): self = .notify
            case 0x50 where line.starts(with: "PUBLISH "): self = .publish
            case 0x50 where line.starts(with: "PRACK "): self = .prack
            case 0x4d where line.starts(with: "MESSAGE "): self = .message
            case 0x55 where line.starts(with: "UPDATE "): self = .update
            default: return nil
            }
        }
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        if bytes.u8(0) == 0x53, bytes.starts(with: "SIP/2.0 ") { return .certain }
        guard Method(bytes) != nil, let space = bytes.index(of: 0x20) else { return .no }
        guard
            bytes.startsIgnoringCase(with: "sip", at: space &+ 1)
                || bytes.startsIgnoringCase(with: "tel:", at: space &+ 1)
        else { return .no }
        guard let line = bytes.line(limit: 1_024) else { return .possible }
        return line.text.starts(with: " SIP/2.0", at: line.text.byteCount &- 8) ? .certain : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        // Keep-alives and empty lines between messages.
        if bytes.u8(0) == 0x0d || bytes.u8(0) == 0x0a || bytes.u8(0) == 0 {
            return .consumed(d.isTCP ? 1 : bytes.byteCount)
        }
        let method = Method(bytes)
        guard method != nil || bytes.starts(with: "SIP/2.0 ") else { return .malformed }
        guard let head = MessageHead(bytes, limit: longestHead) else {
            guard d.isTCP else { return d.isCut ? .consumed(bytes.byteCount) : .malformed }
            return bytes.byteCount < longestHead ? .needMore(bytes.byteCount &+ 1) : .malformed
        }
        if let method { request(method, head, &d) } else { answer(head, &d) }
        return .consumed(d.isTCP ? head.size &+ head.contentLength : bytes.byteCount)
    }

    private static func request(_ method: Method, _ head: borrowing MessageHead, _ d: inout Dissection) {
        d.message(method.rawValue, method == .register ? .login : .none)
        if head.software.byteCount > 0 { d.observe(.userAgent, text: head.software, field: "user_agent") }
        switch method {
        case .register:
            d.observe(.user, account(head.from), field: "from", about: .conversation)
            d.role(.phone, field: "register", confidence: .low)
            if head.authorization.startsIgnoringCase(with: "basic") {
                d.observe(.cleartextCredential, "SIP basic", field: "authorization", about: .conversation)
            }
        default: break
        }
    }

    private static func answer(_ head: borrowing MessageHead, _ d: inout Dissection) {
        let status = UInt32(truncatingIfNeeded: head.startLine.slice(8, 3).decimal() ?? 0)
        d.message(1_000 &+ status)
        if head.software.byteCount > 0 { d.observe(.software, text: head.software, field: "server") }
        if status == 403 { d.observe(.authentication, "rejected", field: "status", about: .conversation) }
    }

    /// `"name" <sip:account@domain>;tag=…` as `account@domain`.
    private static func account(_ from: RawSpan) -> WireText {
        guard let start = from.indexIgnoringCase(of: "sip:") else { return WireText("") }
        let rest = from.from(start &+ 4)
        var end = 0
        while end < rest.byteCount, rest.u8(end) != 0x3e, rest.u8(end) != 0x3b, rest.u8(end) != 0x20 { end &+= 1 }
        let account = rest.first(end)
        // `sip:account:password@domain` is allowed (RFC 3261, 19.1.1).
        if let at = account.index(of: 0x40), let colon = account.index(of: 0x3a), colon < at {
            return WireText(WireText(wire: account.first(colon)).raw + WireText(wire: account.from(at)).raw)
        }
        return WireText(wire: account)
    }

    package static func messageName(_ code: UInt32) -> String {
        code >= 1_000
            ? "status \(code &- 1_000)" : Method(rawValue: code).map { "\($0)".uppercased() } ?? "method \(code)"
    }
}
