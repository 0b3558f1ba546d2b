import Model
import Wire

/// The variables that tell what a device is. Names are compared as they are encoded, without decoding them.
enum SNMPVariables {
    /// 1.3.6.1.2.1
    private static let mib2: UInt64 = 0x2b_0601_0201
    private static let mib2Size = 5
    private static let objectIdentifierTag: UInt8 = 0x06, addressTag: UInt8 = 0x40

    /// States what one variable of an agent says.
    static func state(_ name: RawSpan, _ tag: UInt8, _ value: RawSpan, _ d: inout Dissection) {
        guard name.byteCount >= 7, UInt64(name.u8(0)) << 32 | UInt64(name.be32(1)) == mib2 else { return }
        switch name.u8(mib2Size) {
        case 1 where name.byteCount == 8: system(name.u8(6), tag, value, &d)
        case 2: interface(name, tag, value, &d)
        case 4: address(name, tag, value, &d)
        case 43: printer(name, tag, value, &d)
        case 47: entity(name, tag, value, &d)
        default: break
        }
    }

    /// SNMPv2-MIB (RFC 3418): system.x.0
    private static func system(_ column: UInt8, _ tag: UInt8, _ value: RawSpan, _ d: inout Dissection) {
        if column == 2, tag == objectIdentifierTag { return objectID(value, &d) }
        guard tag == BERTag.octetString else { return }
        switch column {
        case 1: d.observe(.description, text: value, field: "sys_descr")
        case 4: d.observe(.contact, text: value, field: "sys_contact")
        case 5: d.observe(.name, text: value, field: "sys_name")
        case 6: d.observe(.location, text: value, field: "sys_location")
        default: break
        }
    }

    /// sysObjectID or a trap's enterprise: the maker's registration of the product, under 1.3.6.1.4.1.number.
    static func objectID(_ bytes: RawSpan, _ d: inout Dissection) {
        guard let id = ObjectIdentifier(bytes), id.starts(with: [1, 3, 6, 1, 4, 1]), id.arcs.count > 6 else { return }
        d.observe("sys_object_id", id.text, field: "sys_object_id")
        if let holder = EnterpriseNumbers.holder(id.arcs[6]) {
            d.observe(.vendor, holder, field: "sys_object_id_vendor", confidence: .medium)
        }
    }

    /// IF-MIB: interfaces.ifTable.ifEntry.ifPhysAddress.index
    private static func interface(_ name: RawSpan, _ tag: UInt8, _ value: RawSpan, _ d: inout Dissection) {
        guard tag == BERTag.octetString, value.byteCount == 6, name.be24(6) == 0x02_0106 else { return }
        let mac = value.mac(0)
        if mac != .zero { d.observe(.mac, mac: mac, field: "if_phys_address", confidence: .medium) }
    }

    /// IP-MIB: ip.ipAddrTable.ipAddrEntry.ipAdEntAddr.address
    private static func address(_ name: RawSpan, _ tag: UInt8, _ value: RawSpan, _ d: inout Dissection) {
        guard tag == addressTag, value.byteCount == 4, name.be24(6) == 0x14_0101 else { return }
        let address = value.ipv4(0)
        if address.isUnicast, !address.isLoopback { d.observe(.ip, address: address, field: "ip_ad_ent_addr") }
    }

    /// Printer-MIB (RFC 3805): only printers have it. prtGeneralSerialNumber is 43.5.1.1.17.
    private static func printer(_ name: RawSpan, _ tag: UInt8, _ value: RawSpan, _ d: inout Dissection) {
        guard tag == BERTag.octetString || tag == BERTag.integer || tag == 0x41 else { return }
        d.role(.printer, field: "printer_mib")
        if tag == BERTag.octetString, name.be32(6) == 0x0501_0111 {
            d.observe(.serial, text: value, field: "prt_general_serial_number")
        }
    }

    /// ENTITY-MIB (RFC 6933): entPhysicalEntry.column.index; index 1 is the device as a whole, others are its parts.
    private static func entity(_ name: RawSpan, _ tag: UInt8, _ value: RawSpan, _ d: inout Dissection) {
        guard tag == BERTag.octetString, name.byteCount >= 12, name.be32(6) == 0x0101_0101 else { return }
        let isWhole = name.byteCount == 12 && name.u8(11) == 1
        switch name.u8(10) {
        case 13 where !isWhole: d.observe("module", text: value, field: "ent_module_model_name")
        case _ where !isWhole: break
        case 2: d.observe(.description, text: value, field: "ent_physical_descr")
        case 8: d.observe(.hardware, text: value, field: "ent_physical_hardware_rev")
        case 9: d.observe(.firmware, text: value, field: "ent_physical_firmware_rev")
        case 10: d.observe(.software, text: value, field: "ent_physical_software_rev")
        case 11: d.observe(.serial, text: value, field: "ent_physical_serial_num")
        case 12: d.observe(.vendor, text: value, field: "ent_physical_mfg_name")
        case 13: d.observe(.model, text: value, field: "ent_physical_model_name")
        default: break
        }
    }
}

/// An SNMPv3 engine's id (RFC 3411, 5): enterprise 4 with the top bit set, format 1, then an address or text.
enum SNMPEngine {
    static func state(_ engine: RawSpan, about: Dissection.About, _ d: inout Dissection) {
        guard engine.byteCount >= 5, engine.byteCount <= 32, engine.u8(0) & 0x80 != 0 else { return }
        guard d.isNew(engine, field: "engine_id", about: about) else { return }
        d.observe("snmp_engine_id", WireText(hexadecimal: engine), field: "engine_id", about: about)
        if let holder = EnterpriseNumbers.holder(engine.be32(0) & 0x7fff_ffff) {
            d.observe(.vendor, holder, field: "engine_id_vendor", about: about, confidence: .medium)
        }
        switch (engine.u8(4), engine.byteCount) {
        case (1, 9):
            d.observe(.ip, address: engine.ipv4(5), field: "engine_id_address", about: about, confidence: .medium)
        case (3, 11): d.observe(.mac, mac: engine.mac(5), field: "engine_id_mac", about: about, confidence: .medium)
        default: break
        }
    }
}
