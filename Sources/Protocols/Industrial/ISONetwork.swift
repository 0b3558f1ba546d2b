import Model
import Wire

/// The ISO network layer straight on LLC (SAP FE): S7 on "ISO" connections without IP, and the routing protocols ES-IS and
/// IS-IS. The first byte names the protocol (ISO/IEC TR 9577): 00 the inactive subset, 81 CLNP, 82 ES-IS, 83 IS-IS.
package enum ISONetwork: Dissector {
    package static let description = ProtocolDescription(
        name: "iso-network", title: "ISO network layer on LLC", family: .network, level: .messages,
        reference: "ISO/IEC TR 9577; ISO 8473-1, 7.2; ISO/IEC 10589; ISO 8073 class 4",
        bindings: [.llc(ISOTransport.networkLayerSAP)], displayFilter: "llc.dsap == 0xfe")

    private enum NLPID {
        static let inactive: UInt8 = 0, clnp: UInt8 = 0x81, esIS: UInt8 = 0x82, isIS: UInt8 = 0x83
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let identifier = bytes.u8(0)
        switch identifier {
        case NLPID.inactive: inactive(bytes, &d)
        case NLPID.isIS, NLPID.esIS:
            // The PDU type is in the low five bits of the fifth byte, in both.
            guard bytes.byteCount >= 8 else { return .malformed }
            d.message(UInt32(identifier) << 8 | UInt32(bytes.u8(4) & 0x1f))
            if identifier == NLPID.isIS { d.role(.router, field: "is_is") }
        case NLPID.clnp: d.message(UInt32(identifier) << 8)
        default: return .malformed
        }
        return .consumed(bytes.byteCount)
    }

    private static func inactive(_ bytes: RawSpan, _ d: inout Dissection) {
        guard let unit = ISOTransport.unitOnLLC(bytes) else {
            if !d.isCut {
                d.malformed(DecodeError(field: "tpdu", offset: 1, needed: 5, available: bytes.byteCount &- 1))
            }
            return
        }
        switch unit.kind {
        case .data where unit.isLast:
            let user = bytes.slice(unit.user.lowerBound, unit.user.count)
            guard S7comm.isMessage(user) else { fallthrough }
            // The facts are S7's, whatever carries it.
            let outer = d.lent
            d.lent = Dissection.ProtocolName(S7comm.description.name)
            let state = d.state { S7comm.State() }
            _ = S7comm.message(user, state, &d)
            d.lent = outer
        default:
            d.message(S7Message.transport(unit.kind))
            S7Selectors.observe(bytes, unit, &d)
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        if code >= 0x1_0000 { return S7Message.name(code) }
        switch UInt8(truncatingIfNeeded: code >> 8) {
        case NLPID.clnp: return "CLNP"
        case NLPID.esIS:
            switch code & 0x1f {
            case 2: return "ES-IS ES hello"
            case 4: return "ES-IS IS hello"
            case 6: return "ES-IS redirect"
            default: return "ES-IS type \(code & 0x1f)"
            }
        default: return "IS-IS " + intermediateName(code & 0x1f)
        }
    }

    private static func intermediateName(_ type: UInt32) -> String {
        switch type {
        case 15: "L1 LAN hello"
        case 16: "L2 LAN hello"
        case 17: "point-to-point hello"
        case 18: "L1 LSP"
        case 20: "L2 LSP"
        case 24: "L1 CSNP"
        case 25: "L2 CSNP"
        case 26: "L1 PSNP"
        case 27: "L2 PSNP"
        default: "type \(type)"
        }
    }
}
