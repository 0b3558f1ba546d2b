import Model
import Wire

/// SAIA Ether-S-Bus: S-Bus telegrams of SAIA PCD controllers in UDP.
///
///     0  length      4   of the whole telegram
///     4  version     1   0 or 1
///     5  protocol    1   0
///     6  sequence    2
///     8  attribute   1   0 request, 1 response, 2 acknowledgement
///     9  request: station 1, command 1, data; response: data; acknowledgement: code 2
///   end  CRC         2   over all before
package enum EtherSBus: Dissector {
    package static let description = ProtocolDescription(
        name: "ether-sbus", title: "SAIA Ether-S-Bus", family: .industrial, level: .operations,
        reference: "Saia-Burgess Controls, S-Bus manual 26/739; fields as Wireshark names them",
        bindings: [.udp([5050])],
        displayFilter: "sbus")

    private enum Offset { static let version = 4, sequence = 6, attribute = 8, station = 9, command = 10, data = 9 }
    private static let shortest = 12
    private static let longest = 1500
    private enum Attribute { static let request: UInt8 = 0, response: UInt8 = 1, acknowledgement: UInt8 = 2 }
    private enum Command { static let version: UInt8 = 0x20, status: ClosedRange<UInt8> = 0x14...0x1b }

    /// The last request, which tells what a response is about.
    private final class State {
        var sequence: UInt16 = 0
        var command: UInt8?
    }

    private static func isTelegram(_ bytes: RawSpan) -> Bool {
        bytes.byteCount >= shortest && bytes.byteCount <= longest && bytes.be32(0) == UInt32(bytes.byteCount)
            && bytes.u8(Offset.version) <= 1 && bytes.u8(Offset.attribute) <= Attribute.acknowledgement
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard isTelegram(bytes), CRC16.sbus(bytes.first(bytes.byteCount &- 2)) == bytes.be16(bytes.byteCount &- 2)
        else {
            return .no
        }
        return .certain(from: bytes.u8(Offset.attribute) == Attribute.request ? .client : .server)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard isTelegram(bytes) else { return .malformed }
        let state = d.state { State() }
        let data = bytes.slice(Offset.data, bytes.byteCount &- Offset.data &- 2)
        switch bytes.u8(Offset.attribute) {
        case Attribute.request:
            guard bytes.byteCount > shortest else { return .malformed }
            let command = bytes.u8(Offset.command)
            state.sequence = bytes.be16(Offset.sequence)
            state.command = command
            d.message(UInt32(command), effect(command))
            d.observe("station", number: UInt64(bytes.u8(Offset.station)), field: "station", about: .destination)
        case Attribute.response:
            d.message(0x100)
            d.role(.plc, field: "response", confidence: .medium)
            if let command = state.command, state.sequence == bytes.be16(Offset.sequence) { answer(command, data, &d) }
        default: d.message(0x200)
        }
        return .consumed(bytes.byteCount)
    }

    private static func answer(_ command: UInt8, _ data: RawSpan, _ d: inout Dissection) {
        switch command {
        case Command.version where data.byteCount >= 8 && data.first(8).isPrintable:
            // Processor type 5 characters, firmware version 3 characters, a zero.
            d.observe(.vendor, "SAIA Burgess Controls", field: "program_version_vendor", confidence: .medium)
            d.observe(.model, text: data.first(5), field: "processor_type")
            d.observe(.firmware, text: data.slice(5, 3), field: "firmware_version")
        case Command.status where data.byteCount == 1:
            if let status = status(data.u8(0)) { d.observe(.status, status, field: "cpu_status") }
        default: break
        }
    }

    private static func status(_ letter: UInt8) -> String? {
        switch letter {
        case 0x48: "halt"
        case 0x52: "run"
        case 0x53: "stop"
        default: nil
        }
    }

    private static func effect(_ command: UInt8) -> MessageEffect {
        switch command {
        case 0x00...0x07, 0x1e, 0x21, 0x22, 0x46...0x4b, 0x91, 0x96, 0x9b...0x9f, 0xa1, 0xa8: .read
        case 0x14...0x1b, 0x1d, 0x20, 0xab: .identity
        case 0x0a...0x0f, 0x13, 0x23, 0x25, 0x50...0x53, 0x5a...0x5e, 0x6f, 0x75, 0x97...0x9a, 0xa3, 0xa7: .write
        case 0x28...0x30, 0x32...0x39, 0x3c...0x44, 0x64...0x6b, 0x71, 0x73, 0x74, 0x76, 0x77, 0x82...0x84, 0xa6:
            .control
        case 0x1f: .upload
        case 0x24, 0x6e, 0x70, 0x72, 0xa5, 0xa9, 0xac: .download
        case 0xae: .firmware
        default: .none
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0x00: "Read counter"
        case 0x02: "Read flag"
        case 0x03: "Read input"
        case 0x04: "Read clock"
        case 0x05: "Read output"
        case 0x06: "Read register"
        case 0x07: "Read timer"
        case 0x0a: "Write counter"
        case 0x0b: "Write flag"
        case 0x0c: "Write clock"
        case 0x0d: "Write output"
        case 0x0e: "Write register"
        case 0x0f: "Write timer"
        case 0x13: "Read and write several media"
        case 0x14...0x1b: "Read CPU status"
        case 0x1d: "Read station number"
        case 0x1e: "Read user memory"
        case 0x1f: "Read program line"
        case 0x20: "Read program version"
        case 0x23: "Write user memory"
        case 0x24: "Write program line"
        case 0x28...0x30: "Run"
        case 0x32...0x39: "Restart cold"
        case 0x3c...0x44: "Stop"
        case 0x64...0x6b: "Restart warm"
        case 0x96: "Read data block"
        case 0x97: "Write data block"
        case 0xa9: "Read or write PCD block"
        case 0xab: "Read system information"
        case 0xae: "Download firmware"
        case 0xaf: "Web server telegram"
        case 0x100: "Response"
        case 0x200: "Acknowledgement"
        default: "Command 0x" + String(code, radix: 16)
        }
    }
}
