import Model
import Wire

/// Codes, names and effects of S7comm messages. A code is the ROSCTR in bits 16 to 23, below it function and detail:
/// jobs and acknowledgements have the function in bits 8 to 15 and, for a PLC service, which one in bits 0 to 7; user data
/// have type and group in bits 8 to 15 and the subfunction in bits 0 to 7.
enum S7Message {
    enum Function {
        static let cpuServices: UInt8 = 0x00
        static let readVariable: UInt8 = 0x04, writeVariable: UInt8 = 0x05
        static let requestDownload: UInt8 = 0x1a, downloadBlock: UInt8 = 0x1b, downloadEnded: UInt8 = 0x1c
        static let startUpload: UInt8 = 0x1d, upload: UInt8 = 0x1e, endUpload: UInt8 = 0x1f
        static let plcControl: UInt8 = 0x28, plcStop: UInt8 = 0x29, setUp: UInt8 = 0xf0
    }

    /// Function groups of user data.
    enum Group {
        static let mode: UInt8 = 0, program: UInt8 = 1, cyclic: UInt8 = 2, block: UInt8 = 3, cpu: UInt8 = 4
        static let security: UInt8 = 5, pbc: UInt8 = 6, time: UInt8 = 7, nc: UInt8 = 15
    }

    /// Services of function 0x28 by name; the index, counted from 1, is the code's low byte.
    private static let services: [(name: StaticString, title: String, effect: MessageEffect)] = [
        ("P_PROGRAM", "start", .control),
        ("_INSE", "activate block", .download),
        ("_DELE", "delete block", .download),
        ("_GARB", "compress memory", .control),
        ("_MODU", "copy RAM to ROM", .control),
        ("_N_", "NC service", .control),
    ]

    static func code(_ rosctr: UInt8, _ function: UInt8, _ detail: UInt8 = 0) -> UInt32 {
        UInt32(rosctr) << 16 | UInt32(function) << 8 | UInt32(detail)
    }

    static func userData(_ typeAndGroup: UInt8, _ subfunction: UInt8) -> UInt32 {
        code(S7comm.ROSCTR.userData, typeAndGroup, subfunction)
    }

    static func transport(_ kind: ISOTransport.TPDU) -> UInt32 { 0x01_0000 << 8 | UInt32(kind.rawValue) }

    /// The code of a job. A PLC control job names its service at the end: function, seven bytes, length and text of the
    /// arguments, length and name.
    static func job(_ function: UInt8, _ parameters: RawSpan) -> UInt32 {
        guard function == Function.plcControl else { return code(S7comm.ROSCTR.job, function) }
        let name = parameters.from(10 &+ Int(parameters.be16(8)) &+ 1)
        for (index, service) in services.enumerated() where name.starts(with: service.name) {
            return code(S7comm.ROSCTR.job, function, UInt8(truncatingIfNeeded: index &+ 1))
        }
        return code(S7comm.ROSCTR.job, function)
    }

    /// True for answers that only a controller gives, not a partner in a block transfer.
    static func isServerAnswer(_ function: UInt8) -> Bool {
        switch function {
        case Function.setUp, Function.readVariable, Function.writeVariable, Function.plcControl, Function.plcStop,
            Function.requestDownload, Function.startUpload, Function.upload, Function.endUpload:
            true
        default: false
        }
    }

    /// What a message does to its receiver; answers do nothing.
    static func effect(_ code: UInt32) -> MessageEffect {
        let high = UInt8(truncatingIfNeeded: code >> 8)
        let low = UInt8(truncatingIfNeeded: code)
        switch UInt8(truncatingIfNeeded: code >> 16) {
        case S7comm.ROSCTR.job: return jobEffect(high, low)
        case S7comm.ROSCTR.userData where high >> 4 == 4: return userDataEffect(high & 15, low)
        default: return .none
        }
    }

    private static func jobEffect(_ function: UInt8, _ detail: UInt8) -> MessageEffect {
        switch function {
        case Function.readVariable: .read
        case Function.writeVariable: .write
        // The block itself is fetched by the controller from the programming device: only the request acts on it.
        case Function.requestDownload: .download
        case Function.startUpload, Function.upload: .upload
        case Function.plcControl:
            detail > 0 && Int(detail) <= services.count ? services[Int(detail) - 1].effect : .control
        case Function.plcStop: .control
        default: .none
        }
    }

    private static func userDataEffect(_ group: UInt8, _ subfunction: UInt8) -> MessageEffect {
        switch (group, subfunction) {
        case (Group.program, 0x08), (Group.program, 0x09), (Group.program, 0x0e), (Group.program, 0x12): .write
        case (Group.program, 0x0a...0x0c), (Group.program, 0x16): .control
        case (Group.program, _): .read
        case (Group.cyclic, 0x01), (Group.cyclic, 0x05), (Group.cyclic, 0x07): .read
        case (Group.block, _): .read
        case (Group.cpu, 0x01): .identity
        case (Group.cpu, 0x07), (Group.cpu, 0x08), (Group.cpu, 0x0b): .write
        case (Group.cpu, _): .read
        case (Group.security, _): .login
        case (Group.time, 0x01), (Group.time, 0x03): .read
        case (Group.time, _): .write
        default: .none
        }
    }

    static func name(_ code: UInt32) -> String {
        if code >> 24 != 0 { return transportName(UInt8(truncatingIfNeeded: code)) }
        let high = UInt8(truncatingIfNeeded: code >> 8)
        let low = UInt8(truncatingIfNeeded: code)
        switch UInt8(truncatingIfNeeded: code >> 16) {
        case S7comm.ROSCTR.job:
            if high == Function.plcControl, low > 0, Int(low) <= services.count {
                return "PLC Control: \(services[Int(low) - 1].title)"
            }
            return functionName(high)
        case S7comm.ROSCTR.acknowledge: return "Acknowledgement"
        case S7comm.ROSCTR.acknowledgeData: return functionName(high) + " (answer)"
        case S7comm.ROSCTR.userData:
            let name = userDataName(high & 15, low)
            switch high >> 4 {
            case 8: return name + " (answer)"
            case 0: return name + " (push)"
            default: return name
            }
        default: return "message \(code)"
        }
    }

    static func transportName(_ kind: UInt8) -> String {
        switch ISOTransport.TPDU(rawValue: kind) {
        case .connectionRequest: "COTP connection request"
        case .connectionConfirm: "COTP connection confirm"
        case .disconnectRequest: "COTP disconnect request"
        case .disconnectConfirm: "COTP disconnect confirm"
        case .error: "COTP error"
        default: "COTP TPDU \(kind)"
        }
    }

    private static func functionName(_ function: UInt8) -> String {
        switch function {
        case Function.cpuServices: "CPU services"
        case Function.readVariable: "Read Var"
        case Function.writeVariable: "Write Var"
        case Function.requestDownload: "Request download"
        case Function.downloadBlock: "Download block"
        case Function.downloadEnded: "Download ended"
        case Function.startUpload: "Start upload"
        case Function.upload: "Upload"
        case Function.endUpload: "End upload"
        case Function.plcControl: "PLC Control"
        case Function.plcStop: "PLC Stop"
        case Function.setUp: "Setup communication"
        default: "function \(function)"
        }
    }

    private static func userDataName(_ group: UInt8, _ subfunction: UInt8) -> String {
        switch group {
        case Group.mode: "Mode transition"
        case Group.program: "Program: " + programName(subfunction)
        case Group.cyclic: "Cyclic data, subfunction \(subfunction)"
        case Group.block:
            switch subfunction {
            case 1: "List blocks"
            case 2: "List blocks of type"
            case 3: "Get block info"
            default: "Block function \(subfunction)"
            }
        case Group.cpu: cpuName(subfunction)
        case Group.security:
            switch subfunction {
            case 1: "Security: set session password"
            case 2: "Security: clear session password"
            default: "Security, subfunction \(subfunction)"
            }
        case Group.pbc: "PBC BSEND/BRECV"
        case Group.time:
            switch subfunction {
            case 1, 3: "Read clock"
            case 2, 4: "Set clock"
            default: "Time function \(subfunction)"
            }
        case Group.nc: "NC programming"
        default: "User data group \(group), subfunction \(subfunction)"
        }
    }

    private static func programName(_ subfunction: UInt8) -> String {
        switch subfunction {
        case 0x01, 0x13: "block status"
        case 0x02: "variable status"
        case 0x03: "ISTACK"
        case 0x04: "BSTACK"
        case 0x05: "LSTACK"
        case 0x08: "modify variable"
        case 0x09: "force"
        case 0x0a: "breakpoint"
        case 0x0b: "exit HOLD"
        case 0x0c: "memory reset"
        case 0x0d: "disable job"
        case 0x0e: "enable job"
        case 0x0f: "delete job"
        case 0x10: "read job list"
        case 0x11: "read job"
        case 0x12: "replace job"
        case 0x16: "flash LED"
        default: "subfunction \(subfunction)"
        }
    }

    private static func cpuName(_ subfunction: UInt8) -> String {
        switch subfunction {
        case 0x01: "Read SZL"
        case 0x02: "Message service"
        case 0x03: "Diagnostic message"
        case 0x05: "ALARM_8"
        case 0x06: "NOTIFY"
        case 0x07: "ALARM_8 lock"
        case 0x08: "ALARM_8 unlock"
        case 0x09: "SCAN"
        case 0x0b: "Alarm acknowledgement"
        case 0x11: "ALARM_SQ"
        case 0x12: "ALARM_S"
        case 0x13: "Alarm query"
        case 0x16: "NOTIFY_8"
        default: "CPU function \(subfunction)"
        }
    }
}
