import Model
import Wire

/// IEC 60870-5-104 telecontrol over TCP: a control centre and its substations exchange application data units.
///
///     0  start           1   68
///     1  length          1   of what follows, 4 to 253
///     2  control field   4   I format: bit 0 of the first byte is 0; S: 01; U: low bits 11, one function bit
///     6  type            1   of the ASDU, in I format only
///     7  number          1   of objects in the low seven bits; 80: one address for a sequence
///     8  cause           1   of transmission in the low six bits; 40 negative, 80 test
///     9  originator      1
///    10  common address  2   little-endian
///    12  object address  3   little-endian, then the object
package enum IEC104: Dissector {
    package static let description = ProtocolDescription(
        name: "iec104", title: "IEC 60870-5-104", family: .industrial, level: .operations,
        reference: "IEC 60870-5-104:2006, 5 and 6; IEC 60870-5-101:2003, 7", bindings: [.tcp([port])],
        displayFilter: "iec60870_104")

    private static let port: UInt16 = 2404
    private static let start: UInt8 = 0x68

    private enum Offset {
        static let control = 2, type = 6, number = 7, cause = 8, commonAddress = 10, object = 12
    }
    private static let controlSize = 4
    private static let longestLength = 253

    private enum Cause { static let activation: UInt8 = 6 }

    /// What is kept of a conversation, so that repeats cost little.
    private final class State {
        var lastAddress: UInt32 = .max
    }

    private enum Format {
        case information, supervisory
        case unnumbered(UInt8)
    }

    /// The format of a unit whose control field is one of the specification's; nil otherwise.
    private static func format(_ bytes: RawSpan) -> Format? {
        let length = Int(bytes.u8(1))
        guard bytes.u8(0) == start, length >= controlSize, length <= longestLength else { return nil }
        let first = bytes.u8(Offset.control)
        if first & 1 == 0 {
            guard bytes.u8(4) & 1 == 0, length >= 10, bytes.u8(Offset.type) != 0, bytes.u8(Offset.type) <= 127 else {
                return nil
            }
            return .information
        }
        guard length == controlSize, bytes.u8(3) == 0 else { return nil }
        if first == 1 { return bytes.u8(4) & 1 == 0 ? .supervisory : nil }
        switch first {
        case 0x07, 0x0b, 0x13, 0x23, 0x43, 0x83: return bytes.be16(4) == 0 ? .unnumbered(first) : nil
        default: return nil
        }
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == start else { return .no }
        guard bytes.byteCount >= 6 else { return .wait }
        guard let format = format(bytes) else { return .no }
        let size = 2 &+ Int(bytes.u8(1))
        // What follows must be the next unit.
        if bytes.byteCount >= size &+ 6, self.format(bytes.from(size)) == nil { return .no }
        switch format {
        case .unnumbered(let function):
            // Activations (even bit positions) come from the control centre.
            return .certain(from: function & 0x54 != 0 || function == 0x07 ? .client : .server)
        case .supervisory: return hint.uses(port) ? .certain : .possible
        case .information:
            let type = bytes.u8(Offset.type)
            guard bytes.byteCount >= Offset.object else { return .wait }
            guard IEC104Message.isKnown(type), (1...47).contains(bytes.u8(Offset.cause) & 0x3f) else { return .no }
            let sender: Verdict.Sender =
                type < 45
                ? .server : type < 120 && bytes.u8(Offset.cause) & 0x3f == Cause.activation ? .client : .unknown
            let isWhole = IEC104Message.objectSize(type).map {
                let number = Int(bytes.u8(Offset.number) & 0x7f)
                let isSequence = bytes.u8(Offset.number) & 0x80 != 0
                return size == Offset.object &+ (isSequence ? 3 &+ number &* $0 : number &* (3 &+ $0))
            }
            if isWhole == false { return .no }
            return hint.uses(port) || isWhole == true ? Verdict(.certain, sender: sender) : .possible(from: sender)
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 6 else { return .needMore(6) }
        guard let format = format(bytes) else { return .malformed }
        let size = 2 &+ Int(bytes.u8(1))
        guard bytes.byteCount >= size else { return .needMore(size) }
        switch format {
        case .supervisory: d.message(IEC104Message.supervisory)
        case .unnumbered(let function): d.message(IEC104Message.unnumbered(function))
        case .information: information(bytes.first(size), &d)
        }
        return .consumed(size)
    }

    private static func information(_ bytes: RawSpan, _ d: inout Dissection) {
        guard bytes.byteCount >= Offset.object else { return }
        let type = bytes.u8(Offset.type)
        let cause = bytes.u8(Offset.cause)
        let code = IEC104Message.code(type, cause)
        d.message(code, IEC104Message.effect(type, cause, fromClient: d.fromClient))
        let state = d.state { State() }
        let address = UInt32(bytes.le16(Offset.commonAddress)) << 1 | (d.fromClient ? 1 : 0)
        guard state.lastAddress != address || type == 70 else { return }
        state.lastAddress = address
        if type < 45 || type == 70 {
            d.role(.plc, field: "controlled_station", confidence: .medium)
            d.role(.scada, field: "controlling_station", about: .destination, confidence: .medium)
            if address >> 1 != 0xffff {
                d.observe("common_address", number: UInt64(address >> 1), field: "common_address")
            }
        }
    }

    package static func messageName(_ code: UInt32) -> String { IEC104Message.name(code) }
}

/// Codes, names and effects of IEC 60870-5-104 messages. A code is the type in bits 8 to 15 and the cause of transmission with
/// its negative bit in bits 0 to 7; bit 16 marks the S format, bit 17 the U format.
enum IEC104Message {
    static let supervisory: UInt32 = 0x1_0000
    static func unnumbered(_ function: UInt8) -> UInt32 { 0x2_0000 | UInt32(function) }
    static func code(_ type: UInt8, _ cause: UInt8) -> UInt32 { UInt32(type) << 8 | UInt32(cause & 0x7f) }

    static func isKnown(_ type: UInt8) -> Bool {
        switch type {
        case 1...21, 30...41, 45...51, 58...64, 70, 81...95, 100...107, 110...113, 120...127: true
        default: false
        }
    }

    /// Bytes of one object without its address (IEC 60870-5-101, 7.3); nil where they vary or nobody should rely on them.
    static func objectSize(_ type: UInt8) -> Int? {
        switch type {
        case 1, 3, 45, 46, 47, 100, 101, 70, 105, 113: 1
        case 5: 2
        case 9, 11: 3
        case 7, 13, 15: 5
        case 21: 2
        case 30, 31, 58, 59, 60: 8
        case 32: 9
        case 34, 35, 61, 62: 10
        case 33, 36, 37: 12
        case 48, 49, 110, 111: 3
        case 50, 112: 5
        case 51: 4
        case 63: 12
        case 64: 11
        case 103: 7
        case 102: 0
        default: nil
        }
    }

    /// What a unit does to its receiver. Only activations act; confirmations and monitored values do nothing.
    static func effect(_ type: UInt8, _ cause: UInt8, fromClient: Bool) -> MessageEffect {
        let isActivation = cause & 0x7f == 6
        switch type {
        case 45...51, 58...64, 110...112: return isActivation ? .write : .none
        case 113: return isActivation ? .write : .none
        case 100, 101: return isActivation ? .read : .none
        case 102: return cause & 0x3f == 5 && fromClient ? .read : .none
        case 103: return isActivation && fromClient ? .write : .none
        case 105: return isActivation ? .control : .none
        // Files: what the control centre announces goes to the station, what it selects comes from it.
        case 120: return fromClient ? .download : .none
        case 122: return fromClient ? .upload : .none
        default: return .none
        }
    }

    static func name(_ code: UInt32) -> String {
        if code == supervisory { return "S format" }
        if code >> 16 == 2 { return unnumberedName(code & 0xff) }
        let type = code >> 8 & 0xff
        return typeName(type) + " (" + causeName(code & 0x3f) + (code & 0x40 != 0 ? ", negative)" : ")")
    }

    private static func unnumberedName(_ function: UInt32) -> String {
        switch function {
        case 0x07: "STARTDT act"
        case 0x0b: "STARTDT con"
        case 0x13: "STOPDT act"
        case 0x23: "STOPDT con"
        case 0x43: "TESTFR act"
        case 0x83: "TESTFR con"
        default: "U format"
        }
    }

    private static func causeName(_ cause: UInt32) -> String {
        switch cause {
        case 1: "periodic"
        case 2: "background scan"
        case 3: "spontaneous"
        case 4: "initialized"
        case 5: "request"
        case 6: "activation"
        case 7: "activation confirmation"
        case 8: "deactivation"
        case 9: "deactivation confirmation"
        case 10: "activation termination"
        case 11: "return by remote command"
        case 12: "return by local command"
        case 13: "file transfer"
        case 20: "station interrogation"
        case 21...36: "group interrogation"
        case 37...41: "counter interrogation"
        case 44: "unknown type"
        case 45: "unknown cause"
        case 46: "unknown common address"
        case 47: "unknown object address"
        default: "cause \(cause)"
        }
    }

    private static func typeName(_ type: UInt32) -> String {
        switch type {
        case 1, 2, 30: "Single-point information"
        case 3, 4, 31: "Double-point information"
        case 5, 6, 32: "Step position information"
        case 7, 8, 33: "Bitstring of 32 bits"
        case 9, 10, 21, 34: "Measured value, normalized"
        case 11, 12, 35: "Measured value, scaled"
        case 13, 14, 36: "Measured value, short floating point"
        case 15, 16, 37: "Integrated totals"
        case 17, 38: "Event of protection equipment"
        case 18, 19, 39, 40: "Packed protection events"
        case 20: "Packed single-point information"
        case 41: "Integrated totals of security statistics"
        case 45, 58: "Single command"
        case 46, 59: "Double command"
        case 47, 60: "Regulating step command"
        case 48, 61: "Set-point command, normalized"
        case 49, 62: "Set-point command, scaled"
        case 50, 63: "Set-point command, short floating point"
        case 51, 64: "Bitstring command"
        case 70: "End of initialization"
        case 81...95: "Security message, type \(type)"
        case 100: "Interrogation command"
        case 101: "Counter interrogation command"
        case 102: "Read command"
        case 103: "Clock synchronization command"
        case 104, 107: "Test command"
        case 105: "Reset process command"
        case 106: "Delay acquisition command"
        case 110: "Parameter, normalized"
        case 111: "Parameter, scaled"
        case 112: "Parameter, short floating point"
        case 113: "Parameter activation"
        case 120: "File ready"
        case 121: "Section ready"
        case 122: "Call directory, select or call file"
        case 123: "Last section or segment"
        case 124: "Acknowledge file or section"
        case 125: "File segment"
        case 126: "Directory"
        case 127: "Query log"
        default: "Type \(type)"
        }
    }
}
