import Model
import Wire

/// Supervision of seamless redundancy (PRP and HSR): doubly attached nodes name themselves, and the devices behind redundancy boxes.
///
///     0  path 4 bits, version 12 bits
///     2  sequence  2
///     4  type 1 (20, 21: PRP; 23: HSR), length 1, MAC address 6; then perhaps type 30, length 1, MAC address of the box 6; 0 ends
package enum SeamlessRedundancy: Dissector {
    package static let description = ProtocolDescription(
        name: "prp", title: "PRP and HSR supervision", family: .industrial, level: .identity,
        reference: "IEC 62439-3:2016, 4.2.7 and 5.7", bindings: [.etherType(0x88fb)],
        displayFilter: "hsr_prp_supervision")

    private enum TLV {
        static let duplicateDiscard: UInt8 = 20, duplicateAccept: UInt8 = 21, hsr: UInt8 = 23, redundancyBox: UInt8 = 30
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let type = bytes.u8(4)
        guard bytes.byteCount >= 12, bytes.u8(5) >= 6 else { return .malformed }
        d.message(UInt32(type))
        let node = bytes.mac(6)
        switch type {
        case TLV.duplicateDiscard, TLV.duplicateAccept:
            d.observe("redundancy", "PRP", field: "supervision", about: .mac(node))
        case TLV.hsr: d.observe("redundancy", "HSR", field: "supervision", about: .mac(node))
        default: return .consumed(bytes.byteCount)
        }
        let next = 6 &+ Int(bytes.u8(5))
        if bytes.u8(next) == TLV.redundancyBox, bytes.has(8, at: next) {
            d.role(.switch, field: "redundancy_box", about: .mac(bytes.mac(next &+ 2)), confidence: .medium)
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 20, 21: "PRP supervision"
        case 23: "HSR supervision"
        default: "Supervision type \(code)"
        }
    }
}
