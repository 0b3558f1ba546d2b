// All unsafe loads of wire bytes live in this file. Every function is total: outside the span it answers 0, so
// no length on the wire can trap. Callers test a header's length once and then use constant offsets.

extension RawSpan {
    /// True when `count` bytes starting at `offset` lie inside the span.
    @inline(__always)
    package func has(_ count: Int, at offset: Int = 0) -> Bool {
        offset >= 0 && count >= 0 && offset <= byteCount && count <= byteCount &- offset
    }

    /// The byte at `offset`, or 0 outside.
    @inline(__always)
    package func u8(_ offset: Int) -> UInt8 {
        guard offset >= 0, offset < byteCount else { return 0 }
        return unsafe unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    }

    /// Big-endian 16 bits at `offset`, or 0 when they do not all lie inside.
    @inline(__always)
    package func be16(_ offset: Int) -> UInt16 {
        guard has(2, at: offset) else { return 0 }
        return unsafe UInt16(bigEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt16.self))
    }

    /// Big-endian 24 bits at `offset`, or 0 when they do not all lie inside.
    @inline(__always)
    package func be24(_ offset: Int) -> UInt32 {
        guard has(3, at: offset) else { return 0 }
        return UInt32(be16(offset)) << 8 | UInt32(u8(offset &+ 2))
    }

    /// Big-endian 32 bits at `offset`, or 0 when they do not all lie inside.
    @inline(__always)
    package func be32(_ offset: Int) -> UInt32 {
        guard has(4, at: offset) else { return 0 }
        return unsafe UInt32(bigEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt32.self))
    }

    /// Big-endian 48 bits at `offset`, or 0 when they do not all lie inside.
    @inline(__always)
    package func be48(_ offset: Int) -> UInt64 {
        guard has(6, at: offset) else { return 0 }
        return UInt64(be16(offset)) << 32 | UInt64(be32(offset &+ 2))
    }

    /// Big-endian 64 bits at `offset`, or 0 when they do not all lie inside.
    @inline(__always)
    package func be64(_ offset: Int) -> UInt64 {
        guard has(8, at: offset) else { return 0 }
        return unsafe UInt64(bigEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
    }

    /// Little-endian 16 bits at `offset`, or 0 when they do not all lie inside.
    @inline(__always)
    package func le16(_ offset: Int) -> UInt16 {
        guard has(2, at: offset) else { return 0 }
        return unsafe UInt16(littleEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt16.self))
    }

    /// Little-endian 32 bits at `offset`, or 0 when they do not all lie inside.
    @inline(__always)
    package func le32(_ offset: Int) -> UInt32 {
        guard has(4, at: offset) else { return 0 }
        return unsafe UInt32(littleEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt32.self))
    }

    /// Little-endian 64 bits at `offset`, or 0 when they do not all lie inside.
    @inline(__always)
    package func le64(_ offset: Int) -> UInt64 {
        guard has(8, at: offset) else { return 0 }
        return unsafe UInt64(littleEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
    }

    /// The bytes from `offset` to the end; empty when `offset` lies outside.
    @inline(__always)
    @_lifetime(copy self)
    package func from(_ offset: Int) -> RawSpan {
        guard offset >= 0, offset < byteCount else { return extracting(last: 0) }
        return unsafe extracting(unchecked: offset..<byteCount)
    }

    /// At most `count` bytes starting at `offset`; shorter, down to empty, where the span ends.
    @inline(__always)
    @_lifetime(copy self)
    package func slice(_ offset: Int, _ count: Int) -> RawSpan {
        guard offset >= 0, offset < byteCount, count > 0 else { return extracting(last: 0) }
        return unsafe extracting(unchecked: offset..<(offset &+ Swift.min(count, byteCount &- offset)))
    }

    /// The first `count` bytes, or all when there are fewer.
    @inline(__always)
    @_lifetime(copy self)
    package func first(_ count: Int) -> RawSpan { slice(0, count) }
}

extension RawSpan {
    /// True when the bytes at `offset` equal `text`'s UTF-8.
    package func starts(with text: StaticString, at offset: Int = 0) -> Bool {
        let count = text.utf8CodeUnitCount
        guard has(count, at: offset) else { return false }
        var index = 0
        while index < count {
            if unsafe text.utf8Start[index] != u8(offset &+ index) { return false }
            index &+= 1
        }
        return true
    }

    /// The same, ignoring ASCII case; `text` is given in lower case.
    package func startsIgnoringCase(with text: StaticString, at offset: Int = 0) -> Bool {
        let count = text.utf8CodeUnitCount
        guard has(count, at: offset) else { return false }
        var index = 0
        while index < count {
            var byte = u8(offset &+ index)
            if byte >= 0x41, byte <= 0x5a { byte |= 0x20 }
            if unsafe text.utf8Start[index] != byte { return false }
            index &+= 1
        }
        return true
    }

    /// Offset of the first `byte` at or after `offset`, looking at no more than `limit` bytes.
    package func index(of byte: UInt8, from offset: Int = 0, limit: Int = .max) -> Int? {
        guard offset >= 0 else { return nil }
        let end = limit < byteCount &- offset ? offset &+ limit : byteCount
        var index = offset
        while index < end {
            if u8(index) == byte { return index }
            index &+= 1
        }
        return nil
    }

    /// A copy of the bytes, at most `limit` of them.
    package func bytes(limit: Int = 4096) -> [UInt8] {
        unsafe withUnsafeBytes { unsafe [UInt8]($0.prefix(Swift.max(limit, 0))) }
    }

    /// A 64-bit hash of the bytes, for "have I seen exactly this before"; seeded, so that it cannot be steered from the wire.
    package func fingerprint(seed: UInt64) -> UInt64 {
        var hash = seed ^ (UInt64(truncatingIfNeeded: byteCount) &* 0x9e37_79b9_7f4a_7c15)
        var offset = 0
        while has(8, at: offset) {
            hash = mixed(hash ^ le64(offset))
            offset &+= 8
        }
        var rest: UInt64 = 0
        while offset < byteCount {
            rest = rest << 8 | UInt64(u8(offset))
            offset &+= 1
        }
        return mixed(hash ^ rest)
    }
}

/// 128-bit multiply and fold: the mixing step of the hashes here.
@inlinable @inline(__always)
package func mixed(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0x9fb2_1c65_1e98_df25)
    return product.high ^ product.low ^ (value >> 32)
}

/// Runs `body` over the bytes of an array as a span.
package func withBytes<Result>(_ bytes: [UInt8], _ body: (RawSpan) -> Result) -> Result {
    body(bytes.span.bytes)
}
