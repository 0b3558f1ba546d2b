import Model
import Wire

/// Ethernet Global Data of GE controllers: a producer sends its exchange at a fixed period, to one consumer or a group.
///
///     0  type 0D, version 01
///     2  request id        2   counts up with every sample; all numbers little-endian
///     4  producer id       4   by custom an IPv4 address, in network order
///     8  exchange id       4
///    12  time              8   seconds, nanoseconds
///    20  status            4
///    24  signature         4   of the configuration: minor, major, zeros
///    28  zeros             4
///    32  data
package enum EGD: Dissector {
    package static let description = ProtocolDescription(
        name: "egd", title: "GE Ethernet Global Data", family: .industrial, level: .messages,
        reference: "GE GFK-2224, TCP/IP Ethernet Communications for PACSystems, appendix on EGD",
        bindings: [.udp([port])], displayFilter: "egd")

    private static let port: UInt16 = 18_246
    private static let headerSize = 32
    private enum Offset { static let producer = 4, exchange = 8, nanoseconds = 16, reserved = 28 }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.be16(0) == 0x0d01, bytes.byteCount >= headerSize, hint.uses(port),
            bytes.le32(Offset.nanoseconds) < 1_000_000_000, bytes.be32(Offset.reserved) == 0
        else { return .no }
        return .certain
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= headerSize, bytes.be16(0) == 0x0d01 else { return .malformed }
        d.message(0x0d)
        d.role(.plc, field: "producer", confidence: .medium)
        if bytes.be32(Offset.producer) != 0 {
            d.observe("producer", address: bytes.ipv4(Offset.producer), field: "producer_id")
        }
        d.observe(.instance, number: UInt64(bytes.le32(Offset.exchange)), field: "exchange_id")
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String { code == 0x0d ? "Data" : "Type \(code)" }
}
