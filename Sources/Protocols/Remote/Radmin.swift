import Model
import Wire

/// Radmin: blocks of a mark, a length and a checksum. Only the opening is in clear.
///
///     0  mark      1   1
///     1  length    4   of the data, big-endian
///     5  checksum  4
///     9  data          the client asks with one byte 0x08; the server answers with 0x25 bytes that begin with 0x08
package enum Radmin: Dissector {
    package static let description = ProtocolDescription(
        name: "radmin", title: "Radmin", family: .remoteAccess, level: .recognised,
        reference: "Opening as observed and as others describe it (nmap, nDPI)", bindings: [.tcp([4899])])

    private static let headerSize = 9

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 1, bytes.byteCount >= 10, bytes.be24(1) == 0,
            bytes.byteCount == headerSize &+ Int(bytes.u8(4))
        else { return .no }
        switch bytes.u8(4) {
        case 0x01: return bytes.be32(5) == 8 && bytes.u8(9) == 8 ? .certain(from: .client) : .no
        case 0x25: return bytes.u8(9) == 8 && bytes.be16(5) <= 0x00ff ? .certain(from: .server) : .no
        case 0x05: return bytes.be32(5) == 0x27 && bytes.u8(9) == 0x27 ? .certain : .no
        default: return .no
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        d.message(UInt32(bytes.u8(9)), .login)
        d.observe(.software, "Radmin", field: "opening", about: .server, confidence: .medium)
        return .conversationDone
    }

    package static func messageName(_ code: UInt32) -> String { "opening \(code)" }
}
