import Wire

/// Lines of text protocols: HTTP, SSH, FTP, SMTP, POP3, IMAP.
extension RawSpan {
    /// The first line without its line end, and how many bytes it took with it; nil when no line end came within `limit`.
    @_lifetime(copy self)
    func line(from offset: Int = 0, limit: Int = 65_536) -> TextLine? {
        guard let end = index(of: 0x0a, from: offset, limit: limit) else { return nil }
        var length = end &- offset
        if length > 0, u8(end &- 1) == 0x0d { length &-= 1 }
        return TextLine(text: slice(offset, length), size: end &+ 1 &- offset)
    }

    /// The bytes without spaces and tabs at either end.
    @_lifetime(copy self)
    func trimmingSpaces() -> RawSpan {
        var start = 0
        var end = byteCount
        while start < end, u8(start) == 0x20 || u8(start) == 0x09 { start &+= 1 }
        while end > start, u8(end &- 1) == 0x20 || u8(end &- 1) == 0x09 { end &-= 1 }
        return slice(start, end &- start)
    }

    /// True when all bytes could stand in a line of text: no control characters but tab.
    func isPlainText(limit: Int = 256) -> Bool {
        var index = 0
        let end = Swift.min(byteCount, limit)
        while index < end {
            let byte = u8(index)
            if byte < 0x20 && byte != 0x09 || byte == 0x7f { return false }
            index &+= 1
        }
        return true
    }

    /// Offset of `text` (lower case), ignoring ASCII case, looking at no more than `limit` bytes.
    func indexIgnoringCase(of text: StaticString, from offset: Int = 0, limit: Int = .max) -> Int? {
        guard offset >= 0 else { return nil }
        let end = limit < byteCount &- offset ? offset &+ limit : byteCount
        var index = offset
        while index < end {
            if startsIgnoringCase(with: text, at: index) { return index }
            index &+= 1
        }
        return nil
    }

    /// The decimal number at the start, or nil without digits or beyond 2^53.
    func decimal(radix: UInt64 = 10) -> UInt64? {
        var value: UInt64 = 0
        var index = 0
        while index < byteCount {
            let byte = u8(index)
            let digit: UInt64
            switch byte {
            case 0x30...0x39: digit = UInt64(byte &- 0x30)
            case 0x41...0x46 where radix == 16: digit = UInt64(byte &- 0x37)
            case 0x61...0x66 where radix == 16: digit = UInt64(byte &- 0x57)
            default: return index > 0 ? value : nil
            }
            guard value < 1 << 53 else { return nil }
            value = value &* radix &+ digit
            index &+= 1
        }
        return index > 0 ? value : nil
    }
}

extension RawSpan {
    /// True when a URL (or a bare authority) has user information before its host, which may be `user:password`
    /// (RFC 3986, 3.2.1).
    var hasUserInformation: Bool {
        let scheme = indexIgnoringCase(of: "://")
        let start = scheme.map { $0 &+ 3 } ?? 0
        let end = index(of: 0x2f, from: start) ?? byteCount
        return index(of: 0x40, from: start, limit: end &- start) != nil
    }
}

/// One line and its size on the wire.
struct TextLine: ~Escapable {
    let text: RawSpan
    let size: Int

    @_lifetime(copy text)
    init(text: RawSpan, size: Int) {
        self.text = text
        self.size = size
    }
}
