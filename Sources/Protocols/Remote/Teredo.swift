import Model
import Wire

/// Teredo: IPv6 through address translation in UDP. Before the IPv6 packet may stand what a server adds.
///
///     authentication  0x0001, lengths of id 1 and value 1, id, value, nonce 8, confirmation 1
///     origin          0x0000, port 2, address 4 (both inverted)
///     IPv6 packet
package enum Teredo: Dissector {
    package static let description = ProtocolDescription(
        name: "teredo", title: "Teredo", family: .tunnel, level: .messages, reference: "RFC 4380, 5.1",
        bindings: [.udp([3544])], displayFilter: "teredo")

    private static let port: UInt16 = 3544
    private static let packetHeader = 40
    /// First half of addresses that Teredo gives (2001:0::/32).
    private static let prefix: UInt32 = 0x2001_0000

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0 || bytes.u8(0) >> 4 == 6, let start = packet(bytes) else { return .no }
        if hint.uses(port) { return .certain }
        return bytes.be32(start &+ 8) == prefix || bytes.be32(start &+ 24) == prefix ? .certain : .no
    }

    /// Where the IPv6 packet begins that fills the rest of the datagram.
    private static func packet(_ bytes: RawSpan) -> Int? {
        var start = 0
        if bytes.be16(start) == 1 { start &+= 13 &+ Int(bytes.u8(2)) &+ Int(bytes.u8(3)) }
        if bytes.be16(start) == 0 { start &+= 8 }
        guard bytes.has(packetHeader, at: start), bytes.u8(start) >> 4 == 6,
            Int(bytes.be16(start &+ 4)) == bytes.byteCount &- start &- packetHeader
        else { return nil }
        return start
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard let start = packet(bytes) else { return .consumed(bytes.byteCount) }
        let next = bytes.u8(start &+ 6)
        d.message(UInt32(next))
        // A router advertisement through the tunnel comes from a Teredo server.
        if next == 58, bytes.u8(start &+ packetHeader) == 134 {
            d.role(.vpnGateway, field: "router_advertisement", confidence: .medium)
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 6: "TCP"
        case 17: "UDP"
        case 58: "ICMPv6"
        case 59: "bubble"
        default: "next header \(code)"
        }
    }
}
