import Model
import Wire

/// HART-IP: field devices of process plants behind a multiplexer, a gateway or on their own Ethernet.
///
///     0  version          1   1 or 2
///     1  message type     1   0 request, 1 response, 2 publish, 15 negative answer
///     2  message id       1   0 open, 1 close, 2 keep alive, 3 pass-through, 4 direct PDU, 5 audit log
///     3  status           1
///     4  sequence number  2
///     6  length           2   header included
///     8  body; passed through: delimiter 1, address 1 or 5, command 1, count 1, data, check byte
package enum HARTIP: Dissector {
    package static let description = ProtocolDescription(
        name: "hart-ip", title: "HART-IP", family: .industrial, level: .operations,
        reference: "FieldComm Group TS10085; HCF_SPEC-127 (universal commands)",
        bindings: [.tcp([port]), .udp([port])],
        displayFilter: "hart_ip")

    private static let port: UInt16 = 5094
    private enum Offset { static let type = 1, id = 2, length = 6, body = 8 }
    private enum MessageID {
        static let open: UInt8 = 0, close: UInt8 = 1, keepAlive: UInt8 = 2, passThrough: UInt8 = 3, directPDU: UInt8 = 4
    }

    /// Devices seen behind this server, so that a second one makes it a gateway.
    private final class State {
        var first: UInt64?
    }

    private static func length(_ bytes: RawSpan) -> Int? {
        let length = Int(bytes.be16(Offset.length))
        let type = bytes.u8(Offset.type)
        guard bytes.u8(0) == 1 || bytes.u8(0) == 2, type <= 2 || type == 15,
            bytes.u8(Offset.id) <= 5 || (128...131).contains(bytes.u8(Offset.id)), length >= Offset.body, length <= 4096
        else { return nil }
        switch bytes.u8(Offset.id) {
        // Master type and time, or nothing where the answer is a refusal.
        case MessageID.open: return length == Offset.body || length == Offset.body &+ 5 ? length : nil
        case MessageID.close, MessageID.keepAlive: return length == Offset.body ? length : nil
        default: return length
        }
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 1 || bytes.u8(0) == 2 else { return .no }
        guard bytes.byteCount >= Offset.body else { return hint.uses(port) && hint.isTCP ? .wait : .no }
        guard let length = length(bytes), hint.isTCP || length == bytes.byteCount else { return .no }
        guard bytes.byteCount >= length else { return hint.uses(port) ? .wait : .no }
        if bytes.byteCount >= length &+ Offset.body, self.length(bytes.from(length)) == nil { return .no }
        let sender: Verdict.Sender = bytes.u8(Offset.type) == 0 ? .client : .server
        let id = bytes.u8(Offset.id)
        if id == MessageID.passThrough {
            guard isHART(bytes.slice(Offset.body, length &- Offset.body)) else { return .no }
            return .certain(from: sender)
        }
        // An opening carries master type and time; its answer the same.
        let isOpening = id == 0 && length == Offset.body &+ 5 && bytes.u8(Offset.body) <= 1
        if hint.uses(port) { return isOpening ? .certain(from: sender) : .possible(from: sender) }
        return isOpening && bytes.byteCount == length ? .possible(from: sender) : .no
    }

    /// True when the check byte, which makes the exclusive or of all bytes zero, is right.
    private static func isHART(_ frame: RawSpan) -> Bool {
        guard frame.byteCount >= 5, frame.byteCount <= 300 else { return false }
        var sum: UInt8 = 0
        var index = 0
        while index < frame.byteCount {
            sum ^= frame.u8(index)
            index &+= 1
        }
        return sum == 0
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= Offset.body else { return d.isTCP ? .needMore(Offset.body) : .malformed }
        guard let length = length(bytes) else { return .malformed }
        guard bytes.byteCount >= length else { return d.isTCP ? .needMore(length) : .malformed }
        let type = bytes.u8(Offset.type)
        let id = bytes.u8(Offset.id)
        let body = bytes.slice(Offset.body, length &- Offset.body)
        let code = UInt32(type) << 24 | UInt32(id) << 16
        if id == MessageID.passThrough {
            passThrough(body, code, isRequest: type == 0, &d)
        } else {
            if id == MessageID.directPDU, type == 0 {
                let command = body.be16(2)
                d.message(code | UInt32(command), HARTCommand.effect(command))
            } else {
                d.message(code)
            }
        }
        return .consumed(length)
    }

    /// The token-passing frame: delimiter with address size in bit 7 and expansion bytes in bits 5 and 6.
    private static func passThrough(_ frame: RawSpan, _ code: UInt32, isRequest: Bool, _ d: inout Dissection) {
        let delimiter = frame.u8(0)
        let isLong = delimiter & 0x80 != 0
        let at = 1 &+ (isLong ? 5 : 1) &+ Int(delimiter >> 5 & 3)
        guard frame.has(2, at: at) else {
            d.message(code)
            return
        }
        var command = UInt16(frame.u8(at))
        var data = frame.slice(at &+ 2, Int(frame.u8(at &+ 1)))
        var skipped = isRequest ? 0 : 2
        // Command 31 carries a longer number before the data.
        if command == 31, data.byteCount >= skipped &+ 2 {
            command = data.be16(skipped)
            skipped &+= 2
        }
        d.message(code | UInt32(command), isRequest ? HARTCommand.effect(command) : .none)
        guard !isRequest, delimiter & 7 == 6, data.u8(0) & 0x80 == 0 else { return }
        data = data.from(skipped)
        let device =
            isLong ? UInt64(frame.be32(1) & 0x3fff_ffff) << 8 | UInt64(frame.u8(5)) : UInt64(frame.u8(1) & 0x3f)
        let state = d.state { State() }
        if isLong {
            if state.first == nil { state.first = device }
            if let first = state.first, first != device { d.role(.gateway, field: "devices", confidence: .medium) }
        }
        HARTCommand.response(command, data, isFirst: !isLong || state.first == device, &d)
    }

    package static func messageName(_ code: UInt32) -> String {
        let suffix =
            code >> 24 == 0 ? "" : code >> 24 == 1 ? " (response)" : code >> 24 == 2 ? " (published)" : " (refused)"
        switch code >> 16 & 0xff {
        case 0: return "Session open" + suffix
        case 1: return "Session close" + suffix
        case 2: return "Keep alive" + suffix
        case 3: return HARTCommand.name(UInt16(truncatingIfNeeded: code)) + suffix
        case 4: return "Direct PDU" + (code & 0xffff == 0 ? "" : ", command \(code & 0xffff)") + suffix
        case 5: return "Read audit log" + suffix
        default: return "Message \(code >> 16 & 0xff)" + suffix
        }
    }
}

/// HART's universal and common-practice commands: what they do, and what their answers say of a device.
enum HARTCommand {
    static func effect(_ command: UInt16) -> MessageEffect {
        switch command {
        case 0, 11, 13, 20, 21: .identity
        case 39...42, 71: .control
        case 6, 17...19, 22, 34...38, 43...47, 49, 51...53, 55, 56, 58, 59, 64...70, 73, 79, 82, 83, 87, 88, 92, 97, 99,
            102...104, 106...109, 117, 118, 512, 513:
            .write
        default: .read
        }
    }

    /// `isFirst` is false for a second device behind the same server: its facts are listed, not taken for the server's own.
    static func response(_ command: UInt16, _ data: RawSpan, isFirst: Bool, _ d: inout Dissection) {
        switch command {
        case 0, 11, 21: identity(data, isFirst: isFirst, &d)
        case 13 where data.byteCount >= 18:
            // Tag 6 and descriptor 12 bytes of packed six-bit characters, date 3.
            if data.be48(0) != 0 { d.observe("hart_tag", packed(data.first(6)), field: "tag") }
            if isFirst, data.be48(6) | data.be48(12) != 0 {
                d.observe(.description, packed(data.slice(6, 12)), field: "descriptor", confidence: .medium)
            }
        case 20 where data.byteCount >= 32:
            d.observe("hart_tag", text: data.first(32), field: "long_tag")
            if isFirst { d.observe(.name, text: data.first(32), field: "long_tag_name", confidence: .medium) }
        default: break
        }
    }

    /// 254; type 2 (or manufacturer 1 and type 1 before revision 7); 3 preambles, 4 universal revision, 5 device revision,
    /// 6 software, 7 hardware in five bits, 8 flags, 9 device id 3; from revision 7 on 17 manufacturer 2.
    private static func identity(_ data: RawSpan, isFirst: Bool, _ d: inout Dissection) {
        guard data.byteCount >= 12, data.u8(0) == 254, (5...9).contains(data.u8(4)) else { return }
        guard d.isNew(data.first(12), field: "identity") else { return }
        let isRevision7 = data.u8(4) >= 7 && data.byteCount >= 19
        let maker = isRevision7 ? data.be16(17) : UInt16(data.u8(1))
        let type = isRevision7 ? UInt32(data.be16(1)) : UInt32(data.u8(2))
        let serial = data.be24(9)
        d.observe("hart_device", "manufacturer \(maker), type \(type), id \(serial)", field: "device")
        d.role(isFirst ? .sensor : .gateway, field: "field_device", confidence: .low)
        guard isFirst else { return }
        d.observe(.vendorID, number: UInt64(maker), field: "manufacturer_id", confidence: .medium)
        d.observe(.deviceType, number: UInt64(type), field: "device_type", confidence: .medium)
        d.observe(.serial, number: UInt64(serial), field: "device_id", confidence: .medium)
        d.observe(.firmware, number: UInt64(data.u8(6)), field: "software_revision", confidence: .medium)
        d.observe(.hardware, number: UInt64(data.u8(7) >> 3), field: "hardware_revision", confidence: .medium)
    }

    /// Four characters in three bytes, each six bits of ASCII with bit 6 the opposite of bit 5.
    private static func packed(_ bytes: RawSpan) -> WireText {
        var text: [UInt8] = []
        var offset = 0
        while bytes.has(3, at: offset) {
            let group = bytes.be24(offset)
            for shift: UInt32 in [18, 12, 6, 0] {
                let six = UInt8(truncatingIfNeeded: group >> shift & 0x3f)
                text.append(six & 0x20 != 0 ? six : six | 0x40)
            }
            offset &+= 3
        }
        return WireText(wire: text.span.bytes)
    }

    static func name(_ command: UInt16) -> String {
        switch command {
        case 0: "Read unique identifier"
        case 1: "Read primary variable"
        case 2: "Read loop current and percent of range"
        case 3: "Read dynamic variables"
        case 6: "Write polling address"
        case 11: "Read unique identifier by tag"
        case 12: "Read message"
        case 13: "Read tag, descriptor, date"
        case 17: "Write message"
        case 18: "Write tag, descriptor, date"
        case 19: "Write final assembly number"
        case 20: "Read long tag"
        case 21: "Read unique identifier by long tag"
        case 22: "Write long tag"
        case 35: "Write range values"
        case 38: "Reset configuration changed flag"
        case 40: "Enter or exit fixed current mode"
        case 41: "Perform self test"
        case 42: "Perform device reset"
        case 48: "Read additional status"
        case 71: "Lock device"
        default: "Command \(command)"
        }
    }
}
