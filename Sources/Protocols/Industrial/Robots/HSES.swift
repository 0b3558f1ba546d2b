import Model
import Wire

/// YASKAWA High Speed Ethernet Server: robot controllers (FS100, DX200, YRC1000) and their supervisors.
///
///     0  "YERC"
///     4  header size 2 (32), data size 2; all numbers little-endian
///     8  03, division 1 (1 robot, 2 files), direction 1 (0 request, 1 answer), request id 1
///    12  block 4
///    16  "99999999"
///    24  request: command 2, instance 2, attribute 1, service 1; answer: service 1 with bit 7 set, status 1, …
///    32  data
package enum HSES: Dissector {
    package static let description = ProtocolDescription(
        name: "yaskawa-hses", title: "YASKAWA High Speed Ethernet Server", family: .industrial, level: .operations,
        reference: "YASKAWA FS100 Instructions for High-speed Ethernet Server Function (HW1483602), 3",
        bindings: [.udp([10_040, 10_041])], displayFilter: nil)

    private enum Offset {
        static let dataSize = 6, division = 9, direction = 10, id = 11, command = 24, service = 29, data = 32
    }
    private enum Command { static let system: UInt16 = 0x89 }

    private final class State {
        var id: UInt8 = 0
        var command: UInt16 = 0
    }

    private static func isMessage(_ bytes: RawSpan) -> Bool {
        bytes.has(Offset.data) && bytes.starts(with: "YERC") && bytes.le16(4) == 32
            && Int(bytes.le16(Offset.dataSize)) &+ Offset.data <= bytes.byteCount
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard isMessage(bytes) else { return .no }
        return .certain(from: bytes.u8(Offset.direction) == 0 ? .client : .server)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard isMessage(bytes) else { return .malformed }
        let state = d.state { State() }
        let isFile = bytes.u8(Offset.division) == 2
        guard bytes.u8(Offset.direction) == 0 else {
            d.message(isFile ? 0x3_0000 : 0x2_0000)
            d.role(.robot, field: "controller")
            d.observe(.vendor, "YASKAWA", field: "controller_vendor", confidence: .medium)
            if state.command == Command.system, state.id == bytes.u8(Offset.id) { system(bytes.from(Offset.data), &d) }
            return .consumed(bytes.byteCount)
        }
        if isFile {
            let service = bytes.u8(Offset.service)
            d.message(0x1_0000 | UInt32(service), fileEffect(service))
            return .consumed(bytes.byteCount)
        }
        let command = bytes.le16(Offset.command)
        state.id = bytes.u8(Offset.id)
        state.command = command
        d.message(UInt32(command), effect(command, bytes.u8(Offset.service)))
        return .consumed(bytes.byteCount)
    }

    /// System software version 24 characters, model or application 16, parameter version 8.
    private static func system(_ data: RawSpan, _ d: inout Dissection) {
        guard data.has(48) else { return }
        d.observe(.firmware, text: data.first(24), field: "system_software_version")
        d.observe(.model, text: data.slice(24, 16), field: "model_name")
    }

    private static func effect(_ command: UInt16, _ service: UInt8) -> MessageEffect {
        switch command {
        case Command.system: .identity
        case 0x82...0x88, 0x8a, 0x8b: .control
        default: service == 0x02 || service == 0x10 || service == 0x34 ? .write : .read
        }
    }

    private static func fileEffect(_ service: UInt8) -> MessageEffect {
        switch service {
        case 0x09: .write
        case 0x15: .download
        case 0x16: .upload
        default: .read
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0x70: "Read alarm"
        case 0x72: "Read status"
        case 0x73: "Read job information"
        case 0x75: "Read position"
        case 0x78: "Input and output"
        case 0x79: "Register"
        case 0x7a...0x7f: "Variable"
        case 0x82: "Reset alarm"
        case 0x83: "Hold or servo power"
        case 0x84: "Step, cycle or continuous"
        case 0x86: "Start job"
        case 0x87: "Select job"
        case 0x89: "Read system information"
        case 0x8a, 0x8b: "Move"
        case 0x1_0009: "Delete file"
        case 0x1_0015: "Load file into the controller"
        case 0x1_0016: "Save file from the controller"
        case 0x1_0032: "List files"
        case 0x2_0000: "Answer"
        case 0x3_0000: "File answer"
        default: "Command 0x" + String(code, radix: 16)
        }
    }
}
