import Model
import Wire

/// A NetBIOS name as sessions and datagrams carry it: first-level encoding (RFC 1001, 14.1), then the scope.
struct NetBIOSName {
    let text: WireText
    /// 00 workstation, 03 messenger, 20 server, 1B and 1D master browsers, …
    let kind: UInt8
    /// Bytes of the encoded name with its scope and final zero.
    let size: Int

    /// Reads an encoded name at the start of `bytes`.
    init?(_ bytes: RawSpan) {
        guard let name = NetBIOSNames.name(bytes, at: 0) else { return nil }
        text = name.text
        kind = name.suffix
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
