import Model
import Wire

/// OpenVPN. Each packet begins with an opcode and a key number; over TCP a length goes before it. A session opens with hard
/// resets whose lengths and zero fields no other protocol has.
///
///     0  opcode 5 bits, key id 3 bits
///     1  session id                8   control packets
///        HMAC 16 … 64, packet id 4, time 4          with tls-auth
///        acknowledgements: count 1, ids 4 each, then the peer's session id 8 unless count is 0
///        packet id                 4
/// With tls-crypt: packet id 4, time 4 and HMAC 32 follow the session id, the rest is encrypted.
package enum OpenVPN: Dissector {
    package static let description = ProtocolDescription(
        name: "openvpn", title: "OpenVPN", family: .tunnel, level: .recognised,
        reference: "OpenVPN wire protocol (openvpn-rfc); doc/doxygen of OpenVPN 2.6",
        bindings: [.udp([1194]), .tcp([1194])],
        displayFilter: "openvpn")

    private enum Opcode {
        static let softReset: UInt8 = 3, control: UInt8 = 4, acknowledge: UInt8 = 5, dataV1: UInt8 = 6
        static let clientResetV2: UInt8 = 7, serverResetV2: UInt8 = 8, dataV2: UInt8 = 9, clientResetV3: UInt8 = 10
        static let controlWithKey: UInt8 = 11
    }
    /// None, MD5, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512.
    private static let digestSizes = [0, 16, 20, 28, 32, 48, 64]
    private static let replaySize = 8

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard hint.isTCP else { return packet(bytes, isOnPort: hint.uses(1194)) }
        guard bytes.byteCount >= 3 else { return .wait }
        let length = Int(bytes.be16(0))
        let opcode = bytes.u8(2) >> 3
        guard length >= 14, length <= 1_600, opcode >= Opcode.softReset, opcode <= Opcode.controlWithKey else {
            return .no
        }
        guard bytes.byteCount >= 2 &+ length else { return bytes.byteCount < 128 && length < 128 ? .wait : .no }
        return packet(bytes.slice(2, length), isOnPort: hint.uses(1194))
    }

    private static func packet(_ bytes: RawSpan, isOnPort: Bool) -> Verdict {
        let opcode = bytes.u8(0) >> 3
        let key = bytes.u8(0) & 7
        switch opcode {
        case Opcode.clientResetV2, Opcode.clientResetV3:
            guard key == 0, bytes.be64(1) != 0 else { return .no }
            return reset(bytes, acknowledgements: 0, sender: .client)
        case Opcode.serverResetV2:
            guard key == 0, bytes.be64(1) != 0 else { return .no }
            return reset(bytes, acknowledgements: 1, sender: .server)
        case Opcode.control, Opcode.acknowledge, Opcode.softReset:
            return isOnPort && bytes.byteCount >= 14 && bytes.be64(1) != 0 ? .possible : .no
        case Opcode.dataV1, Opcode.dataV2:
            return isOnPort && bytes.byteCount >= 24 ? .possible : .no
        default:
            return .no
        }
    }

    private static func reset(_ bytes: RawSpan, acknowledgements: Int, sender: Verdict.Sender) -> Verdict {
        // Count, ids and session of the acknowledgement, own packet id.
        let tail = acknowledgements == 0 ? 5 : 17
        for digest in digestSizes {
            let start = 9 &+ (digest == 0 ? 0 : digest &+ replaySize)
            guard bytes.byteCount == start &+ tail, Int(bytes.u8(start)) == acknowledgements,
                bytes.be32(start &+ 1) == 0, bytes.be32(bytes.byteCount &- 4) == 0
            else { continue }
            // The replay counter begins at 1.
            if digest == 0 || bytes.be32(9 &+ digest) <= 0xffff { return Verdict(.certain, sender: sender) }
        }
        // tls-crypt: the counter lies in clear before the time.
        let counter = bytes.be32(9)
        let isEncrypted = bytes.byteCount >= 49 &+ tail && bytes.byteCount <= 1_200
        guard isEncrypted, isPlausibleTime(bytes.be32(13)) else { return .no }
        if counter == 1, bytes.byteCount == 49 &+ tail { return Verdict(.certain, sender: sender) }
        return counter & 0x00ff_ffff <= 0x01_ffff ? Verdict(.possible, sender: sender) : .no
    }

    /// Between 2012 and 2042.
    private static func isPlausibleTime(_ seconds: UInt32) -> Bool { seconds > 0x4f00_0000 && seconds < 0x8800_0000 }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        var size = bytes.byteCount
        var opcode = bytes.u8(0) >> 3
        if d.isTCP {
            guard bytes.byteCount >= 3 else { return .needMore(3) }
            size = 2 &+ Int(bytes.be16(0))
            opcode = bytes.u8(2) >> 3
        }
        guard opcode >= Opcode.softReset, opcode <= Opcode.controlWithKey else { return .malformed }
        d.message(UInt32(opcode))
        switch opcode {
        case Opcode.serverResetV2:
            d.role(.vpnGateway, field: "server_reset", confidence: .medium)
        case Opcode.dataV1, Opcode.dataV2:
            // The tunnel is up; only its volume counts from here on.
            return .conversationDone
        default: break
        }
        return .consumed(size)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch UInt8(truncatingIfNeeded: code) {
        case Opcode.softReset: "P_CONTROL_SOFT_RESET_V1"
        case Opcode.control: "P_CONTROL_V1"
        case Opcode.acknowledge: "P_ACK_V1"
        case Opcode.dataV1: "P_DATA_V1"
        case Opcode.clientResetV2: "P_CONTROL_HARD_RESET_CLIENT_V2"
        case Opcode.serverResetV2: "P_CONTROL_HARD_RESET_SERVER_V2"
        case Opcode.dataV2: "P_DATA_V2"
        case Opcode.clientResetV3: "P_CONTROL_HARD_RESET_CLIENT_V3"
        case Opcode.controlWithKey: "P_CONTROL_WKC_V1"
        default: "opcode \(code)"
        }
    }
}
