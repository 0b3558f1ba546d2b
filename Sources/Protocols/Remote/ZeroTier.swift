import Model
import Wire

/// ZeroTier: datagrams between nodes that have addresses of five bytes. Only HELLO, with which nodes introduce themselves, is
/// in clear; it repeats the sender's address inside.
///
///     0  packet id    8
///     8  destination  5
///    13  source       5
///    18  flags        1   cipher in bits 3 to 5 (0 for HELLO), hops in bits 0 to 2
///    19  MAC          8
///    27  verb         1   low five bits; HELLO 1
///    28  HELLO: protocol 1, version major 1, minor 1, revision 2, time 8, identity: address 5, type 1 (0), …
package enum ZeroTier: Dissector {
    package static let description = ProtocolDescription(
        name: "zerotier", title: "ZeroTier", family: .tunnel, level: .identity,
        reference: "Packet format in node/Packet.hpp of ZeroTierOne", bindings: [.udp([9993])])

    private enum Offset {
        static let destination = 8, source = 13, flags = 18, verb = 27, version = 28, identity = 41
    }
    private static let headerSize = 28
    private static let hello: UInt8 = 1

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= headerSize, isAddress(bytes, Offset.destination), isAddress(bytes, Offset.source)
        else {
            return .no
        }
        if isHello(bytes) { return .certain }
        return hint.uses(9993) && bytes.u8(Offset.flags) >> 3 & 7 <= 3 ? .possible : .no
    }

    /// Addresses begin neither with 0 nor with 0xff.
    private static func isAddress(_ bytes: RawSpan, _ offset: Int) -> Bool {
        bytes.u8(offset) != 0xff && bytes.u8(offset) != 0 && bytes.be32(offset &+ 1) != 0
    }

    private static func isHello(_ bytes: RawSpan) -> Bool {
        bytes.byteCount >= Offset.identity &+ 71 && bytes.u8(Offset.verb) & 0x1f == hello
            && bytes.u8(Offset.flags) & 0x38 == 0 && bytes.u8(Offset.version) >= 4 && bytes.u8(Offset.version) < 32
            && bytes.be32(Offset.source) == bytes.be32(Offset.identity)
            && bytes.u8(Offset.source &+ 4) == bytes.u8(Offset.identity &+ 4)
            && bytes.u8(Offset.identity &+ 5) <= 1
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard isHello(bytes) else {
            d.message(0)
            return .consumed(bytes.byteCount)
        }
        d.message(1)
        let base = Offset.version
        d.observe(
            .software, "ZeroTier \(bytes.u8(base &+ 1)).\(bytes.u8(base &+ 2)).\(bytes.be16(base &+ 3))",
            field: "version")
        d.observe("zerotier_address", WireText(hexadecimal: bytes.slice(Offset.source, 5)), field: "source")
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String { code == 1 ? "HELLO" : "encrypted" }
}
