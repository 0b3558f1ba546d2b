import Model
import Wire

/// Blocks of PROFINET IO (IEC 61158-6-10, 5.2): type 2, length 2 (from the version on), version 1.1, then data.
enum ProfinetBlocks {
    private enum BlockType {
        static let connectRequest: UInt16 = 0x0101, connectResponse: UInt16 = 0x8101
        static let im0: UInt16 = 0x0020, im1: UInt16 = 0x0021, im3: UInt16 = 0x0023
        static let interfaceReal: UInt16 = 0x0240, multiple: UInt16 = 0x0400
    }

    /// Type of application relation: 6 is a supervisor's.
    private static let supervisor: UInt16 = 6
    private static let limit = 256

    static func read(_ bytes: RawSpan, isRequest: Bool, depth: Int = 2, _ d: inout Dissection) {
        var offset = 0
        var left = limit
        while left > 0, bytes.has(6, at: offset) {
            let size = 4 &+ Int(bytes.be16(offset &+ 2))
            guard size >= 6, bytes.has(size, at: offset) else {
                // Records are cut at the fragment's end; what came whole was read.
                return
            }
            let block = bytes.slice(offset, size)
            switch bytes.be16(offset) {
            case BlockType.connectRequest where isRequest: connectRequest(block, &d)
            case BlockType.connectResponse where !isRequest: connectResponse(block, &d)
            case BlockType.im0 where !isRequest: im0(block, &d)
            case BlockType.im1 where !isRequest && block.byteCount >= 60:
                d.observe("function", text: block.slice(6, 32), field: "im1_tag_function")
                d.observe(.location, text: block.slice(38, 22), field: "im1_tag_location")
            case BlockType.im3 where !isRequest && block.byteCount >= 60:
                d.observe(.description, text: block.slice(6, 54), field: "im3_descriptor")
            case BlockType.interfaceReal where !isRequest: interface(block, &d)
            case BlockType.multiple where depth > 0:
                // Padding 2, API 4, slot 2, subslot 2, then blocks.
                read(block.from(16), isRequest: isRequest, depth: depth &- 1, &d)
            default: break
            }
            // Blocks within a MultipleBlockHeader begin at multiples of four.
            offset &+= depth < 2 ? size &+ (4 &- size & 3) & 3 : size
            left &-= 1
        }
    }

    /// AR type 2, AR 16, session 2, initiator's MAC 6, its object 16, properties 4, time-out 2, port 2, name length 2, name.
    private static func connectRequest(_ block: RawSpan, _ d: inout Dissection) {
        guard block.byteCount >= 58 else { return }
        if block.be16(6) == supervisor {
            d.role(.engineeringStation, field: "connect_supervisor", confidence: .medium)
        } else {
            d.role(.plc, field: "connect_initiator", confidence: .medium)
        }
        let mac = block.mac(26)
        if mac != .zero { d.observe(.mac, mac: mac, field: "connect_initiator_mac") }
        let vendor = block.be16(46)
        if vendor != 0 {
            d.observe(.vendorID, number: UInt64(vendor), field: "connect_initiator_vendor_id")
            d.observe(.productCode, number: UInt64(block.be16(44)), field: "connect_initiator_device_id")
            if let name = ProfinetVendor.name(vendor) { d.observe(.vendor, name, field: "connect_initiator_vendor") }
        }
        d.observe(.name, text: block.slice(58, Int(block.be16(56))), field: "connect_initiator_station_name")
    }

    /// AR type 2, AR 16, session 2, responder's MAC 6, port 2.
    private static func connectResponse(_ block: RawSpan, _ d: inout Dissection) {
        guard block.byteCount >= 32 else { return }
        let mac = block.mac(26)
        if mac != .zero { d.observe(.mac, mac: mac, field: "connect_responder_mac") }
    }

    /// Identification and maintenance 0: vendor 2, order number 20, serial number 16, hardware 2, software 4 (letter and three
    /// numbers), then counters and profile.
    private static func im0(_ block: RawSpan, _ d: inout Dissection) {
        guard block.byteCount >= 50 else { return }
        let vendor = block.be16(6)
        d.observe(.vendorID, number: UInt64(vendor), field: "im0_vendor_id")
        if let name = ProfinetVendor.name(vendor) { d.observe(.vendor, name, field: "im0_vendor") }
        d.observe(.productCode, text: block.slice(8, 20), field: "im0_order_id")
        d.observe(.serial, text: block.slice(28, 16), field: "im0_serial_number")
        d.observe(.hardware, number: UInt64(block.be16(44)), field: "im0_hardware_revision")
        let prefix = block.u8(46)
        guard prefix >= 0x41, prefix <= 0x5a else { return }
        d.observe(
            .firmware,
            "\(Character(Unicode.Scalar(prefix)))\(block.u8(47)).\(block.u8(48)).\(block.u8(49))",
            field: "im0_software_revision")
    }

    /// PDInterfaceDataReal: name length 1, name, padding to four, MAC 6, padding 2, address, mask and gateway 4 each.
    private static func interface(_ block: RawSpan, _ d: inout Dissection) {
        let size = Int(block.u8(6))
        guard block.has(size, at: 7) else { return }
        d.observe(.name, text: block.slice(7, size), field: "interface_chassis_id")
        let end = 7 &+ size
        let mac = end &+ (4 &- end & 3) & 3
        guard block.has(20, at: mac) else { return }
        d.observe(.mac, mac: block.mac(mac), field: "interface_mac")
        if block.be32(mac &+ 8) != 0 { d.observe(.ip, address: block.ipv4(mac &+ 8), field: "interface_ip_address") }
    }
}
