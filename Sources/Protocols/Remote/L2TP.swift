import Model
import Wire

/// L2TP version 2 over UDP.
///
///     0  flags and version  2   T control, L length, S sequence, O offset, …, version 2
///     2  length 2, tunnel 2, session 2, Ns 2, Nr 2 (all there in control messages)
///    12  AVPs: mandatory, hidden, …, length 10 bits; vendor 2; type 2; value
package enum L2TP: Dissector {
    package static let description = ProtocolDescription(
        name: "l2tp", title: "L2TP", family: .tunnel, level: .identity, reference: "RFC 2661, 3.1 and 4.4",
        bindings: [.udp([1701])], displayFilter: "l2tp")

    private static let controlFlags: UInt16 = 0xc802
    private static let headerSize = 12

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= 8, bytes.be16(0) & 0x000f == 2 else { return .no }
        if bytes.be16(0) == controlFlags {
            return bytes.byteCount >= headerSize && Int(bytes.be16(2)) == bytes.byteCount ? .certain : .no
        }
        // Data: reserved bits are zero.
        return bytes.be16(0) & 0xb4f0 == 0 && hint.uses(1701) ? .possible : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.be16(0) == controlFlags else {
            d.message(0xffff)
            return .conversationDone
        }
        var rest = bytes.first(Int(bytes.be16(2))).from(headerSize)
        var count = 0
        while rest.byteCount >= 6, count < 64 {
            let length = Int(rest.be16(0) & 0x03ff)
            let isHidden = rest.be16(0) & 0x4000 != 0
            guard length >= 6, length <= rest.byteCount else {
                if !d.isCut {
                    d.malformed(DecodeError(field: "AVP length", offset: 0, needed: length, available: rest.byteCount))
                }
                break
            }
            let value = rest.slice(6, length &- 6)
            if rest.be16(2) == 0, !isHidden { attribute(rest.be16(4), value, &d) }
            rest = rest.from(length)
            count &+= 1
        }
        return .consumed(bytes.byteCount)
    }

    private static func attribute(_ type: UInt16, _ value: RawSpan, _ d: inout Dissection) {
        switch type {
        case 0:
            d.message(UInt32(value.be16(0)))
            if value.be16(0) == 2 { d.role(.vpnGateway, field: "start_reply", confidence: .medium) }
        case 6:
            d.observe(.firmware, hexadecimal(value.be16(0), digits: 4), field: "firmware_revision", confidence: .low)
        case 7: d.observe(.name, text: value, field: "host_name", confidence: .medium)
        case 8: d.observe(.vendor, text: value, field: "vendor_name", confidence: .medium)
        default: break
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0: "ZLB"
        case 1: "SCCRQ"
        case 2: "SCCRP"
        case 3: "SCCCN"
        case 4: "StopCCN"
        case 6: "HELLO"
        case 7: "OCRQ"
        case 8: "OCRP"
        case 9: "OCCN"
        case 10: "ICRQ"
        case 11: "ICRP"
        case 12: "ICCN"
        case 14: "CDN"
        case 0xffff: "data"
        default: "message \(code)"
        }
    }
}
