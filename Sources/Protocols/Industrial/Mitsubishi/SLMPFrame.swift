import Wire

/// The header of an SLMP (MELSEC MC protocol) frame, 3E or 4E, in binary or ASCII code. In ASCII code every field below
/// stands as two hexadecimal digits a byte, most significant first.
///
///     0   subheader         2   3E: 50 00 request, D0 00 response; 4E: 54 00, D4 00
///     2   serial number     2   only 4E
///     4   reserved          2   only 4E, always 0
///     2/6 network number    1
///     +1  station number    1
///     +2  module I/O number 2   little-endian; 03FF is the station's own CPU
///     +4  multidrop station 1
///     +5  data length       2   little-endian, bytes (ASCII: characters) that follow
///     +7  request: monitoring timer 2, command 2, subcommand 2, data; response: end code 2, data
struct SLMPFrame {
    static let longestLength = 0x2000
    /// Bytes enough to read any header, in ASCII code, up to the subcommand of a request.
    static let longestHeader = 38

    var isRequest: Bool
    var isASCII: Bool
    var serial: UInt16?
    /// The module's I/O number has one of the values that the specification gives.
    var hasKnownModule: Bool
    /// Command of a request; 0 in a response.
    var command: UInt16 = 0
    var subcommand: UInt16 = 0
    /// End code of a response; 0 in a request.
    var endCode: UInt16 = 0
    /// Offset of the data after command or end code.
    var dataOffset: Int
    /// Bytes of the whole frame.
    var total: Int

    enum Reading {
        case frame(SLMPFrame)
        case short
        case no
    }

    static func read(_ bytes: RawSpan) -> Reading {
        guard bytes.byteCount >= 2 else { return .short }
        switch bytes.be16(0) {
        case 0x5000, 0xd000: return binary(bytes, serial: nil, at: 2)
        case 0x5400, 0xd400:
            guard bytes.byteCount >= 6 else { return .short }
            guard bytes.be16(4) == 0 else { return .no }
            return binary(bytes, serial: bytes.le16(2), at: 6)
        case 0x3530, 0x4430, 0x3534, 0x4434:
            guard bytes.byteCount >= 4 else { return .short }
            switch bytes.be32(0) {
            case 0x3530_3030, 0x4430_3030: return ascii(bytes, serial: nil, at: 4)
            case 0x3534_3030, 0x4434_3030:
                guard bytes.byteCount >= 12 else { return .short }
                guard let serial = hexadecimal(bytes, 4, 4), bytes.be32(8) == 0x3030_3030 else { return .no }
                return ascii(bytes, serial: UInt16(truncatingIfNeeded: serial), at: 12)
            default: return .no
            }
        default: return .no
        }
    }

    private static func binary(_ bytes: RawSpan, serial: UInt16?, at route: Int) -> Reading {
        guard bytes.byteCount >= route + 7 else { return .short }
        let isRequest = bytes.u8(0) & 0x80 == 0
        let length = Int(bytes.le16(route + 5))
        guard length >= (isRequest ? 6 : 2), length <= longestLength, bytes.u8(route + 4) <= 31 else { return .no }
        let body = route + 7
        guard bytes.byteCount >= body + (isRequest ? 6 : 2) else { return .short }
        var frame = SLMPFrame(
            isRequest: isRequest, isASCII: false, serial: serial,
            hasKnownModule: isKnownModule(bytes.le16(route + 2)), dataOffset: body + (isRequest ? 6 : 2),
            total: body + length)
        if isRequest {
            frame.command = bytes.le16(body + 2)
            frame.subcommand = bytes.le16(body + 4)
        } else {
            frame.endCode = bytes.le16(body)
        }
        return .frame(frame)
    }

    private static func ascii(_ bytes: RawSpan, serial: UInt16?, at route: Int) -> Reading {
        guard bytes.byteCount >= route + 14 else { return .short }
        let isRequest = bytes.u8(0) == 0x35
        guard hexadecimal(bytes, route, 4) != nil, let module = hexadecimal(bytes, route + 4, 4),
            let multidrop = hexadecimal(bytes, route + 8, 2), multidrop <= 31,
            let length = hexadecimal(bytes, route + 10, 4), length >= (isRequest ? 12 : 4), length <= longestLength * 2
        else { return .no }
        let body = route + 14
        guard bytes.byteCount >= body + (isRequest ? 12 : 4) else { return .short }
        var frame = SLMPFrame(
            isRequest: isRequest, isASCII: true, serial: serial,
            hasKnownModule: isKnownModule(UInt16(truncatingIfNeeded: module)),
            dataOffset: body + (isRequest ? 12 : 4), total: body + Int(length))
        if isRequest {
            guard let command = hexadecimal(bytes, body + 4, 4), let subcommand = hexadecimal(bytes, body + 8, 4) else {
                return .no
            }
            frame.command = UInt16(truncatingIfNeeded: command)
            frame.subcommand = UInt16(truncatingIfNeeded: subcommand)
        } else {
            guard let endCode = hexadecimal(bytes, body, 4) else { return .no }
            frame.endCode = UInt16(truncatingIfNeeded: endCode)
        }
        return .frame(frame)
    }

    /// Own station 03FF, CPUs 03E0–03E3, redundant systems 03D0–03D3; serial modules are addressed by start I/O / 16.
    private static func isKnownModule(_ module: UInt16) -> Bool {
        switch module {
        case 0x03ff, 0x03e0...0x03e3, 0x03d0...0x03d3, 0x0000...0x01ff: true
        default: false
        }
    }

    /// The number that `count` hexadecimal digits at `offset` spell; nil when one is none.
    static func hexadecimal(_ bytes: RawSpan, _ offset: Int, _ count: Int) -> UInt32? {
        guard count <= 8, bytes.has(count, at: offset) else { return nil }
        var number: UInt32 = 0
        var index = 0
        while index < count {
            let digit: UInt8
            switch bytes.u8(offset &+ index) {
            case let byte where byte >= 0x30 && byte <= 0x39: digit = byte &- 0x30
            case let byte where byte >= 0x41 && byte <= 0x46: digit = byte &- 0x37
            case let byte where byte >= 0x61 && byte <= 0x66: digit = byte &- 0x57
            default: return nil
            }
            number = number << 4 | UInt32(digit)
            index &+= 1
        }
        return number
    }
}
