import Model
import Wire

/// Loader commands of Fuji Electric's MICREX-SX controllers over TCP: programs read and write memory and start or stop the CPU.
///
///     0  FB 80        2
///     2  80 00        2
///     4  status       1   FF in a request, 0 or an error in the answer
///     5  7B           1
///     6  connection   1   FE CPU 0 … F7 CPU 7, then link modules
///     7  00 11 00 00 00 00 00
///    14  command      1
///    15  mode         1
///    16  00 01        2
///    18  length       2   little-endian, of the data that follow
package enum FujiLoader: Dissector {
    package static let description = ProtocolDescription(
        name: "fuji-loader", title: "Fuji Electric MICREX-SX loader", family: .industrial, level: .operations,
        reference: "Fuji Electric, unpublished; as the open library HslCommunication (FujiSPHNet) uses it",
        bindings: [.tcp([18_245])])

    private enum Offset { static let status = 4, connection = 6, command = 14, mode = 15, length = 18, data = 20 }
    private static let mark: UInt32 = 0xfb80_8000
    private static let request: UInt8 = 0xff
    private enum Command { static let read: UInt8 = 0, write: UInt8 = 1, control: UInt8 = 4 }
    private enum Code { static let answer: UInt32 = 0x1_0000, refused: UInt32 = 0x2_0000 }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.be32(0) == mark, bytes.byteCount >= Offset.data else { return .no }
        let end = Offset.data &+ Int(bytes.le16(Offset.length))
        if bytes.u8(Offset.status) == request {
            return bytes.u8(5) == 0x7b && bytes.u8(8) == 0x11 && bytes.be16(16) == 1 ? .certain(from: .client) : .no
        }
        return end == bytes.byteCount ? .possible(from: .server) : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= Offset.data else { return .needMore(Offset.data) }
        guard bytes.be32(0) == mark else { return .malformed }
        let length = Offset.data &+ Int(bytes.le16(Offset.length))
        let code = UInt32(bytes.u8(Offset.command)) << 8 | UInt32(bytes.u8(Offset.mode))
        let status = bytes.u8(Offset.status)
        guard status == request else {
            d.message(code | (status == 0 ? Code.answer : Code.refused))
            if status == 0 {
                d.role(.plc, field: "answer")
                d.observe(.vendor, "Fuji Electric", field: "answer_vendor", confidence: .medium)
            }
            return .consumed(length)
        }
        d.message(code, effect(bytes.u8(Offset.command)))
        let connection = bytes.u8(Offset.connection)
        if connection >= 0xf7, connection <= 0xfe {
            d.observe(.rack, "CPU \(0xfe &- connection)", field: "connection", about: .destination)
        }
        return .consumed(length)
    }

    private static func effect(_ command: UInt8) -> MessageEffect {
        switch command {
        case Command.read: .read
        case Command.write: .write
        case Command.control: .control
        default: .none
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        let name: String =
            switch UInt8(truncatingIfNeeded: code >> 8) {
            case Command.read: "read"
            case Command.write: "write"
            case Command.control: control(UInt8(truncatingIfNeeded: code))
            default: "command \(code >> 8 & 0xff) mode \(code & 0xff)"
            }
        return code & Code.refused != 0 ? name + " (refused)" : code & Code.answer != 0 ? name + " (answer)" : name
    }

    /// Modes of the control command: those of all CPUs, then those of one.
    private static func control(_ mode: UInt8) -> String {
        switch mode {
        case 0: "start all CPUs"
        case 1: "initialise and start all CPUs"
        case 2: "stop all CPUs"
        case 3: "reset all CPUs"
        case 4: "start CPU"
        case 5: "initialise and start CPU"
        case 6: "stop CPU"
        case 7: "reset CPU"
        default: "control \(mode)"
        }
    }
}
