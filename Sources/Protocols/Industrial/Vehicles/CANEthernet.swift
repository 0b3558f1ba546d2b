import Model
import Wire

/// CAN frames of a CAN to Ethernet gateway in UDP.
///
///     0  "ISO11898"
///     8  version   1   1
///     9  frames    1
///    10  per frame: identifier 4, length 1, data, …
package enum CANEthernet: Dissector {
    package static let description = ProtocolDescription(
        name: "can-eth", title: "CAN on Ethernet (CAN-ETH)", family: .industrial, level: .messages,
        reference: "Proconx CANopen and CAN-ETH gateways, as Wireshark reads them", bindings: [.udp([11_898])],
        displayFilter: "caneth")

    private enum Offset { static let version = 8, frames = 9 }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        bytes.starts(with: "ISO11898") && bytes.u8(Offset.version) == 1 ? .certain : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.starts(with: "ISO11898"), bytes.has(Offset.frames &+ 1) else { return .malformed }
        d.message(0)
        d.role(.gateway, field: "can_gateway", confidence: .medium)
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String { "CAN frames" }
}
