import Model
import Wire

/// A NetBIOS name in first-level encoding (RFC 1001, 14.1): 16 bytes, each as two letters from A on; the last byte is the
/// kind of name.
struct NetBIOSName {
    let text: WireText
    /// 00 workstation, 03 messenger, 20 server, 1B and 1D master browsers, …
    let kind: UInt8
    /// Bytes of the encoded name with its scope and final zero.
    let size: Int

    /// Reads an encoded name at the start of `bytes`.
    init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= 34, bytes.u8(0) == 32 else { return nil }
        var octets: [UInt8] = []
        var index = 0
        while index < 16 {
            let high = bytes.u8(1 &+ index &* 2)
            let low = bytes.u8(2 &+ index &* 2)
            guard high >= 0x41, high <= 0x50, low >= 0x41, low <= 0x50 else { return nil }
            octets.append((high &- 0x41) << 4 | (low &- 0x41))
            index &+= 1
        }
        kind = octets[15]
        text = WireText(wire: Array(octets.prefix(15)).span.bytes)
        // Scope labels follow until a zero length.
        var offset = 33
        var labels = 0
        while bytes.u8(offset) != 0, labels < 16 {
            offset &+= 1 &+ Int(bytes.u8(offset))
            labels &+= 1
        }
        guard bytes.has(1, at: offset) else { return nil }
        size = offset &+ 1
    }
}
