import Model
import Wire

/// CC-Link IE Field and CC-Link IE Control: token-passing cyclic networks right on Ethernet. Only the kind of frame, the
/// first byte, is read; the stations are known by their MAC addresses.
package enum CCLinkIE: Dissector {
    package static let description = ProtocolDescription(
        name: "cclink-ie", title: "CC-Link IE Field / Control", family: .industrial, level: .recognised,
        reference: "CC-Link IE Field Network specification BAP-C1605", bindings: [.etherType(0x890f)],
        displayFilter: "eth.type == 0x890f")

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 12 else { return .malformed }
        d.message(UInt32(bytes.u8(0)))
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String { "Frame type 0x" + String(code, radix: 16) }
}
