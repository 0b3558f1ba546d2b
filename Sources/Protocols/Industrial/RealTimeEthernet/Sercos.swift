import Model
import Wire

/// SERCOS III: the master's data telegrams (MDT) and the slaves' answer telegrams (AT) in each cycle.
///
///     0  type   1   80 secondary channel, 40 AT (else MDT), telegram number in the low four bits
///     1  phase  1   communication phase in the low four bits; 80 while it changes
///     2  CRC    4
package enum Sercos: Dissector {
    package static let description = ProtocolDescription(
        name: "sercos", title: "SERCOS III", family: .industrial, level: .messages,
        reference: "IEC 61158-4-19; Sercos Communication V1.3", bindings: [.etherType(0x88cd)], displayFilter: "siii")

    private static let answer: UInt8 = 0x40

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 6 else { return .malformed }
        let type = bytes.u8(0)
        d.message(UInt32(type & 0x4f) << 8 | UInt32(bytes.u8(1) & 15))
        // Only the master starts telegrams; slaves fill them in on the way.
        if type & answer == 0 { d.role(.plc, field: "master", confidence: .medium) }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        (code & 0x4000 != 0 ? "AT" : "MDT") + "\(code >> 8 & 15), phase \(code & 15)"
    }
}
