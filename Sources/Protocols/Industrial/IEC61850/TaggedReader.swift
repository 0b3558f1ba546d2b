import Wire

/// Walks tag-length-value elements of ASN.1's Basic Encoding Rules (X.690) with tag numbers of up to three bytes, definite
/// lengths, as MMS, GOOSE, Sampled Values and C12.22 use them. Never throws: a damaged element ends the walk.
struct TaggedReader: ~Escapable {
    /// Identifier of the current element: its one byte, or for tag numbers from 31 on the class and constructed bits of the
    /// first byte in bits 16 to 23 over the number.
    private(set) var tag: UInt32 = 0
    /// Contents of the current element: where they lie in `bytes`.
    private(set) var start = 0
    private(set) var count = 0
    /// True when an element did not fit into the bytes.
    private(set) var isDamaged = false
    private let bytes: RawSpan
    private var position: Int

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, at offset: Int = 0) {
        self.bytes = bytes
        position = offset
    }

    /// The identifier of a context-specific element with a high tag number, as `tag` has it.
    static func context(_ number: UInt32, isConstructed: Bool) -> UInt32 {
        number < 31
            ? (isConstructed ? 0xa0 : 0x80) | number : (isConstructed ? 0xbf_0000 : 0x9f_0000) | number
    }

    /// Contents of the current element.
    var contents: RawSpan {
        @_lifetime(copy self)
        get { bytes.slice(start, count) }
    }

    /// Offset after the current element.
    var end: Int { start &+ count }

    /// Steps to the next element; false at the end or when none fits. With `isOpenEnded`, an element that goes beyond the
    /// bytes is taken as far as it is there.
    mutating func next(isOpenEnded: Bool = false) -> Bool {
        var at = position
        guard at >= 0, at < bytes.byteCount else { return false }
        let first = bytes.u8(at)
        at &+= 1
        tag = UInt32(first)
        if first & 0x1f == 0x1f {
            var number: UInt32 = 0
            var left = 3
            var octet: UInt8 = 0x80
            while octet & 0x80 != 0, left > 0, at < bytes.byteCount {
                octet = bytes.u8(at)
                number = number << 7 | UInt32(octet & 0x7f)
                at &+= 1
                left &-= 1
            }
            guard octet & 0x80 == 0 else { return damaged() }
            tag = UInt32(first) << 16 | number & 0xffff
        }
        guard at < bytes.byteCount else { return damaged() }
        var length = Int(bytes.u8(at))
        at &+= 1
        if length & 0x80 != 0 {
            var left = length & 0x7f
            guard left >= 1, left <= 4, bytes.has(left, at: at) else { return damaged() }
            length = 0
            while left > 0 {
                length = length << 8 | Int(bytes.u8(at))
                at &+= 1
                left &-= 1
            }
        }
        if length > bytes.byteCount &- at {
            guard isOpenEnded else { return damaged() }
            length = bytes.byteCount &- at
        }
        start = at
        count = length
        position = at &+ length
        return true
    }

    private mutating func damaged() -> Bool {
        isDamaged = true
        position = bytes.byteCount
        return false
    }

    /// Steps to the next element with this identifier, passing others.
    mutating func find(_ wanted: UInt32, isOpenEnded: Bool = false) -> Bool {
        while next(isOpenEnded: isOpenEnded) { if tag == wanted { return true } }
        return false
    }

    /// The contents as an unsigned number, when they are one of at most 8 bytes and not negative.
    var number: UInt64? {
        guard count >= 1, count <= 9 else { return nil }
        var value: UInt64 = 0
        var index = 0
        while index < count {
            value = value << 8 | UInt64(bytes.u8(start &+ index))
            index &+= 1
        }
        return value
    }
}
