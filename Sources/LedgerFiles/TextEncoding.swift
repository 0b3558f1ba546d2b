import Foundation

/// The encodings in which lists are found.
package enum TextEncoding: String, Sendable, CaseIterable {
    case utf8 = "UTF-8"
    case utf16LittleEndian = "UTF-16 (little-endian)"
    case utf16BigEndian = "UTF-16 (big-endian)"
    /// With the extensions of Windows code page 932.
    case shiftJIS = "Shift_JIS"
    case eucJP = "EUC-JP"

    /// Reads a text in the encoding that its byte order mark or its bytes tell; nil when they fit none.
    static func decode(_ bytes: [UInt8]) -> (text: String, encoding: TextEncoding)? {
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) {
            return String(validating: bytes.dropFirst(3), as: UTF8.self).map { ($0, .utf8) }
        }
        if bytes.starts(with: [0xff, 0xfe]) { return utf16(bytes.dropFirst(2), isBigEndian: false) }
        if bytes.starts(with: [0xfe, 0xff]) { return utf16(bytes.dropFirst(2), isBigEndian: true) }
        if let text = String(validating: bytes, as: UTF8.self) { return (text, .utf8) }
        // Bytes of EUC-JP are mostly valid Shift_JIS, too: a text full of half-width katakana that nobody wrote.
        if let converted = shiftJIS(fromEUC: bytes), let text = String(bytes: converted, encoding: .shiftJIS) {
            return (text, .eucJP)
        }
        return String(bytes: bytes, encoding: .shiftJIS).map { ($0, .shiftJIS) }
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) -> (String, TextEncoding)? {
        guard bytes.count.isMultiple(of: 2) else { return nil }
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        var iterator = bytes.makeIterator()
        while let first = iterator.next(), let second = iterator.next() {
            units.append(isBigEndian ? UInt16(first) << 8 | UInt16(second) : UInt16(second) << 8 | UInt16(first))
        }
        return String(validating: units, as: UTF16.self).map {
            ($0, isBigEndian ? .utf16BigEndian : .utf16LittleEndian)
        }
    }

    /// EUC-JP (JIS X 0208 and half-width katakana) as the same characters in Shift_JIS; nil for bytes that are not EUC-JP.
    ///
    /// Row and cell of JIS X 0208 stand in both: in EUC-JP each as a byte from 0xA1 to 0xFE, in Shift_JIS two rows share a
    /// lead byte (JIS X 0208:1997, annex 1).
    private static func shiftJIS(fromEUC bytes: [UInt8]) -> [UInt8]? {
        var converted: [UInt8] = []
        converted.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let lead = bytes[index]
            if lead < 0x80 {
                converted.append(lead)
                index += 1
                continue
            }
            guard index + 1 < bytes.count else { return nil }
            let trail = bytes[index + 1]
            index += 2
            if lead == 0x8e {
                guard (0xa1...0xdf).contains(trail) else { return nil }
                converted.append(trail)
                continue
            }
            guard (0xa1...0xfe).contains(lead), (0xa1...0xfe).contains(trail) else { return nil }
            let row = Int(lead) - 0xa1
            let cell = Int(trail) - 0xa1
            let half = row / 2
            converted.append(UInt8(half < 31 ? 0x81 + half : 0xe0 + half - 31))
            if row.isMultiple(of: 2) {
                converted.append(UInt8(cell < 63 ? 0x40 + cell : 0x41 + cell))
            } else {
                converted.append(UInt8(0x9f + cell))
            }
        }
        return converted
    }
}
