import Model
import Wire

/// Internet Group Management Protocol: who listens to which group, and who asks.
///
///     0  type           1   0x11 query, 0x12/0x16/0x22 report v1/v2/v3, 0x17 leave
///     1  response time  1
///     2  checksum       2
///     4  group          4   in v3 reports: reserved 2, number of records 2
///     8  records            v3: type 1, auxiliary length 1 (words), sources 2, group 4, sources
package enum IGMP: Dissector {
    package static let description = ProtocolDescription(
        name: "igmp", title: "IGMP", family: .network, level: .messages,
        reference: "RFC 1112, RFC 2236, RFC 3376", bindings: [.ipProtocol(2)], displayFilter: "igmp")

    /// Most group records read of one report.
    private static let mostRecords = 256

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 8 else {
            if !d.isCut {
                d.malformed(DecodeError(field: "IGMP header", offset: 0, needed: 8, available: bytes.byteCount))
            }
            return .malformed
        }
        let type = bytes.u8(0)
        d.message(UInt32(type))
        switch type {
        case 0x11: d.observe("multicast_querier", "IGMP", field: "membership_query", confidence: .medium)
        case 0x12, 0x16: group(bytes.ipv4(4), &d)
        case 0x22:
            var offset = 8
            var left = min(Int(bytes.be16(6)), mostRecords)
            while left > 0, bytes.has(8, at: offset) {
                group(bytes.ipv4(offset &+ 4), &d)
                offset &+= 8 &+ Int(bytes.be16(offset &+ 2)) &* 4 &+ Int(bytes.u8(offset &+ 1)) &* 4
                left &-= 1
            }
        default: break
        }
        return .consumed(bytes.byteCount)
    }

    private static func group(_ group: IPAddress, _ d: inout Dissection) {
        if group.isMulticast { d.observe("multicast_group", address: group, field: "membership_report") }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0x11: "Membership Query"
        case 0x12: "Membership Report v1"
        case 0x13: "DVMRP"
        case 0x16: "Membership Report v2"
        case 0x17: "Leave Group"
        case 0x22: "Membership Report v3"
        default: "Type \(code)"
        }
    }
}
