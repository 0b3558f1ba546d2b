import Model
import Wire

/// TLS and SSL 3.0: records, each a 5-byte header and its content; handshake messages flow through the records of type 22
/// and may be cut at any place.
///
///     0  content type  1   20 change cipher spec, 21 alert, 22 handshake, 23 application data, 24 heartbeat
///     1  version       2   3.0 … 3.4
///     3  length        2   at most 2^14 + 2048
package enum TLS: Dissector {
    package static let description = ProtocolDescription(
        name: "tls", title: "TLS", family: .service, level: .identity,
        reference: "RFC 8446; RFC 5246; RFC 6066 (server name); RFC 5280 (certificates); JA4 of FoxIO",
        bindings: [.tcp([443, 465, 636, 853, 989, 990, 992, 993, 995, 4433, 5061, 5671, 8443, 8883, 9443])],
        displayFilter: "tls")

    private enum Content {
        static let changeCipherSpec: UInt8 = 20, alert: UInt8 = 21, handshake: UInt8 = 22, application: UInt8 = 23
    }
    private static let headerSize = 5
    private static let longestRecord = 16_384 + 2_048

    // MARK: Recognition

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        if isSSL2Hello(bytes) { return .certain(from: .client) }
        guard let first = Record(bytes) else { return bytes.byteCount < headerSize ? mayBegin(bytes) : .no }
        if first.type == Content.handshake, first.length >= 4 {
            guard bytes.byteCount >= 9 else { return .wait }
            let message = Int(bytes.be24(6))
            switch bytes.u8(5) {
            case TLSHandshake.MessageType.clientHello:
                // Version, random, three empty lists; the version inside is 3.x as well.
                guard message >= 38, message <= longestRecord, bytes.byteCount < 10 || bytes.u8(9) == 3 else {
                    return .no
                }
                return .certain(from: .client)
            case TLSHandshake.MessageType.serverHello:
                guard message >= 38, message <= longestRecord, bytes.byteCount < 10 || bytes.u8(9) == 3 else {
                    return .no
                }
                return .certain(from: .server)
            default: break
            }
        }
        if first.type == Content.alert, first.length == 2, bytes.byteCount >= 7 {
            return bytes.u8(5) == 1 || bytes.u8(5) == 2 ? .possible : .no
        }
        // In the middle of a stream: headers must follow one another.
        guard let second = Record(bytes.from(headerSize &+ first.length)), second.version == first.version else {
            return .possible
        }
        return .certain
    }

    private static func mayBegin(_ bytes: RawSpan) -> Verdict {
        guard bytes.byteCount > 0 else { return .wait }
        let type = bytes.u8(0)
        guard type >= 20, type <= 24, bytes.byteCount < 2 || bytes.u8(1) == 3 else { return .no }
        return .wait
    }

    /// A record header that keeps to the rules.
    private struct Record {
        let type: UInt8
        let version: UInt16
        let length: Int

        init?(_ bytes: RawSpan) {
            guard bytes.byteCount >= headerSize else { return nil }
            type = bytes.u8(0)
            version = bytes.be16(1)
            length = Int(bytes.be16(3))
            guard type >= 20, type <= 24, version >= 0x0300, version <= 0x0304, length > 0, length <= longestRecord
            else {
                return nil
            }
        }
    }

    /// The hello of SSL 2.0, which older clients sent to offer SSL 3.0 and TLS as well (RFC 5246, E.2): length with the high
    /// bit set, type 1, version, lengths of cipher specs (threes), session id (0 or 16) and challenge (16 to 32).
    private static func isSSL2Hello(_ bytes: RawSpan) -> Bool {
        guard bytes.byteCount >= 11, bytes.u8(0) & 0x80 != 0, bytes.u8(2) == 1 else { return false }
        let version = bytes.be16(3)
        guard version == 0x0002 || (version >= 0x0300 && version <= 0x0303) else { return false }
        let specs = Int(bytes.be16(5))
        let session = Int(bytes.be16(7))
        let challenge = Int(bytes.be16(9))
        guard specs > 0, specs % 3 == 0, session == 0 || session == 16, challenge >= 16, challenge <= 32 else {
            return false
        }
        return Int(bytes.be16(0) & 0x7fff) == 9 &+ specs &+ session &+ challenge
    }

    // MARK: Records

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let session = d.state { TLSSession() }
        return read(bytes, session, &d)
    }

    /// Reads TLS inside another protocol (after STARTTLS, behind a proxy's CONNECT, in RDP): that protocol keeps the session,
    /// and what is learnt is told as TLS's.
    package static func read(inside bytes: RawSpan, _ session: TLSSession, _ d: inout Dissection) -> Progress {
        let outer = d.lent
        d.lent = Dissection.ProtocolName(description.name)
        let progress = read(bytes, session, &d)
        d.lent = outer
        return progress
    }

    private static func read(_ bytes: RawSpan, _ session: TLSSession, _ d: inout Dissection) -> Progress {
        if d.afterGap { session[fromClient: d.fromClient].pending = [] }
        guard bytes.byteCount >= headerSize else { return .needMore(headerSize) }
        guard let record = Record(bytes) else {
            if isSSL2Hello(bytes) { return ssl2Hello(bytes, &d) }
            // After lost bytes a segment may begin inside a record.
            return d.afterGap || session[fromClient: d.fromClient].helloSeen ? .directionDone : .malformed
        }
        let total = headerSize &+ record.length
        switch record.type {
        case Content.changeCipherSpec, Content.application:
            return .directionDone
        case Content.alert:
            guard bytes.byteCount >= total else { return .needMore(total) }
            if record.length == 2 { d.message(session.messageBase | 0x1500 | UInt32(bytes.u8(6))) }
            return .consumed(total)
        case Content.handshake:
            guard bytes.byteCount >= total else { return .needMore(total) }
            let isDone = handshake(bytes.slice(headerSize, record.length), session, &d)
            return isDone ? .directionDone : .consumed(total)
        default:
            return .consumed(total)
        }
    }

    /// Takes the content of one record; true when nothing readable follows in this direction.
    private static func handshake(_ content: RawSpan, _ session: TLSSession, _ d: inout Dissection) -> Bool {
        let side = d.fromClient
        if session[fromClient: side].pending.isEmpty {
            let used = messages(content, session, &d)
            if used < content.byteCount {
                session[fromClient: side].pending = content.from(used).bytes(limit: TLSHandshake.longestMessage)
            }
        } else {
            var joined = session[fromClient: side].pending
            session[fromClient: side].pending = []
            guard joined.count < TLSHandshake.longestMessage else { return true }
            joined += content.bytes(limit: longestRecord)
            let used = messages(joined.span.bytes, session, &d)
            if used < joined.count { session[fromClient: side].pending = Array(joined[used...]) }
        }
        return !side && session.serverIsEncrypted
    }

    /// Reads whole messages (type 1, length 3, body) and says how many bytes they took.
    private static func messages(_ bytes: RawSpan, _ session: TLSSession, _ d: inout Dissection) -> Int {
        var offset = 0
        while bytes.has(4, at: offset) {
            let length = Int(bytes.be24(offset &+ 1))
            guard length <= TLSHandshake.longestMessage else { return bytes.byteCount }
            guard bytes.has(length, at: offset &+ 4) else { break }
            TLSHandshake.read(bytes.u8(offset), bytes.slice(offset &+ 4, length), over: .tcp, session, &d)
            offset &+= 4 &+ length
        }
        return offset
    }

    private static func ssl2Hello(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let total = 2 &+ Int(bytes.be16(0) & 0x7fff)
        d.message(UInt32(TLSHandshake.MessageType.clientHello))
        if bytes.be16(3) == 0x0002 { d.observe(.version, "SSL 2.0", field: "offered_version") }
        return .consumed(total)
    }

    /// Codes from here on are of TLS inside another protocol.
    static let insideBase: UInt32 = 0x1_0000

    package static func messageName(_ code: UInt32) -> String { TLSHandshake.messageName(code & 0xffff) }
}
