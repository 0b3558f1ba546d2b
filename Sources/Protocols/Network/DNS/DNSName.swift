import Model
import Wire

/// Domain names within a message (RFC 1035, 4.1.4): labels of length and bytes, ended by a zero length or by a pointer to
/// the rest of the name earlier in the message.
enum DNSName {
    /// Most pointers followed for one name.
    private static let hopLimit = 20
    /// Longest name, RFC 1035, 2.3.4.
    private static let longest = 255

    /// The offset after a name, pointers not followed; nil when the name does not end properly.
    static func end(_ bytes: RawSpan, at start: Int) -> Int? {
        var offset = start
        while offset < bytes.byteCount, offset &- start <= longest {
            let length = Int(bytes.u8(offset))
            if length == 0 { return offset &+ 1 }
            if length & 0xc0 == 0xc0 { return bytes.has(2, at: offset) ? offset &+ 2 : nil }
            guard length < 64 else { return nil }
            offset &+= 1 &+ length
        }
        return nil
    }

    /// The bytes of a name, labels joined by dots; nil when it makes no sense, and for the root.
    static func read(_ bytes: RawSpan, at start: Int) -> [UInt8]? {
        var name: [UInt8] = []
        var offset = start
        var hops = 0
        while bytes.has(1, at: offset) {
            let length = Int(bytes.u8(offset))
            if length == 0 { return name.isEmpty ? nil : name }
            if length & 0xc0 == 0xc0 {
                hops &+= 1
                guard hops <= hopLimit, bytes.has(2, at: offset) else { return nil }
                offset = Int(bytes.be16(offset) & 0x3fff)
                continue
            }
            guard length < 64, bytes.has(length, at: offset &+ 1), name.count &+ length < longest else { return nil }
            if !name.isEmpty { name.append(0x2e) }
            var index = 0
            while index < length {
                name.append(bytes.u8(offset &+ 1 &+ index))
                index &+= 1
            }
            offset &+= 1 &+ length
        }
        return nil
    }

    /// The address that a name under in-addr.arpa or ip6.arpa stands for.
    static func reversed(_ name: [UInt8]) -> IPAddress? {
        let text = String(decoding: name, as: UTF8.self).lowercased()
        if text.hasSuffix(".in-addr.arpa") {
            let parts = text.dropLast(13).split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 4 else { return nil }
            return IPAddress(parts.reversed().joined(separator: "."))
        }
        guard text.hasSuffix(".ip6.arpa") else { return nil }
        let digits = text.dropLast(9).split(separator: ".", omittingEmptySubsequences: false)
        guard digits.count == 32 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (position, digit) in digits.reversed().enumerated() {
            guard digit.utf8.count == 1, let nibble = UInt64(digit, radix: 16) else { return nil }
            if position < 16 { high = high << 4 | nibble } else { low = low << 4 | nibble }
        }
        return IPAddress(high: high, low: low)
    }

    /// True for letters, digits, hyphen, underscore and dots only: what names that hosts ask for are made of.
    static func isOrdinary(_ name: [UInt8]) -> Bool {
        for byte in name {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f: continue
            default: return false
            }
        }
        return true
    }
}
