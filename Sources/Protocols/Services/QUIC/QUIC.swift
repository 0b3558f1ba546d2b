import Model
import Wire

/// QUIC: the first packets of both ends have long headers; the client's are encrypted with keys that follow from what they
/// carry in clear, so that its ClientHello can be read.
///
///     0  first byte  1   1 form, 1 fixed, 2 type, 4 protected
///     1  version     4   0 in version negotiation
///     5  destination connection id 1 + n, source connection id 1 + n
///        Initial: token (integer + n), length (integer), packet number, payload
package enum QUIC: Dissector {
    package static let description = ProtocolDescription(
        name: "quic", title: "QUIC", family: .service, level: .identity,
        reference: "RFC 9000, 17.2; RFC 9001, 5; RFC 9369 (version 2); RFC 8999",
        bindings: [.udp([443, 784, 853, 8853])],
        displayFilter: "quic")

    private enum Code {
        static let initial: UInt32 = 0, zeroRTT: UInt32 = 1, handshake: UInt32 = 2, retry: UInt32 = 3
        static let negotiation: UInt32 = 4, short: UInt32 = 5, google: UInt32 = 6
    }
    private static let longestConnectionID = 20

    // MARK: Recognition

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= 14 else { return .no }
        if isGoogleClassic(bytes) { return .certain(from: .client) }
        guard let header = LongHeader(bytes) else { return .no }
        switch header.version {
        case .none:
            // Version negotiation: a list of versions, some of them known.
            guard header.isNegotiation, (bytes.byteCount &- header.end) % 4 == 0, bytes.byteCount > header.end else {
                return .no
            }
            var offset = header.end
            while bytes.has(4, at: offset) {
                if let known = QUICVersion(bytes.be32(offset)), known != .reserved { return .certain(from: .server) }
                offset &+= 4
            }
            return .no
        case .some(.reserved):
            return bytes.byteCount >= 1_200 && header.destination.count >= 8 ? .certain(from: .client) : .no
        case .some:
            let isFirst = header.isInitial && bytes.byteCount >= 1_200 && header.destination.count >= 8
            return isFirst && hint.fromClient ? .certain(from: .client) : .certain
        }
    }

    /// Google QUIC up to version 43: flags, connection id 8, version as text, packet number.
    private static func isGoogleClassic(_ bytes: RawSpan) -> Bool {
        let flags = bytes.u8(0)
        guard flags & 0x80 == 0, flags & 0x09 == 0x09, bytes.u8(9) == 0x51, bytes.u8(10) == 0x30 else { return false }
        return isDigit(bytes.u8(11)) && isDigit(bytes.u8(12))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    /// The part of a long header that all versions share (RFC 8999, 5.1).
    private struct LongHeader {
        let version: QUICVersion?
        let isNegotiation: Bool
        let type: UInt8
        let destination: [UInt8]
        /// Where the version's own part begins.
        let end: Int

        init?(_ bytes: RawSpan) {
            guard bytes.byteCount >= 7, bytes.u8(0) & 0x80 != 0 else { return nil }
            let number = bytes.be32(1)
            isNegotiation = number == 0
            version = QUICVersion(number)
            guard isNegotiation || version != nil else { return nil }
            type = bytes.u8(0) >> 4 & 3
            if case .google(let value) = version, value < 0x5130_3438 {
                // One byte held both lengths then, each less 3.
                let size = bytes.u8(5) >> 4 == 0 ? 0 : Int(bytes.u8(5) >> 4) &+ 3
                destination = bytes.slice(6, size).bytes()
                end = 6 &+ size
                return
            }
            let destinationSize = Int(bytes.u8(5))
            guard destinationSize <= longestConnectionID, bytes.has(destinationSize &+ 1, at: 6) else { return nil }
            let sourceSize = Int(bytes.u8(6 &+ destinationSize))
            guard sourceSize <= longestConnectionID, bytes.has(sourceSize, at: 7 &+ destinationSize) else { return nil }
            destination = bytes.slice(6, destinationSize).bytes()
            end = 7 &+ destinationSize &+ sourceSize
            guard isNegotiation || bytes.u8(0) & 0x40 != 0 else { return nil }
        }

        var isInitial: Bool { !isNegotiation && type == version?.initialType }
    }

    // MARK: Packets

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        if isGoogleClassic(bytes) {
            d.message(Code.google)
            let name = WireText(wire: bytes.slice(9, 4)).raw
            d.observe(.version, "Google QUIC \(name)", field: "version", about: .conversation)
            return .conversationDone
        }
        let state = d.state { QUICState() }
        var rest = bytes
        var packets = 0
        while rest.byteCount > 0, packets < 16 {
            packets &+= 1
            guard let header = LongHeader(rest) else {
                // A short header: its length is the datagram's, all of it encrypted.
                if rest.u8(0) & 0xc0 == 0x40 { d.message(Code.short) }
                state.datagramsWithoutHello += 1
                break
            }
            guard let version = header.version, !header.isNegotiation else {
                d.message(Code.negotiation)
                break
            }
            guard version.initialSalt != nil else {
                d.message(Code.google)
                if case .google = version {
                    d.observe(.version, version.name, field: "version", about: .conversation)
                    return .conversationDone
                }
                break
            }
            let code = UInt32((header.type &+ 4 &- version.initialType) & 3)
            d.message(code)
            if code == Code.retry { break }
            var offset = header.end
            if code == Code.initial {
                guard let token = rest.quicInteger(&offset), rest.has(token, at: offset) else { break }
                offset &+= token
            }
            guard let length = rest.quicInteger(&offset), rest.has(length, at: offset) else { break }
            if code == Code.initial, let progress = initial(rest, header, version, offset, length, state, &d) {
                return progress
            }
            rest = rest.from(offset &+ length)
        }
        // Beyond, the ClientHello was missed.
        return state.datagramsWithoutHello > 32 ? .conversationDone : .consumed(bytes.byteCount)
    }

    private static func initial(
        _ packet: RawSpan, _ header: LongHeader, _ version: QUICVersion, _ numberOffset: Int, _ length: Int,
        _ state: QUICState, _ d: inout Dissection
    ) -> Progress? {
        d.observe(.version, version.name, field: "version", about: .conversation)
        guard let frames = state.open(packet, header.destination, version, numberOffset, length) else { return nil }
        state.crypto.read(frames.span.bytes)
        guard let message = state.crypto.firstMessage() else { return nil }
        if message.first == TLSHandshake.MessageType.clientHello {
            TLSHandshake.hello(message.span.bytes.from(4), over: .quic, &d)
        }
        return .conversationDone
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case Code.initial: "Initial"
        case Code.zeroRTT: "0-RTT"
        case Code.handshake: "Handshake"
        case Code.retry: "Retry"
        case Code.negotiation: "Version Negotiation"
        case Code.short: "1-RTT"
        default: "Google QUIC"
        }
    }
}

/// Keys and handshake bytes of a connection until its ClientHello is whole.
private final class QUICState {
    var crypto = QUICCryptoStream()
    var datagramsWithoutHello = 0
    private var keys: QUICInitial?
    private var attempts = 0

    /// Packets whose keys are derived anew; the rest are the server's.
    private static let attemptLimit = 16

    /// Opens with the keys at hand, else with those of the packet's own connection id (the first one, and after a Retry).
    func open(
        _ packet: RawSpan, _ destination: [UInt8], _ version: QUICVersion, _ numberOffset: Int, _ length: Int
    ) -> [UInt8]? {
        if let keys, let frames = keys.open(packet, numberOffset: numberOffset, length: length) { return frames }
        guard attempts < QUICState.attemptLimit else { return nil }
        attempts += 1
        guard let fresh = QUICInitial(version: version, destination: destination),
            let frames = fresh.open(packet, numberOffset: numberOffset, length: length)
        else { return nil }
        keys = fresh
        return frames
    }
}
