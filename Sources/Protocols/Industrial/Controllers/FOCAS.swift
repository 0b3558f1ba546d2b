import Model
import Wire

/// FOCAS over Ethernet: FANUC machine tool controls.
///
///     0  A0 A0 A0 A0
///     4  version  2
///     6  type     2   0101 open, 0102 opened, 0201 close, 0202 closed, 2101 request, 2102 answer
///     8  length   2   of what follows
///    10  count 2, then parts: length 2 (itself included), function 6 (0001 0001 and the number), answers: zeros 6, size 2, data
package enum FOCAS: Dissector {
    package static let description = ProtocolDescription(
        name: "focas", title: "FANUC FOCAS", family: .industrial, level: .identity,
        reference: "FANUC, unpublished; as open FOCAS clients speak it", bindings: [.tcp([8193])], displayFilter: nil)

    private static let magic: UInt32 = 0xa0a0_a0a0
    private enum Offset { static let type = 6, length = 8, body = 10 }
    private enum Part { static let function = 6, size = 14, data = 16 }
    private static let systemInformation: UInt16 = 0x0018

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0xa0 else { return .no }
        guard bytes.byteCount >= Offset.body else { return bytes.be16(0) == 0xa0a0 ? .wait : .no }
        guard bytes.be32(0) == magic, bytes.be16(4) <= 4 else { return .no }
        switch bytes.be16(Offset.type) & 0xff {
        case 1: return .certain(from: .client)
        case 2: return .certain(from: .server)
        default: return .no
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= Offset.body else { return .needMore(Offset.body) }
        guard bytes.be32(0) == magic else { return .malformed }
        let total = Offset.body &+ Int(bytes.be16(Offset.length))
        guard bytes.byteCount >= total else { return .needMore(total) }
        let type = bytes.be16(Offset.type)
        let isAnswer = type & 0xff == 2
        if isAnswer { d.role(.plc, field: "control", confidence: .medium) }
        let body = bytes.slice(Offset.body, total &- Offset.body)
        guard type >> 8 == 0x21 else {
            d.message(UInt32(type))
            return .consumed(total)
        }
        var offset = 2
        var left = min(body.be16(0), 32)
        while left > 0, body.has(8, at: offset) {
            left &-= 1
            let size = Int(body.be16(offset))
            guard size >= 8 else { break }
            let part = body.slice(offset, size)
            let function = part.be16(Part.function)
            d.message(
                (isAnswer ? 0x2_0000 : 0x1_0000) | UInt32(function),
                !isAnswer && function == systemInformation ? .identity : .none)
            if isAnswer, function == systemInformation { system(part.slice(Part.data, Int(part.be16(Part.size))), &d) }
            offset &+= size
        }
        return .consumed(total)
    }

    /// Additional information 2, most axes 2, series of the control 2 characters, kind of machine 2, series 4, version 4, axes 2.
    private static func system(_ data: RawSpan, _ d: inout Dissection) {
        guard data.byteCount >= 16, data.slice(4, 12).isPrintable else { return }
        d.observe(.vendor, "FANUC", field: "system_information", confidence: .medium)
        let series = WireText(wire: data.slice(4, 2)).raw
        let kind = WireText(wire: data.slice(6, 2)).raw
        d.observe(.model, kind.isEmpty ? "Series \(series)" : "Series \(series)-\(kind)", field: "cnc_type")
        d.observe(
            .firmware, WireText(wire: data.slice(8, 4)).raw + " " + WireText(wire: data.slice(12, 4)).raw,
            field: "series_version")
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0x0101: return "Open"
        case 0x0102: return "Open (response)"
        case 0x0201: return "Close"
        case 0x0202: return "Close (response)"
        case 0x1_0018: return "Read system information"
        case 0x2_0018: return "Read system information (response)"
        default:
            let number = "Function 0x" + String(code & 0xffff, radix: 16)
            return code >= 0x2_0000 ? number + " (response)" : number
        }
    }
}
