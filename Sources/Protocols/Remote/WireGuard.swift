import Model
import Wire

/// WireGuard: four kinds of message, told by a type of four bytes (the last three are zero) and their sizes.
///
///     1  handshake initiation  148   sender 4, …, MAC1 16, MAC2 16 (zero but under load)
///     2  handshake response     92   sender 4, receiver 4, …, MAC1 16, MAC2 16
///     3  cookie reply           64   receiver 4, nonce 24, cookie 32
///     4  transport data       32 +   receiver 4, counter 8, packet padded to 16, tag 16
package enum WireGuard: Dissector {
    package static let description = ProtocolDescription(
        name: "wireguard", title: "WireGuard", family: .tunnel, level: .recognised,
        reference: "WireGuard: Next Generation Kernel Network Tunnel, 5.4", bindings: [.udp([51820])],
        displayFilter: "wg")

    private enum Message {
        static let initiation: UInt32 = 1, response: UInt32 = 2, cookie: UInt32 = 3, data: UInt32 = 4
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= 32, bytes.u8(0) >= 1, bytes.u8(0) <= 4, bytes.be24(1) == 0 else { return .no }
        let hasNoCookie = bytes.be64(bytes.byteCount &- 16) == 0 && bytes.be64(bytes.byteCount &- 8) == 0
        switch (bytes.le32(0), bytes.byteCount) {
        case (Message.initiation, 148):
            guard bytes.be32(4) != 0 else { return .no }
            return Verdict(hasNoCookie ? .certain : .possible, sender: .client)
        case (Message.response, 92):
            guard bytes.be32(4) != 0, bytes.be32(8) != 0 else { return .no }
            return Verdict(hasNoCookie ? .certain : .possible, sender: .server)
        case (Message.cookie, 64): return .possible(from: .server)
        case (Message.data, _):
            // Counters start at 0 with each handshake, every two minutes.
            return bytes.byteCount & 15 == 0 && bytes.le64(8) < 1 << 40 ? .possible : .no
        default: return .no
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let type = bytes.le32(0)
        guard type >= 1, type <= 4 else { return .malformed }
        d.message(type)
        if type == Message.response { d.role(.vpnGateway, field: "handshake_response", confidence: .low) }
        return type == Message.data ? .conversationDone : .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case Message.initiation: "Handshake Initiation"
        case Message.response: "Handshake Response"
        case Message.cookie: "Cookie Reply"
        default: "Transport Data"
        }
    }
}
