import Model
import Wire

/// DLMS/COSEM: meters for electricity, gas and water, in HDLC frames through a modem or converter, or in the TCP wrapper.
///
///     HDLC     7E  A and length (2)  destination, source (each 1, 2 or 4; the last byte odd)  control 1  check 2
///              E6 E6 00 or E6 E7 00, APDU  check 2  7E
///     wrapper  version 2 (1)  source 2  destination 2  length 2  APDU
package enum DLMS: Dissector {
    package static let description = ProtocolDescription(
        name: "dlms", title: "DLMS/COSEM (IEC 62056)", family: .industrial, level: .operations,
        reference: "IEC 62056-46 (HDLC), IEC 62056-47 (TCP), IEC 62056-53 (COSEM application layer)",
        bindings: [.tcp([4059, 4060, 4061]), .udp([4059])], displayFilter: "dlms")

    private static let flag: UInt8 = 0x7e
    private static let longestWrapped: UInt16 = 4096

    /// Size of the frame between two flags, without them; nil when it is none.
    private static func frameSize(_ bytes: RawSpan) -> Int? {
        guard bytes.u8(0) == flag, bytes.u8(1) & 0xf0 == 0xa0 else { return nil }
        let size = Int(bytes.be16(1) & 0x07ff)
        return size >= 7 ? size : nil
    }

    private static func isWrapper(_ bytes: RawSpan) -> Bool {
        bytes.has(9) && bytes.be16(0) == 1 && bytes.be16(2) != 0 && bytes.be16(4) != 0 && bytes.be16(6) > 0
            && bytes.be16(6) <= longestWrapped && name(bytes.u8(8)) != nil
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        if let size = frameSize(bytes) {
            guard bytes.has(size &+ 2) else { return hint.isTCP && (hint.uses(4059) || hint.uses(4060)) ? .wait : .no }
            let check = CRC16.hdlc(bytes.slice(1, size &- 2))
            return bytes.u8(size &+ 1) == flag && bytes.le16(size &- 1) == check ? .certain : .no
        }
        guard isWrapper(bytes), Int(bytes.be16(6)) &+ 8 == bytes.byteCount, hint.uses(4059) else { return .no }
        return .certain(from: isRequest(bytes.u8(8)) ? .client : .server)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        if bytes.u8(0) == flag {
            guard bytes.has(3) else { return d.isTCP ? .needMore(3) : .malformed }
            // Two frames may share a flag or have one each.
            guard let size = frameSize(bytes) else { return bytes.u8(1) == flag ? .consumed(1) : .malformed }
            guard bytes.has(size &+ 2) else { return d.isTCP ? .needMore(size &+ 2) : .malformed }
            frame(bytes.slice(1, size), &d)
            return .consumed(size &+ 2)
        }
        guard bytes.has(9) else { return d.isTCP ? .needMore(9) : .malformed }
        guard isWrapper(bytes) else { return .malformed }
        unit(bytes.slice(8, Int(bytes.be16(6))), &d)
        return .consumed(8 &+ Int(bytes.be16(6)))
    }

    private static func frame(_ frame: RawSpan, _ d: inout Dissection) {
        var offset = 2
        var addresses = 0
        while addresses < 2, offset < min(frame.byteCount, 10) {
            if frame.u8(offset) & 1 == 1 { addresses &+= 1 }
            offset &+= 1
        }
        let control = frame.u8(offset)
        // Control, header check and the three bytes of LLC come before the unit.
        let start = offset &+ 6
        guard control & 1 == 0, frame.u8(offset &+ 3) == 0xe6, frame.has(1, at: start) else {
            d.message(0x100 | UInt32(control & 0xef))
            return
        }
        unit(frame.from(start), &d)
    }

    private static func unit(_ unit: RawSpan, _ d: inout Dissection) {
        let tag = unit.u8(0)
        d.message(UInt32(tag), effect(tag))
        if tag == 0x61 || tag == 0xc4 { d.role(.meter, field: "server", confidence: .medium) }
    }

    private static func isRequest(_ tag: UInt8) -> Bool {
        switch tag {
        case 0x01, 0x05, 0x06, 0x60, 0x62, 0xc0, 0xc1, 0xc3, 0xc8, 0xc9, 0xcb, 0xd0, 0xd1, 0xd3: true
        default: false
        }
    }

    private static func effect(_ tag: UInt8) -> MessageEffect {
        switch tag {
        case 0x05, 0xc0, 0xc8, 0xd0: .read
        case 0x06, 0xc1, 0xc9, 0xd1: .write
        case 0x60: .login
        case 0xc3, 0xcb, 0xd3: .control
        default: .none
        }
    }

    private static func name(_ tag: UInt8) -> String? {
        switch tag {
        case 0x01: "Initiate request"
        case 0x08: "Initiate response"
        case 0x05: "Read request"
        case 0x0c: "Read response"
        case 0x06: "Write request"
        case 0x0d: "Write response"
        case 0x0e: "Confirmed service error"
        case 0x0f: "Data notification"
        case 0x60: "Association request"
        case 0x61: "Association response"
        case 0x62: "Release request"
        case 0x63: "Release response"
        case 0xc0: "Get request"
        case 0xc4: "Get response"
        case 0xc1: "Set request"
        case 0xc5: "Set response"
        case 0xc2: "Event notification"
        case 0xc3: "Action request"
        case 0xc7: "Action response"
        case 0xc8, 0xcc, 0xd0, 0xd4: "Get (ciphered)"
        case 0xc9, 0xcd, 0xd1, 0xd5: "Set (ciphered)"
        case 0xcb, 0xcf, 0xd3, 0xd7: "Action (ciphered)"
        case 0xd8: "Exception response"
        case 0xdb, 0xdc: "General ciphering"
        default: nil
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0x183: "SNRM (connect)"
        case 0x163: "UA"
        case 0x143: "DISC (disconnect)"
        case 0x10f: "DM (disconnected)"
        case 0x100...0x1ff: code & 0x0f == 1 ? "RR (ready)" : "HDLC 0x" + String(code & 0xff, radix: 16)
        default: name(UInt8(truncatingIfNeeded: code)) ?? "Unit 0x" + String(code, radix: 16)
        }
    }
}
