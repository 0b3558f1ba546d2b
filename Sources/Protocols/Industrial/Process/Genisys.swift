import Model
import Wire

/// Genisys: railway signalling between an office and field units, as it comes from a serial line.
///
///     0  kind     1   F1 acknowledge, F2 indications, F3 control checkback; F9 common controls, FA acknowledge and poll, FB poll,
///                     FC controls, FD recall, FE execute
///     1  station  1
///     2  data (F0 escapes the byte after it), checksum 2 in frames with data or to be secured; last F6
package enum Genisys: Dissector {
    package static let description = ProtocolDescription(
        name: "genisys", title: "Genisys (railway signalling)", family: .industrial, level: .messages,
        reference: "Union Switch & Signal, Genisys protocol; as ICSNPP reads it", bindings: [.tcp([10001])],
        displayFilter: nil)

    private static let terminator: UInt8 = 0xf6
    private static let longest = 1024

    private static func isKind(_ octet: UInt8) -> Bool {
        (0xf1...0xf3).contains(octet) || (0xf9...0xfe).contains(octet)
    }

    /// Offset after the terminator. Data bytes from F0 on are escaped, checksums are not: one that ends in F6 makes the terminator
    /// the second or third F6.
    private static func end(_ bytes: RawSpan) -> Int? {
        guard let first = bytes.index(of: terminator, from: 2, limit: longest) else { return nil }
        var index = 1
        while index < first &- 2 {
            if bytes.u8(index) > 0xf0 { return nil }
            index &+= 1
        }
        guard first > 2, !hasChecksum(bytes.first(first &+ 1)) else { return first &+ 1 }
        for later in [first &+ 1, first &+ 2]
        where bytes.u8(later) == terminator && hasChecksum(bytes.first(later &+ 1)) {
            return later &+ 1
        }
        return first &+ 1
    }

    private static func hasChecksum(_ frame: RawSpan) -> Bool {
        guard frame.byteCount >= 5 else { return false }
        var plain: [UInt8] = []
        var index = 0
        while index < frame.byteCount &- 1 {
            if index > 0, frame.u8(index) == 0xf0 {
                index &+= 1
                plain.append(0xf0 | frame.u8(index) & 15)
            } else {
                plain.append(frame.u8(index))
            }
            index &+= 1
        }
        let end = plain.count &- 2
        let span = plain.span.bytes
        return end >= 2 && CRC16.modbus(span.first(end)) == span.le16(end)
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard isKind(bytes.u8(0)), bytes.byteCount >= 3, let end = end(bytes) else { return .no }
        let sender: Verdict.Sender = bytes.u8(0) >= 0xf9 ? .client : .server
        if end == 3 { return bytes.u8(0) == 0xf1 || bytes.u8(0) == 0xfa ? .possible(from: sender) : .no }
        return hasChecksum(bytes.first(end)) ? .certain(from: sender) : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 3 else { return .needMore(3) }
        guard isKind(bytes.u8(0)) else { return .malformed }
        guard let end = end(bytes) else {
            return bytes.byteCount < longest && bytes.index(of: terminator) == nil
                ? .needMore(bytes.byteCount &+ 1) : .malformed
        }
        let kind = bytes.u8(0)
        d.message(UInt32(kind), effect(kind))
        if kind < 0xf9 {
            d.role(.plc, field: "field_unit", confidence: .medium)
            d.observe("genisys_station", number: UInt64(bytes.u8(1)), field: "station")
        } else {
            d.role(.scada, field: "office", confidence: .medium)
        }
        return .consumed(end)
    }

    private static func effect(_ kind: UInt8) -> MessageEffect {
        switch kind {
        case 0xf9, 0xfc, 0xfe: .write
        case 0xfb, 0xfd: .read
        default: .none
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0xf1: "Acknowledge"
        case 0xf2: "Indication data"
        case 0xf3: "Control checkback"
        case 0xf9: "Common controls"
        case 0xfa: "Acknowledge and poll"
        case 0xfb: "Poll"
        case 0xfc: "Control data"
        case 0xfd: "Recall"
        case 0xfe: "Execute controls"
        default: "Kind \(code)"
        }
    }
}
