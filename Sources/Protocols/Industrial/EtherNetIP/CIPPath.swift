import Wire

/// A CIP path (EPATH, volume 1, appendix C-1): segments, padded to even lengths.
struct CIPPath: Sendable {
    /// A hop out of the addressed device: port number and link address there (the slot, when the port is a backplane).
    struct Route: Hashable, Sendable {
        var port: UInt16
        var address: UInt8
    }

    /// The last of each kind; `none` where there is none.
    var classID = CIPPath.none
    var instance = CIPPath.none
    var attribute = CIPPath.none
    /// The last hop, when its address is a number.
    var route: Route?
    /// True when the path names a symbol (a tag).
    var hasSymbol = false
    /// True when it has a safety network segment: the connection is of CIP Safety (volume 5, 3-7).
    var hasSafety = false

    static let none = UInt32.max
    private static let safetySegment: UInt8 = 0x50

    private enum Logical {
        static let classID: UInt8 = 0, instance: UInt8 = 1, attribute: UInt8 = 4
    }

    static func read(_ bytes: RawSpan) -> CIPPath {
        var path = CIPPath()
        var offset = 0
        while offset < bytes.byteCount {
            let segment = bytes.u8(offset)
            offset &+= 1
            switch segment >> 5 {
            case 0: offset = path.port(segment, bytes, offset)
            case 1:
                guard let next = path.logical(segment, bytes, offset) else { return path }
                offset = next
            // Network segment: one byte, or words counted by it.
            case 2:
                if segment == CIPPath.safetySegment { path.hasSafety = true }
                offset &+= segment & 0x10 == 0 ? 1 : 1 &+ Int(bytes.u8(offset)) &* 2
            // Symbolic segment, counted in characters; data segment 0x80 in words, 0x91 in characters.
            case 3:
                path.hasSymbol = true
                let size = Int(segment & 0x1f)
                offset &+= size &+ (size & 1 == 0 ? 1 : 0)
            case 4 where segment == 0x91:
                path.hasSymbol = true
                let size = Int(bytes.u8(offset))
                offset &+= 1 &+ size &+ (size & 1)
            case 4: offset &+= 1 &+ Int(bytes.u8(offset)) &* 2
            default: return path
            }
        }
        return path
    }

    /// Port segment: bit 4 says that a length of the link address follows; port 15 that the number comes in two bytes.
    private mutating func port(_ segment: UInt8, _ bytes: RawSpan, _ start: Int) -> Int {
        var offset = start
        var number = UInt16(segment & 0x0f)
        let isLong = segment & 0x10 != 0
        let size = isLong ? Int(bytes.u8(offset)) : 1
        if isLong { offset &+= 1 }
        if number == 15 {
            number = bytes.le16(offset)
            offset &+= 2
        }
        if size == 1 { route = Route(port: number, address: bytes.u8(offset)) }
        offset &+= size
        return offset &+ ((offset &- start &+ 1) & 1)
    }

    /// Logical segment: type in bits 2 to 4, format in bits 0 and 1 (8, 16 or 32 bits).
    private mutating func logical(_ segment: UInt8, _ bytes: RawSpan, _ start: Int) -> Int? {
        // Electronic key: format 1, ten bytes with this one.
        let type = segment >> 2 & 7
        if type == 5 { return start &+ 9 }
        let value: UInt32
        let next: Int
        switch segment & 3 {
        case 0:
            value = UInt32(bytes.u8(start))
            next = start &+ 1
        case 1:
            value = UInt32(bytes.le16(start &+ 1))
            next = start &+ 3
        case 2:
            value = bytes.le32(start &+ 1)
            next = start &+ 5
        default: return nil
        }
        switch type {
        case Logical.classID: classID = value
        case Logical.instance: instance = value
        case Logical.attribute: attribute = value
        default: break
        }
        return next
    }
}
