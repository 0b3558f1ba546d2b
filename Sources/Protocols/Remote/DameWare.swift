import Model
import Wire

/// DameWare Mini Remote Control: both ends open with a message of 40 bytes that states their version as a floating-point
/// number. What follows is encrypted.
///
///     0  type     4   0x1130, little-endian, then 4 bytes of padding
///     8  version  8   IEEE 754 double, little-endian (12.0, 3.72)
///    16  version  8   or 0
///    24  four numbers of 4
package enum DameWare: Dissector {
    package static let description = ProtocolDescription(
        name: "dameware", title: "DameWare Mini Remote Control", family: .remoteAccess, level: .identity,
        reference: "Opening as described in public analyses of its handshake (CVE-2003-0960, CVE-2019-3980)",
        bindings: [.tcp([6129])])

    private static let openingSize = 40
    private static let type: UInt32 = 0x1130

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0x30, bytes.byteCount >= openingSize, bytes.le32(0) == type, version(bytes) != nil else {
            return .no
        }
        return bytes.byteCount == openingSize ? .certain : .possible
    }

    /// In hundredths.
    private static func version(_ bytes: RawSpan) -> Int? {
        let value = Double(bitPattern: bytes.le64(8))
        guard value >= 2, value < 64 else { return nil }
        return Int((value * 100).rounded())
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= openingSize else { return .needMore(openingSize) }
        guard bytes.le32(0) == type, let version = version(bytes) else { return .directionDone }
        d.message(type, d.fromClient ? .login : .none)
        let fraction = version % 100
        d.observe(
            .software, "DameWare Mini Remote Control \(version / 100).\(fraction < 10 ? "0" : "")\(fraction)",
            field: "version")
        return .directionDone
    }

    package static func messageName(_ code: UInt32) -> String { "version" }
}
