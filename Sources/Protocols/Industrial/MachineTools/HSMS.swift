import Model
import Wire

/// HSMS: SECS-II messages between semiconductor equipment and its host.
///
///     0  length   4   of what follows
///     4  session  2   FFFF in control messages
///     6  stream   1   bit 7: an answer is wanted
///     7  function 1
///     8  presentation 1 (0), session type 1   0 data, 1 to 9 control
///    10  system   4
///    14  SECS-II items: format and length bytes, then data
package enum HSMS: Dissector {
    package static let description = ProtocolDescription(
        name: "hsms", title: "HSMS and SECS-II (semiconductor equipment)", family: .industrial, level: .operations,
        reference: "SEMI E37 (HSMS), 8; SEMI E5 (SECS-II), 9 and 10; SEMI E30 (GEM)",
        bindings: [.tcp([5000])], displayFilter: "hsms")

    private enum Offset { static let session = 4, stream = 6, function = 7, presentation = 8, kind = 9, text = 14 }
    private static let header: UInt32 = 10
    private static let longest: UInt32 = 1 << 24
    private static let kept: UInt32 = 512

    private static func isMessage(_ bytes: RawSpan) -> Bool {
        guard bytes.has(Offset.text), bytes.be32(0) >= header, bytes.be32(0) <= longest,
            bytes.u8(Offset.presentation) == 0
        else { return false }
        switch bytes.u8(Offset.kind) {
        case 0: return bytes.u8(Offset.stream) & 0x7f != 0
        case 1...7, 9: return bytes.be32(0) == header
        default: return false
        }
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.be16(0) == 0 else { return .no }
        guard isMessage(bytes) else { return .no }
        // The opening is a control message of exactly ten bytes for the session of all ones.
        if bytes.u8(Offset.kind) != 0 {
            guard bytes.be16(Offset.session) == 0xffff || bytes.u8(Offset.kind) <= 4 && bytes.be32(10) != 0,
                bytes.u8(Offset.stream) == 0, bytes.be16(0) == 0
            else { return .no }
            return bytes.be16(Offset.session) == 0xffff ? .certain : .possible
        }
        guard Int(bytes.be32(0)) &+ 4 == bytes.byteCount, hint.uses(5000), bytes.u8(Offset.function) < 128,
            bytes.byteCount == Offset.text || isItem(bytes.u8(Offset.text))
        else { return .no }
        return .possible
    }

    /// True for an item's first byte: a format code and one to three length bytes.
    private static func isItem(_ octet: UInt8) -> Bool {
        guard octet & 3 != 0 else { return false }
        return switch octet >> 2 {
        case 0o00, 0o10, 0o11, 0o20, 0o21, 0o22, 0o30...0o32, 0o34, 0o40, 0o44, 0o50...0o52, 0o54: true
        default: false
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.has(Offset.text) else { return .needMore(Offset.text) }
        guard isMessage(bytes) else { return .malformed }
        let total = 4 &+ Int(bytes.be32(0))
        guard bytes.u8(Offset.kind) == 0 else {
            d.message(UInt32(bytes.u8(Offset.kind)))
            return .consumed(total)
        }
        let stream = UInt32(bytes.u8(Offset.stream) & 0x7f)
        let function = UInt32(bytes.u8(Offset.function))
        let code = 0x1_0000 | stream << 8 | function
        let isIdentity = stream == 1 && (function == 2 || function == 14)
        if isIdentity, bytes.be32(0) <= kept, !bytes.has(total) { return .needMore(total) }
        d.message(code, effect(stream, function))
        if isIdentity, bytes.has(total) { identity(bytes.slice(Offset.text, total &- Offset.text), function, &d) }
        return .consumed(total)
    }

    /// S1F2: a list of model and software revision; S1F14: acknowledgement, then that list. The host's own lists are empty.
    private static func identity(_ text: RawSpan, _ function: UInt32, _ d: inout Dissection) {
        var offset = 0
        if function == 14 {
            guard text.be16(0) == 0x0102, text.be16(2) == 0x2101 else { return }
            offset = 5
        }
        guard text.be16(offset) == 0x0102 else { return }
        let model = offset &+ 2
        guard text.u8(model) == 0x41 else { return }
        let revision = model &+ 2 &+ Int(text.u8(model &+ 1))
        guard text.u8(revision) == 0x41, text.has(2, at: revision) else { return }
        d.observe(.model, text: text.slice(model &+ 2, Int(text.u8(model &+ 1))), field: "mdln")
        d.observe(.firmware, text: text.slice(revision &+ 2, Int(text.u8(revision &+ 1))), field: "softrev")
    }

    private static func effect(_ stream: UInt32, _ function: UInt32) -> MessageEffect {
        switch (stream, function) {
        case (1, 1), (1, 13): .identity
        case (1, 3), (1, 11), (2, 13), (2, 29), (6, 15), (6, 19), (7, 19): .read
        case (2, 15), (2, 31), (2, 33), (2, 35), (2, 37), (5, 3): .write
        case (1, 15), (1, 17), (2, 21), (2, 41), (2, 49), (3, 17), (16, 5), (16, 27): .control
        case (7, 5), (7, 25): .upload
        case (7, 1), (7, 3), (7, 23), (7, 17): .download
        default: .none
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "Select.req"
        case 2: "Select.rsp"
        case 3: "Deselect.req"
        case 4: "Deselect.rsp"
        case 5: "Linktest.req"
        case 6: "Linktest.rsp"
        case 7: "Reject.req"
        case 9: "Separate.req"
        default: "S\(code >> 8 & 0x7f)F\(code & 0xff)"
        }
    }
}
