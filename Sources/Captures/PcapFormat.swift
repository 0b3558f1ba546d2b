// pcap files: draft-ietf-opsawg-pcap, and the variants that libpcap and Wireshark know.

import Model

/// How the records of one pcap file are laid out.
///
///     0 seconds   4 fraction   8 captured length   12 original length   16 variant's extra bytes   frame
struct PcapLayout {
    /// Octets of the record header.
    var headerLength = 16
    /// Nanoseconds in a unit of the fraction.
    var fractionUnit: Int64 = 1000
    var lengthOrder = LengthOrder.capturedFirst

    enum LengthOrder {
        case capturedFirst
        /// Before version 2.3 the two lengths stood the other way round.
        case originalFirst
        /// In version 2.3 either way; the captured length cannot be the larger.
        case smallerIsCaptured
    }
}

/// The first bytes of a capture, which tell what it is.
///
///     pcap:   0 magic   4 major   6 minor   8 zone   12 accuracy   16 snap length   20 FCS length, link type   24
///     pcapng: 0 block type 0x0A0D0D0A   4 length   8 byte-order magic 0x1A2B3C4D
struct CaptureHeader {
    let format: CaptureFormat
    let swapped: Bool
    var layout = PcapLayout()
    /// The one interface of a pcap file; nil for pcapng.
    var interface: CaptureInterface?

    private static let nativeOrder: CaptureByteOrder = UInt16(littleEndian: 1) == 1 ? .little : .big
    private static let otherOrder: CaptureByteOrder = nativeOrder == .little ? .big : .little

    static func byteOrder(swapped: Bool) -> CaptureByteOrder { swapped ? otherOrder : nativeOrder }

    /// Reads a pcap header and consumes it; of a pcapng file it looks at the first block and consumes nothing.
    init(reading stream: inout ByteStream, name: String) throws(CaptureError) {
        guard stream.require(4) else {
            if let failure = stream.failure { throw CaptureError(failure, file: name, offset: nil) }
            if stream.available == 0 { throw CaptureError(file: name, problem: .empty) }
            throw CaptureHeader.cut(stream, name: name, needed: 24)
        }
        let magic: UInt32 = stream.load(at: 0)
        if magic == PcapngBlockType.sectionHeader.rawValue {
            guard stream.require(12) else { throw CaptureHeader.cut(stream, name: name, needed: 28) }
            let order: UInt32 = stream.load(at: 8)
            guard let swapped = PcapngBlockType.isSwapped(byteOrderMagic: order) else {
                throw CaptureHeader.foreign(&stream, name: name)
            }
            self.swapped = swapped
            format = .pcapng(CaptureHeader.byteOrder(swapped: swapped))
            return
        }
        let variant: PcapVariant
        if let native = PcapVariant(magic: magic) {
            variant = native
            swapped = false
        } else if let other = PcapVariant(magic: magic.byteSwapped) {
            variant = other
            swapped = true
        } else {
            throw CaptureHeader.foreign(&stream, name: name)
        }
        format = .pcap(variant, CaptureHeader.byteOrder(swapped: swapped))
        let length = variant == .ixia ? 28 : 24
        guard stream.require(length) else { throw CaptureHeader.cut(stream, name: name, needed: length) }
        let major: UInt16 = stream.window.load(at: 4, swapped: swapped)
        let minor: UInt16 = stream.window.load(at: 6, swapped: swapped)
        let snapLength: UInt32 = stream.window.load(at: 16, swapped: swapped)
        let network: UInt32 = stream.window.load(at: 20, swapped: swapped)
        // 543.0 is what DG/UX tcpdump wrote.
        guard major == 2 || major == 543 else {
            throw CaptureError(
                file: name, offset: 4,
                problem: .invalid(part: .fileHeader, expected: "pcap version 2.x", found: "version \(major).\(minor)"))
        }
        if major == 543 || minor < 3 {
            layout.lengthOrder = .originalFirst
        } else if minor == 3 {
            layout.lengthOrder = .smallerIsCaptured
        }
        var resolution = TimeResolution.microseconds
        switch variant {
        case .microseconds: break
        case .nanoseconds, .ixia:
            resolution = .nanoseconds
            layout.fractionUnit = 1
        case .modified: layout.headerLength = 24
        }
        // Bits 28–31 count 16-bit words of frame check sequence when bit 26 is set.
        let fcsLength = network & 0x0400_0000 == 0 ? 0 : UInt8(truncatingIfNeeded: network >> 28) &* 2
        interface = CaptureInterface(
            linkType: LinkType(capture: UInt16(truncatingIfNeeded: network)), snapLength: snapLength,
            timeResolution: resolution, fcsLength: fcsLength)
        stream.consume(length)
    }

    private static func cut(_ stream: borrowing ByteStream, name: String, needed: Int) -> CaptureError {
        if let failure = stream.failure { return CaptureError(failure, file: name, offset: nil) }
        return CaptureError(
            file: name, offset: 0,
            problem: .cut(part: .fileHeader, needed: UInt64(needed), present: UInt64(stream.available)))
    }

    private static func foreign(_ stream: inout ByteStream, name: String) -> CaptureError {
        _ = stream.require(16)
        let start = stream.window.part(from: 0, count: 16).array()
        return CaptureError(file: name, offset: 0, problem: ForeignFormat.problem(firstBytes: start))
    }
}

extension LinkType {
    /// As a capture file tells it: some systems wrote their own number for raw IP (DLT_RAW 12 on most BSDs and
    /// Linux, 14 on OpenBSD) in place of the registered 101.
    init(capture number: UInt16) {
        self = number == 12 || number == 14 ? .raw : LinkType(rawValue: number)
    }
}

extension CaptureReader {
    mutating func nextPcapRecord() -> Bool {
        let headerLength = layout.headerLength
        guard stream.require(headerLength) else { return endOfPcap() }
        var seconds: UInt32 = stream.load(at: 0)
        var fraction: UInt32 = stream.load(at: 4)
        var captured: UInt32 = stream.load(at: 8)
        var original: UInt32 = stream.load(at: 12)
        if swapped {
            seconds = seconds.byteSwapped
            fraction = fraction.byteSwapped
            captured = captured.byteSwapped
            original = original.byteSwapped
        }
        if layout.lengthOrder != .capturedFirst {
            if layout.lengthOrder == .originalFirst || captured > original { swap(&captured, &original) }
        }
        let length = Int(captured)
        guard length <= frameLimit else {
            return endInvalid(
                .frame(frame.number &+ 1), at: stream.offset, expected: "a captured length of at most \(frameLimit)",
                found: "\(captured)")
        }
        guard stream.require(headerLength &+ length) else {
            return endCut(
                .frame(frame.number &+ 1), at: stream.offset, needed: UInt64(headerLength) &+ UInt64(captured))
        }
        if headerLength == 24 { frame.direction = FrameDirection(linuxPacketType: stream.load(at: 22)) }
        stream.consume(headerLength &+ length)
        distance = length
        frame.number &+= 1
        // 2^32 seconds and 2^32 microseconds are less than 2^63 nanoseconds: no overflow.
        frame.time = Timestamp(nanoseconds: Int64(seconds) &* 1_000_000_000 &+ Int64(fraction) &* layout.fractionUnit)
        frame.capturedLength = captured
        frame.originalLength = original
        gathered.capturedBytes &+= UInt64(captured)
        return true
    }

    private mutating func endOfPcap() -> Bool {
        if stream.available == 0 && stream.failure == nil { return end(.complete) }
        return endCut(.frame(frame.number &+ 1), at: stream.offset, needed: UInt64(layout.headerLength))
    }
}

extension FrameDirection {
    /// The sll_pkttype of a modified pcap record (packet(7): PACKET_HOST 0, BROADCAST 1, MULTICAST 2, OUTGOING 4).
    init(linuxPacketType type: UInt8) {
        switch type {
        case 0, 1, 2: self = .inbound
        case 4: self = .outbound
        default: self = .unknown
        }
    }
}
