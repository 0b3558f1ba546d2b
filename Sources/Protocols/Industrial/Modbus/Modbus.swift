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
        bindings: [.tcp([port]), .udp([port])], displayFilter: "mbtcp || modbus",
        includes: ["Modbus/UDP", "UMAS (Schneider Electric)"])

    private static let port: UInt16 = 502

    private enum Offset {
        static let protocolID = 2, length = 4, unit = 6, function = 7, data = 8
    }
    /// Longest PDU plus unit id (Application Protocol, 4.1); UMAS goes beyond.
    private static let longestLength = 254
    private static let longestUMASLength = 2048

    enum Function {
        static let diagnostics: UInt8 = 8, reportServerID: UInt8 = 17, encapsulated: UInt8 = 43, umas: UInt8 = 90
    }
    /// MEI type of Read Device Identification (Application Protocol, 6.21).
    private static let deviceIdentificationMEI: UInt8 = 14

    /// What is kept of a conversation, so that repeats cost little.
    private final class State {
        /// Units that answered, one bit each.
        var units: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        var unitCount = 0
        var saidClient = false
        /// The last UMAS request: its transaction and code.
        var umasTransaction: UInt16 = 0
        var umasCode: UInt8 = 0

        /// True the first time a unit is noted.
        func note(_ unit: UInt8) -> Bool {
            let bit = UInt64(1) << UInt64(unit & 63)
            switch unit >> 6 {
            case 0:
                if units.0 & bit != 0 { return false }
                units.0 |= bit
            case 1:
                if units.1 & bit != 0 { return false }
                units.1 |= bit
            case 2:
                if units.2 & bit != 0 { return false }
                units.2 |= bit
            default:
                if units.3 & bit != 0 { return false }
                units.3 |= bit
            }
            return true
        }
    }

    /// Length from the header when header and length are those of Modbus; nil otherwise.
    private static func length(_ bytes: RawSpan) -> Int? {
        let length = Int(bytes.be16(Offset.length))
        let limit = bytes.u8(Offset.function) == Function.umas ? longestUMASLength : longestLength
        guard bytes.be16(Offset.protocolID) == 0, length >= 2, length <= limit else { return nil }
        return length
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= Offset.data else { return bytes.be16(Offset.protocolID) == 0 ? .wait : .no }
        guard let length = length(bytes) else { return .no }
        let total = 6 &+ length
        guard bytes.byteCount >= total || hint.isTCP, bytes.byteCount == total || hint.isTCP else { return .no }
        guard bytes.byteCount >= total else { return hint.uses(port) ? .wait : .no }
        // More bytes must be the next message.
        let next = bytes.from(total)
        if next.byteCount >= Offset.data ? self.length(next) == nil : next.be16(Offset.protocolID) != 0 { return .no }
        let sender: Verdict.Sender
        switch ModbusShape.of(bytes.slice(Offset.function, length &- 1)) {
        case .request: sender = .client
        case .response: sender = .server
        case .either: sender = hint.destinationPort == port ? .client : hint.sourcePort == port ? .server : .unknown
        case .unknownFunction: return hint.uses(port) && next.isEmpty ? .possible : .no
        case .wrong: return .no
        }
        return hint.uses(port) ? .certain(from: sender) : .possible(from: sender)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= Offset.data else { return d.isTCP ? .needMore(Offset.data) : .malformed }
        guard let length = length(bytes) else { return .malformed }
        let total = 6 &+ length
        guard bytes.byteCount >= total else { return d.isTCP ? .needMore(total) : .malformed }
        let pdu = bytes.slice(Offset.function, length &- 1)
        let shape = ModbusShape.of(pdu)
        let isResponse = shape == .response || (shape != .request && !d.fromClient)
        let state = d.state { State() }
        let function = pdu.u8(0)
        if isResponse {
            response(pdu, unit: bytes.u8(Offset.unit), transaction: bytes.be16(0), state, &d)
        } else {
            if function == Function.umas {
                state.umasTransaction = bytes.be16(0)
                state.umasCode = pdu.u8(2)
                UMAS.request(pdu, &d)
            }
            let code = ModbusMessage.code(pdu, isResponse: false)
            d.message(code, ModbusMessage.effect(code))
            if !state.saidClient {
                state.saidClient = true
                d.role(.hmi, field: "client", confidence: .low)
            }
        }
        return .consumed(total)
    }

    private static func response(
        _ pdu: RawSpan, unit: UInt8, transaction: UInt16, _ state: State, _ d: inout Dissection
    ) {
        d.message(ModbusMessage.code(pdu, isResponse: true))
        let function = pdu.u8(0)
        guard function & 0x80 == 0 else { return }
        if state.note(unit) {
            d.role(.plc, field: "server", confidence: .medium)
            d.observe("unit_id", number: UInt64(unit), field: "unit_id")
            // 0 and 255 mean the addressed host itself (Messaging on TCP/IP, 4.4.2.2); several others are devices behind it.
            if unit != 0, unit != 255 { state.unitCount &+= 1 }
            if state.unitCount == 2 { d.role(.gateway, field: "unit_ids", confidence: .medium) }
        }
        switch function {
        case Function.encapsulated where pdu.u8(1) == deviceIdentificationMEI:
            deviceIdentification(pdu.from(1), &d)
        case Function.reportServerID: reportServerID(pdu, &d)
        case Function.umas where transaction == state.umasTransaction:
            UMAS.response(pdu, to: state.umasCode, &d)
        default: break
        }
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
                d.observe("object_id", number: UInt64(id), field: "object_id")
                d.observe("object", text: value, field: "object_str_value")
                switch id {
                case 0: d.observe(.vendor, text: value, field: "vendor_name")
                case 1: d.observe(.productCode, text: value, field: "product_code")
                case 2: d.observe(.firmware, text: value, field: "revision")
                case 3: d.observe(.url, text: value, field: "vendor_url")
                case 4: d.observe(.model, text: value, field: "product_name")
                case 5: d.observe(.model, text: value, field: "model_name")
                case 6: d.observe(.name, text: value, field: "application_name")
                default: break
                }
                left &-= 1
            }
        } catch {
            if !d.isCut { d.malformed(error) }
        }
    }

    /// Report Server ID response (Application Protocol, 6.13): count, then bytes that each maker lays out his own way. What
    /// is printable and long enough to be a name is taken as a description.
    private static func reportServerID(_ pdu: RawSpan, _ d: inout Dissection) {
        let data = pdu.slice(2, Int(pdu.u8(1)))
        var start = 0
        var best = 0..<0
        var offset = 0
        while offset <= data.byteCount {
            let isPrintable = offset < data.byteCount && data.u8(offset) >= 0x20 && data.u8(offset) < 0x7f
            if !isPrintable {
                if offset &- start > best.count { best = start..<offset }
                start = offset &+ 1
            }
            offset &+= 1
        }
        guard best.count >= 4 else { return }
        d.observe(
            .description, text: data.slice(best.lowerBound, best.count), field: "server_id", confidence: .medium)
    }

    package static func messageName(_ code: UInt32) -> String { ModbusMessage.name(code) }
}
