import Model
import Wire

/// NetFlow and IPFIX: routers, switches and firewalls report conversations to a collector. Records follow templates that were
/// sent before; they are not read.
///
///     0  version  2   1, 5, 7: count 2 …, records of a fixed size; 9: count 2, up time 4, time 4, sequence 4, source 4;
///                     10 (IPFIX): length 2, time 4, sequence 4, domain 4
///     9 and 10: sets { id 2, length 2, … } to the end
package enum NetFlow: Dissector {
    package static let description = ProtocolDescription(
        name: "netflow", title: "NetFlow, IPFIX", family: .network, level: .messages,
        reference: "RFC 3954; RFC 7011; Cisco NetFlow export formats", bindings: [.udp([2055, 4739, 9995, 9996])],
        displayFilter: "cflow")

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0, bytes.byteCount >= 20 else { return .no }
        let count = Int(bytes.be16(2))
        switch bytes.u8(1) {
        case 1: return count >= 1 && count <= 24 && bytes.byteCount == 16 &+ count &* 52 ? fixed(bytes, hint) : .no
        case 5: return count >= 1 && count <= 30 && bytes.byteCount == 24 &+ count &* 48 ? fixed(bytes, hint) : .no
        case 7: return count >= 1 && count <= 28 && bytes.byteCount == 24 &+ count &* 52 ? fixed(bytes, hint) : .no
        case 9:
            return count <= 1_000 && isTime(bytes.be32(8)) && areSets(bytes, from: 20) ? .certain(from: .client) : .no
        case 10:
            return count == bytes.byteCount && isTime(bytes.be32(4)) && areSets(bytes, from: 16)
                ? .certain(from: .client) : .no
        default: return .no
        }
    }

    private static func fixed(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        isTime(bytes.be32(8)) ? .certain(from: .client) : .no
    }

    /// Seconds since 1970, between 1995 and 2050.
    private static func isTime(_ seconds: UInt32) -> Bool { seconds > 0x2f00_0000 && seconds < 0x9700_0000 }

    private static func areSets(_ bytes: RawSpan, from start: Int) -> Bool {
        var offset = start
        var sets = 0
        while offset < bytes.byteCount, sets < 256 {
            let id = bytes.be16(offset)
            let length = Int(bytes.be16(offset &+ 2))
            guard length >= 4, bytes.has(length, at: offset), id <= 3 || id >= 256 else { return false }
            offset &+= length
            sets &+= 1
        }
        return sets > 0 && offset == bytes.byteCount
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        d.message(UInt32(bytes.be16(0)))
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        code == 10 ? "IPFIX export" : "NetFlow v\(code) export"
    }
}
