import Model
import Wire

/// ISO transport on TCP whose user data are nobody's that is known here: blocks that controllers send each other ("ISO-on-TCP
/// connection", TSEND/TRCV), drives, DCS. Only recognised. Protocols that are known on this transport are certain of
/// themselves and come first.
package enum ISOOnTCP: Dissector {
    package static let description = ProtocolDescription(
        name: "iso-on-tcp", title: "ISO-on-TCP (RFC 1006)", family: .industrial, level: .recognised,
        reference: "RFC 1006; ISO 8073 class 0", bindings: [.tcp([ISOTransport.port])], displayFilter: "cotp")

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        // RDP and others ride the same transport on ports of their own: there it says nothing about a plant.
        guard hint.uses(ISOTransport.port) else { return .no }
        switch ISOTransport.opening(bytes) {
        case .notISOTransport: return .no
        // Others may recognise themselves when data come.
        case .undecided: return .wait
        case .data(_, let sender): return .possible(from: sender)
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        switch ISOTransport.read(bytes) {
        case .malformed: return .malformed
        case .needMore(let count): return .needMore(count)
        case .unit(let unit):
            d.message(UInt32(unit.kind.rawValue))
            return .consumed(unit.length)
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        code == UInt32(ISOTransport.TPDU.data.rawValue)
            ? "COTP data" : S7Message.transportName(UInt8(truncatingIfNeeded: code))
    }
}
