package import Model

extension WireText {
    /// UTF-8 where it is valid, otherwise ISO 8859-1; stops at the first NUL, trims trailing spaces and white space.
    package init(wire bytes: RawSpan) {
        let limited = bytes.first(WireText.limit)
        let end = limited.index(of: 0) ?? limited.byteCount
        let octets = limited.first(end).bytes(limit: WireText.limit)
        self.init(WireText.trimmed(WireText.decoded(octets)))
    }

    /// UTF-16 (little-endian unless told), up to the first NUL.
    package init(utf16 bytes: RawSpan, bigEndian: Bool = false) {
        var units: [UInt16] = []
        var offset = 0
        while bytes.has(2, at: offset), units.count < WireText.limit {
            let unit = bigEndian ? bytes.be16(offset) : bytes.le16(offset)
            if unit == 0 { break }
            units.append(unit)
            offset &+= 2
        }
        self.init(WireText.trimmed(String(decoding: units, as: UTF16.self)))
    }

    /// Lower-case hexadecimal, without separators.
    package init(hexadecimal bytes: RawSpan) {
        var text = ""
        var index = 0
        let count = min(bytes.byteCount, WireText.limit / 2)
        while index < count {
            let octet = bytes.u8(index)
            text.append(hexDigit(octet >> 4))
            text.append(hexDigit(octet & 15))
            index &+= 1
        }
        self.init(text)
    }

    private static func decoded(_ octets: [UInt8]) -> String {
        if let text = String(validating: octets, as: UTF8.self) { return text }
        var text = ""
        for octet in octets { text.unicodeScalars.append(Unicode.Scalar(octet)) }
        return text
    }

    private static func trimmed(_ text: String) -> String {
        var view = Substring(text)
        while let last = view.unicodeScalars.last, last.properties.isWhitespace { view.unicodeScalars.removeLast() }
        while let first = view.unicodeScalars.first, first.properties.isWhitespace { view.unicodeScalars.removeFirst() }
        return String(view)
    }
}

extension RawSpan {
    /// A MAC address at `offset`, all zero when it does not lie inside.
    package func mac(_ offset: Int) -> MACAddress { MACAddress(bits: be48(offset)) }
    /// An IPv4 address at `offset`.
    package func ipv4(_ offset: Int) -> IPAddress { IPAddress(v4: be32(offset)) }
    /// An IPv6 address at `offset`.
    package func ipv6(_ offset: Int) -> IPAddress { IPAddress(high: be64(offset), low: be64(offset &+ 8)) }
}

extension RawSpan {
    /// True when the bytes, up to trailing NULs, are UTF-8 without control characters: an identifier meant to be read.
    package var isPrintable: Bool {
        var end = byteCount
        while end > 0, u8(end &- 1) == 0 { end &-= 1 }
        guard end > 0 else { return false }
        var isASCII = true
        var index = 0
        while index < end {
            let octet = u8(index)
            if octet < 0x20 || octet == 0x7f { return false }
            if octet > 0x7f { isASCII = false }
            index &+= 1
        }
        return isASCII || String(validating: first(end).bytes(limit: WireText.limit), as: UTF8.self) != nil
    }
}
