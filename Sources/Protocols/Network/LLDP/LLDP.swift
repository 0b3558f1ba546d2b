import Model
import Wire

/// Link Layer Discovery Protocol: what a device says of itself to its neighbour, as type-length-values.
///
///     0  type    7 bits
///     0  length  9 bits  of the value
///     2  value
///
/// The first three are chassis id, port id and time to live; the rest come in any order until End (type 0).
package enum LLDP: Dissector {
    package static let description = ProtocolDescription(
        name: "lldp", title: "LLDP", family: .network, level: .identity,
        reference: "IEEE 802.1AB-2016; 802.1Q annex D, 802.3 clause 79, ANSI/TIA-1057, IEC 61158-6-10 (PROFINET)",
        bindings: [.etherType(0x88cc)], displayFilter: "lldp",
        includes: ["IEEE 802.1 TLVs", "IEEE 802.3 TLVs", "PROFINET TLVs", "LLDP-MED"])

    private enum TLV {
        static let end: UInt16 = 0, chassis: UInt16 = 1, port: UInt16 = 2, timeToLive: UInt16 = 3
        static let portDescription: UInt16 = 4, systemName: UInt16 = 5, systemDescription: UInt16 = 6
        static let capabilities: UInt16 = 7, managementAddress: UInt16 = 8, organisation: UInt16 = 127
    }

    /// Most TLVs read of one frame.
    private static let mostTLVs = 512

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        var reader = FieldReader(bytes)
        var isShutdown = false
        do throws(DecodeError) {
            var left = mostTLVs
            while left > 0, !reader.isAtEnd {
                left &-= 1
                let header = try reader.be16("LLDP TLV header")
                let type = header >> 9
                if type == TLV.end { break }
                let value = try reader.take(Int(header & 0x1ff), "LLDP TLV value")
                if type == TLV.timeToLive {
                    isShutdown = value.has(2) && value.be16(0) == 0
                } else {
                    read(type, value, &d)
                }
            }
        } catch {
            if !d.isCut { d.malformed(error) }
        }
        d.message(isShutdown ? 2 : 1)
        return .consumed(bytes.byteCount)
    }

    private static func read(_ type: UInt16, _ value: RawSpan, _ d: inout Dissection) {
        switch type {
        case TLV.chassis: chassis(value, &d)
        case TLV.port: port(value, &d)
        case TLV.portDescription: d.observe(.portDescription, text: value, field: "port_description")
        case TLV.systemName: d.observe(.name, text: value, field: "system_name")
        case TLV.systemDescription: d.observe(.description, text: value, field: "system_description")
        case TLV.capabilities: capabilities(value, &d)
        case TLV.managementAddress: managementAddress(value, &d)
        case TLV.organisation: LLDPOrganisation.read(value, &d)
        default: break
        }
    }

    /// Subtype 1: 1 component, 2 interface alias, 3 port component, 4 MAC address, 5 network address, 6 interface name,
    /// 7 locally assigned.
    private static func chassis(_ value: RawSpan, _ d: inout Dissection) {
        let id = value.from(1)
        switch value.u8(0) {
        case 4 where id.byteCount == 6:
            d.observe(.chassisID, mac: id.mac(0), field: "chassis_id")
            // Every port of a device names the same chassis: what joins the ports into one asset.
            if id.mac(0).isUnicast { d.observe(.mac, mac: id.mac(0), field: "chassis_mac") }
        case 5:
            if let address = networkAddress(id) {
                d.observe(.chassisID, address: address, field: "chassis_id")
            } else {
                d.observe(.chassisID, identifier: id, field: "chassis_id")
            }
        case 7 where id.isPrintable:
            d.observe(.chassisID, text: id, field: "chassis_id")
            // PROFINET devices put their name of station here, others what they see fit.
            d.observe(.name, text: id, field: "chassis_id_local", confidence: .low)
        default: d.observe(.chassisID, identifier: id, field: "chassis_id")
        }
    }

    /// Subtype 1: 1 interface alias, 2 port component, 3 MAC address, 4 network address, 5 interface name, 6 agent
    /// circuit id, 7 locally assigned.
    private static func port(_ value: RawSpan, _ d: inout Dissection) {
        let id = value.from(1)
        switch value.u8(0) {
        case 3 where id.byteCount == 6: d.observe(.portID, mac: id.mac(0), field: "port_id")
        case 4:
            if let address = networkAddress(id) {
                d.observe(.portID, address: address, field: "port_id")
            } else {
                d.observe(.portID, identifier: id, field: "port_id")
            }
        default: d.observe(.portID, identifier: id, field: "port_id")
        }
    }

    /// IANA address family 1, then the address.
    private static func networkAddress(_ value: RawSpan) -> IPAddress? {
        switch (value.u8(0), value.byteCount) {
        case (1, 5): value.ipv4(1)
        case (2, 17): value.ipv6(1)
        default: nil
        }
    }

    /// Length 1 (family and address), family 1, address, then interface numbering and object identifier.
    private static func managementAddress(_ value: RawSpan, _ d: inout Dissection) {
        let address = value.slice(1, Int(value.u8(0)))
        if let ip = networkAddress(address) {
            d.observe(.managementAddress, address: ip, field: "management_address")
            if ip.isUnicast, !ip.isLoopback {
                d.observe(.ip, address: ip, field: "management_ip", confidence: .medium)
            }
        } else if address.u8(0) == 6, address.byteCount == 7 {
            d.observe(.managementAddress, mac: address.mac(1), field: "management_address")
        }
    }

    /// System capabilities 2, enabled capabilities 2: one bit for each.
    private static func capabilities(_ value: RawSpan, _ d: inout Dissection) {
        guard value.has(4) else { return }
        let able = value.be16(0)
        let enabled = value.be16(2)
        if d.isNew(value.first(4), field: "capability_bits") {
            var bit = 0
            while bit < capabilityNames.count {
                if able >> bit & 1 != 0 {
                    d.observe(
                        .capability, capabilityNames[bit], field: enabled >> bit & 1 != 0 ? "enabled" : "capable")
                }
                bit += 1
            }
        }
        if enabled & 0x20 != 0 {
            d.role(.phone, field: "capabilities")
        } else if enabled & 0x08 != 0 {
            d.role(.accessPoint, field: "capabilities")
        } else if enabled & 0x04 != 0 {
            // PLCs and remote I/O with two ports bridge as well; they are not there to do so.
            d.role(.switch, field: "capabilities", confidence: .medium)
        }
        if enabled & 0x10 != 0 { d.role(.router, field: "capabilities", confidence: .medium) }
    }

    private static let capabilityNames = [
        "other", "repeater", "bridge", "wlan-access-point", "router", "telephone", "docsis", "station", "c-vlan",
        "s-vlan", "two-port-mac-relay",
    ]

    package static func messageName(_ code: UInt32) -> String {
        code == 2 ? "LLDPDU (shutdown)" : "LLDPDU"
    }
}
