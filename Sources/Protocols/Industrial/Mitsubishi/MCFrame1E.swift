import Model
import Wire

/// MELSEC MC protocol, 1E frames: the A series' form, still spoken by FX3 and iQ-F. Nothing in an answer tells its length,
/// so only the request is read; an answer is taken to fill its segment.
///
///     0   subheader 1        00–05 device access, 13 run, 14 stop, 15 PC type, 16 loopback; answers + 80
///     1   PC number 1        FF own station
///     2   monitoring timer 2
///     4   head device 4      little-endian
///     8   device code 2      two letters, little-endian: "D " is 20 44
///     10  points 1           0 for 256
///     11  00
package enum MCFrame1E: Dissector {
    package static let description = ProtocolDescription(
        name: "melsec-1e", title: "MELSEC MC protocol 1E", family: .industrial, level: .messages,
        reference: "MELSEC Communication Protocol Reference Manual SH-080008, 1E frame",
        bindings: [.tcp([5000, 5001, 5551, 5552]), .udp([5000, 5001, 5551, 5552])], displayFilter: nil)

    private static let accessSize = 12

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        if bytes.byteCount >= accessSize, bytes.u8(0) <= 5, accessLength(bytes) == bytes.byteCount {
            return .certain(from: .client)
        }
        guard bytes.byteCount >= 2 else { return .no }
        if isPort(hint.destinationPort), isControl(bytes) { return .possible(from: .client) }
        if isPort(hint.sourcePort), isAnswer(bytes) { return .possible(from: .server) }
        return .no
    }

    private static func isPort(_ port: UInt16) -> Bool {
        port == 5000 || port == 5001 || port == 5551 || port == 5552
    }

    /// Run, stop and PC type are their four bytes.
    private static func isControl(_ bytes: RawSpan) -> Bool {
        bytes.byteCount == 4 && (0x13...0x15).contains(bytes.u8(0)) && bytes.u8(1) == 0xff
    }

    /// An answer: the request's subheader + 80, end code, and as much behind them as that kind of answer has.
    private static func isAnswer(_ bytes: RawSpan) -> Bool {
        let rest = bytes.byteCount &- 2
        switch bytes.u8(1) {
        case 0: break
        // 5B has an abnormal code and 00 behind it.
        case 0x5b: return rest == 2 && bytes.u8(3) == 0 && isAnswer(subheader: bytes.u8(0))
        case 0x50...0x5a: return rest == 0 && isAnswer(subheader: bytes.u8(0))
        default: return false
        }
        switch bytes.u8(0) {
        case 0x80: return rest >= 1 && rest <= 128 && areBits(bytes.from(2))
        case 0x81: return rest >= 2 && rest <= 512 && rest & 1 == 0
        case 0x82...0x85, 0x93, 0x94: return rest == 0
        case 0x95: return rest == 2 && bytes.u8(3) == 0
        case 0x96: return rest >= 1 && rest == 1 &+ Int(bytes.u8(2))
        default: return false
        }
    }

    private static func isAnswer(subheader: UInt8) -> Bool {
        (0x80...0x85).contains(subheader) || (0x93...0x96).contains(subheader)
    }

    /// Bits are sent two a byte, as 0 or 1 in either half.
    private static func areBits(_ bytes: RawSpan) -> Bool {
        for offset in 0..<bytes.byteCount where bytes.u8(offset) & 0xee != 0 { return false }
        return true
    }

    /// Bytes of a device-access request; nil when it is none.
    private static func accessLength(_ bytes: RawSpan) -> Int? {
        guard bytes.u8(1) == 0xff || bytes.u8(1) <= 0x40, bytes.u8(11) == 0, isDevice(bytes.le16(8)) else { return nil }
        let points = bytes.u8(10) == 0 ? 256 : Int(bytes.u8(10))
        switch bytes.u8(0) {
        case 0, 1: return accessSize
        case 2: return accessSize + (points + 1) / 2
        case 3: return accessSize + points * 2
        // Random write: points of device code 2, device 4 and data; only the shape of the first is known here.
        default: return nil
        }
    }

    /// Two letters: D, R, TN, TS, TC, CN, CS, CC, X, Y, M, S, B, F, W.
    private static func isDevice(_ code: UInt16) -> Bool {
        switch code {
        case 0x4420, 0x5220, 0x544e, 0x5453, 0x5443, 0x434e, 0x4353, 0x4343, 0x5820, 0x5920, 0x4d20, 0x5320, 0x4220,
            0x4620, 0x5720:
            true
        default: false
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let subheader = bytes.u8(0)
        guard bytes.byteCount >= 2 else { return d.isTCP ? .needMore(2) : .malformed }
        if subheader & 0x80 != 0 {
            d.message(UInt32(subheader))
            d.role(.plc, field: "response", confidence: .medium)
            return .consumed(bytes.byteCount)
        }
        switch subheader {
        case 0...3:
            guard bytes.byteCount >= accessSize else { return d.isTCP ? .needMore(accessSize) : .malformed }
            guard let length = accessLength(bytes) else { return .malformed }
            guard bytes.byteCount >= length else { return d.isTCP ? .needMore(length) : .malformed }
            d.message(UInt32(subheader), subheader <= 1 ? .read : .write)
            return .consumed(length)
        case 4, 5, 0x13...0x16:
            d.message(UInt32(subheader), effect(subheader))
            return .consumed(bytes.byteCount)
        default: return .malformed
        }
    }

    private static func effect(_ subheader: UInt8) -> MessageEffect {
        switch subheader {
        case 4, 5: .write
        case 0x13, 0x14: .control
        case 0x15: .identity
        default: .none
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        let name =
            switch code & 0x7f {
            case 0: "Batch Read (bits)"
            case 1: "Batch Read (words)"
            case 2: "Batch Write (bits)"
            case 3: "Batch Write (words)"
            case 4: "Random Write (bits)"
            case 5: "Random Write (words)"
            case 0x13: "Remote Run"
            case 0x14: "Remote Stop"
            case 0x15: "Read PC Type"
            case 0x16: "Loopback Test"
            default: "Subheader \(code & 0x7f)"
            }
        return code & 0x80 != 0 ? name + " (response)" : name
    }
}
