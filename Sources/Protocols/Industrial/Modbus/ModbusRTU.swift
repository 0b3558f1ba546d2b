import Model
import Wire

/// Modbus RTU carried in TCP or UDP as it comes from a serial line: unit 1, function and data, checksum 2 (little-endian). Serial
/// device servers do so on any port, so a frame must fit its function's own length and its checksum; each segment is one frame.
package enum ModbusRTU: Dissector {
    package static let description = ProtocolDescription(
        name: "modbus-rtu", title: "Modbus RTU over TCP or UDP", family: .industrial, level: .messages,
        reference: "MODBUS over Serial Line V1.02, 2.5.1; Application Protocol V1.1b3", bindings: [.tcp([]), .udp([])],
        displayFilter: "mbrtu")

    private static let shortest = 4
    private static let longest = 256
    private static let highestUnit: UInt8 = 247

    private static func shape(_ bytes: RawSpan) -> ModbusShape {
        guard bytes.byteCount >= shortest, bytes.byteCount <= longest, bytes.u8(0) <= highestUnit else { return .wrong }
        switch bytes.u8(1) & 0x7f {
        case 1...8, 11, 12, 15...17, 20...24, 43: break
        default: return .wrong
        }
        let shape = ModbusShape.of(bytes.slice(1, bytes.byteCount &- 3))
        switch shape {
        case .wrong, .unknownFunction: return .wrong
        default: break
        }
        let end = bytes.byteCount &- 2
        return CRC16.modbus(bytes.first(end)) == bytes.le16(end) ? shape : .wrong
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        switch shape(bytes) {
        case .request: .possible(from: .client)
        case .response: .possible(from: .server)
        case .either: .possible
        case .wrong, .unknownFunction: .no
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let whole = shape(bytes)
        // Frames that waited for the other side's answer come together: the first that its check proves is read.
        guard whole != .wrong || !d.isTCP else {
            var size = 4
            while size < min(bytes.byteCount, 256) {
                let first = shape(bytes.first(size))
                if first != .wrong { return message(bytes.first(size), first, &d) }
                size &+= 1
            }
            return .malformed
        }
        return whole == .wrong ? .malformed : message(bytes, whole, &d)
    }

    private static func message(_ bytes: RawSpan, _ shape: ModbusShape, _ d: inout Dissection) -> Progress {
        let pdu = bytes.slice(1, bytes.byteCount &- 3)
        let isResponse = shape == .response || shape == .either && !d.fromClient
        let code = ModbusMessage.code(pdu, isResponse: isResponse)
        d.message(code, ModbusMessage.effect(code))
        if isResponse {
            // The answering end is the serial server; the unit is the device behind it.
            d.role(.gateway, field: "server", confidence: .medium)
            d.observe("unit_id", number: UInt64(bytes.u8(0)), field: "unit_id")
        } else {
            d.role(.hmi, field: "client", confidence: .low)
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String { ModbusMessage.name(code) }
}
