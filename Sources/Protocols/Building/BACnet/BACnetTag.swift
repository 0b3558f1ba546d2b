import Model
import Wire

/// One tag of BACnet's encoding (ASHRAE 135, 20.2.1): an application tag says a value's type, a context tag its place.
struct BACnetTag {
    enum Kind { case value, opening, closing }

    var number: UInt8
    var isContext: Bool
    var kind: Kind
    /// Contents within the bytes read; for an application boolean the value itself is in `length`.
    var offset: Int
    var length: Int
}

/// Application tag numbers.
enum BACnetType {
    static let null: UInt8 = 0, boolean: UInt8 = 1, unsigned: UInt8 = 2, characterString: UInt8 = 7
    static let enumerated: UInt8 = 9, objectIdentifier: UInt8 = 12
}

extension FieldReader {
    /// The next tag; the cursor ends up behind its contents.
    ///
    ///     number 4 bits, 15 for "in the next byte"; class 1 bit; length/value/type 3 bits:
    ///     0–4 length, 5 length in the next byte (254: in two more, 255: in four more), 6 opening, 7 closing
    mutating func bacnetTag() throws(DecodeError) -> BACnetTag {
        let first = try u8("tag")
        let number = first >> 4 == 15 ? try u8("tag number") : first >> 4
        let isContext = first & 8 != 0
        switch first & 7 {
        case 6 where isContext:
            return BACnetTag(number: number, isContext: true, kind: .opening, offset: offset, length: 0)
        case 7 where isContext:
            return BACnetTag(number: number, isContext: true, kind: .closing, offset: offset, length: 0)
        case let low:
            var length = Int(low)
            if low == 5 {
                length = Int(try u8("tag length"))
                if length == 254 { length = Int(try be16("tag length")) }
                if length == 255 { length = Int(try be32("tag length")) }
            }
            var tag = BACnetTag(number: number, isContext: isContext, kind: .value, offset: offset, length: length)
            // A boolean's value stands in the length; it has no contents.
            if !isContext, number == BACnetType.boolean { return tag }
            try skip(length, "tag contents")
            tag.offset = offset &- length
            return tag
        }
    }

    /// Skips to behind the closing tag that matches an opening tag just read. Nesting is followed to a depth of 16.
    mutating func bacnetSkipToClosing() throws(DecodeError) {
        var depth = 1
        var seen = 0
        while depth > 0 {
            let tag = try bacnetTag()
            seen &+= 1
            switch tag.kind {
            case .opening: depth &+= 1
            case .closing: depth &-= 1
            case .value: break
            }
            guard depth <= 16, seen <= 16_384 else {
                throw DecodeError(field: "nested tags", offset: offset, needed: 0, available: remaining)
            }
        }
    }

    /// The contents of an unsigned or enumerated value of up to 8 bytes.
    func bacnetUnsigned(_ tag: BACnetTag) -> UInt64? {
        guard tag.kind == .value, tag.length >= 1, tag.length <= 8 else { return nil }
        var number: UInt64 = 0
        var index = 0
        while index < tag.length {
            number = number << 8 | UInt64(bytes.u8(tag.offset &+ index))
            index &+= 1
        }
        return number
    }

    /// The contents of a character string: character set 1, then the text.
    func bacnetText(_ tag: BACnetTag) -> WireText? {
        guard tag.kind == .value, tag.length >= 1 else { return nil }
        let text = bytes.slice(tag.offset &+ 1, tag.length &- 1)
        switch bytes.u8(tag.offset) {
        case 0: return WireText(wire: text)
        // DBCS: code page 2 first.
        case 1: return text.be16(0) == 932 ? WireText(shiftJIS: text.from(2)) : WireText(wire: text.from(2))
        case 3:
            var scalars = String.UnicodeScalarView()
            var offset = 0
            while text.has(4, at: offset), offset < WireText.limit * 4 {
                if let scalar = Unicode.Scalar(text.be32(offset)) { scalars.append(scalar) }
                offset &+= 4
            }
            return WireText(String(scalars))
        case 4: return WireText(utf16: text, bigEndian: true)
        default: return WireText(wire: text)
        }
    }
}
