import Model
import Wire

/// Beckhoff's Automation Device Specification on AMS over TCP: how TwinCAT controllers, panels and engineering stations talk.
///
///     0  reserved       2   0 for ADS commands
///     2  length         4   of what follows
///     6  target NetID 6, target port 2, source NetID 6, source port 2
///    22  command        2
///    24  state flags    2   04 request, 05 response
///    26  data length 4, error code 4, invoke id 4
///    38  data
///
/// All little-endian.
package enum ADS: Dissector {
    package static let description = ProtocolDescription(
        name: "ads", title: "Beckhoff ADS/AMS", family: .industrial, level: .operations,
        reference: "Beckhoff Information System, TwinCAT ADS: Specification for TCP/IP", bindings: [.tcp([48898])],
        displayFilter: "ams")

    private enum Offset {
        static let length = 2, targetPort = 12, source = 14, sourcePort = 20, command = 22, flags = 24, dataLength = 26
        static let error = 30, data = 38
    }
    private static let amsHeader = 32
    /// TwinCAT's router and system service.
    private static let systemService: UInt16 = 10_000

    enum Command {
        static let deviceInfo: UInt16 = 1, read: UInt16 = 2, write: UInt16 = 3, readState: UInt16 = 4
        static let writeControl: UInt16 = 5, addNotification: UInt16 = 6, deleteNotification: UInt16 = 7
        static let notification: UInt16 = 8, readWrite: UInt16 = 9
    }

    /// Length of the message when the header is one of ADS; nil otherwise.
    private static func length(_ bytes: RawSpan) -> Int? {
        let length = Int(bytes.le32(Offset.length))
        guard bytes.be16(0) == 0, length >= amsHeader, length &- amsHeader == Int(bytes.le32(Offset.dataLength)),
            length <= 0x400_0000, (1...9).contains(bytes.le16(Offset.command)),
            bytes.le16(Offset.flags) & 0xfffe == 4, bytes.le16(Offset.targetPort) != 0
        else { return nil }
        return 6 &+ length
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= Offset.data else {
            return bytes.be16(0) == 0 && hint.uses(48898) ? .wait : .no
        }
        guard length(bytes) != nil else { return .no }
        return .certain(from: bytes.le16(Offset.flags) & 1 == 0 ? .client : .server)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= Offset.data else { return .needMore(Offset.data) }
        guard let total = length(bytes) else {
            // The router's own messages have another kind in the first two bytes.
            let other = Int(bytes.le32(Offset.length))
            guard bytes.be16(0) != 0, other <= 0x1_0000 else { return .malformed }
            return .consumed(6 &+ other)
        }
        let command = bytes.le16(Offset.command)
        let isResponse = bytes.le16(Offset.flags) & 1 != 0
        // Long data are passed over; what is read lies at their start.
        let needed = min(total, Offset.data &+ 64)
        guard bytes.byteCount >= needed else { return .needMore(needed) }
        let data = bytes.slice(Offset.data, needed &- Offset.data)
        let port = bytes.le16(isResponse ? Offset.sourcePort : Offset.targetPort)
        if isResponse {
            d.message(ADSMessage.response | UInt32(command))
            response(command, data, port, isError: bytes.le32(Offset.error) != 0, &d)
        } else {
            let code = ADSMessage.request(command, data, isSystemService: port == systemService)
            d.message(code, ADSMessage.effect(code))
        }
        netID(bytes.slice(Offset.source, 6), &d)
        return .consumed(total)
    }

    /// Six numbers, by default the first IPv4 address and 1.1; the router of the sender owns it.
    private static func netID(_ bytes: RawSpan, _ d: inout Dissection) {
        guard d.isNew(bytes, field: "net_id") else { return }
        let text = (0..<6).map { String(bytes.u8($0)) }.joined(separator: ".")
        d.observe("ams_net_id", text, field: "source_net_id")
    }

    private static func response(
        _ command: UInt16, _ data: RawSpan, _ port: UInt16, isError: Bool, _ d: inout Dissection
    ) {
        guard !isError else { return }
        // Runtime systems of PLC and NC answer on ports below 1000, and only on a controller.
        if port >= 300, port < 1000 {
            d.role(.plc, field: "runtime_port", confidence: .medium)
        } else if command == Command.readState {
            d.role(.plc, field: "ads_server", confidence: .low)
        }
        // Result 4, major 1, minor 1, build 2, name 16.
        guard command == Command.deviceInfo, data.byteCount >= 24, data.le32(0) == 0, data.u8(8) > 0x20 else { return }
        if d.isNew(data.slice(4, 20), field: "device_info") {
            let name = WireText(wire: data.slice(8, 16))
            d.observe(
                .software, "\(name.raw) \(data.u8(4)).\(data.u8(5)).\(data.le16(6))", field: "device_info")
        }
        d.observe(.vendor, "Beckhoff", field: "device_info_vendor", confidence: .medium)
    }

    package static func messageName(_ code: UInt32) -> String { ADSMessage.name(code) }
}

/// Codes, names and effects of ADS messages. A code is the command in bits 0 to 7, a detail in bits 8 to 15 (state of a write
/// control, or what a file or program service does), and bit 16 set in a response.
enum ADSMessage {
    static let response: UInt32 = 0x1_0000
    private enum Detail {
        static let fileRead: UInt32 = 1, fileWrite: UInt32 = 2, fileChange: UInt32 = 3, start: UInt32 = 4
    }

    /// Index groups of the system service (file access, start of programs) and of several values in one message.
    static func request(_ command: UInt16, _ data: RawSpan, isSystemService: Bool) -> UInt32 {
        var detail: UInt32 = 0
        switch command {
        case ADS.Command.writeControl: detail = UInt32(data.le16(0) & 0xff)
        case ADS.Command.write, ADS.Command.readWrite:
            let group = data.le32(0)
            if isSystemService {
                switch group {
                case 122: detail = Detail.fileRead
                case 123: detail = Detail.fileWrite
                case 131, 132, 133: detail = Detail.fileChange
                case 500: detail = Detail.start
                default: break
                }
            } else if command == ADS.Command.readWrite, group == 0xf081 || group == 0xf082 {
                detail = Detail.fileChange
            }
        default: break
        }
        return UInt32(command) | detail << 8
    }

    static func effect(_ code: UInt32) -> MessageEffect {
        guard code & response == 0 else { return .none }
        let detail = code >> 8 & 0xff
        switch UInt16(truncatingIfNeeded: code & 0xff) {
        case ADS.Command.deviceInfo: return .identity
        case ADS.Command.read, ADS.Command.readState, ADS.Command.addNotification: return .read
        case ADS.Command.write, ADS.Command.readWrite:
            switch detail {
            case Detail.fileRead: return .upload
            case Detail.fileWrite: return .download
            case Detail.fileChange: return .write
            case Detail.start: return .control
            default: return code & 0xff == 3 ? .write : .read
            }
        case ADS.Command.writeControl: return .control
        default: return .none
        }
    }

    static func name(_ code: UInt32) -> String {
        let detail = code >> 8 & 0xff
        let name: String =
            switch UInt16(truncatingIfNeeded: code & 0xff) {
            case ADS.Command.deviceInfo: "Read Device Info"
            case ADS.Command.read: "Read"
            case ADS.Command.write: "Write"
            case ADS.Command.readState: "Read State"
            case ADS.Command.writeControl: "Write Control"
            case ADS.Command.addNotification: "Add Notification"
            case ADS.Command.deleteNotification: "Delete Notification"
            case ADS.Command.notification: "Notification"
            case ADS.Command.readWrite: "Read Write"
            default: "Command \(code & 0xff)"
            }
        if code & response != 0 { return name + " (response)" }
        if code & 0xff == 5 { return name + ": " + stateName(detail) }
        switch detail {
        case Detail.fileRead: return name + ": file read"
        case Detail.fileWrite: return name + ": file write"
        case Detail.fileChange: return name + ": several values or files"
        case Detail.start: return name + ": start program"
        default: return name
        }
    }

    private static func stateName(_ state: UInt32) -> String {
        switch state {
        case 1: "Idle"
        case 2: "Reset"
        case 3: "Init"
        case 4: "Start"
        case 5: "Run"
        case 6: "Stop"
        case 7: "Save configuration"
        case 8: "Load configuration"
        case 12: "Shutdown"
        case 15: "Config"
        case 16: "Reconfig"
        default: "state \(state)"
        }
    }
}
