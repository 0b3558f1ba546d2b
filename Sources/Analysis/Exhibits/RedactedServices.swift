import Wire

/// Services that are encrypted or binary: their opening is kept.
enum RedactedServices {
    /// TLS records (RFC 8446, 5.1): type 1, version 2, length 2. Hellos are kept whole, of other records the header.
    static func tls(_ payload: RawSpan, _ layers: FrameLayers, _ ranges: inout KeptRanges) -> Bool {
        var offset = 0
        while payload.has(5, at: offset) {
            let type = payload.u8(offset)
            let length = Int(payload.be16(offset &+ 3))
            guard 20...23 ~= type, payload.u8(offset &+ 1) == 3, payload.u8(offset &+ 2) <= 4, length > 0,
                length <= 16_640
            else { return offset > 0 }
            ranges.keep(offset, 5)
            let kind = payload.u8(offset &+ 5)
            if type == 22, kind == 1 || kind == 2, Int(payload.be24(offset &+ 6)) &+ 4 == length,
                payload.u8(offset &+ 9) == 3, payload.has(length, at: offset &+ 5)
            {
                ranges.keep(offset &+ 5, length)
            }
            offset &+= 5 &+ length
        }
        return offset > 0
    }

    /// SSH identification (RFC 4253, 4.2), as far as it is its own line.
    static func ssh(_ payload: RawSpan, _ layers: FrameLayers, _ ranges: inout KeptRanges) -> Bool {
        guard payload.starts(with: "SSH-2.0-") || payload.starts(with: "SSH-1.99-") else { return false }
        guard let end = payload.index(of: 0x0a, limit: 255) else {
            ranges.keep(0, 8)
            return true
        }
        ranges.keep(0, end &+ 1)
        return true
    }

    /// RFB protocol version (RFC 6143, 7.1.1): twelve bytes, `RFB 003.008\n`.
    static func vnc(_ payload: RawSpan, _ layers: FrameLayers, _ ranges: inout KeptRanges) -> Bool {
        guard payload.starts(with: "RFB 00"), payload.u8(11) == 0x0a, payload.byteCount == 12 else { return false }
        ranges.keep(0, 12)
        return true
    }

    /// MQTT CONNECT (3.1.1, 3.1): 10, remaining length, 00 04 "MQTT", level 1, flags 1, which tell of user name and password.
    static func mqtt(_ payload: RawSpan, _ layers: FrameLayers, _ ranges: inout KeptRanges) -> Bool {
        guard payload.u8(0) == 0x10 else { return false }
        var size = 1
        while size < 4, payload.u8(size) & 0x80 != 0 { size &+= 1 }
        guard payload.be16(size &+ 1) == 4, payload.starts(with: "MQTT", at: size &+ 3) else { return false }
        ranges.keep(0, size &+ 11)
        return true
    }

    /// SMB behind a NetBIOS session header (MS-SMB2, 2.1): protocol 4, then of SMB2 size, charge, status and command, of SMB1 the command.
    static func smb(_ payload: RawSpan, _ layers: FrameLayers, _ ranges: inout KeptRanges) -> Bool {
        guard payload.u8(0) == 0, payload.starts(with: "SMB", at: 5) else { return false }
        switch payload.u8(4) {
        case 0xfe where payload.le16(8) == 64: ranges.keep(0, 18)
        case 0xff: ranges.keep(0, 9)
        default: return false
        }
        return true
    }
}
