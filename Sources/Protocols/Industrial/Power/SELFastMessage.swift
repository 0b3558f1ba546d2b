import Model
import Wire

/// Fast Meter, Fast Operate and Fast Message of Schweitzer Engineering Laboratories' relays: binary messages between lines of text,
/// over TCP as a serial server or a relay hands them on. Text that surrounds them is passed over.
///
///     0  A5
///     1  kind      1   46 Fast Message; C0 definition, C1–C3 configuration, D1–D3 meter data; CE, CF operate configuration;
///                      E0, E3, E5–E9 operate
///     2  length    1   of the whole message; a question is the first two bytes alone
///     …  checksum  1   sum of all bytes before it; Fast Message: CRC-16 2, big-endian (polynomial 8005 reflected, from FFFF)
///
/// E0 and E3 are 6 bytes: at 3 the operate code 1, then the validation 1, four times the code and one.
package enum SELFastMessage: Dissector {
    package static let description = ProtocolDescription(
        name: "sel-fast-message", title: "SEL Fast Meter, Fast Operate, Fast Message", family: .industrial,
        level: .operations, reference: "SEL application guides AG95-10 and AG2002-14", bindings: [.tcp([port])],
        displayFilter: "selfm")

    /// Telnet's: relays talk there; serial servers on any.
    private static let port: UInt16 = 23
    private static let mark: UInt8 = 0xa5
    private static let operateLength = 6
    private enum Kind {
        static let message: UInt8 = 0x46, clear: UInt8 = 0xb9, definition: UInt8 = 0xc0, reset: UInt8 = 0xcd
        static let operateSetup: UInt8 = 0xce, otherSetup: UInt8 = 0xcf
        static let remoteBit: UInt8 = 0xe0, breaker: UInt8 = 0xe3
    }
    private enum Code { static let answer: UInt32 = 0x100 }

    private static func isQuestion(_ kind: UInt8) -> Bool {
        switch kind {
        case Kind.clear, Kind.definition...0xc3, Kind.reset...Kind.otherSetup, 0xd1...0xd3, 0xed: true
        default: false
        }
    }

    private static func isOperation(_ kind: UInt8) -> Bool {
        switch kind {
        case Kind.remoteBit, Kind.breaker, 0xe5...0xe9: true
        default: false
        }
    }

    /// The length of the message at the start that its length byte gives and its checksum proves; nil when they do not.
    private static func provenLength(_ bytes: RawSpan) -> Int? {
        let length = Int(bytes.u8(2))
        guard length >= 5, bytes.has(length) else { return nil }
        let kind = bytes.u8(1)
        if kind == Kind.message {
            return CRC16.modbus(bytes.first(length &- 2)) == bytes.be16(length &- 2) ? length : nil
        }
        if kind == Kind.remoteBit || kind == Kind.breaker {
            guard length == operateLength, bytes.u8(4) == bytes.u8(3) &* 4 &+ 1 else { return nil }
        }
        var sum: UInt8 = 0
        for index in 0..<(length &- 1) { sum &+= bytes.u8(index) }
        return sum == bytes.u8(length &- 1) ? length : nil
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == mark else { return .no }
        let kind = bytes.u8(1)
        guard isQuestion(kind) || isOperation(kind) || kind == Kind.message else { return .no }
        if bytes.byteCount == 2 { return isQuestion(kind) ? .possible(from: .client) : .wait }
        let isRegistered = hint.uses(port)
        guard let length = provenLength(bytes), isRegistered || length == bytes.byteCount else { return .no }
        let sender: Verdict.Sender = isOperation(kind) ? .client : kind == Kind.message ? .unknown : .server
        // A mark, a kind and a sum of one byte are no proof on any port.
        return Verdict(isRegistered ? .certain : .possible, sender: sender)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.u8(0) == mark else {
            // Text between the messages.
            return .consumed(bytes.index(of: mark) ?? bytes.byteCount)
        }
        guard bytes.byteCount >= 2 else { return .needMore(2) }
        let kind = bytes.u8(1)
        if d.fromClient, isQuestion(kind) {
            d.message(UInt32(kind), kind == Kind.definition ? .identity : kind == 0xed ? .control : .read)
            return .consumed(2)
        }
        guard isQuestion(kind) || isOperation(kind) || kind == Kind.message else { return .consumed(1) }
        guard bytes.byteCount >= 3 else { return .needMore(3) }
        let length = Int(bytes.u8(2))
        guard length >= 5 else { return .consumed(1) }
        guard bytes.has(length) else { return d.isCut ? .consumed(bytes.byteCount) : .needMore(length) }
        guard provenLength(bytes) != nil else { return .consumed(1) }
        if d.fromClient {
            d.message(UInt32(kind), isOperation(kind) ? .control : .none)
        } else {
            d.message(UInt32(kind) | Code.answer)
            d.role(.plc, field: "answer", confidence: .low)
            d.observe(.vendor, "Schweitzer Engineering Laboratories", field: "answer_vendor", confidence: .medium)
        }
        return .consumed(length)
    }

    package static func messageName(_ code: UInt32) -> String {
        let name: String =
            switch UInt8(truncatingIfNeeded: code) {
            case Kind.message: "Fast Message"
            case Kind.clear: "clear status bits"
            case Kind.definition: "relay definition"
            case 0xc1...0xc3: "Fast Meter configuration"
            case 0xd1...0xd3: "Fast Meter data"
            case Kind.reset: "Fast Operate reset definition"
            case Kind.operateSetup, Kind.otherSetup: "Fast Operate configuration"
            case Kind.remoteBit: "operate remote bit"
            case Kind.breaker: "operate breaker"
            case 0xe5: "open"
            case 0xe6: "close"
            case 0xe7...0xe9: "operate bit"
            case 0xed: "Fast Operate reset"
            default: "message A5\(String(code & 0xff, radix: 16, uppercase: true))"
            }
        return code & Code.answer != 0 ? name + " (answer)" : name
    }
}
