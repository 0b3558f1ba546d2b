import Model
import Wire

/// System status lists (SZL) as a CPU answers them (Siemens, "System Software for S7-300/400, System and Standard
/// Functions", chapter "System Status Lists"). The data of an answer are
///
///     0  return code     1   0xff
///     1  transport size  1
///     2  length          2
///     4  SZL-ID          2   low byte: the list; the rest: which extract of it
///     6  index           2
///     8  record length   2
///    10  record count    2
///    12  records
///
/// in the first part; further parts go on with records after byte 4.
enum S7SystemStatusList {
    /// Puts the parts of one list together.
    struct Assembly: Sendable {
        /// Longest list kept.
        private static let limit = 16_384
        private var held: [UInt8] = []
        private var reference: UInt8 = 0

        mutating func add(_ data: RawSpan, reference: UInt8, more: Bool, _ d: inout Dissection) {
            guard data.byteCount >= 4, data.u8(0) == 0xff else {
                held = []
                return
            }
            let part = data.slice(4, Int(data.be16(2)))
            if held.isEmpty || reference != self.reference {
                if !more {
                    list(part, &d)
                    return
                }
                held = part.bytes(limit: Assembly.limit)
                self.reference = reference
                return
            }
            if held.count &+ part.byteCount <= Assembly.limit {
                held.append(contentsOf: part.bytes(limit: Assembly.limit))
            }
            guard !more else { return }
            let whole = held
            held = []
            list(whole.span.bytes, &d)
        }
    }

    private enum List {
        static let moduleIdentification: UInt8 = 0x11, componentIdentification: UInt8 = 0x1c
        static let operatingMode: UInt8 = 0x24, communicationStatus: UInt8 = 0x32
    }

    private static func list(_ bytes: RawSpan, _ d: inout Dissection) {
        let size = Int(bytes.be16(4))
        guard bytes.byteCount >= 8, size >= 4 else { return }
        let id = bytes.be16(0)
        // Lists of another module class than CPUs (bits 12 to 15) have other records.
        guard id >> 12 == 0 else { return }
        var left = min(Int(bytes.be16(6)), 4096)
        var offset = 8
        while left > 0, bytes.has(size, at: offset) {
            let record = bytes.slice(offset, size)
            switch UInt8(truncatingIfNeeded: id) {
            case List.moduleIdentification where size >= 28: module(record, &d)
            case List.componentIdentification where size >= 34: component(record, &d)
            case List.operatingMode: operatingMode(record, &d)
            case List.communicationStatus where bytes.be16(2) == 4 && size >= 8: protection(record, &d)
            default: return
            }
            offset &+= size
            left &-= 1
        }
    }

    /// SZL 0x0011: index, order number (20), module type, version (2 + 2).
    private static func module(_ record: RawSpan, _ d: inout Dissection) {
        let order = record.slice(2, 20)
        switch record.be16(0) {
        case 1:
            d.observe(.productCode, text: order, field: "module_order_number")
            d.role(.plc, field: "module_order_number")
            d.observe(.hardware, version(record), field: "module_version")
            if isSiemens(order) { d.observe(.vendor, "Siemens", field: "module_vendor", confidence: .medium) }
        case 6:
            d.observe("basic_hardware", text: order, field: "basic_hardware_order_number")
            d.observe(.hardware, version(record), field: "basic_hardware_version")
        case 7: d.observe(.firmware, version(record), field: "basic_firmware_version")
        case 0x81:
            let name = WireText(wire: order)
            guard !name.isEmpty else { return }
            d.observe(.software, "\(name.raw) \(version(record))", field: "firmware_extension")
        default: break
        }
    }

    /// Four version bytes: a letter and three numbers, or two plain numbers.
    private static func version(_ record: RawSpan) -> String {
        let letter = record.u8(24)
        guard letter >= 0x41, letter <= 0x5a else { return String(record.be16(24)) }
        let prefix = Character(Unicode.Scalar(letter))
        let major = record.u8(25)
        if major == 0x20 { return "\(prefix)\(record.u8(26)).\(record.u8(27))" }
        return "\(prefix)\(major).\(record.u8(26)).\(record.u8(27))"
    }

    /// Siemens order numbers begin with 6 or 7, two letters and a letter or figure.
    private static func isSiemens(_ order: RawSpan) -> Bool {
        order.starts(with: "6ES7") || order.starts(with: "6GK") || order.starts(with: "6AG1")
            || order.starts(with: "6AV") || order.starts(with: "6SL") || order.starts(with: "6FC")
            || order.starts(with: "6AU") || order.starts(with: "7KT")
    }

    /// SZL 0x001c: index, text (32).
    private static func component(_ record: RawSpan, _ d: inout Dissection) {
        let text = record.slice(2, 24)
        let long = record.slice(2, 32)
        // Bits 8 to 15 of the index tell the CPUs of a redundant system apart.
        switch record.be16(0) & 0xff {
        case 1: d.observe(.name, text: text, field: "automation_system_name")
        case 2: d.observe("module_name", text: text, field: "module_name")
        case 3: d.observe("plant_identification", text: long, field: "plant_identification")
        case 4: d.observe(.comment, text: long, field: "copyright", confidence: .medium)
        case 5: d.observe(.serial, text: text, field: "module_serial_number")
        case 7: d.observe(.model, text: long, field: "module_type_name")
        case 8: d.observe("memory_card_serial", text: long, field: "memory_card_serial_number")
        case 9:
            let manufacturer = record.be16(2)
            guard manufacturer != 0 else { return }
            d.observe(.vendorID, number: UInt64(manufacturer), field: "manufacturer_id")
            // MANUFACTURER_ID of PROFIBUS & PROFINET International.
            if manufacturer == 42 { d.observe(.vendor, "Siemens", field: "manufacturer") }
        case 0x0b: d.observe(.location, text: long, field: "location_designation")
        default: break
        }
    }

    /// SZL 0x0424 and 0x0524: event, event byte, mode (low four bits: the present one).
    private static func operatingMode(_ record: RawSpan, _ d: inout Dissection) {
        let mode =
            switch record.u8(3) & 15 {
            case 1...4: "STOP"
            case 5...7: "STARTUP"
            case 8, 9: "RUN"
            case 10: "HOLD"
            case 13: "DEFECTIVE"
            default: ""
            }
        d.observe(.status, mode, field: "operating_mode")
    }

    /// SZL 0x0132 and 0x0232, index 4: index, level by the key switch, by parameters, the valid one.
    private static func protection(_ record: RawSpan, _ d: inout Dissection) {
        let level = record.be16(6)
        guard record.be16(0) == 4, level >= 1, level <= 4 else { return }
        d.observe(.security, "S7 protection level \(level)", field: "protection_level")
    }
}
