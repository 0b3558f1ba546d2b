import Model
import Wire

/// RustDesk: messages in Protocol Buffers, each an envelope with one field whose number tells its kind. They go to the
/// rendezvous server (UDP and TCP 21116, 21115), its relay (TCP 21117), a peer (TCP 21118), or to everybody on the link (UDP
/// 21119). Over TCP a length goes before each: its low two bits say how many bytes it takes, the rest is little-endian.
///
///     6 register peer   { 1 id, 2 serial }           8 punch hole request { 1 id }
///    15 register key    { 1 id, … }                 18 request relay      { 1 id, 2 uuid, … }
///    22 peer discovery  { 1 "ping" or "pong", 2 MAC, 3 id, 4 user, 5 host name, 6 platform }
/// Between peers: 3 signed id, then encrypted.
package enum RustDesk: Dissector {
    package static let description = ProtocolDescription(
        name: "rustdesk", title: "RustDesk", family: .remoteAccess, level: .identity,
        reference: "rendezvous.proto and message.proto of hbb_common",
        bindings: [.tcp([21115, 21116, 21117, 21118]), .udp([21116, 21119])])

    private enum Kind {
        static let signedID: UInt64 = 3, registerPeer: UInt64 = 6, punchHoleRequest: UInt64 = 8,
            registerKey: UInt64 = 15
        static let requestRelay: UInt64 = 18, testNAT: UInt64 = 20, peerDiscovery: UInt64 = 22
        static let onlineRequest: UInt64 = 23, healthCheck: UInt64 = 26
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard hint.isTCP else {
            // Envelopes of fields 6, 15 and 22.
            let first = bytes.u8(0)
            guard first == 0x32 || first == 0x7a || first == 0xb2, let message = Envelope(bytes) else { return .no }
            return isIdentified(message.kind, message.body) ? .certain : .no
        }
        guard hint.isStreamStart else { return .no }
        let header = Int(bytes.u8(0) & 3) &+ 1
        guard header <= 2, bytes.byteCount >= header &+ 4 else { return .no }
        let length = header == 1 ? Int(bytes.u8(0) >> 2) : Int(bytes.le16(0) >> 2)
        guard length == bytes.byteCount &- header, let message = Envelope(bytes.from(header)) else { return .no }
        let isOnPort = hint.destinationPort >= 21_115 && hint.destinationPort <= 21_118
        if isIdentified(message.kind, message.body) { return isOnPort ? .certain(from: .client) : .possible }
        let isOpening =
            message.kind == Kind.testNAT || message.kind == Kind.onlineRequest || message.kind == Kind.signedID
        return isOpening && (isOnPort || hint.sourcePort >= 21_115 && hint.sourcePort <= 21_118) ? .possible : .no
    }

    /// True for messages that begin with an id: digits, or the name that its user chose.
    private static func isIdentified(_ kind: UInt64, _ body: RawSpan) -> Bool {
        if kind == Kind.peerDiscovery { return body.starts(with: "\n\u{4}ping") || body.starts(with: "\n\u{4}pong") }
        guard
            kind == Kind.registerPeer || kind == Kind.registerKey || kind == Kind.punchHoleRequest
                || kind == Kind.requestRelay
        else { return false }
        let length = Int(body.u8(1))
        guard body.u8(0) == 0x0a, length >= 6, length <= 24, body.byteCount >= 2 &+ length else { return false }
        let next = body.u8(2 &+ length)
        guard body.byteCount == 2 &+ length || next == 0x10 || next == 0x12 || next == 0x1a else { return false }
        var index = 2
        while index < 2 &+ length {
            let byte = body.u8(index)
            let isDigit = byte >= 0x30 && byte <= 0x39
            let isLetter = byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a
            guard isDigit || isLetter || byte == 0x5f || byte == 0x2d else { return false }
            index &+= 1
        }
        return true
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard d.isTCP else {
            if let message = Envelope(bytes) { read(message, &d) }
            return .consumed(bytes.byteCount)
        }
        let header = Int(bytes.u8(0) & 3) &+ 1
        guard bytes.byteCount >= header else { return .needMore(header) }
        var length = 0
        var index = header &- 1
        while index >= 0 {
            length = length << 8 | Int(bytes.u8(index))
            index &-= 1
        }
        length >>= 2
        guard length > 0, length <= 65_536 else { return .directionDone }
        guard bytes.byteCount >= header &+ length else { return .needMore(header &+ length) }
        // What is encrypted has no envelope.
        guard let message = Envelope(bytes.slice(header, length)) else { return .conversationDone }
        read(message, &d)
        return .consumed(header &+ length)
    }

    private static func read(_ message: borrowing Envelope, _ d: inout Dissection) {
        let kind = message.kind
        d.message(UInt32(truncatingIfNeeded: kind), kind == Kind.requestRelay || kind == Kind.signedID ? .login : .none)
        d.observe(.software, "RustDesk", field: "envelope", about: .client, confidence: .medium)
        switch kind {
        case Kind.registerPeer, Kind.registerKey:
            d.observe("rustdesk_id", text: message.field(1), field: "id")
            d.role(.server, field: "rendezvous", about: .server, confidence: .low)
        case Kind.punchHoleRequest, Kind.requestRelay:
            d.observe("rustdesk_peer", text: message.field(1), field: "peer", about: .conversation)
        case Kind.peerDiscovery:
            d.observe("rustdesk_id", text: message.field(3), field: "discovery_id")
            d.observe(.user, text: message.field(4), field: "discovery_user", confidence: .medium)
            d.observe(.name, text: message.field(5), field: "discovery_host_name")
            d.observe(.os, text: message.field(6), field: "discovery_platform", confidence: .medium)
        default: break
        }
    }

    /// One field that holds all the rest.
    private struct Envelope: ~Escapable {
        let kind: UInt64
        let body: RawSpan

        @_lifetime(copy bytes)
        init?(_ bytes: RawSpan) {
            var offset = 0
            guard let tag = bytes.varint(&offset), tag & 7 == 2, let length = bytes.varint(&offset),
                length == UInt64(bytes.byteCount &- offset), tag >> 3 >= 3, tag >> 3 <= 32
            else { return nil }
            kind = tag >> 3
            body = bytes.from(offset)
        }

        /// The text of a field of the body; empty when it is missing.
        @_lifetime(copy self)
        func field(_ number: UInt64) -> RawSpan {
            var offset = 0
            var seen = 0
            while offset < body.byteCount, seen < 32 {
                seen &+= 1
                guard let tag = body.varint(&offset), let value = body.varint(&offset) else { break }
                guard tag & 7 == 2 else {
                    if tag & 7 == 0 { continue }
                    break
                }
                guard value <= UInt64(body.byteCount &- offset) else { break }
                if tag >> 3 == number { return body.slice(offset, Int(value)) }
                offset &+= Int(value)
            }
            return body.first(0)
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 3: "SignedId"
        case 4: "PublicKey"
        case 6: "RegisterPeer"
        case 7: "RegisterPeerResponse"
        case 8: "PunchHoleRequest"
        case 9: "PunchHole"
        case 10: "PunchHoleSent"
        case 11: "PunchHoleResponse"
        case 12: "FetchLocalAddr"
        case 13: "LocalAddr"
        case 14: "ConfigUpdate"
        case 15: "RegisterPk"
        case 16: "RegisterPkResponse"
        case 18: "RequestRelay"
        case 19: "RelayResponse"
        case 20: "TestNatRequest"
        case 21: "TestNatResponse"
        case 22: "PeerDiscovery"
        case 23: "OnlineRequest"
        case 24: "OnlineResponse"
        case 25: "KeyExchange"
        case 26: "HealthCheck"
        default: "message \(code)"
        }
    }
}

extension RawSpan {
    /// A Protocol Buffers number of up to ten bytes, seven bits each, low ones first.
    fileprivate func varint(_ offset: inout Int) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64, offset < byteCount {
            let byte = u8(offset)
            offset &+= 1
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return value }
            shift &+= 7
        }
        return nil
    }
}
