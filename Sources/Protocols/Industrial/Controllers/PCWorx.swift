import Model
import Wire

/// PC Worx: Phoenix Contact Inline controllers and their programming tool.
///
///     0  01 request, 81 answer
///     1  kind    1   01 opening, 05 session, 06 information
///     2  length  2   of the whole
///        information answer: type (30), firmware (66), its date (79) and time (91), article number (152), each ending in a zero
package enum PCWorx: Dissector {
    package static let description = ProtocolDescription(
        name: "pcworx", title: "Phoenix Contact PC Worx", family: .industrial, level: .identity,
        reference: "Phoenix Contact, unpublished; as Nmap's pcworx-info speaks it", bindings: [.tcp([1962])],
        displayFilter: nil)

    private enum Offset {
        static let kind = 1, length = 2, opening = 14, type = 30, firmware = 66, date = 79, article = 152
    }
    private static let information: UInt8 = 6
    private static let kept = 512

    private static func isMessage(_ bytes: RawSpan) -> Bool {
        (bytes.u8(0) == 0x01 || bytes.u8(0) == 0x81) && bytes.u8(Offset.kind) >= 1 && bytes.u8(Offset.kind) <= 0x20
            && bytes.be16(Offset.length) >= 8
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard isMessage(bytes), Int(bytes.be16(Offset.length)) == bytes.byteCount else { return .no }
        if bytes.starts(with: "IBETH01", at: Offset.opening) { return .certain(from: .client) }
        guard hint.uses(1962), bytes.byteCount >= 14, bytes.u8(0) == 0x81 || bytes.be16(8) == 0x7880 else { return .no }
        return .possible(from: bytes.u8(0) == 0x01 ? .client : .server)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.has(8) else { return .needMore(8) }
        guard isMessage(bytes) else { return .malformed }
        let total = Int(bytes.be16(Offset.length))
        let kind = bytes.u8(Offset.kind)
        let isAnswer = bytes.u8(0) == 0x81
        if isAnswer, kind == information, total <= kept, !bytes.has(total) { return .needMore(total) }
        d.message((isAnswer ? 0x100 : 0) | UInt32(kind), !isAnswer && kind == information ? .identity : .none)
        guard isAnswer else { return .consumed(total) }
        d.role(.plc, field: "answer", confidence: .medium)
        d.observe(.vendor, "Phoenix Contact", field: "answer_vendor", confidence: .medium)
        guard kind == information, bytes.has(total), total > Offset.date else { return .consumed(total) }
        let whole = bytes.first(total)
        text(.model, whole, Offset.type, "plc_type", &d)
        text(.firmware, whole, Offset.firmware, "firmware_version", &d)
        text(.productCode, whole, Offset.article, "article_number", &d)
        return .consumed(total)
    }

    private static func text(
        _ attribute: Attribute, _ bytes: RawSpan, _ offset: Int, _ field: StaticString, _ d: inout Dissection
    ) {
        guard let end = bytes.index(of: 0, from: offset, limit: 64), end > offset,
            bytes.slice(offset, end &- offset).isPrintable
        else { return }
        d.observe(attribute, text: bytes.slice(offset, end &- offset), field: field)
    }

    package static func messageName(_ code: UInt32) -> String {
        let name: String =
            switch code & 0xff {
            case 1: "Opening"
            case 5: "Session"
            case 6: "Information"
            default: "Kind \(code & 0xff)"
            }
        return code & 0x100 != 0 ? name + " (response)" : name
    }
}
