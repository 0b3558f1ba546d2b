import Wire

/// Header fields as SIP and RTSP share them with HTTP: lines `Name: value` up to an empty line.
struct MessageHead: ~Escapable {
    let startLine: RawSpan
    private(set) var software: RawSpan
    private(set) var from: RawSpan
    private(set) var authorization: RawSpan
    private(set) var contentLength = 0
    /// Size with the empty line.
    let size: Int

    private static let fieldLimit = 128

    /// Nil while the empty line has not come.
    @_lifetime(copy bytes)
    init?(_ bytes: RawSpan, limit: Int) {
        guard let first = bytes.line(limit: limit) else { return nil }
        startLine = first.text
        software = bytes.first(0)
        from = bytes.first(0)
        authorization = bytes.first(0)
        var offset = first.size
        var count = 0
        while count < MessageHead.fieldLimit, let line = bytes.line(from: offset, limit: limit) {
            offset &+= line.size
            count &+= 1
            let text = line.text
            if text.byteCount == 0 {
                size = offset
                return
            }
            guard let colon = text.index(of: 0x3a) else { continue }
            let value = text.from(colon &+ 1).trimmingSpaces()
            switch text.first(colon).trimmingSpaces().byteCount {
            case 1 where text.u8(0) | 0x20 == 0x66: from = value
            case 1 where text.u8(0) | 0x20 == 0x6c: contentLength = Int(truncatingIfNeeded: value.decimal() ?? 0)
            case 4 where text.startsIgnoringCase(with: "from"): from = value
            case 6 where text.startsIgnoringCase(with: "server"): software = value
            case 10 where text.startsIgnoringCase(with: "user-agent"): software = value
            case 13 where text.startsIgnoringCase(with: "authorization"): authorization = value
            case 14 where text.startsIgnoringCase(with: "content-length"):
                contentLength = Int(truncatingIfNeeded: min(value.decimal() ?? 0, 1 << 40))
            default: break
            }
        }
        return nil
    }
}
