import Model
import Wire

/// LLDP TLVs of organisations: OUI 3, subtype 1, value (IEEE 802.1AB, 8.6).
enum LLDPOrganisation {
    private enum OUI {
        static let ieee8021: UInt32 = 0x0080c2, ieee8023: UInt32 = 0x00120f
        static let tia: UInt32 = 0x0012bb, profibus: UInt32 = 0x000ecf, iana: UInt32 = 0x00005e
    }

    static func read(_ tlv: RawSpan, _ d: inout Dissection) {
        guard tlv.has(4) else { return }
        let value = tlv.from(4)
        switch tlv.be24(0) {
        case OUI.ieee8021: ieee8021(tlv.u8(3), value, &d)
        case OUI.ieee8023: ieee8023(tlv.u8(3), value, &d)
        case OUI.tia: mediaEndpoint(tlv.u8(3), value, &d)
        case OUI.profibus: profinet(tlv.u8(3), value, &d)
        // RFC 8520: where the maker's usage description of the device lies.
        case OUI.iana where tlv.u8(3) == 1: d.observe(.url, text: value, field: "mud_url")
        default: break
        }
    }

    /// IEEE 802.1Q, annex D.
    private static func ieee8021(_ subtype: UInt8, _ value: RawSpan, _ d: inout Dissection) {
        switch subtype {
        case 1 where value.has(2):
            // 0: the port has no untagged VLAN.
            if value.be16(0) != 0 { d.observe(.nativeVLAN, number: UInt64(value.be16(0)), field: "port_vlan") }
        case 3 where value.has(3):
            guard d.isNew(value, field: "vlan_name_bytes") else { return }
            let name = WireText(wire: value.slice(3, Int(value.u8(2))))
            d.observe("vlan", "\(value.be16(0) & 0x0fff) \(name.raw)", field: "vlan_name")
        case 7 where value.has(5): aggregation(value, &d)
        default: break
        }
    }

    /// IEEE 802.3, clause 79.
    private static func ieee8023(_ subtype: UInt8, _ value: RawSpan, _ d: inout Dissection) {
        switch subtype {
        // Auto-negotiation 1, advertised 2, operational MAU type 2 (RFC 4836).
        case 1 where value.has(5): d.observe("mau_type", number: UInt64(value.be16(3)), field: "mau_type")
        case 3 where value.has(5): aggregation(value, &d)
        default: break
        }
    }

    /// Status 1 (bit 1: aggregated), port identifier 4.
    private static func aggregation(_ value: RawSpan, _ d: inout Dissection) {
        if value.u8(0) & 2 != 0 { d.observe("aggregation", number: UInt64(value.be32(1)), field: "aggregated_port") }
    }

    /// LLDP-MED, ANSI/TIA-1057 section 10.2: class of endpoint and inventory.
    private static func mediaEndpoint(_ subtype: UInt8, _ value: RawSpan, _ d: inout Dissection) {
        switch subtype {
        // Capabilities 2, device class 1: 3 is a communication device such as a telephone.
        case 1 where value.u8(2) == 3: d.role(.phone, field: "med_device_class", confidence: .medium)
        case 5: d.observe(.hardware, text: value, field: "med_hardware_revision")
        case 6: d.observe(.firmware, text: value, field: "med_firmware_revision")
        case 7: d.observe(.software, text: value, field: "med_software_revision")
        case 8: d.observe(.serial, text: value, field: "med_serial")
        case 9: d.observe(.vendor, text: value, field: "med_manufacturer")
        case 10: d.observe(.model, text: value, field: "med_model")
        case 11: d.observe("asset_id", text: value, field: "med_asset_id")
        default: break
        }
    }

    /// IEC 61158-6-10: 1 delays, 2 port status, 3 alias, 4 MRP port status, 5 chassis MAC, 6 PTCP status.
    private static func profinet(_ subtype: UInt8, _ value: RawSpan, _ d: inout Dissection) {
        switch subtype {
        case 3: d.observe("port_alias", text: value, field: "profinet_alias")
        case 4 where value.has(16):
            d.observe("mrp_domain", WireText(hexadecimal: value.first(16)), field: "profinet_mrp_domain")
        case 5 where value.has(6):
            if value.mac(0).isUnicast { d.observe(.mac, mac: value.mac(0), field: "profinet_chassis_mac") }
        default: break
        }
        d.observe(.capability, "profinet", field: "profinet")
    }
}
