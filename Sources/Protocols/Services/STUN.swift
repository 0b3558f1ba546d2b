import Model
import Wire

/// STUN: programs find out how they look from outside, or which way to a peer works (calls, meetings, remote assistance).
///
///     0  type 2 (two zero bits first)   2  length 2   4  magic 4 (0x2112a442)   8  transaction 12
///    20  { type 2, length 2, value padded to 4 }: 0x8022 software
package enum STUN: Dissector {
    package static let description = ProtocolDescription(
        name: "stun", title: "STUN", family: .network, level: .identity,
        reference: "RFC 8489, 5 and 14; RFC 8656 (TURN)",
        bindings: [.udp([3478, 3479, 19302])], displayFilter: "stun")

    private static let headerSize = 20

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) < 0x40, bytes.be32(4) == 0x2112_a442, bytes.byteCount >= headerSize,
            Int(bytes.be16(2)) &+ headerSize == bytes.byteCount, bytes.be16(2) & 3 == 0
        else { return .no }
        return .certain
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        // What follows on the same ports is media, or DTLS that agrees on the media's keys.
        guard bytes.be32(4) == 0x2112_a442, bytes.u8(0) < 0x40 else {
            return bytes.u8(0) >= 20 && bytes.u8(0) <= 25 ? secured(bytes, &d) : .consumed(bytes.byteCount)
        }
        d.message(UInt32(bytes.be16(0)))
        var offset = headerSize
        var count = 0
        while bytes.has(4, at: offset), count < 32 {
            count &+= 1
            let length = Int(bytes.be16(offset &+ 2))
            if bytes.be16(offset) == 0x8022 {
                d.observe(.software, text: bytes.slice(offset &+ 4, length), field: "software", confidence: .medium)
            }
            offset &+= 4 &+ (length &+ 3) & ~3
        }
        return .consumed(bytes.byteCount)
    }

    /// Codes from here on are DTLS's.
    private static let securedBase: UInt32 = 0x1_0000

    /// Reads DTLS on the ports that STUN opened (RFC 5764, 5.1.2); what is learnt is told as DTLS's.
    private static func secured(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let outer = d.lent
        var index = d.messageCount
        d.lent = Dissection.ProtocolName(DTLS.description.name)
        let progress = DTLS.dissect(bytes, &d)
        d.lent = outer
        while index < d.messageCount {
            d.recode(messageAt: index, d.message(at: index).code | securedBase)
            index &+= 1
        }
        return progress
    }

    package static func messageName(_ code: UInt32) -> String {
        if code >= securedBase { return DTLS.messageName(code & 0xffff) }
        let method =
            switch code & 0x000f | (code & 0x00e0) >> 1 | (code & 0x3e00) >> 2 {
            case 1: "Binding"
            case 3: "Allocate"
            case 4: "Refresh"
            case 6: "Send"
            case 7: "Data"
            case 8: "CreatePermission"
            case 9: "ChannelBind"
            default: "method \(code & 0x000f | (code & 0x00e0) >> 1)"
            }
        return switch code & 0x0110 {
        case 0x000: "\(method) request"
        case 0x010: "\(method) indication"
        case 0x100: "\(method) success"
        default: "\(method) error"
        }
    }
}
