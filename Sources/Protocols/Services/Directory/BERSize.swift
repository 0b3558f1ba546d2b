import Wire

extension RawSpan {
    /// Size of the BER element at `offset`, header and contents; nil when its length is not all there, indefinite or longer
    /// than four bytes (X.690, 8.1.3).
    func berSize(at offset: Int = 0) -> Int? {
        guard has(2, at: offset) else { return nil }
        let first = Int(u8(offset &+ 1))
        if first < 0x80 { return 2 &+ first }
        let count = first & 0x7f
        guard count >= 1, count <= 4, has(2 &+ count, at: offset) else { return nil }
        var length = 0
        var index = 0
        while index < count {
            length = length << 8 | Int(u8(offset &+ 2 &+ index))
            index &+= 1
        }
        return 2 &+ count &+ length
    }

    /// Size of the header of the BER element at `offset`.
    func berHeaderSize(at offset: Int = 0) -> Int {
        u8(offset &+ 1) < 0x80 ? 2 : 2 &+ Int(u8(offset &+ 1) & 0x7f)
    }
}
