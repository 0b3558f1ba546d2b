import Model
import Wire

/// Dynamic Trunking Protocol: Cisco switch ports that negotiate whether to become trunks. Whoever sends it has not pinned
/// the port to one VLAN, which lets a neighbour ask for all of them.
///
///     0  version  1
///     1  TLVs         type 2, length 2 (header included), value
package enum DTP: Dissector {
    package static let description = ProtocolDescription(
        name: "dtp", title: "DTP", family: .network, level: .identity,
        reference: "Cisco Dynamic Trunking Protocol; type-length-values as observed",
        bindings: [.snap(0x00000c, 0x2004), .etherType(0x2004)], displayFilter: "dtp")

    private static let mostTLVs = 32

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        var reader = FieldReader(bytes)
        do throws(DecodeError) {
            try reader.skip(1, "DTP version")
            d.message(1)
            d.role(.switch, field: "sender", confidence: .medium)
            var left = mostTLVs
            while left > 0, reader.remaining >= 4 {
                left &-= 1
                let type = try reader.be16("DTP TLV type")
                let length = try reader.be16("DTP TLV length")
                // Zeros after the last are padding of the frame.
                if type == 0, length == 0 { break }
                guard length >= 4 else { return .malformed }
                let value = try reader.take(Int(length) &- 4, "DTP TLV value")
                switch type {
                case 1: d.observe("vtp_domain", text: value, field: "domain")
                // High bit: trunk now; low bits: 1 on, 2 off, 3 desirable, 4 auto.
                case 2 where value.has(1): d.observe("trunk_status", status(value.u8(0)), field: "status")
                default: break
                }
            }
        } catch {
            if !d.isCut { d.malformed(error) }
        }
        return .consumed(bytes.byteCount)
    }

    private static func status(_ value: UInt8) -> String {
        let now = value & 0x80 != 0 ? "trunk" : "access"
        return switch value & 0x07 {
        case 1: now + "/on"
        case 2: now + "/off"
        case 3: now + "/desirable"
        case 4: now + "/auto"
        default: now
        }
    }

    package static func messageName(_ code: UInt32) -> String { "DTP advertisement" }
}
