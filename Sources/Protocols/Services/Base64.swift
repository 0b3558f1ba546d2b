import Wire

/// Decodes base64 as it comes in header fields and mail logins (RFC 4648, 4): stops at padding or at the first byte that is
/// none of its alphabet.
enum Base64 {
    static func decoded(_ text: RawSpan, limit: Int = 8_192) -> [UInt8] {
        var octets: [UInt8] = []
        var pending: UInt32 = 0
        var bits = 0
        var index = 0
        while index < text.byteCount, octets.count < limit {
            guard let value = sextet(text.u8(index)) else { break }
            pending = (pending << 6 | value) & 0xff_ffff
            bits &+= 6
            if bits >= 8 {
                bits &-= 8
                octets.append(UInt8(truncatingIfNeeded: pending >> UInt32(bits)))
            }
            index &+= 1
        }
        return octets
    }

    private static func sextet(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5a: UInt32(byte &- 0x41)
        case 0x61...0x7a: UInt32(byte &- 0x61) &+ 26
        case 0x30...0x39: UInt32(byte &- 0x30) &+ 52
        case 0x2b, 0x2d: 62
        case 0x2f, 0x5f: 63
        default: nil
        }
    }
}
