import Model
import Wire

/// Whether a PDU's length and counts are those of a request, of a response, of both, or of neither
/// (MODBUS Application Protocol V1.1b3, section 6).
enum ModbusShape {
    case request, response, either
    /// A function that is not of the specification.
    case unknownFunction
    /// A function of the specification with other lengths than its own.
    case wrong

    /// `pdu` begins with the function code and ends where the header's length says.
    static func of(_ pdu: RawSpan) -> ModbusShape {
        let function = pdu.u8(0)
        let size = pdu.byteCount &- 1
        guard size >= 0 else { return .wrong }
        if function & 0x80 != 0 { return exception(function & 0x7f, pdu, size) }
        let counted = size >= 1 && size &- 1 == Int(pdu.u8(1))
        switch function {
        case 1, 2:
            if size == 4, (1...2000).contains(pdu.be16(3)) { return counted ? .either : .request }
            return counted ? .response : .wrong
        case 3, 4:
            if size == 4, (1...125).contains(pdu.be16(3)) { return .request }
            return counted && size & 1 == 1 ? .response : .wrong
        case 5: return size == 4 && (pdu.be16(3) == 0 || pdu.be16(3) == 0xff00) ? .either : .wrong
        case 6: return size == 4 ? .either : .wrong
        case 7: return size == 0 ? .request : size == 1 ? .response : .wrong
        case 8: return size >= 4 && size & 1 == 0 && pdu.be16(1) <= 20 ? .either : .wrong
        case 11: return size == 0 ? .request : size == 4 ? .response : .wrong
        case 12, 17: return size == 0 ? .request : counted ? .response : .wrong
        case 15, 16:
            if size == 4 { return .response }
            return size >= 6 && size &- 5 == Int(pdu.u8(5)) ? .request : .wrong
        case 20, 21: return counted ? .either : .wrong
        case 22: return size == 6 ? .either : .wrong
        case 23:
            if size >= 9, size &- 9 == Int(pdu.u8(9)) { return .request }
            return counted ? .response : .wrong
        case 24:
            if size == 2 { return .request }
            return size >= 4 && size &- 2 == Int(pdu.be16(1)) ? .response : .wrong
        case Modbus.Function.encapsulated: return encapsulated(pdu, size)
        case Modbus.Function.umas:
            guard size >= 2 else { return .wrong }
            return pdu.u8(2) == UMAS.success || pdu.u8(2) == UMAS.failure ? .response : .request
        default: return function == 0 ? .wrong : .unknownFunction
        }
    }

    private static func exception(_ function: UInt8, _ pdu: RawSpan, _ size: Int) -> ModbusShape {
        guard size == 1, (1...11).contains(pdu.u8(1)), function != 0 else { return .wrong }
        switch function {
        case 1...8, 11, 12, 15...17, 20...24, Modbus.Function.encapsulated, Modbus.Function.umas: return .response
        default: return .unknownFunction
        }
    }

    private static func encapsulated(_ pdu: RawSpan, _ size: Int) -> ModbusShape {
        switch pdu.u8(1) {
        case 13: return size >= 2 ? .either : .wrong
        case 14:
            guard (1...4).contains(pdu.u8(2)) else { return .wrong }
            return size == 3 ? .request : size >= 6 ? .response : .wrong
        default: return .unknownFunction
        }
    }
}

/// Codes, names and effects of Modbus messages. A code is the function in bits 0 to 7 with its exception bit, the
/// subfunction of diagnostics, MEI type or UMAS code in bits 8 to 15, and bit 16 set in a response.
enum ModbusMessage {
    private static let responseBit: UInt32 = 0x1_0000

    static func code(_ pdu: RawSpan, isResponse: Bool) -> UInt32 {
        let function = pdu.u8(0)
        let detail: UInt8 =
            switch function {
            case Modbus.Function.diagnostics: UInt8(truncatingIfNeeded: pdu.be16(1))
            case Modbus.Function.encapsulated: pdu.u8(1)
            case Modbus.Function.umas: isResponse ? 0 : pdu.u8(2)
            default: 0
            }
        return UInt32(function) | UInt32(detail) << 8 | (isResponse ? responseBit : 0)
    }

    /// What a message does to the device; responses do nothing.
    static func effect(_ code: UInt32) -> MessageEffect {
        guard code & responseBit == 0 else { return .none }
        let detail = UInt8(truncatingIfNeeded: code >> 8)
        switch UInt8(truncatingIfNeeded: code) {
        case 1...4, 7, 11, 12, 20, 24: return .read
        case 5, 6, 15, 16, 21, 22, 23: return .write
        case Modbus.Function.diagnostics:
            switch detail {
            // Restart communications, force listen-only mode.
            case 1, 4: return .control
            // Change ASCII delimiter, clear counters, clear overrun.
            case 3, 10, 20: return .write
            default: return .read
            }
        case Modbus.Function.reportServerID: return .identity
        case Modbus.Function.encapsulated: return detail == 14 ? .identity : .write
        case Modbus.Function.umas: return UMAS.effect(detail)
        default: return .none
        }
    }

    static func name(_ code: UInt32) -> String {
        let detail = UInt8(truncatingIfNeeded: code >> 8)
        let function = UInt8(truncatingIfNeeded: code)
        if function & 0x80 != 0 { return functionName(function & 0x7f, 0) + " (exception)" }
        let name = functionName(function, detail)
        return code & responseBit != 0 ? name + " (response)" : name
    }

    private static func functionName(_ function: UInt8, _ detail: UInt8) -> String {
        switch function {
        case 1: "Read Coils"
        case 2: "Read Discrete Inputs"
        case 3: "Read Holding Registers"
        case 4: "Read Input Registers"
        case 5: "Write Single Coil"
        case 6: "Write Single Register"
        case 7: "Read Exception Status"
        case 8: detail == 0 ? "Diagnostics" : "Diagnostics: " + diagnosticName(detail)
        case 11: "Get Comm Event Counter"
        case 12: "Get Comm Event Log"
        case 15: "Write Multiple Coils"
        case 16: "Write Multiple Registers"
        case 17: "Report Server ID"
        case 20: "Read File Record"
        case 21: "Write File Record"
        case 22: "Mask Write Register"
        case 23: "Read/Write Multiple Registers"
        case 24: "Read FIFO Queue"
        case 43:
            detail == 14
                ? "Read Device Identification"
                : detail == 13 ? "CANopen General Reference" : "Encapsulated Interface Transport"
        case 90: detail == 0 ? "UMAS" : "UMAS " + UMAS.name(detail)
        default: "Function \(function)"
        }
    }

    private static func diagnosticName(_ subfunction: UInt8) -> String {
        switch subfunction {
        case 1: "Restart Communications"
        case 2: "Return Diagnostic Register"
        case 3: "Change ASCII Delimiter"
        case 4: "Force Listen Only Mode"
        case 10: "Clear Counters"
        case 11...18: "Return Counter"
        case 20: "Clear Overrun Counter"
        default: "subfunction \(subfunction)"
        }
    }
}
