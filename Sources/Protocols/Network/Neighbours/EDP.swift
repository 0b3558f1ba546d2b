import Model
import Wire

/// Extreme Discovery Protocol of Extreme Networks' switches, in SNAP.
///
///     0  version 1   1  reserved 1   2  length 2   4  checksum 2   6  sequence 2   8  id type 2, MAC 6
///    16  { mark 1 (0x99), type 1, length 2 (with these four), value }: 1 name,
///        2 slot 2, port 2, chassis 2, reserved 6, version 4
package enum EDP: Dissector {
    package static let description = ProtocolDescription(
        name: "edp", title: "Extreme Discovery Protocol", family: .network, level: .identity,
        reference: "Fields as lldpd and Wireshark read them", bindings: [.snap(0x00e0_2b, 0x00bb)], displayFilter: "edp"
    )

    private static let headerSize = 16

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= headerSize, bytes.u8(0) == 1 else { return .malformed }
        d.message(0)
        var offset = headerSize
        var count = 0
        while bytes.has(4, at: offset), count < 64, bytes.u8(offset) == 0x99 {
            count &+= 1
            let length = Int(bytes.be16(offset &+ 2))
            guard length >= 4, bytes.has(length, at: offset) else { break }
            let value = bytes.slice(offset &+ 4, length &- 4)
            switch bytes.u8(offset &+ 1) {
            case 0: return .consumed(bytes.byteCount)
            case 1:
                d.observe(.name, text: value, field: "display")
                d.role(.switch, field: "device", confidence: .medium)
            case 2 where value.byteCount >= 16:
                d.observe(.portID, "\(Int(value.be16(0)) &+ 1)/\(Int(value.be16(2)) &+ 1)", field: "port")
                d.observe(
                    .firmware, "\(value.u8(12)).\(value.u8(13)).\(value.u8(14)).\(value.u8(15))", field: "version")
            default: break
            }
            offset &+= length
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String { "announcement" }
}
