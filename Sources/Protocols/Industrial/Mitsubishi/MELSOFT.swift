import Model
import Wire

/// MELSOFT connection: what GX Works and GOT panels speak to MELSEC CPUs over Ethernet. Unpublished; read as in Nozomi
/// Networks' dissector (Black Hat MEA 2023), the nmap script melsecq-discover and captures of iQ-F and iQ-R CPUs.
///
///     0   57 request, D7 response
///     2   sequence 1 …
///     3   00 00 11 11
///     19  length 2           little-endian, bytes that follow
///     21  1C request, 9C response; header size less 2 at +2; end code 2 of a response at +4
///     21 + header size: command 2 (big-endian), reference 2, size 2, data
///
/// Before the first request a client sends 5A 00 00 xx, answered by DA 00 00 xx and 10 or 24 bytes more.
package enum MELSOFT: Dissector {
    package static let description = ProtocolDescription(
        name: "melsoft", title: "MELSOFT connection", family: .industrial, level: .operations,
        reference: "Unpublished; Nozomi Networks melsoft_bhmea2023, nmap melsecq-discover",
        bindings: [.tcp([5007, 5002, 5562]), .udp([5006, 5560, 5001])], displayFilter: nil)

    private enum Offset {
        static let kind = 0, fixed = 3, length = 19, header = 21
        // Within the header.
        static let headerSize = 2, endCode = 4
        // Within the command data.
        static let data = 6
    }
    private static let greetingSize = 4
    private static let longestLength = 0x4000

    /// Commands on PLC files: panels never send them, engineering tools do at once.
    private static let fileCommands: ClosedRange<UInt16> = 0x1850...0x18ff

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        switch bytes.u8(0) {
        case 0x57, 0xd7:
            guard bytes.byteCount >= Offset.header + 6 else { return hint.isTCP ? .wait : .no }
            guard isFrame(bytes), hint.isTCP || total(bytes) == bytes.byteCount else { return .no }
            return .certain(from: bytes.u8(0) == 0x57 ? .client : .server)
        case 0x5a:
            guard isGreeting(bytes), bytes.byteCount == greetingSize else { return .no }
            return .possible(from: .client)
        case 0xda:
            guard isGreeting(bytes), bytes.byteCount == answerSize(bytes) else { return .no }
            return .possible(from: .server)
        default: return .no
        }
    }

    private static func isFrame(_ bytes: RawSpan) -> Bool {
        bytes.be32(Offset.fixed) == 0x0000_1111 && bytes.le16(Offset.length) >= 16
            && Int(bytes.le16(Offset.length)) <= longestLength
            && bytes.u8(Offset.header) == (bytes.u8(0) == 0x57 ? 0x1c : 0x9c)
    }

    private static func isGreeting(_ bytes: RawSpan) -> Bool {
        guard bytes.byteCount >= greetingSize, bytes.be16(1) == 0 else { return false }
        switch bytes.u8(3) {
        case 0x01, 0x11, 0x22, 0xff: return true
        default: return false
        }
    }

    private static func answerSize(_ bytes: RawSpan) -> Int { bytes.u8(3) == 0xff ? 28 : 14 }
    private static func total(_ bytes: RawSpan) -> Int { Offset.header + Int(bytes.le16(Offset.length)) }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        switch bytes.u8(0) {
        case 0x5a:
            guard bytes.byteCount >= greetingSize else { return d.isTCP ? .needMore(greetingSize) : .malformed }
            guard isGreeting(bytes) else { return .malformed }
            d.message(greeting)
            return .consumed(greetingSize)
        case 0xda:
            guard bytes.byteCount >= greetingSize else { return d.isTCP ? .needMore(greetingSize) : .malformed }
            guard isGreeting(bytes) else { return .malformed }
            let size = answerSize(bytes)
            guard bytes.byteCount >= size else { return d.isTCP ? .needMore(size) : .malformed }
            d.message(greeting)
            return .consumed(size)
        case 0x57, 0xd7:
            guard bytes.byteCount >= Offset.header + 6 else {
                return d.isTCP ? .needMore(Offset.header + 6) : .malformed
            }
            guard isFrame(bytes) else { return .malformed }
            let total = total(bytes)
            guard bytes.byteCount >= total else { return d.isTCP ? .needMore(total) : .malformed }
            message(bytes.slice(Offset.header, total &- Offset.header), isRequest: bytes.u8(0) == 0x57, &d)
            return .consumed(total)
        default: return .malformed
        }
    }

    private static func message(_ body: RawSpan, isRequest: Bool, _ d: inout Dissection) {
        let start = Int(body.u8(Offset.headerSize)) + 2
        guard body.has(2, at: start) else {
            d.malformed(
                DecodeError(field: "command", offset: start, needed: 2, available: body.byteCount &- start))
            return
        }
        let command = body.be16(start)
        let data = body.from(start + Offset.data)
        if isRequest {
            d.message(UInt32(command), effect(command))
            // A login's user name: UTF-16, up to a NUL.
            if command == 0x0131 {
                d.observe(.user, WireText(utf16: data.first(64)), field: "user_name", about: .conversation)
            }
            if isEngineering(command) {
                d.role(.engineeringStation, field: "request", confidence: .medium)
            } else {
                d.role(.hmi, field: "request", confidence: .low)
            }
        } else {
            d.message(UInt32(command))
            d.role(.plc, field: "response", confidence: .medium)
            let endCode = body.le16(Offset.endCode)
            switch command {
            case 0x0101 where endCode == 0, 0x0121 where endCode == 0: cpuModel(data, &d)
            case 0x0131 where endCode != 0, 0x0132 where endCode != 0:
                d.observe(.authentication, "rejected", field: "login", about: .conversation)
            case 0x0132:
                d.observe(.authentication, "accepted", field: "login", about: .conversation)
            default: break
            }
        }
    }

    /// CPU model: name 16 characters, filled up with blanks or NULs; model code 2 (little-endian).
    private static func cpuModel(_ data: RawSpan, _ d: inout Dissection) {
        guard data.byteCount >= 16, data.u8(0) > 0x20, data.u8(0) < 0x7f else { return }
        d.observe(.model, text: data.first(16), field: "cpu_model")
        d.observe(.vendor, "Mitsubishi Electric", field: "cpu_model")
        if data.has(2, at: 16) { d.observe(.productCode, number: UInt64(data.le16(16)), field: "model_code") }
    }

    /// Commands that panels have no use for: remote control, users, safety mode, files.
    private static func isEngineering(_ command: UInt16) -> Bool {
        switch command {
        case 0x0131...0x0134, 0x1001...0x1006, 0x1120, 0x1133, fileCommands: true
        default: false
        }
    }

    private static func effect(_ command: UInt16) -> MessageEffect {
        switch command {
        case 0x0101, 0x0121: .identity
        case 0x0131, 0x0132: .login
        case 0x0133, 0x0134, 0x0150, 0x0401, 0x0403, 0x0406, 0x0410, 0x0411, 0x0413, 0x0613, 0x1850, 0x1859, 0x185f,
            0x1810, 0x1811:
            .read
        case 0x1868, 0x1828: .upload
        case 0x1869, 0x1829: .download
        case 0x1133, 0x1401, 0x1402, 0x1406, 0x1410, 0x1411, 0x1613, 0x1820, 0x1822: .write
        case 0x1001...0x1003, 0x1005, 0x1006, 0x1120: .control
        default: .none
        }
    }

    private static let greeting: UInt32 = 0x1_0000

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case greeting: "Greeting"
        case 0x0101, 0x0121: "Read CPU Model"
        case 0x0131: "User Name Login"
        case 0x0132: "Password Login"
        case 0x0133, 0x0134: "Read User Information"
        case 0x0150: "Read Safety Mode"
        case 0x0401, 0x0410: "Read Memory"
        case 0x0403, 0x0411: "Read Memory Random"
        case 0x1401, 0x1410: "Write Memory"
        case 0x1402, 0x1411: "Write Memory Random"
        case 0x1001: "Remote Run"
        case 0x1002: "Remote Stop"
        case 0x1003: "Remote Pause"
        case 0x1005: "Remote Latch Clear"
        case 0x1006: "Remote Reset"
        case 0x1120: "Change Safety Mode"
        case 0x1133: "Register User Information"
        case 0x1859, 0x185f: "Read File List"
        case 0x1867: "Open File"
        case 0x1868: "Read File"
        case 0x1869: "Write File"
        case 0x186a: "Close File"
        default: "Command " + SLMPCommand.hexadecimal(UInt16(truncatingIfNeeded: code))
        }
    }
}
