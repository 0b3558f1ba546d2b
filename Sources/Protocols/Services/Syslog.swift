import Model
import Wire

/// Syslog over UDP, one message a datagram, or over TCP, messages counted (`123 <34>…`) or ended by a line feed.
///
///     <34>Oct 11 22:14:15 host app[123]: text                     RFC 3164
///     <165>1 2003-10-11T22:14:15.003Z host app 123 id - text      RFC 5424
///     … CEF:0|vendor|product|version|…    LEEF:1.0|vendor|product|version|…
package enum Syslog: Dissector {
    package static let description = ProtocolDescription(
        name: "syslog", title: "Syslog", family: .service, level: .identity,
        reference: "RFC 3164, RFC 5424, RFC 5426, RFC 6587", bindings: [.udp([514]), .tcp([514, 601, 1514])],
        displayFilter: "syslog", includes: ["CEF", "LEEF"])

    /// Longest line held of a stream.
    private static let longest = 8192

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= 1 else { return .wait }
        var start = 0
        if hint.isTCP, bytes.u8(0) >= 0x31, bytes.u8(0) <= 0x39 {
            guard let space = bytes.index(of: 0x20, limit: 6) else { return .no }
            start = space + 1
        }
        guard bytes.byteCount > start + 4 else { return hint.isTCP && bytes.u8(start) == 0x3c ? .wait : .no }
        guard let message = priorityEnd(bytes, at: start), bytes.has(1, at: message) else { return .no }
        guard isTextual(bytes.slice(message, 16)) else { return .no }
        let isRegistered = hint.uses(514) || hint.uses(601) || hint.uses(1514)
        // A version or a month behind the priority is seen nowhere else.
        if bytes.starts(with: "1 ", at: message) || isMonth(bytes, at: message) { return .certain(from: .client) }
        return isRegistered ? .certain(from: .client) : .possible(from: .client)
    }

    /// The offset behind `<0>` to `<191>`; nil when there is no such thing.
    private static func priorityEnd(_ bytes: RawSpan, at start: Int) -> Int? {
        guard bytes.u8(start) == 0x3c else { return nil }
        var value = 0
        var offset = start &+ 1
        while offset < start &+ 5 {
            let byte = bytes.u8(offset)
            if byte == 0x3e { return offset > start &+ 1 && value <= 191 ? offset &+ 1 : nil }
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value &* 10 &+ Int(byte &- 0x30)
            offset &+= 1
        }
        return nil
    }

    private static func isMonth(_ bytes: RawSpan, at offset: Int) -> Bool {
        guard bytes.u8(offset + 3) == 0x20 else { return false }
        for month in months where bytes.starts(with: month, at: offset) { return true }
        return false
    }
    private static let months: [StaticString] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func isTextual(_ bytes: RawSpan) -> Bool {
        var index = 0
        while index < bytes.byteCount {
            let byte = bytes.u8(index)
            if byte < 0x20, byte != 0x09, byte != 0x0a, byte != 0x0d, byte != 0 { return false }
            index &+= 1
        }
        return true
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard d.isTCP else {
            message(bytes, &d)
            return .consumed(bytes.byteCount)
        }
        // Octet counting (RFC 6587, 3.4.1), else a line at a time.
        if bytes.u8(0) >= 0x31, bytes.u8(0) <= 0x39 {
            guard let space = bytes.index(of: 0x20, limit: 6) else {
                return bytes.byteCount < 6 ? .needMore(bytes.byteCount &+ 1) : .malformed
            }
            var count = 0
            var index = 0
            while index < space {
                let digit = bytes.u8(index)
                guard digit >= 0x30, digit <= 0x39 else { return .malformed }
                count = count &* 10 &+ Int(digit &- 0x30)
                index &+= 1
            }
            let total = space &+ 1 &+ count
            guard bytes.byteCount >= min(total, longest) else { return .needMore(min(total, longest)) }
            message(bytes.slice(space &+ 1, count), &d)
            return .consumed(total)
        }
        if let end = bytes.index(of: 0x0a, limit: longest) ?? bytes.index(of: 0, limit: longest) {
            message(bytes.first(end), &d)
            return .consumed(end &+ 1)
        }
        guard bytes.byteCount >= longest else { return .needMore(bytes.byteCount &+ 1) }
        message(bytes, &d)
        return .consumed(bytes.byteCount)
    }

    private static func message(_ bytes: RawSpan, _ d: inout Dissection) {
        guard let start = priorityEnd(bytes, at: 0) else { return }
        // Severity, the priority's low three bits.
        var priority = 0
        var index = 1
        while index < start &- 1 {
            priority = priority &* 10 &+ Int(bytes.u8(index) &- 0x30)
            index &+= 1
        }
        d.message(UInt32(truncatingIfNeeded: priority & 7))
        d.role(.logServer, field: "receiver", about: .destination, confidence: .medium)
        let header = bytes.slice(start, 512)
        if header.starts(with: "1 ") { modern(header, &d) } else { traditional(header, &d) }
        securityEvent(header, &d)
    }

    /// RFC 5424: version, time, host, application, process, message id; `-` for none.
    private static func modern(_ header: RawSpan, _ d: inout Dissection) {
        var offset = 2
        offset = field(header, at: offset).next
        let host = field(header, at: offset)
        let application = field(header, at: host.next)
        state(header, host: host, application: application, &d)
    }

    /// RFC 3164: `Mmm dd hh:mm:ss host app[123]: …`. Some leave out the host; what stands before a word that is no
    /// application's tag, with its colon or bracket, is text.
    private static func traditional(_ header: RawSpan, _ d: inout Dissection) {
        guard isMonth(header, at: 0), header.byteCount > 17, header.u8(15) == 0x20, header.u8(9) == 0x3a else { return }
        let first = field(header, at: 16)
        if isTag(header, first) { return application(header, first, &d) }
        let second = field(header, at: first.next)
        if isTag(header, second) { state(header, host: first, application: second, &d) }
    }

    private static func isTag(_ header: RawSpan, _ word: Field) -> Bool {
        guard word.count > 1 else { return false }
        let last = header.u8(word.offset &+ word.count &- 1)
        return last == 0x3a || last == 0x5d || header.slice(word.offset, word.count).index(of: 0x5b) != nil
    }

    private struct Field {
        var offset: Int
        var count: Int
        var next: Int
    }

    private static func field(_ header: RawSpan, at offset: Int) -> Field {
        let end = header.index(of: 0x20, from: offset, limit: 256) ?? min(header.byteCount, offset &+ 256)
        return Field(offset: offset, count: max(0, end &- offset), next: end &+ 1)
    }

    private static func state(_ header: RawSpan, host: Field, application name: Field, _ d: inout Dissection) {
        let text = header.slice(host.offset, host.count)
        // A relay passes on other hosts' messages, so the name is not surely the sender's.
        if isHostName(text) { d.observe(.name, text: text, field: "hostname", confidence: .medium) }
        application(header, name, &d)
    }

    /// Letters, digits, dots, hyphens and underscores with a letter among them: an address is no name.
    private static func isHostName(_ text: RawSpan) -> Bool {
        guard text.byteCount >= 2, text.byteCount <= 253 else { return false }
        var hasLetter = false
        var index = 0
        while index < text.byteCount {
            switch text.u8(index) {
            case 0x41...0x5a, 0x61...0x7a: hasLetter = true
            case 0x30...0x39, 0x2d, 0x2e, 0x5f: break
            default: return false
            }
            index &+= 1
        }
        return hasLetter
    }

    /// The application's name, without process number and colon.
    private static func application(_ header: RawSpan, _ name: Field, _ d: inout Dissection) {
        var count = 0
        while count < min(name.count, 48) {
            let byte = header.u8(name.offset &+ count)
            if byte == 0x5b || byte == 0x3a { break }
            guard byte > 0x20, byte < 0x7f else { return }
            count &+= 1
        }
        guard count > 1 else { return }
        d.observe("syslog_app", text: header.slice(name.offset, count), field: "app_name", about: .conversation)
    }

    /// ArcSight's and QRadar's event formats: format and version, device vendor, product, version, parted by bars.
    private static func securityEvent(_ header: RawSpan, _ d: inout Dissection) {
        guard let start = bar(header, 0) else { return }
        let prefix = header.first(start)
        guard contains(prefix, "CEF:") || contains(prefix, "LEEF:"), let vendor = bar(header, start &+ 1),
            let product = bar(header, vendor &+ 1), let version = bar(header, product &+ 1)
        else { return }
        d.observe(
            .vendor, text: header.slice(start &+ 1, vendor &- start &- 1), field: "event_vendor", confidence: .medium)
        d.observe(
            .model, text: header.slice(vendor &+ 1, product &- vendor &- 1), field: "event_product", confidence: .medium
        )
        d.observe(
            .software, text: header.slice(product &+ 1, version &- product &- 1), field: "event_version",
            confidence: .medium)
    }

    private static func bar(_ header: RawSpan, _ offset: Int) -> Int? {
        header.index(of: 0x7c, from: offset, limit: 128)
    }

    private static func contains(_ bytes: RawSpan, _ text: StaticString) -> Bool {
        var offset = max(0, bytes.byteCount &- 12)
        while offset < bytes.byteCount {
            if bytes.starts(with: text, at: offset) { return true }
            offset &+= 1
        }
        return false
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0: "emergency"
        case 1: "alert"
        case 2: "critical"
        case 3: "error"
        case 4: "warning"
        case 5: "notice"
        case 6: "informational"
        default: "debug"
        }
    }
}
