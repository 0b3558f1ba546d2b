import Model
import Wire

/// OMRON FINS over UDP, one frame a datagram, or over TCP behind a header of its own.
///
///     FINS frame                              FINS/TCP header
///     0   ICF 1    80, bit 6 response         0   "FINS"
///     1   reserved 1                          4   length 4    bytes from offset 8 on
///     2   gateway count 1                     8   command 4   0/1 node address, 2 frame, 3 error, 6 confirmation
///     3   destination network, node, unit     12  error code 4
///     6   source network, node, unit          16  frame, or node addresses
///     9   service id 1
///     10  command 2
///     12  request: data; response: end code 2, data
package enum FINS: Dissector {
    package static let description = ProtocolDescription(
        name: "fins", title: "OMRON FINS", family: .industrial, level: .operations,
        reference: "OMRON W227 FINS Commands Reference Manual; W421, section 7 (FINS/TCP)",
        bindings: [.udp([9600]), .tcp([9600])], displayFilter: "omron")

    private static let port: UInt16 = 9600
    private enum Offset {
        static let gatewayCount = 2, destinationNetwork = 3, source = 6, command = 10, data = 12, endCode = 12
        static let responseData = 14
    }
    private enum Header { static let length = 4, command = 8, frame = 16 }
    private static let longestLength = 0x1000
    private static let frameCommand: UInt32 = 2

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        if hint.isTCP {
            guard bytes.byteCount >= 4 else { return .wait }
            guard bytes.starts(with: "FINS") else { return .no }
            guard bytes.byteCount >= Header.frame else { return .wait }
            let length = bytes.be32(Header.length)
            guard length >= 8, length <= UInt32(longestLength), bytes.be32(Header.command) <= 6 else { return .no }
            switch bytes.be32(Header.command) {
            case 0: return .certain(from: .client)
            case 1: return .certain(from: .server)
            case frameCommand where bytes.has(1, at: Header.frame):
                return .certain(from: bytes.u8(Header.frame) & 0x40 == 0 ? .client : .server)
            default: return .certain
            }
        }
        guard isFrame(bytes) else { return .no }
        let sender: Verdict.Sender = bytes.u8(0) & 0x40 == 0 ? .client : .server
        return Verdict(hint.uses(port) ? .certain : .possible, sender: sender)
    }

    /// ICF's bit 7 is 1, its bits 1–5 and the reserved byte are 0, at most seven gateways, networks up to 127, a command of the manual's.
    private static func isFrame(_ bytes: RawSpan) -> Bool {
        let isResponse = bytes.u8(0) & 0x40 != 0
        return bytes.byteCount >= (isResponse ? Offset.responseData : Offset.data) && bytes.u8(0) & 0xbe == 0x80
            && bytes.u8(1) == 0 && bytes.u8(Offset.gatewayCount) <= 7 && bytes.u8(Offset.destinationNetwork) <= 127
            && bytes.u8(Offset.source) <= 127 && effect(bytes.be16(Offset.command)) != nil
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard d.isTCP else {
            guard isFrame(bytes) else { return .malformed }
            frame(bytes, &d)
            return .consumed(bytes.byteCount)
        }
        guard bytes.byteCount >= Header.frame else { return .needMore(Header.frame) }
        let length = bytes.be32(Header.length)
        guard bytes.starts(with: "FINS"), length >= 8, length <= UInt32(longestLength) else { return .malformed }
        let total = 8 + Int(length)
        guard bytes.byteCount >= total else { return .needMore(total) }
        let body = bytes.slice(Header.frame, total &- Header.frame)
        let command = bytes.be32(Header.command)
        if command == frameCommand {
            if isFrame(body) {
                frame(body, &d)
            } else {
                d.malformed(DecodeError(field: "FINS frame", offset: 16, needed: 12, available: body.byteCount))
            }
        } else {
            d.message(0x1_0000 | min(command, 0xffff))
        }
        return .consumed(total)
    }

    private static func frame(_ bytes: RawSpan, _ d: inout Dissection) {
        let command = bytes.be16(Offset.command)
        let isResponse = bytes.u8(0) & 0x40 != 0
        d.message(UInt32(command), isResponse ? .none : effect(command) ?? .none)
        address(bytes, &d)
        guard isResponse else {
            if command == 0x0304 || command == 0x0305 {
                d.observe(
                    .cleartextCredential, "FINS program area password", field: "program_area_password",
                    about: .conversation)
            }
            return
        }
        d.role(.plc, field: "response", confidence: .medium)
        // The high bits of the end code tell of relay and CPU errors that leave the data in place.
        guard bytes.be16(Offset.endCode) & 0x7f3f == 0 else { return }
        let data = bytes.from(Offset.responseData)
        switch command {
        case 0x0501: controllerData(data, &d)
        case 0x0502: connectionData(data, &d)
        case 0x0601: status(data, &d)
        case 0x2603: d.observe(.name, text: data.first(8), field: "name")
        default: break
        }
    }

    /// The sender's FINS address, as OMRON writes it: network.node.unit.
    private static func address(_ bytes: RawSpan, _ d: inout Dissection) {
        guard bytes.u8(Offset.source + 1) != 0, d.isNew(bytes.slice(Offset.source, 3), field: "source_address") else {
            return
        }
        d.observe(
            "fins_address",
            "\(bytes.u8(Offset.source)).\(bytes.u8(Offset.source + 1)).\(bytes.u8(Offset.source + 2))",
            field: "source_address")
    }

    /// Controller Data Read: model 20 characters, version 20, for system use 40, area data. A request may ask for the CPU
    /// bus units alone; their answer has no text.
    private static func controllerData(_ data: RawSpan, _ d: inout Dissection) {
        guard data.byteCount >= 40, isPrintable(data.first(20)), isPrintable(data.slice(20, 20)) else { return }
        d.observe(.model, text: data.first(20), field: "controller_model")
        d.observe(.firmware, text: data.slice(20, 20), field: "controller_version")
        d.observe(.vendor, "OMRON", field: "controller_model", confidence: .medium)
    }

    /// Connection Data Read: number of units 1, then unit address 1 and model 20 each.
    private static func connectionData(_ data: RawSpan, _ d: inout Dissection) {
        var left = data.u8(0) & 0x7f
        var offset = 1
        while left > 0, data.has(21, at: offset) {
            let model = data.slice(offset + 1, 20)
            if isPrintable(model) { d.observe("module", text: model, field: "unit_model") }
            offset &+= 21
            left &-= 1
        }
    }

    /// Controller Status Read: status 1, operating mode 1, fatal and other errors.
    private static func status(_ data: RawSpan, _ d: inout Dissection) {
        guard data.byteCount >= 2 else { return }
        switch data.u8(1) {
        case 0: d.observe(.status, "program", field: "operating_mode")
        case 1: d.observe(.status, "debug", field: "operating_mode")
        case 2: d.observe(.status, "monitor", field: "operating_mode")
        case 4: d.observe(.status, "run", field: "operating_mode")
        default: break
        }
    }

    private static func isPrintable(_ text: RawSpan) -> Bool {
        guard text.u8(0) > 0x20 else { return false }
        var index = 0
        while index < text.byteCount {
            let byte = text.u8(index)
            if byte != 0, byte < 0x20 || byte > 0x7e { return false }
            index &+= 1
        }
        return true
    }

    private static func effect(_ command: UInt16) -> MessageEffect? {
        switch command {
        case 0x0501, 0x0502, 0x2603: .identity
        case 0x0101, 0x0104, 0x0601...0x0603, 0x0620, 0x0701, 0x0920, 0x2102, 0x2140, 0x2201, 0x2209, 0x220f, 0x2210,
            0x230a, 0x0220:
            .read
        case 0x0102, 0x0103, 0x0105, 0x0203, 0x0221, 0x0304, 0x0305, 0x0702, 0x2103, 0x2141, 0x2204...0x2208, 0x220a,
            0x2211, 0x2215, 0x2601, 0x2602:
            .write
        case 0x0201, 0x0306, 0x2202: .upload
        case 0x0202, 0x0307, 0x0308, 0x2203, 0x220b, 0x220c: .download
        case 0x0401...0x0403, 0x2101, 0x2301, 0x2302: .control
        case 0x0801...0x0803, 0x0c01...0x0c03: MessageEffect.none
        default: nil
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0x0101: "Memory Area Read"
        case 0x0102: "Memory Area Write"
        case 0x0103: "Memory Area Fill"
        case 0x0104: "Multiple Memory Area Read"
        case 0x0105: "Memory Area Transfer"
        case 0x0201: "Parameter Area Read"
        case 0x0202: "Parameter Area Write"
        case 0x0203: "Parameter Area Clear"
        case 0x0220: "Data Link Table Read"
        case 0x0221: "Data Link Table Write"
        case 0x0304: "Program Area Protect"
        case 0x0305: "Program Area Protect Clear"
        case 0x0306: "Program Area Read"
        case 0x0307: "Program Area Write"
        case 0x0308: "Program Area Clear"
        case 0x0401: "Run"
        case 0x0402: "Stop"
        case 0x0403: "Reset"
        case 0x0501: "Controller Data Read"
        case 0x0502: "Connection Data Read"
        case 0x0601: "Controller Status Read"
        case 0x0602: "Network Status Read"
        case 0x0603: "Data Link Status Read"
        case 0x0620: "Cycle Time Read"
        case 0x0701: "Clock Read"
        case 0x0702: "Clock Write"
        case 0x0801: "Loop-back Test"
        case 0x0802: "Broadcast Test Results Read"
        case 0x0803: "Broadcast Test Data Send"
        case 0x0920: "Message Read or Clear"
        case 0x0c01: "Access Right Acquire"
        case 0x0c02: "Access Right Forced Acquire"
        case 0x0c03: "Access Right Release"
        case 0x2101: "Error Clear"
        case 0x2102: "Error Log Read"
        case 0x2103: "Error Log Clear"
        case 0x2140: "FINS Write Access Log Read"
        case 0x2141: "FINS Write Access Log Clear"
        case 0x2201: "File Name Read"
        case 0x2202: "Single File Read"
        case 0x2203: "Single File Write"
        case 0x2204: "Memory Card Format"
        case 0x2205: "File Delete"
        case 0x2206: "Volume Label Create or Delete"
        case 0x2207: "File Copy"
        case 0x2208: "File Name Change"
        case 0x2209: "File Data Check"
        case 0x220a: "Memory Area File Transfer"
        case 0x220b: "Parameter Area File Transfer"
        case 0x220c: "Program Area File Transfer"
        case 0x220f: "File Memory Index Read"
        case 0x2210: "File Memory Read"
        case 0x2211: "File Memory Write"
        case 0x2215: "Directory Create or Delete"
        case 0x2301: "Forced Set/Reset"
        case 0x2302: "Forced Set/Reset Cancel"
        case 0x230a: "Multiple Forced Status Read"
        case 0x2601: "Name Set"
        case 0x2602: "Name Delete"
        case 0x2603: "Name Read"
        case 0x1_0000: "Client Node Address"
        case 0x1_0001: "Server Node Address"
        case 0x1_0003: "FINS/TCP Error"
        case 0x1_0006: "Connection Confirmation"
        default: "Command 0x" + String(code, radix: 16, uppercase: true)
        }
    }
}
