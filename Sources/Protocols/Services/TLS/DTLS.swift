import Model
import Wire

/// DTLS: TLS in datagrams. A datagram holds one or more records; handshake messages carry their number and may be cut into
/// fragments.
///
///     0  content type     1
///     1  version          2   0xfeff 1.0, 0xfefd 1.2 (0x0100 before RFC 4347)
///     3  epoch            2   0 until keys are agreed
///     5  sequence number  6
///    11  length           2
///    13  handshake: type 1, length 3, message number 2, fragment offset 3, fragment length 3
package enum DTLS: Dissector {
    package static let description = ProtocolDescription(
        name: "dtls", title: "DTLS", family: .service, level: .identity, reference: "RFC 6347; RFC 9147; RFC 5246",
        bindings: [.udp([443, 853, 2221, 4433, 5061, 5684])], displayFilter: "dtls")

    private static let headerSize = 13
    private static let handshakeHeaderSize = 12

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard isRecord(bytes) else { return .no }
        let length = Int(bytes.be16(11))
        // A handshake in clear: fragment within message within record.
        if bytes.u8(0) == 22, bytes.be16(3) == 0 {
            guard length >= handshakeHeaderSize else { return .no }
            let message = bytes.be24(14)
            let offset = bytes.be24(19)
            let fragment = bytes.be24(22)
            guard offset <= message, fragment <= message &- offset, Int(fragment) <= length &- handshakeHeaderSize
            else {
                return .no
            }
            switch bytes.u8(13) {
            case 1: return .certain(from: .client)
            case 2, 3: return .certain(from: .server)
            default: return .certain
            }
        }
        let next = bytes.from(headerSize &+ length)
        return next.byteCount > 0 && isRecord(next) ? .certain : .possible
    }

    private static func isRecord(_ bytes: RawSpan) -> Bool {
        guard bytes.byteCount > headerSize, bytes.u8(0) >= 20, bytes.u8(0) <= 25 else { return false }
        let version = bytes.be16(1)
        guard version == 0xfeff || version == 0xfefd || version == 0x0100 else { return false }
        let length = Int(bytes.be16(11))
        return length > 0 && bytes.has(length, at: headerSize)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let session = d.state { TLSSession() }
        var rest = bytes
        var records = 0
        while isRecord(rest), records < 64 {
            records &+= 1
            let length = Int(rest.be16(11))
            let isClear = rest.be16(3) == 0
            switch (rest.u8(0), isClear) {
            case (22, true): fragment(rest.slice(headerSize, length), session, &d)
            case (21, true) where length == 2: d.message(0x1500 | UInt32(rest.u8(14)))
            case (20, _), (23, _):
                if !d.fromClient, session.client.helloSeen || session.server.helloSeen { return .conversationDone }
            default: break
            }
            rest = rest.from(headerSize &+ length)
        }
        return .consumed(bytes.byteCount)
    }

    /// Takes the handshake fragments of one record. Fragments are joined in order; one out of order is left, its message
    /// comes again when it is lost.
    private static func fragment(_ content: RawSpan, _ session: TLSSession, _ d: inout Dissection) {
        var rest = content
        while rest.byteCount >= handshakeHeaderSize {
            let type = rest.u8(0)
            let length = Int(rest.be24(1))
            let number = rest.be16(4)
            let offset = Int(rest.be24(6))
            let size = Int(rest.be24(9))
            guard rest.has(size, at: handshakeHeaderSize), length <= TLSHandshake.longestMessage else { return }
            let body = rest.slice(handshakeHeaderSize, size)
            if offset == 0, size == length {
                TLSHandshake.read(type, body, over: .dtls, session, &d)
            } else {
                join(type, length, number, offset, body, session, &d)
            }
            rest = rest.from(handshakeHeaderSize &+ size)
        }
    }

    private static func join(
        _ type: UInt8, _ length: Int, _ number: UInt16, _ offset: Int, _ body: RawSpan, _ session: TLSSession,
        _ d: inout Dissection
    ) {
        var side = session[fromClient: d.fromClient]
        if offset == 0 {
            side.pending = []
            side.pendingSequence = number
        }
        guard side.pendingSequence == number, side.pending.count == offset, length >= offset &+ body.byteCount else {
            return
        }
        side.pending += body.bytes(limit: body.byteCount)
        let joined = side.pending
        if joined.count == length { side.pending = [] }
        session[fromClient: d.fromClient] = side
        if joined.count == length {
            TLSHandshake.read(type, joined.span.bytes, over: .dtls, session, &d)
        }
    }

    package static func messageName(_ code: UInt32) -> String { TLSHandshake.messageName(code) }
}
