import Model
import Wire

/// CN/IP: LonTalk packets of building controllers in UDP.
///
///     0  length      2   of the whole packet
///     2  version     1   1
///     3  type        1   1 data
///     4  extension   1   size of a further header, in units of four bytes
///     5  flags       1
///     6  vendor      2
///     8  session     4
///    12  sequence    4
///    16  time        4
///    20  the extension, then a data packet's LonTalk packet (EN 14908-1): flags 1, network header 1, addresses, …
package enum CNIP: Dissector {
    package static let description = ProtocolDescription(
        name: "cn-ip", title: "LonTalk on IP (CN/IP)", family: .building, level: .messages,
        reference: "ANSI/CEA-852 (EN 14908-4), 8; EN 14908-1 for the packet inside", bindings: [.udp([1628, 1629])],
        displayFilter: "cnip")

    private enum Offset { static let version = 2, type = 3, extensionSize = 4, headerSize = 20 }
    private static let data: UInt8 = 1

    private static func isPacket(_ bytes: RawSpan) -> Bool {
        bytes.byteCount >= Offset.headerSize && Int(bytes.be16(0)) == bytes.byteCount && bytes.u8(Offset.version) == 1
            && bytes.u8(Offset.type) != 0
            && Offset.headerSize &+ Int(bytes.u8(Offset.extensionSize)) &* 4 <= bytes.byteCount
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard isPacket(bytes), hint.uses(1628) || hint.uses(1629) else { return .no }
        return bytes.u8(5) == 0 && bytes.u8(Offset.type) == data && bytes.be32(8) != 0 ? .certain : .possible
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard isPacket(bytes) else { return .malformed }
        let type = bytes.u8(Offset.type)
        d.message(UInt32(type))
        guard type == data else { return .consumed(bytes.byteCount) }
        let packet = bytes.from(Offset.headerSize &+ Int(bytes.u8(Offset.extensionSize)) &* 4)
        // The source comes first in every address format: subnet, then node in the low seven bits.
        guard packet.has(4), packet.u8(1) >> 6 == 0 else { return .consumed(bytes.byteCount) }
        d.role(.buildingController, field: "node", confidence: .low)
        d.observe("lon_node", "\(packet.u8(2))/\(packet.u8(3) & 0x7f)", field: "source_node")
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        code == UInt32(data) ? "Data" : "Type 0x" + String(code, radix: 16)
    }
}
