import Wire

/// ISO transport on TCP: TPKT packets (RFC 1006, section 6), each with one COTP TPDU (ISO 8073 / ITU-T X.224, class 0).
/// Not a protocol of the registry: S7comm, S7comm-plus, MMS and RDP ride on it and read it through this helper.
///
///     0  version     1   3
///     1  reserved    1   0
///     2  length      2   of the packet, these four bytes included; at least 7
///     4  LI          1   length of the TPDU header, not counting this byte
///     5  TPDU code   1   high four bits; the low four are the credit (0 in class 0)
///
/// Connection request and confirm go on with two references and a class, then parameters (code, length, value); data goes
/// on with one byte: EOT in the high bit, TPDU number in the others.
package enum ISOTransport {
    /// TCP port of RFC 1006.
    package static let port: UInt16 = 102
    /// Bytes of the TPKT header.
    package static let headerSize = 4
    /// LLC service access point of the ISO network layer (ISO/IEC TR 9577, 5.4.1).
    package static let networkLayerSAP: UInt8 = 0xfe

    /// TPDU codes (ISO 8073, 13.2.2.2), credit bits cleared.
    package enum TPDU: UInt8, Sendable {
        case connectionRequest = 0xe0
        case connectionConfirm = 0xd0
        case disconnectRequest = 0x80
        case disconnectConfirm = 0xc0
        case data = 0xf0
        case expeditedData = 0x10
        case dataAcknowledge = 0x60
        case expeditedAcknowledge = 0x20
        case reject = 0x50
        case error = 0x70
    }

    /// One TPDU: what it is and where its parts lie. Offsets count from the start of the bytes it was read from.
    package struct Unit: Sendable, Equatable {
        package var kind: TPDU
        /// Bytes of the whole unit, TPKT header included.
        package var length: Int
        /// Header parameters; in a connection request of RDP, the cookie and the negotiation request.
        package var parameters: Range<Int>
        /// User data after the TPDU header.
        package var user: Range<Int>
        /// True when a data TPDU is the last of its TSDU (EOT); true for all other kinds.
        package var isLast: Bool
    }

    package enum Reading: Sendable, Equatable {
        case unit(Unit)
        /// At least this many bytes are needed.
        case needMore(Int)
        case malformed
    }

    /// Reads the TPKT packet at the start of `bytes`.
    package static func read(_ bytes: RawSpan) -> Reading {
        guard bytes.byteCount >= headerSize else {
            return startsLikeTPKT(bytes) ? .needMore(headerSize) : .malformed
        }
        let length = Int(bytes.be16(2))
        guard startsLikeTPKT(bytes), length >= 7 else { return .malformed }
        guard bytes.byteCount >= 7 else { return .needMore(length) }
        guard let unit = tpdu(bytes, at: headerSize, end: length) else { return .malformed }
        return bytes.byteCount >= length ? .unit(unit) : .needMore(length)
    }

    private static func startsLikeTPKT(_ bytes: RawSpan) -> Bool {
        (bytes.byteCount < 1 || bytes.u8(0) == 3) && (bytes.byteCount < 2 || bytes.u8(1) == 0)
    }

    /// Reads the TPDU whose LI lies at `start`, in a packet that ends at `end`. nil when it is no TPDU.
    package static func tpdu(_ bytes: RawSpan, at start: Int, end: Int) -> Unit? {
        let indicator = Int(bytes.u8(start))
        let headerEnd = start &+ 1 &+ indicator
        guard indicator >= 2, indicator < 255, headerEnd <= end else { return nil }
        let code = bytes.u8(start &+ 1)
        let fixedEnd: Int
        var isLast = true
        guard let kind = TPDU(rawValue: code & 0xf0) else { return nil }
        switch kind {
        case .connectionRequest, .connectionConfirm, .disconnectRequest:
            fixedEnd = start &+ 7
        case .data where indicator < 4:
            // Class 0: no destination reference.
            guard code == 0xf0, indicator == 2 else { return nil }
            fixedEnd = start &+ 3
            isLast = bytes.u8(start &+ 2) & 0x80 != 0
        case .data:
            fixedEnd = start &+ 5
            isLast = bytes.u8(start &+ 4) & 0x80 != 0
        case .expeditedData, .dataAcknowledge, .expeditedAcknowledge, .reject, .error:
            fixedEnd = start &+ 5
        case .disconnectConfirm:
            fixedEnd = start &+ 6
        }
        guard fixedEnd <= headerEnd else { return nil }
        return Unit(kind: kind, length: end, parameters: fixedEnd..<headerEnd, user: headerEnd..<end, isLast: isLast)
    }

    /// Reads a TPDU carried straight on LLC with the inactive subset of the network protocol (ISO 8473-1, 7.2: one zero
    /// byte), as S7 does on "ISO" (H1) connections; class 4. `bytes` begin after the LLC control field; Ethernet padding
    /// cannot be told from user data here. nil for anything else that uses SAP FE, such as IS-IS.
    package static func unitOnLLC(_ bytes: RawSpan) -> Unit? {
        guard bytes.byteCount >= 4, bytes.u8(0) == 0 else { return nil }
        return tpdu(bytes, at: 1, end: bytes.byteCount)
    }

    // MARK: Recognition

    /// What the start of a stream tells a probe.
    package enum Opening: Sendable, Equatable {
        case notISOTransport
        /// Connection requests or confirms so far, or too few bytes; who sent them, as the TPDU kind tells.
        case undecided(Verdict.Sender)
        /// The first user data lie in this range of the bytes (as many as are there).
        case data(Range<Int>, Verdict.Sender)
    }

    /// Walks over the opening TPDUs to the first user data. Cheap on anything else: two bytes decide.
    package static func opening(_ bytes: RawSpan) -> Opening {
        guard startsLikeTPKT(bytes) else { return .notISOTransport }
        var offset = 0
        var sender = Verdict.Sender.unknown
        var units = 0
        while units < 8 {
            let rest = bytes.from(offset)
            switch read(rest) {
            case .malformed: return .notISOTransport
            case .needMore(let length):
                // A data TPDU whose end is not there yet already shows how its user data begin.
                guard rest.byteCount > 7, let unit = tpdu(rest, at: headerSize, end: length),
                    unit.kind == .data, unit.user.lowerBound < rest.byteCount
                else { return .undecided(sender) }
                return .data(offset &+ unit.user.lowerBound..<bytes.byteCount, sender)
            case .unit(let unit):
                switch unit.kind {
                case .connectionRequest: sender = .client
                case .connectionConfirm: sender = .server
                case .data where !unit.user.isEmpty:
                    return .data(offset &+ unit.user.lowerBound..<offset &+ unit.user.upperBound, sender)
                default: break
                }
                offset &+= unit.length
                units &+= 1
            }
        }
        return .undecided(sender)
    }

    // MARK: Connection parameters

    /// Parameter codes of connection request and confirm (ISO 8073, 13.3.4).
    private enum Parameter {
        static let callingTSAP: UInt8 = 0xc1, calledTSAP: UInt8 = 0xc2
    }

    /// Transport selectors of a connection request or confirm: where they lie in the bytes that `unit` was read from.
    package static func selectors(_ bytes: RawSpan, _ unit: Unit) -> (calling: Range<Int>, called: Range<Int>) {
        var calling = 0..<0
        var called = 0..<0
        var offset = unit.parameters.lowerBound
        let end = unit.parameters.upperBound
        while offset &+ 2 <= end {
            let code = bytes.u8(offset)
            let start = offset &+ 2
            let next = start &+ Int(bytes.u8(offset &+ 1))
            guard next <= end else { break }
            if code == Parameter.callingTSAP { calling = start..<next }
            if code == Parameter.calledTSAP { called = start..<next }
            offset = next
        }
        return (calling, called)
    }

    // MARK: Segments

    /// Puts one direction's data TPDUs together into TSDUs.
    package struct Segments: Sendable {
        /// Longest TSDU kept; what is longer is dropped whole.
        package static let limit = 65_536

        private var held: [UInt8] = []
        private var isOverlong = false

        package init() {}

        /// True when earlier segments wait for their end, so that a last segment alone is not the whole TSDU.
        package var isOpen: Bool { !held.isEmpty || isOverlong }

        package mutating func append(_ user: RawSpan) {
            guard !isOverlong, held.count &+ user.byteCount <= Segments.limit else {
                isOverlong = true
                held = []
                return
            }
            held.append(contentsOf: user.bytes(limit: Segments.limit))
        }

        /// The TSDU, after its last segment was appended; nil when it was too long. Begins anew.
        package mutating func take() -> [UInt8]? {
            let whole = isOverlong ? nil : held
            reset()
            return whole
        }

        /// Forgets an unfinished TSDU, as after lost bytes.
        package mutating func reset() {
            held = []
            isOverlong = false
        }
    }
}
