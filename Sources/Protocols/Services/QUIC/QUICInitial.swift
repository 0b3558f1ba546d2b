import Crypto
import Wire

/// Keys of the client's Initial packets, which anyone who saw the first one can derive (RFC 9001, 5.2), and what they open.
struct QUICInitial {
    private let key: SymmetricKey
    private let iv: [UInt8]
    private let headerProtection: AESBlock

    /// `destination` is the destination connection id of the client's first Initial packet (or of the first after a Retry).
    init?(version: QUICVersion, destination: [UInt8]) {
        guard let salt = version.initialSalt else { return nil }
        let secret = HKDF<SHA256>.extract(inputKeyMaterial: SymmetricKey(data: destination), salt: salt)
        let client = QUICInitial.expanded(Array(secret), label: "tls13 client in", count: 32)
        key = SymmetricKey(data: QUICInitial.expanded(client, label: version.labelPrefix + "key", count: 16))
        iv = QUICInitial.expanded(client, label: version.labelPrefix + "iv", count: 12)
        let protection = QUICInitial.expanded(client, label: version.labelPrefix + "hp", count: 16)
        guard let block = AESBlock(key: protection) else { return nil }
        headerProtection = block
    }

    /// HKDF-Expand-Label (RFC 8446, 7.1): length 2, label after its length, empty context.
    private static func expanded(_ secret: [UInt8], label: String, count: Int) -> [UInt8] {
        let name = Array(label.utf8)
        let info = [0, UInt8(truncatingIfNeeded: count), UInt8(truncatingIfNeeded: name.count)] + name + [0]
        return HKDF<SHA256>.expand(pseudoRandomKey: SymmetricKey(data: secret), info: info, outputByteCount: count)
            .withUnsafeBytes { unsafe Array($0) }
    }

    /// Opens one packet: `numberOffset` is where its packet number begins, `length` counts from there (17.2). The frames, or
    /// nil when it is not the client's with these keys.
    func open(_ packet: RawSpan, numberOffset: Int, length: Int) -> [UInt8]? {
        guard length >= 20, packet.has(length, at: numberOffset), numberOffset > 0 else { return nil }
        let mask = headerProtection.encrypt(packet.slice(numberOffset &+ 4, 16).bytes())
        guard mask.count == 16 else { return nil }
        var header = packet.first(numberOffset &+ 4).bytes()
        header[0] ^= mask[0] & 0x0f
        let size = Int(header[0] & 3) &+ 1
        var nonce = iv
        for index in 0..<size {
            header[numberOffset &+ index] ^= mask[1 &+ index]
            nonce[12 &- size &+ index] ^= header[numberOffset &+ index]
        }
        header.removeLast(4 &- size)
        let tagStart = numberOffset &+ length &- 16
        let text = packet.slice(numberOffset &+ size, length &- size &- 16).bytes(limit: 65_535)
        let tag = packet.slice(tagStart, 16).bytes()
        guard let number = try? AES.GCM.Nonce(data: nonce),
            let box = try? AES.GCM.SealedBox(nonce: number, ciphertext: text, tag: tag),
            let opened = try? AES.GCM.open(box, using: key, authenticating: header)
        else { return nil }
        return Array(opened)
    }
}

/// Puts CRYPTO frames together, whatever their order (RFC 9000, 19.6).
struct QUICCryptoStream {
    private var pieces: [(offset: Int, bytes: [UInt8])] = []
    private var size = 0

    private static let pieceLimit = 256
    private static let sizeLimit = 65_536

    /// Takes the CRYPTO frames out of a packet's frames; stops at a frame that an Initial packet cannot hold.
    mutating func read(_ frames: RawSpan) {
        var offset = 0
        var count = 0
        while offset < frames.byteCount, count < 4_096 {
            count &+= 1
            let type = frames.u8(offset)
            offset &+= 1
            switch type {
            case 0, 1: continue  // PADDING, PING
            case 2, 3: guard QUICCryptoStream.skipAcknowledgement(frames, &offset, hasECN: type == 3) else { return }
            case 6:
                guard let start = frames.quicInteger(&offset), let length = frames.quicInteger(&offset),
                    frames.has(length, at: offset)
                else { return }
                keep(frames.slice(offset, length), at: start)
                offset &+= length
            default: return
            }
        }
    }

    /// Largest, delay, range count, first range, then gap and length of each range, then three counts with ECN.
    private static func skipAcknowledgement(_ frames: RawSpan, _ offset: inout Int, hasECN: Bool) -> Bool {
        guard frames.quicInteger(&offset) != nil, frames.quicInteger(&offset) != nil,
            let ranges = frames.quicInteger(&offset), ranges <= 1_024, frames.quicInteger(&offset) != nil
        else { return false }
        var left = ranges &* 2 &+ (hasECN ? 3 : 0)
        while left > 0 {
            guard frames.quicInteger(&offset) != nil else { return false }
            left &-= 1
        }
        return true
    }

    private mutating func keep(_ bytes: RawSpan, at offset: Int) {
        guard bytes.byteCount > 0, offset <= QUICCryptoStream.sizeLimit, pieces.count < QUICCryptoStream.pieceLimit,
            size &+ bytes.byteCount <= QUICCryptoStream.sizeLimit,
            !pieces.contains(where: { $0.offset == offset && $0.bytes.count >= bytes.byteCount })
        else { return }
        size &+= bytes.byteCount
        let place = pieces.firstIndex { $0.offset > offset } ?? pieces.count
        pieces.insert((offset, bytes.bytes(limit: 65_535)), at: place)
    }

    /// The first handshake message, type and length included, when all of it is there.
    func firstMessage() -> [UInt8]? {
        var joined: [UInt8] = []
        for piece in pieces {
            guard piece.offset <= joined.count else { break }
            let known = joined.count &- piece.offset
            if known < piece.bytes.count { joined += piece.bytes[known...] }
        }
        guard joined.count >= 4 else { return nil }
        let length = 4 &+ (Int(joined[1]) << 16 | Int(joined[2]) << 8 | Int(joined[3]))
        return joined.count >= length ? Array(joined.prefix(length)) : nil
    }
}

extension RawSpan {
    /// A variable-length integer (RFC 9000, 16): the top two bits of its first byte tell its size. Nil past the end.
    func quicInteger(_ offset: inout Int) -> Int? {
        guard has(1, at: offset) else { return nil }
        let size = 1 << Int(u8(offset) >> 6)
        guard has(size, at: offset) else { return nil }
        var value = UInt64(u8(offset) & 0x3f)
        var index = 1
        while index < size {
            value = value << 8 | UInt64(u8(offset &+ index))
            index &+= 1
        }
        offset &+= size
        return Int(value)
    }
}
