import Model
import Wire

/// VLAN Trunking Protocol: Cisco switches share their list of VLANs.
///
///     0  version        1   1…3
///     1  code           1   1 summary, 2 subset, 3 request, 4 join
///     2  followers or sequence 1
///     3  domain length  1
///     4  domain        32
///    36  revision       4
///    40  body               summary: updater 4, timestamp 12, digest 16; subset: VLAN information blocks
package enum VTP: Dissector {
    package static let description = ProtocolDescription(
        name: "vtp", title: "VTP", family: .network, level: .identity,
        reference: "Cisco, Understanding VLAN Trunk Protocol (VTP), message formats",
        bindings: [.snap(0x00000c, 0x2003), .etherType(0x2003)], displayFilter: "vtp")

    private enum Offset {
        static let code = 1, domainLength = 3, domain = 4, body = 40
    }
    private static let mostVLANs = 256

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= Offset.body, bytes.u8(0) >= 1, bytes.u8(0) <= 3 else { return .malformed }
        let code = bytes.u8(Offset.code)
        d.message(UInt32(code))
        d.role(.switch, field: "sender")
        d.observe(
            "vtp_domain", text: bytes.slice(Offset.domain, min(32, Int(bytes.u8(Offset.domainLength)))), field: "domain"
        )
        switch code {
        case 1:
            let updater = bytes.ipv4(Offset.body)
            if updater.isUnicast { d.observe("vtp_updater", address: updater, field: "updater") }
        case 2 where d.isNew(bytes, field: "subset"): vlans(bytes.from(Offset.body), &d)
        default: break
        }
        return .consumed(bytes.byteCount)
    }

    /// Each block: length 1 (all of it), status 1, type 1, name length 1, VLAN id 2, MTU 2, 802.10 index 4, name.
    private static func vlans(_ blocks: RawSpan, _ d: inout Dissection) {
        var offset = 0
        var left = mostVLANs
        while left > 0, blocks.has(12, at: offset) {
            left &-= 1
            let length = Int(blocks.u8(offset))
            guard length >= 12, blocks.has(length, at: offset) else { return }
            let name = WireText(wire: blocks.slice(offset &+ 12, min(length &- 12, Int(blocks.u8(offset &+ 3)))))
            d.observe("vlan", "\(blocks.be16(offset &+ 4) & 0x0fff) \(name.raw)", field: "vlan_information")
            offset &+= length
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "Summary Advertisement"
        case 2: "Subset Advertisement"
        case 3: "Advertisement Request"
        case 4: "Join"
        default: "Code \(code)"
        }
    }
}
