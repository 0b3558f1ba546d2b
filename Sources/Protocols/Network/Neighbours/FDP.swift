import Model
import Wire

/// Foundry Discovery Protocol of Brocade and Ruckus switches, in SNAP. Laid out as CDP is.
///
///     0  version 1   1  hold time 1   2  checksum 2   4  { type 2, length 2 (with these four), value }
///     1 name, 3 port, 4 capabilities, 5 version, 6 platform
package enum FDP: Dissector {
    package static let description = ProtocolDescription(
        name: "fdp", title: "Foundry Discovery Protocol", family: .network, level: .identity,
        reference: "Foundry configuration guides; fields as Wireshark reads them", bindings: [.snap(0x00e0_52, 0x2000)],
        displayFilter: "fdp")

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 8, bytes.u8(0) <= 2 else { return .malformed }
        d.message(0)
        var offset = 4
        var count = 0
        while bytes.has(4, at: offset), count < 64 {
            count &+= 1
            let length = Int(bytes.be16(offset &+ 2))
            guard length >= 4, bytes.has(length, at: offset) else { break }
            let value = bytes.slice(offset &+ 4, length &- 4)
            switch bytes.be16(offset) {
            case 1:
                d.observe(.name, text: value, field: "device_id")
                d.role(.switch, field: "device", confidence: .medium)
            case 3: d.observe(.portID, text: value, field: "port")
            case 5: d.observe(.firmware, text: value, field: "version")
            case 6: d.observe(.model, text: value, field: "platform")
            default: break
            }
            offset &+= length
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String { "announcement" }
}
