import Model
import Wire

/// IEEE slow protocols: link aggregation (LACP), its marker, and Ethernet OAM.
///
///     0  subtype  1   1 LACP, 2 marker, 3 OAM, 10 organisation-specific (ESMC)
///     LACP: version 1, then TLVs type 1, length 1 (header included): 1 actor and 2 partner, each with
///     system priority 2, system 6, key 2, port priority 2, port 2, state 1, reserved 3
package enum SlowProtocols: Dissector {
    package static let description = ProtocolDescription(
        name: "slow", title: "LACP / Ethernet OAM", family: .network, level: .identity,
        reference: "IEEE 802.1AX-2020, 6.4.2 (LACP); IEEE 802.3, clause 57 (OAM), annex 57A",
        bindings: [.etherType(0x8809)], displayFilter: "slow", includes: ["LACP"])

    private enum Offset {
        static let actorType = 2, actorLength = 3, actorSystem = 6, partnerType = 22, partnerSystem = 26
        static let lacpEnd = 42
    }
    private static let lacp: UInt8 = 1, informationLength: UInt8 = 20

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 2 else { return .malformed }
        let subtype = bytes.u8(0)
        d.message(UInt32(subtype))
        guard subtype == lacp, bytes.byteCount >= Offset.lacpEnd, bytes.u8(Offset.actorType) == 1,
            bytes.u8(Offset.actorLength) == informationLength
        else { return .consumed(bytes.byteCount) }
        let actor = bytes.mac(Offset.actorSystem)
        if actor.isUnicast {
            d.observe(.mac, mac: actor, field: "actor_system")
            let partner = bytes.mac(Offset.partnerSystem)
            if bytes.u8(Offset.partnerType) == 2, partner.isUnicast {
                d.observe("aggregation_partner", mac: partner, field: "partner_system")
            }
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "LACP"
        case 2: "Marker"
        case 3: "OAM"
        case 10: "Organisation-specific (ESMC)"
        default: "Subtype \(code)"
        }
    }
}
