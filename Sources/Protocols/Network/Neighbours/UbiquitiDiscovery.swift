import Model
import Wire

/// Ubiquiti's discovery: access points, bridges, cameras and switches answer a search, or announce themselves.
///
///     0  version 1 (1, 2)   1  command 1   2  length 2   4  { type 1, length 2, value }
///     1 MAC, 2 MAC and IPv4, 3 firmware, 6 user, 11 name, 12 platform, 13 wireless network, 20 model, 21 short model
package enum UbiquitiDiscovery: Dissector {
    package static let description = ProtocolDescription(
        name: "ubiquiti-discovery", title: "Ubiquiti discovery", family: .network, level: .identity,
        reference: "Discovery of airOS and UniFi as observed and as others describe it", bindings: [.udp([10001])],
        displayFilter: "ubdp")

    private static let headerSize = 4

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 1 || bytes.u8(0) == 2, hint.uses(10_001), bytes.byteCount >= headerSize,
            Int(bytes.be16(2)) == bytes.byteCount &- headerSize
        else { return .no }
        var offset = headerSize
        while bytes.has(3, at: offset) { offset &+= 3 &+ Int(bytes.be16(offset &+ 1)) }
        return offset == bytes.byteCount ? .certain : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount > headerSize else {
            d.message(0, .identity)
            return .consumed(bytes.byteCount)
        }
        d.message(1)
        var offset = headerSize
        var count = 0
        while bytes.has(3, at: offset), count < 64 {
            count &+= 1
            let length = Int(bytes.be16(offset &+ 1))
            guard bytes.has(length, at: offset &+ 3) else { break }
            field(bytes.u8(offset), bytes.slice(offset &+ 3, length), &d)
            offset &+= 3 &+ length
        }
        return .consumed(bytes.byteCount)
    }

    private static func field(_ type: UInt8, _ value: RawSpan, _ d: inout Dissection) {
        switch type {
        case 1 where value.byteCount == 6: d.observe(.mac, mac: value.mac(0), field: "mac_address")
        case 2 where value.byteCount == 10:
            d.observe(.mac, mac: value.mac(0), field: "interface_mac")
            d.observe(.ip, address: value.ipv4(6), field: "interface_ip")
        case 3:
            d.observe(.firmware, text: value, field: "firmware")
            d.observe(.vendor, "Ubiquiti", field: "firmware_vendor", confidence: .medium)
        case 11: d.observe(.name, text: value, field: "host_name")
        case 12: d.observe(.model, text: value, field: "platform", confidence: .medium)
        case 13:
            d.observe(.ssid, text: value, field: "essid")
            if value.byteCount > 0 { d.role(.accessPoint, field: "essid_role", confidence: .medium) }
        case 20: d.observe(.model, text: value, field: "model")
        default: break
        }
    }

    package static func messageName(_ code: UInt32) -> String { code == 0 ? "search" : "answer" }
}
