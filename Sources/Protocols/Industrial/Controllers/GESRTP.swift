import Model
import Wire

/// GE's Service Request Transport Protocol (Series 90, VersaMax, PACSystems): 56-byte messages, the first one each way empty.
///
///     0  type          1   0 opening, 1 its answer, 2 request, 3 answer
///     4  text length   2   little-endian, of what follows the 56 bytes
///    30  sequence      1
///    31  message type  1   C0 request, 80 request with text, D4 answer, 94 answer with text, D1 error
///    42  service       1   in requests without text; 50 in requests with text
package enum GESRTP: Dissector {
    package static let description = ProtocolDescription(
        name: "ge-srtp", title: "GE SRTP", family: .industrial, level: .messages,
        reference: "GE, unpublished; Denton et al., Leveraging the SRTP protocol, DFRWS 2017", bindings: [.tcp([port])],
        displayFilter: nil)

    private static let port: UInt16 = 18245
    private static let size = 56
    private enum Offset { static let textLength = 4, messageType = 31, service = 42, longService = 50 }

    private static func isMessage(_ bytes: RawSpan) -> Bool {
        switch (bytes.u8(0), bytes.u8(Offset.messageType)) {
        case (2, 0xc0), (2, 0x80), (3, 0xd4), (3, 0x94), (3, 0xd1): bytes.u8(1) == 0
        default: false
        }
    }

    /// True when all of the 56 bytes after the first are zero.
    private static func isOpening(_ bytes: RawSpan) -> Bool {
        guard bytes.u8(0) <= 1 else { return false }
        var offset = 1
        while offset < size {
            if bytes.u8(offset) != 0 { return false }
            offset &+= 1
        }
        return true
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) <= 3, hint.uses(port) else { return .no }
        guard bytes.byteCount >= size else { return .wait }
        let sender: Verdict.Sender = bytes.u8(0) & 1 == 0 ? .client : .server
        if isMessage(bytes) { return .certain(from: sender) }
        guard isOpening(bytes) else { return .no }
        // Zeros prove nothing: what follows them does, or the answer's one.
        if bytes.byteCount > size { return isMessage(bytes.from(size)) ? .certain(from: sender) : .no }
        return bytes.u8(0) == 1 ? .possible(from: .server) : .wait
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= size else { return .needMore(size) }
        let type = bytes.u8(0)
        guard type > 1 || isOpening(bytes) else { return .malformed }
        guard type <= 1 || isMessage(bytes) else { return .malformed }
        let total = size &+ Int(bytes.le16(Offset.textLength))
        switch type {
        case 2:
            let service = bytes.u8(bytes.u8(Offset.messageType) == 0x80 ? Offset.longService : Offset.service)
            d.message(UInt32(service), effect(service))
        case 3:
            d.message(0x100 | UInt32(bytes.u8(Offset.messageType)))
            d.role(.plc, field: "server", confidence: .medium)
        default: d.message(0x200 | UInt32(type))
        }
        return .consumed(total)
    }

    private static func effect(_ service: UInt8) -> MessageEffect {
        switch service {
        case 0x00, 0x03...0x06, 0x25, 0x38: .read
        case 0x43: .identity
        case 0x07...0x09, 0x22, 0x24, 0x39, 0x44: .write
        case 0x20, 0x21: .login
        case 0x23: .control
        case 0x3f: .upload
        case 0x40: .download
        default: .none
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0x00: "PLC short status"
        case 0x03: "Return control program names"
        case 0x04: "Read system memory"
        case 0x05: "Read task memory"
        case 0x06: "Read program block memory"
        case 0x07: "Write system memory"
        case 0x08: "Write task memory"
        case 0x09: "Write program block memory"
        case 0x20: "Programmer logon"
        case 0x21: "Change privilege level"
        case 0x22: "Set control id"
        case 0x23: "Set PLC state (run or stop)"
        case 0x24: "Set PLC time"
        case 0x25: "Return PLC time"
        case 0x38: "Return fault table"
        case 0x39: "Clear fault table"
        case 0x3f: "Program store (upload)"
        case 0x40: "Program load (download)"
        case 0x43: "Return controller type and id"
        case 0x44: "Toggle force"
        case 0x1d1: "Error answer"
        case 0x100...0x1ff: "Answer"
        case 0x200: "Opening"
        case 0x201: "Opening (response)"
        default: "Service \(code)"
        }
    }
}
