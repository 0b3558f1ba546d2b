import Model
import Wire

/// LSV/2: HEIDENHAIN controls of machine tools, and programs that send them work.
///
///     0  length   4   of the data
///     4  command  4   letter, underscore, two letters
///     8  data
package enum LSV2: Dissector {
    package static let description = ProtocolDescription(
        name: "lsv2", title: "HEIDENHAIN LSV/2", family: .industrial, level: .operations,
        reference: "HEIDENHAIN, unpublished; as pyLSV2 and LinuxCNC tools speak it", bindings: [.tcp([19_000])],
        displayFilter: nil)

    private enum Offset { static let command = 4, data = 8 }
    private static let longest: UInt32 = 65_536
    private static let kept = 256
    private enum Command {
        static let login: UInt32 = 0x415f_4c47, version: UInt32 = 0x525f_5652, versionAnswer: UInt32 = 0x535f_5652
    }

    /// Which version was asked for last.
    private final class State { var version: UInt8 = 0 }

    private static func isTelegram(_ bytes: RawSpan) -> Bool {
        guard bytes.has(Offset.data), bytes.be32(0) <= longest, bytes.u8(5) == 0x5f, isLetter(bytes.u8(6)),
            isLetter(bytes.u8(7))
        else { return false }
        // A, C, M, R, S, T.
        return switch bytes.u8(4) {
        case 0x41, 0x43, 0x4d, 0x52, 0x53, 0x54: true
        default: false
        }
    }

    private static func isLetter(_ octet: UInt8) -> Bool { octet >= 0x41 && octet <= 0x5a }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard isTelegram(bytes) else { return .no }
        guard hint.uses(19_000) || Int(bytes.be32(0)) &+ Offset.data == bytes.byteCount else { return .no }
        switch bytes.u8(4) {
        case 0x41, 0x43, 0x52: return .certain(from: .client)
        case 0x53, 0x4d: return .certain(from: .server)
        default: return .certain
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.has(Offset.data) else { return .needMore(Offset.data) }
        guard isTelegram(bytes) else { return .malformed }
        let command = bytes.be32(Offset.command)
        let length = Int(bytes.be32(0))
        let total = Offset.data &+ length
        let isRead = command == Command.login || command == Command.version || command == Command.versionAnswer
        if isRead, length <= kept, !bytes.has(total) { return .needMore(total) }
        d.message(command, effect(command))
        guard isRead, length <= kept else { return .consumed(total) }
        let data = bytes.slice(Offset.data, length)
        let state = d.state { State() }
        switch command {
        case Command.login:
            d.observe("login", text: data.first(data.index(of: 0) ?? length), field: "login")
            // A password may follow the name after its zero.
            if let end = data.index(of: 0), data.u8(end &+ 1) > 0x20 {
                d.observe(.cleartextCredential, "LSV/2 login password", field: "login_password", about: .conversation)
            }
        case Command.version: state.version = length > 0 ? data.u8(0) : 0
        default:
            d.observe(.vendor, "HEIDENHAIN", field: "version_vendor", confidence: .medium)
            switch state.version {
            case 1: d.observe(.model, text: data, field: "control_version")
            case 2: d.observe(.firmware, text: data, field: "nc_version")
            case 3: d.observe("plc_version", text: data, field: "plc_version")
            default: break
            }
        }
        return .consumed(total)
    }

    private static func effect(_ command: UInt32) -> MessageEffect {
        switch command & 0xffff {
        case 0x4c47 where command >> 24 == 0x41: .login
        case 0x5652 where command >> 24 == 0x52: .identity
        // C_FL sends a file, R_FL fetches one.
        case 0x464c where command >> 24 == 0x43: .download
        case 0x464c where command >> 24 == 0x52: .upload
        // C_FD, C_FR, C_FC, C_DD, C_DM, C_MC, C_FA, C_DT: files, folders, parameters, time.
        case 0x4644, 0x4652, 0x4643, 0x4444, 0x444d, 0x4d43, 0x4641, 0x4454: command >> 24 == 0x43 ? .write : .read
        // C_EK key strokes, C_LK keyboard lock, C_ST start.
        case 0x454b, 0x4c4b, 0x5354: command >> 24 == 0x43 ? .control : .read
        default: command >> 24 == 0x52 ? .read : .none
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        var text = ""
        for shift: UInt32 in [24, 16, 8, 0] {
            text.unicodeScalars.append(UnicodeScalar(UInt8(truncatingIfNeeded: code >> shift)))
        }
        return switch text {
        case "A_LG": "A_LG login"
        case "A_LO": "A_LO logout"
        case "R_VR": "R_VR read version"
        case "C_FL": "C_FL send file"
        case "R_FL": "R_FL receive file"
        case "C_EK": "C_EK emulate key"
        case "T_OK": "T_OK done"
        case "T_ER": "T_ER error"
        default: text
        }
    }
}
