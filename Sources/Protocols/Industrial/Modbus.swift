import Model
import Wire

/// Modbus/TCP: request and response carry a 7-byte MBAP header, then a function code and its data.
///
///     0  transaction id  2
///     2  protocol id     2   always 0
///     4  length          2   bytes from the unit id on
///     6  unit id         1
///     7  function code   1   high bit set in an exception
package enum Modbus: Dissector {
    package static let description = ProtocolDescription(
        name: "modbus", title: "Modbus/TCP", family: .industrial, level: .operations,
        reference: "MODBUS Messaging on TCP/IP Implementation Guide V1.0b; Application Protocol V1.1b3",
        bindings: [.tcp([502]), .udp([502])], displayFilter: "modbus")

    private enum Offset {
        static let protocolID = 2, length = 4, unit = 6, function = 7, data = 8
    }
    /// Longest PDU plus unit id (Application Protocol, 4.1).
    private static let longestLength = 254

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= 8 else { return .wait }
        let length = Int(bytes.be16(Offset.length))
        guard bytes.be16(Offset.protocolID) == 0, length >= 2, length <= longestLength,
            isKnown(bytes.u8(Offset.function))
        else { return .no }
        guard bytes.byteCount >= 6 + length || hint.isTCP else { return .no }
        return hint.uses(502) ? .certain : .possible
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= Offset.data else { return .needMore(Offset.data) }
        let length = Int(bytes.be16(Offset.length))
        guard bytes.be16(Offset.protocolID) == 0, length >= 2, length <= longestLength else { return .malformed }
        let total = 6 + length
        guard bytes.byteCount >= total else { return .needMore(total) }
        let function = bytes.u8(Offset.function)
        d.message(UInt32(function), effect(function & 0x7f))
        if function == 43, bytes.u8(Offset.data) == 14, !d.fromClient {
            deviceIdentification(bytes.slice(Offset.data, length - 2), &d)
        }
        return .consumed(total)
    }

    /// Read Device Identification response (Application Protocol, 6.21): MEI type, code, conformity, more, next, count, objects.
    private static func deviceIdentification(_ data: RawSpan, _ d: inout Dissection) {
        var reader = FieldReader(data, at: 5)
        do throws(DecodeError) {
            var left = try reader.u8("object count")
            while left > 0 {
                let id = try reader.u8("object id")
                let size = Int(try reader.u8("object length"))
                let value = try reader.take(size, "object value")
                switch id {
                case 0: d.observe(.vendor, text: value, field: "vendor_name")
                case 1: d.observe(.productCode, text: value, field: "product_code")
                case 2: d.observe(.firmware, text: value, field: "revision")
                case 3: d.observe(.description, text: value, field: "vendor_url")
                case 4: d.observe(.model, text: value, field: "product_name")
                case 5: d.observe(.model, text: value, field: "model_name")
                case 6: d.observe(.name, text: value, field: "application_name")
                default: d.observe(.description, text: value, field: "object")
                }
                left &-= 1
            }
        } catch {
            if !d.isCut { d.malformed(error) }
        }
    }

    private static func isKnown(_ function: UInt8) -> Bool {
        switch function & 0x7f {
        case 1...8, 11, 12, 15, 16, 17, 20...24, 43, 90: true
        default: false
        }
    }

    private static func effect(_ function: UInt8) -> MessageEffect {
        switch function {
        case 1...4, 7, 11, 12, 20, 24: .read
        case 5, 6, 15, 16, 21, 22, 23: .write
        case 8: .control
        case 17, 43: .identity
        default: .none
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        let name =
            switch code & 0x7f {
            case 1: "Read Coils"
            case 2: "Read Discrete Inputs"
            case 3: "Read Holding Registers"
            case 4: "Read Input Registers"
            case 5: "Write Single Coil"
            case 6: "Write Single Register"
            case 7: "Read Exception Status"
            case 8: "Diagnostics"
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
            case 43: "Encapsulated Interface Transport"
            case 90: "UMAS"
            default: "Function \(code & 0x7f)"
            }
        return code & 0x80 != 0 ? name + " (exception)" : name
    }
}
