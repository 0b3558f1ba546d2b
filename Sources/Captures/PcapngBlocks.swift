// pcapng: draft-ietf-opsawg-pcapng. This file walks the blocks and reads those that carry frames.
//
//     0 type   4 total length   8 body, options   length-4 total length again

import Model

/// A pcapng block type.
struct PcapngBlockType: RawRepresentable, Hashable {
    let rawValue: UInt32

    static let interfaceDescription = PcapngBlockType(rawValue: 1)
    static let obsoletePacket = PcapngBlockType(rawValue: 2)
    static let simplePacket = PcapngBlockType(rawValue: 3)
    static let nameResolution = PcapngBlockType(rawValue: 4)
    static let interfaceStatistics = PcapngBlockType(rawValue: 5)
    static let enhancedPacket = PcapngBlockType(rawValue: 6)
    static let systemdJournal = PcapngBlockType(rawValue: 9)
    static let decryptionSecrets = PcapngBlockType(rawValue: 10)
    static let sysdigEvent = PcapngBlockType(rawValue: 0x204)
    static let sysdigEvent2 = PcapngBlockType(rawValue: 0x216)
    static let sysdigLargeEvent2 = PcapngBlockType(rawValue: 0x221)
    static let custom = PcapngBlockType(rawValue: 0xbad)
    static let customNotCopied = PcapngBlockType(rawValue: 0x4000_0bad)
    /// The same in both byte orders.
    static let sectionHeader = PcapngBlockType(rawValue: 0x0a0d_0d0a)

    /// Nil when it is no byte-order magic at all.
    static func isSwapped(byteOrderMagic magic: UInt32) -> Bool? {
        switch magic {
        case 0x1a2b_3c4d: false
        case 0x4d3c_2b1a: true
        default: nil
        }
    }
}

extension PcapngBlockType: CustomStringConvertible {
    var description: String {
        switch self {
        case .interfaceDescription: "an interface description block"
        case .obsoletePacket: "a packet block"
        case .simplePacket: "a simple packet block"
        case .nameResolution: "a name resolution block"
        case .interfaceStatistics: "an interface statistics block"
        case .enhancedPacket: "an enhanced packet block"
        case .decryptionSecrets: "a decryption secrets block"
        case .custom, .customNotCopied: "a custom block"
        case .sectionHeader: "a section header block"
        default: "a block of type 0x" + String(rawValue, radix: 16)
        }
    }
}

extension CaptureReader {
    /// Octets before the frame in an enhanced or obsolete packet block:
    /// 8 interface   12 time, high   16 time, low   20 captured length   24 original length   28
    private static let packetHeader = 28
    /// Octets of a block that are kept in the buffer when it carries no frame; the rest is stepped over.
    private static let metadataLimit = 65_536

    mutating func nextPcapngFrame() -> Bool {
        while true {
            guard stream.require(12) else { return endOfPcapng() }
            var type: UInt32 = stream.load(at: 0)
            var length: UInt32 = stream.load(at: 4)
            if type == PcapngBlockType.sectionHeader.rawValue {
                guard beginSection() else { return false }
                length = stream.load(at: 4)
            }
            if swapped {
                type = type.byteSwapped
                length = length.byteSwapped
            }
            guard length >= 12, length & 3 == 0 else {
                return endInvalid(
                    .block(type: type), at: stream.offset, expected: "a length of 12 or more that is a multiple of 4",
                    found: "\(length)")
            }
            switch PcapngBlockType(rawValue: type) {
            case .enhancedPacket, .obsoletePacket: return readPacket(type: type, length: length)
            case .simplePacket: return readSimplePacket(length: length)
            default: guard readMetadata(type: type, length: length) else { return false }
            }
        }
    }

    private mutating func endOfPcapng() -> Bool {
        if stream.available == 0 && stream.failure == nil { return end(.complete) }
        return endCut(.block(type: stream.window.load(at: 0, swapped: swapped)), at: stream.offset, needed: 12)
    }

    /// Takes the byte order that a section header block declares for what follows.
    private mutating func beginSection() -> Bool {
        let magic: UInt32 = stream.load(at: 8)
        guard let swapped = PcapngBlockType.isSwapped(byteOrderMagic: magic) else {
            return endInvalid(
                .block(type: PcapngBlockType.sectionHeader.rawValue), at: stream.offset,
                expected: "the byte-order magic 0x1a2b3c4d", found: "0x" + String(magic, radix: 16))
        }
        self.swapped = swapped
        firstInterface = gathered.interfaces.count
        return true
    }

    // MARK: Frames

    private mutating func readPacket(type: UInt32, length: UInt32) -> Bool {
        guard requireBlock(type: type, length: length, atLeast: CaptureReader.packetHeader + 4) else { return false }
        let obsolete = type == PcapngBlockType.obsoletePacket.rawValue
        var interface: UInt32 = stream.load(at: 8)
        var high: UInt32 = stream.load(at: 12)
        var low: UInt32 = stream.load(at: 16)
        var captured: UInt32 = stream.load(at: 20)
        var original: UInt32 = stream.load(at: 24)
        if swapped {
            interface = interface.byteSwapped
            high = high.byteSwapped
            low = low.byteSwapped
            captured = captured.byteSwapped
            original = original.byteSwapped
        }
        if obsolete {
            // 8 interface, 16 bits   10 drops, 16 bits, all ones when not known
            let drops = stream.window.load(at: 10, swapped: swapped) as UInt16
            interface = UInt32(stream.window.load(at: 8, swapped: swapped) as UInt16)
            if drops != .max { gathered.dropsReported &+= UInt64(drops) }
        }
        guard let index = index(ofInterface: interface, type: type) else { return false }
        guard begin(captured: captured, room: Int(length) &- (CaptureReader.packetHeader + 4), type: type) else {
            return false
        }
        frame.originalLength = original
        frame.time = gathered.interfaces[index].timeResolution.time(ticks: UInt64(high) << 32 | UInt64(low))
        frame.hasTime = true
        deliver(index: index, captured: captured)
        let options = CaptureReader.packetHeader &+ (Int(captured) &+ 3) & ~3
        if options < Int(length) &- 4 { readPacketOptions(from: options, to: Int(length) &- 4) }
        stream.consume(Int(length))
        distance = Int(length) &- CaptureReader.packetHeader
        return true
    }

    /// 8 original length   12 frame, cut at the interface's snap length
    private mutating func readSimplePacket(length: UInt32) -> Bool {
        let type = PcapngBlockType.simplePacket.rawValue
        guard requireBlock(type: type, length: length, atLeast: 16) else { return false }
        guard let index = index(ofInterface: 0, type: type) else { return false }
        let original: UInt32 = stream.window.load(at: 8, swapped: swapped)
        let snapLength = gathered.interfaces[index].snapLength
        let captured = min(original, snapLength == 0 ? .max : snapLength)
        guard begin(captured: captured, room: Int(length) &- 16, type: type) else { return false }
        frame.originalLength = original
        frame.time = .zero
        frame.hasTime = false
        deliver(index: index, captured: captured)
        stream.consume(Int(length))
        distance = Int(length) &- 12
        return true
    }

    private mutating func deliver(index: Int, captured: UInt32) {
        frame.number &+= 1
        frame.capturedLength = captured
        frame.interface = UInt32(truncatingIfNeeded: index)
        frame.linkType = gathered.interfaces[index].linkType
        frame.fcsLength = gathered.interfaces[index].fcsLength
        frame.direction = .unknown
        gathered.interfaces[index].frames &+= 1
        gathered.capturedBytes &+= UInt64(captured)
    }

    /// Brings a whole packet block into the buffer and compares its two lengths.
    private mutating func requireBlock(type: UInt32, length: UInt32, atLeast minimum: Int) -> Bool {
        guard Int(length) >= minimum, Int(length) <= CaptureReader.largestFrameLimit &+ CaptureReader.optionsLimit
        else {
            return endInvalid(
                .block(type: type), at: stream.offset,
                expected: "a length from \(minimum) to "
                    + "\(CaptureReader.largestFrameLimit + CaptureReader.optionsLimit)", found: "\(length)")
        }
        guard stream.require(Int(length)) else {
            return endCut(.frame(frame.number &+ 1), at: stream.offset, needed: UInt64(length))
        }
        var trailer: UInt32 = stream.load(at: Int(length) &- 4)
        if swapped { trailer = trailer.byteSwapped }
        guard trailer == length else {
            return endInvalid(
                .block(type: type), at: stream.offset, expected: "the length \(length) again at its end",
                found: "\(trailer)")
        }
        return true
    }

    private mutating func index(ofInterface number: UInt32, type: UInt32) -> Int? {
        let count = gathered.interfaces.count &- firstInterface
        guard Int(number) < count else {
            _ = endInvalid(
                .block(type: type), at: stream.offset,
                expected: count == 0
                    ? "an interface description block before the first frame" : "an interface below \(count)",
                found: "interface \(number)")
            return nil
        }
        return firstInterface &+ Int(number)
    }

    private mutating func begin(captured: UInt32, room: Int, type: UInt32) -> Bool {
        guard Int(captured) <= min(room, frameLimit) else {
            return endInvalid(
                .frame(frame.number &+ 1), at: stream.offset,
                expected: "a captured length of at most \(min(room, frameLimit))", found: "\(captured)")
        }
        return true
    }

    // MARK: Other blocks

    /// Reads what a block without a frame tells, as far as its first 64 KiB go, and steps over it.
    private mutating func readMetadata(type: UInt32, length: UInt32) -> Bool {
        let start = stream.offset
        let kept = min(Int(length), CaptureReader.metadataLimit)
        guard stream.require(kept) else { return endCut(.block(type: type), at: start, needed: UInt64(length)) }
        let end = kept == Int(length) ? kept &- 4 : kept
        switch PcapngBlockType(rawValue: type) {
        case .sectionHeader: guard readSectionHeader(end: end) else { return false }
        case .interfaceDescription: guard readInterfaceDescription(end: end) else { return false }
        case .interfaceStatistics: readInterfaceStatistics(end: end)
        case .nameResolution: readNames(end: end)
        case .decryptionSecrets: gathered.secretsBlocks &+= 1
        case .systemdJournal, .sysdigEvent, .sysdigEvent2, .sysdigLargeEvent2, .custom, .customNotCopied:
            gathered.recordsWithoutFrame &+= 1
            frame.number &+= 1
        default: gathered.skippedBlocks &+= 1
        }
        guard stream.skip(UInt64(length) &- 4), stream.require(4) else {
            return endCut(.block(type: type), at: start, needed: UInt64(length))
        }
        let trailer: UInt32 = stream.window.load(at: 0, swapped: swapped)
        guard trailer == length else {
            return endInvalid(
                .block(type: type), at: start, expected: "the length \(length) again at its end", found: "\(trailer)")
        }
        stream.consume(4)
        return true
    }
}
