/// A cursor over wire bytes. Reading past the end throws an error that names the field; nothing traps.
package struct FieldReader: ~Escapable {
    package let bytes: RawSpan
    package private(set) var offset: Int

    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan, at offset: Int = 0) {
        self.bytes = bytes
        self.offset = Swift.max(0, Swift.min(offset, bytes.byteCount))
    }

    /// Bytes left.
    package var remaining: Int { bytes.byteCount &- offset }
    package var isAtEnd: Bool { remaining <= 0 }

    @inline(__always)
    private func need(_ count: Int, _ field: StaticString) throws(DecodeError) {
        guard count >= 0, count <= remaining else {
            throw DecodeError(field: field, offset: offset, needed: count, available: remaining)
        }
    }

    package mutating func u8(_ field: StaticString) throws(DecodeError) -> UInt8 {
        try need(1, field)
        defer { offset &+= 1 }
        return bytes.u8(offset)
    }

    package mutating func be16(_ field: StaticString) throws(DecodeError) -> UInt16 {
        try need(2, field)
        defer { offset &+= 2 }
        return bytes.be16(offset)
    }

    package mutating func be24(_ field: StaticString) throws(DecodeError) -> UInt32 {
        try need(3, field)
        defer { offset &+= 3 }
        return bytes.be24(offset)
    }

    package mutating func be32(_ field: StaticString) throws(DecodeError) -> UInt32 {
        try need(4, field)
        defer { offset &+= 4 }
        return bytes.be32(offset)
    }

    package mutating func be64(_ field: StaticString) throws(DecodeError) -> UInt64 {
        try need(8, field)
        defer { offset &+= 8 }
        return bytes.be64(offset)
    }

    package mutating func le16(_ field: StaticString) throws(DecodeError) -> UInt16 {
        try need(2, field)
        defer { offset &+= 2 }
        return bytes.le16(offset)
    }

    package mutating func le32(_ field: StaticString) throws(DecodeError) -> UInt32 {
        try need(4, field)
        defer { offset &+= 4 }
        return bytes.le32(offset)
    }

    package mutating func le64(_ field: StaticString) throws(DecodeError) -> UInt64 {
        try need(8, field)
        defer { offset &+= 8 }
        return bytes.le64(offset)
    }

    package mutating func skip(_ count: Int, _ field: StaticString) throws(DecodeError) {
        try need(count, field)
        offset &+= count
    }

    /// The next `count` bytes, borrowed.
    @_lifetime(copy self)
    package mutating func take(_ count: Int, _ field: StaticString) throws(DecodeError) -> RawSpan {
        try need(count, field)
        let start = offset
        offset &+= count
        return bytes.slice(start, count)
    }

    /// Everything that is left, borrowed; the cursor stays.
    @_lifetime(copy self)
    package func rest() -> RawSpan { bytes.from(offset) }
}
