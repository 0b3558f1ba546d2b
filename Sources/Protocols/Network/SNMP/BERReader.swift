import Wire

/// Elements of ASN.1's Basic Encoding Rules (X.690) as SNMP uses them: one-byte tags, definite lengths. Elements are read
/// in place; whoever descends does so by reading an element's contents, to a depth of 16.
struct BERReader: ~Escapable {
    static let deepest = 16

    /// An element's tag and contents.
    struct Element: ~Escapable {
        let tag: UInt8
        let contents: RawSpan

        @_lifetime(copy contents)
        init(tag: UInt8, contents: RawSpan) {
            self.tag = tag
            self.contents = contents
        }
    }

    private var reader: FieldReader
    private let depth: Int

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) {
        self.init(bytes, depth: 0)
    }

    @_lifetime(copy bytes)
    private init(_ bytes: RawSpan, depth: Int) {
        reader = FieldReader(bytes)
        self.depth = depth
    }

    var isAtEnd: Bool { reader.isAtEnd }
    /// Offset of the next element.
    var offset: Int { reader.offset }

    @_lifetime(copy self)
    mutating func next(_ field: StaticString) throws(DecodeError) -> Element {
        let tag = try reader.u8(field)
        // Tag numbers from 31 on take more bytes; SNMP has none.
        guard tag & 0x1f != 0x1f else { throw failure(field) }
        var length = Int(try reader.u8(field))
        if length & 0x80 != 0 {
            var left = length & 0x7f
            guard left >= 1, left <= 4 else { throw failure(field) }
            length = 0
            while left > 0 {
                length = length << 8 | Int(try reader.u8(field))
                left &-= 1
            }
        }
        return Element(tag: tag, contents: try reader.take(length, field))
    }

    /// A reader of a constructed element's contents.
    @_lifetime(copy self)
    mutating func enter(_ tag: UInt8, _ field: StaticString) throws(DecodeError) -> BERReader {
        let element = try next(field)
        guard element.tag == tag, depth < BERReader.deepest else { throw failure(field) }
        return BERReader(element.contents, depth: depth &+ 1)
    }

    /// An INTEGER, or one of SNMP's unsigned numbers, of up to 9 bytes; the value's low 64 bits.
    mutating func integer(_ field: StaticString) throws(DecodeError) -> Int64 {
        let element = try next(field)
        guard element.tag == BERTag.integer, element.contents.byteCount >= 1, element.contents.byteCount <= 8 else {
            throw failure(field)
        }
        return BERReader.signed(element.contents)
    }

    @_lifetime(copy self)
    mutating func octets(_ field: StaticString) throws(DecodeError) -> RawSpan {
        let element = try next(field)
        guard element.tag == BERTag.octetString else { throw failure(field) }
        return element.contents
    }

    static func signed(_ bytes: RawSpan) -> Int64 {
        var number: Int64 = bytes.u8(0) & 0x80 != 0 ? -1 : 0
        var index = 0
        while index < min(bytes.byteCount, 9) {
            number = number << 8 | Int64(bytes.u8(index))
            index &+= 1
        }
        return number
    }

    private func failure(_ field: StaticString) -> DecodeError {
        DecodeError(field: field, offset: reader.offset, needed: 0, available: reader.remaining)
    }
}

enum BERTag {
    static let integer: UInt8 = 0x02, octetString: UInt8 = 0x04, objectIdentifier: UInt8 = 0x06, sequence: UInt8 = 0x30
}

/// An object identifier's arcs.
struct ObjectIdentifier: Equatable {
    private(set) var arcs: [UInt32] = []

    /// Most arcs read (RFC 2578, 3.5).
    private static let limit = 128

    /// Nil when the bytes make no sense.
    init?(_ bytes: RawSpan) {
        var value: UInt32 = 0
        var index = 0
        guard bytes.byteCount > 0, bytes.u8(bytes.byteCount &- 1) & 0x80 == 0 else { return nil }
        while index < bytes.byteCount {
            let byte = bytes.u8(index)
            guard value <= UInt32.max >> 7 else { return nil }
            value = value << 7 | UInt32(byte & 0x7f)
            if byte & 0x80 == 0 {
                if arcs.isEmpty {
                    arcs = [min(value / 40, 2), value >= 80 ? value &- 80 : value % 40]
                } else {
                    guard arcs.count < ObjectIdentifier.limit else { return nil }
                    arcs.append(value)
                }
                value = 0
            }
            index &+= 1
        }
    }

    func starts(with prefix: [UInt32]) -> Bool { arcs.starts(with: prefix) }

    /// `1.3.6.1.4.1.9.1.516`
    var text: String { arcs.map(String.init).joined(separator: ".") }
}
