import Model
import Wire

/// MikroTik Neighbor Discovery: routers of MikroTik announce themselves by broadcast.
///
///     0  header 2, sequence 2
///     4  { type 2, length 2, value }: 1 MAC, 5 identity, 7 version, 8 platform, 11 software id, 12 board, 16 interface,
///        17 IPv4, 15 IPv6
package enum MNDP: Dissector {
    package static let description = ProtocolDescription(
        name: "mndp", title: "MikroTik Neighbor Discovery", family: .network, level: .identity,
        reference: "RouterOS documentation, Neighbor discovery; fields as Wireshark reads them",
        bindings: [.udp([5678])],
        displayFilter: "mndp")

    private static let headerSize = 4

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.be32(4) == 0x0001_0006, bytes.byteCount >= 18 else {
            // The request: a header of zeros.
            return bytes.byteCount == headerSize && bytes.be32(0) == 0 && hint.destinationPort == 5678 ? .certain : .no
        }
        var offset = headerSize
        while bytes.has(4, at: offset) { offset &+= 4 &+ Int(bytes.be16(offset &+ 2)) }
        return offset == bytes.byteCount ? .certain : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        d.message(bytes.byteCount > headerSize ? 1 : 0)
        var offset = headerSize
        var count = 0
        while bytes.has(4, at: offset), count < 64 {
            count &+= 1
            let length = Int(bytes.be16(offset &+ 2))
            guard bytes.has(length, at: offset &+ 4) else { break }
            let value = bytes.slice(offset &+ 4, length)
            switch bytes.be16(offset) {
            case 1 where length == 6: d.observe(.mac, mac: value.mac(0), field: "mac_address")
            case 5: d.observe(.name, text: value, field: "identity")
            case 7: d.observe(.firmware, text: value, field: "version")
            case 8:
                d.observe(.vendor, text: value, field: "platform")
                d.role(.router, field: "platform_role", confidence: .medium)
            case 12: d.observe(.model, text: value, field: "board")
            case 16: d.observe(.portID, text: value, field: "interface_name")
            case 17 where length == 4: d.observe(.ip, address: value.ipv4(0), field: "ipv4_address")
            default: break
            }
            offset &+= 4 &+ length
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String { code == 0 ? "request" : "announcement" }
}
