import Model
import Wire

/// Dynamic Host Configuration Protocol for IPv4, and BOOTP before it.
///
///       0  operation        1   1 request, 2 reply
///       1  hardware type    1   1 Ethernet
///       2  hardware length  1
///       3  hops             1
///       4  transaction id   4
///       8  seconds, flags   4
///      12  client address   4   already in use by the client
///      16  your address     4   assigned
///      20  next server      4
///      24  relay agent      4
///      28  client hardware 16
///      44  server name     64
///     108  file           128
///     236  magic cookie     4   0x63825363
///     240  options              code 1, length 1, value
package enum DHCP: Dissector {
    package static let description = ProtocolDescription(
        name: "dhcp", title: "DHCP / BOOTP", family: .service, level: .identity,
        reference: "RFC 2131, RFC 2132; RFC 3046 (relay agent), RFC 3442 (routes), RFC 4702 (FQDN)",
        bindings: [.udp([67, 68, 4011])], displayFilter: "dhcp")

    enum Offset {
        static let operation = 0, hardwareType = 1, hardwareLength = 2, hops = 3, clientAddress = 12, yourAddress = 16
        static let relayAgent = 24, clientHardware = 28, serverName = 44, file = 108, cookie = 236, options = 240
        static let serverNameLength = 64, fileLength = 128
    }
    private static let cookie: UInt32 = 0x6382_5363

    enum MessageType {
        static let bootp: UInt8 = 0, discover: UInt8 = 1, offer: UInt8 = 2, request: UInt8 = 3, decline: UInt8 = 4
        static let ack: UInt8 = 5, nak: UInt8 = 6, release: UInt8 = 7, inform: UInt8 = 8
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= Offset.cookie, bytes.u8(Offset.operation) == 1 || bytes.u8(Offset.operation) == 2,
            bytes.u8(Offset.hardwareLength) <= 16
        else { return .no }
        let sender: Verdict.Sender = bytes.u8(Offset.operation) == 1 ? .client : .server
        if bytes.be32(Offset.cookie) == cookie { return .certain(from: sender) }
        // BOOTP with a vendor area of another kind: on its own ports only.
        guard hint.uses(67) || hint.uses(68), bytes.byteCount >= 300, bytes.u8(Offset.hardwareType) == 1,
            bytes.u8(Offset.hardwareLength) == 6
        else { return .no }
        return .possible(from: sender)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= Offset.cookie, bytes.u8(Offset.hardwareLength) <= 16 else {
            if !d.isCut {
                d.malformed(
                    DecodeError(field: "DHCP header", offset: 0, needed: Offset.cookie, available: bytes.byteCount))
            }
            return .malformed
        }
        guard bytes.be32(Offset.cookie) == cookie else {
            d.message(UInt32(bytes.u8(Offset.operation)) << 8)
            return .consumed(bytes.byteCount)
        }
        var summary = DHCPSummary(bytes)
        DHCPOptions.walk(bytes.from(Offset.options), &d) { code, value, _ in summary.note(code, value) }
        d.message(UInt32(bytes.u8(Offset.operation)) << 8 | UInt32(summary.type))
        if bytes.u8(Offset.operation) == 1 {
            DHCPClientFacts.state(bytes, summary, &d)
        } else {
            DHCPServerFacts.state(bytes, summary, &d)
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch UInt8(truncatingIfNeeded: code) {
        case MessageType.bootp: code >> 8 == 1 ? "BOOTP Request" : "BOOTP Reply"
        case MessageType.discover: "Discover"
        case MessageType.offer: "Offer"
        case MessageType.request: "Request"
        case MessageType.decline: "Decline"
        case MessageType.ack: "ACK"
        case MessageType.nak: "NAK"
        case MessageType.release: "Release"
        case MessageType.inform: "Inform"
        case 9: "Force Renew"
        case 10: "Lease Query"
        case 11: "Lease Unassigned"
        case 12: "Lease Unknown"
        case 13: "Lease Active"
        default: "Message type \(code & 0xff)"
        }
    }
}

/// What must be known of a message before its options can be judged.
struct DHCPSummary {
    /// Option 53, 0 for BOOTP.
    var type: UInt8 = 0
    /// Option 54, or nil.
    var server: IPAddress?
    /// Option 1 as a prefix length, or nil.
    var prefixLength: Int?
    let yours: IPAddress
    let clients: IPAddress
    let relay: IPAddress
    /// The client's hardware address where it is Ethernet's, otherwise nil.
    let client: MACAddress?

    init(_ bytes: RawSpan) {
        yours = bytes.ipv4(DHCP.Offset.yourAddress)
        clients = bytes.ipv4(DHCP.Offset.clientAddress)
        relay = bytes.ipv4(DHCP.Offset.relayAgent)
        let hardware = bytes.mac(DHCP.Offset.clientHardware)
        let isEthernet =
            bytes.u8(DHCP.Offset.hardwareLength) == 6
            && (bytes.u8(DHCP.Offset.hardwareType) == 1 || bytes.u8(DHCP.Offset.hardwareType) == 6)
        client = isEthernet && hardware != .zero && !hardware.isBroadcast ? hardware : nil
    }

    mutating func note(_ code: UInt8, _ value: RawSpan) {
        switch code {
        case 1 where value.byteCount == 4: prefixLength = ICMP.prefixLength(mask: value.be32(0))
        case 53 where value.byteCount == 1: type = value.u8(0)
        case 54 where value.byteCount == 4 && value.ipv4(0).isUnicast: server = value.ipv4(0)
        default: break
        }
    }

    /// Whom facts about the client belong to: its hardware address, or the sender where that is not Ethernet's.
    func aboutClient(_ fallback: Dissection.About) -> Dissection.About { client.map { .mac($0) } ?? fallback }
}

/// The option area: code 1, length 1, value; 0 pads, 255 ends.
enum DHCPOptions {
    static let mostOptions = 256

    /// Calls `body` for each option; complains about one that does not fit.
    static func walk(
        _ area: RawSpan, _ d: inout Dissection, _ body: (UInt8, RawSpan, inout Dissection) -> Void
    ) {
        var offset = 0
        var left = mostOptions
        while left > 0, offset < area.byteCount {
            let code = area.u8(offset)
            if code == 255 { return }
            if code == 0 {
                offset &+= 1
                continue
            }
            left &-= 1
            let length = Int(area.u8(offset &+ 1))
            guard area.has(2 &+ length, at: offset) else {
                if !d.isCut {
                    d.malformed(
                        DecodeError(
                            field: "DHCP option", offset: offset, needed: 2 &+ length,
                            available: area.byteCount &- offset))
                }
                return
            }
            body(code, area.slice(offset &+ 2, length), &d)
            offset &+= 2 &+ length
        }
    }

    /// The bytes of an option as a decimal list: `1,3,6,15`.
    static func decimalList(_ value: RawSpan) -> String {
        var text = ""
        var index = 0
        while index < value.byteCount {
            if index > 0 { text += "," }
            text += String(value.u8(index))
            index &+= 1
        }
        return text
    }
}
