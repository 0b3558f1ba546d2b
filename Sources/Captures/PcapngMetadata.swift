// What pcapng tells beside the frames: sections, interfaces, statistics, names, comments.

import Model

/// Options of a block: 0 code, 16 bits   2 length, 16 bits   4 value, padded to a multiple of 4; code 0 ends them.
private struct PcapngOptions: ~Escapable {
    private let span: RawSpan
    private let swapped: Bool
    private var position = 0
    /// More options than this in one block are not looked at.
    private var remaining = 4096
    private(set) var code: UInt16 = 0
    private(set) var value: RawSpan

    @_lifetime(copy span)
    init(_ span: RawSpan, swapped: Bool) {
        self.span = span
        self.swapped = swapped
        value = span.part(from: 0, count: 0)
    }

    /// Moves to the next option; false at the end, or where one claims more bytes than there are.
    mutating func next() -> Bool {
        guard remaining > 0, span.byteCount &- position >= 4 else { return false }
        remaining &-= 1
        code = span.load(at: position, swapped: swapped)
        let length = Int(span.load(at: position &+ 2, swapped: swapped) as UInt16)
        guard code != 0, length <= span.byteCount &- position &- 4 else { return false }
        value = span.part(from: position &+ 4, count: length)
        position = position &+ 4 &+ (length &+ 3) & ~3
        return true
    }
}

/// Option codes; 1 is a comment in every block.
private enum OptionCode {
    static let comment: UInt16 = 1
    static let sectionHardware: UInt16 = 2
    static let sectionSystem: UInt16 = 3
    static let sectionApplication: UInt16 = 4
    static let interfaceName: UInt16 = 2
    static let interfaceDescription: UInt16 = 3
    static let interfaceMAC: UInt16 = 6
    static let interfaceSpeed: UInt16 = 8
    static let interfaceTimeResolution: UInt16 = 9
    static let interfaceFilter: UInt16 = 11
    static let interfaceSystem: UInt16 = 12
    static let interfaceFCSLength: UInt16 = 13
    static let interfaceTimeOffset: UInt16 = 14
    static let interfaceHardware: UInt16 = 15
    static let statisticsStart: UInt16 = 2
    static let statisticsEnd: UInt16 = 3
    static let statisticsReceived: UInt16 = 4
    static let statisticsInterfaceDrops: UInt16 = 5
    static let statisticsAccepted: UInt16 = 6
    static let statisticsSystemDrops: UInt16 = 7
    static let statisticsDelivered: UInt16 = 8
    static let packetFlags: UInt16 = 2
    static let packetDrops: UInt16 = 4
}

extension CaptureReader {
    /// Takes `text` out of the budget; empty when that is used up.
    private mutating func afford(_ text: WireText) -> WireText {
        let size = text.raw.utf8.count
        guard size <= textBudget else { return WireText("") }
        textBudget &-= size
        return text
    }

    private mutating func keep(comment: WireText, at place: CaptureComment.Place) {
        gathered.keep(comment: afford(comment), at: place)
    }

    /// 8 byte-order magic   12 major   14 minor   16 section length   24 options
    mutating func readSectionHeader(end: Int) -> Bool {
        let major: UInt16 = stream.window.load(at: 12, swapped: swapped)
        let minor: UInt16 = stream.window.load(at: 14, swapped: swapped)
        guard end >= 24, major == 1 else {
            return endInvalid(
                .block(type: PcapngBlockType.sectionHeader.rawValue), at: stream.offset, expected: "pcapng version 1.x",
                found: end >= 24 ? "version \(major).\(minor)" : "\(end) bytes")
        }
        var section = CaptureSection(byteOrder: CaptureHeader.byteOrder(swapped: swapped))
        var comments: [WireText] = []
        var options = PcapngOptions(stream.window.part(from: 24, count: end &- 24), swapped: swapped)
        while options.next() {
            switch options.code {
            case OptionCode.comment: comments.append(options.value.text())
            case OptionCode.sectionHardware: section.hardware = options.value.text()
            case OptionCode.sectionSystem: section.operatingSystem = options.value.text()
            case OptionCode.sectionApplication: section.application = options.value.text()
            default: break
            }
        }
        section.hardware = afford(section.hardware)
        section.operatingSystem = afford(section.operatingSystem)
        section.application = afford(section.application)
        gathered.keep(section)
        for comment in comments { keep(comment: comment, at: .section) }
        return true
    }

    /// 8 link type, 16 bits   12 snap length   16 options
    mutating func readInterfaceDescription(end: Int) -> Bool {
        let part = CaptureError.Part.block(type: PcapngBlockType.interfaceDescription.rawValue)
        guard end >= 16 else {
            return endInvalid(part, at: stream.offset, expected: "a length of 20 or more", found: "\(end + 4)")
        }
        guard gathered.interfaces.count < CaptureStatistics.interfaceLimit else {
            return endInvalid(
                part, at: stream.offset, expected: "at most \(CaptureStatistics.interfaceLimit) interfaces",
                found: "one more")
        }
        var interface = CaptureInterface(
            linkType: LinkType(capture: stream.window.load(at: 8, swapped: swapped)),
            snapLength: stream.window.load(at: 12, swapped: swapped))
        var exponent: UInt8 = 6
        var offset: Int64 = 0
        var comments: [WireText] = []
        var options = PcapngOptions(stream.window.part(from: 16, count: end &- 16), swapped: swapped)
        while options.next() {
            let value = options.value
            switch options.code {
            case OptionCode.comment: comments.append(value.text())
            case OptionCode.interfaceName: interface.name = value.text()
            case OptionCode.interfaceDescription: interface.description = value.text()
            case OptionCode.interfaceMAC where value.byteCount == 6:
                let head = UInt32(bigEndian: value.load(at: 0, swapped: false))
                let tail = UInt16(bigEndian: value.load(at: 4, swapped: false))
                interface.macAddress = MACAddress(bits: UInt64(head) << 16 | UInt64(tail))
            case OptionCode.interfaceSpeed: interface.speed = value.load(at: 0, swapped: swapped)
            case OptionCode.interfaceTimeResolution where value.byteCount >= 1:
                exponent = value.load(at: 0, swapped: false)
            case OptionCode.interfaceTimeOffset:
                offset = Int64(bitPattern: value.load(at: 0, swapped: swapped))
            // The first octet is 0 for a filter in libpcap's words, 1 for BPF instructions.
            case OptionCode.interfaceFilter where value.load(at: 0, swapped: false) as UInt8 == 0:
                interface.filter = value.part(from: 1, count: value.byteCount &- 1).text()
            case OptionCode.interfaceSystem: interface.operatingSystem = value.text()
            case OptionCode.interfaceHardware: interface.hardware = value.text()
            case OptionCode.interfaceFCSLength:
                // Drafts did not say whether octets or bits; no FCS has 16 octets.
                let length: UInt8 = value.load(at: 0, swapped: false)
                interface.fcsLength = length >= 16 ? length / 8 : length
            default: break
            }
        }
        guard let resolution = TimeResolution(exponent: exponent, offset: offset) else {
            return endInvalid(
                part, at: stream.offset, expected: "a time resolution no finer than 10^-19 or 2^-63 s",
                found: exponent & 0x80 == 0 ? "10^-\(exponent)" : "2^-\(exponent & 0x7f)")
        }
        interface.timeResolution = resolution
        interface.name = afford(interface.name)
        interface.description = afford(interface.description)
        interface.filter = afford(interface.filter)
        interface.operatingSystem = afford(interface.operatingSystem)
        interface.hardware = afford(interface.hardware)
        let index = UInt32(truncatingIfNeeded: gathered.interfaces.count)
        gathered.interfaces.append(interface)
        frameLimit = max(frameLimit, CaptureReader.frameLimit(snapLength: interface.snapLength))
        for comment in comments { keep(comment: comment, at: .interface(index)) }
        return true
    }

    /// 8 interface   12 time, high   16 time, low   20 options
    mutating func readInterfaceStatistics(end: Int) {
        let number: UInt32 = stream.window.load(at: 8, swapped: swapped)
        guard end >= 20, Int(number) < gathered.interfaces.count &- firstInterface else { return }
        let index = firstInterface &+ Int(number)
        let resolution = gathered.interfaces[index].timeResolution
        var counters = CaptureCounters()
        var comments: [WireText] = []
        var options = PcapngOptions(stream.window.part(from: 20, count: end &- 20), swapped: swapped)
        while options.next() {
            if options.code == OptionCode.comment {
                comments.append(options.value.text())
                continue
            }
            guard options.value.byteCount == 8 else { continue }
            let value: UInt64 = options.value.load(at: 0, swapped: swapped)
            switch options.code {
            // Times are two 32-bit halves, the high one first in either byte order.
            case OptionCode.statisticsStart, OptionCode.statisticsEnd:
                let high: UInt32 = options.value.load(at: 0, swapped: swapped)
                let low: UInt32 = options.value.load(at: 4, swapped: swapped)
                let time = resolution.time(ticks: UInt64(high) << 32 | UInt64(low))
                if options.code == OptionCode.statisticsStart { counters.start = time } else { counters.end = time }
            case OptionCode.statisticsReceived: counters.received = value
            case OptionCode.statisticsInterfaceDrops: counters.droppedByInterface = value
            case OptionCode.statisticsAccepted: counters.accepted = value
            case OptionCode.statisticsSystemDrops: counters.droppedBySystem = value
            case OptionCode.statisticsDelivered: counters.delivered = value
            default: break
            }
        }
        gathered.interfaces[index].counters = counters
        for comment in comments { keep(comment: comment, at: .other) }
    }

    /// Records: 0 type, 16 bits   2 length, 16 bits   4 address, names each ended by a zero byte, padded; type 0 ends.
    mutating func readNames(end: Int) {
        var names: [CaptureName] = []
        var count: UInt64 = 0
        do {
            let body = stream.window.part(from: 8, count: end &- 8)
            var records = PcapngOptions(body, swapped: swapped)
            while records.next() {
                let value = records.value
                let address: IPAddress
                let length: Int
                switch records.code {
                case 1 where value.byteCount > 4:
                    address = IPAddress(v4: UInt32(bigEndian: value.load(at: 0, swapped: false)))
                    length = 4
                case 2 where value.byteCount > 16:
                    address = IPAddress(
                        high: UInt64(bigEndian: value.load(at: 0, swapped: false)),
                        low: UInt64(bigEndian: value.load(at: 8, swapped: false)))
                    length = 16
                default: continue
                }
                for name in value.part(from: length, count: value.byteCount &- length).array()
                    .split(separator: 0).prefix(64)
                {
                    count &+= 1
                    if names.count &+ gathered.names.count < CaptureStatistics.keptNames {
                        names.append(
                            CaptureName(address: address, name: WireText(String(decoding: name, as: UTF8.self))))
                    }
                }
            }
        }
        gathered.nameCount &+= count
        for name in names {
            let affordable = afford(name.name)
            if !affordable.isEmpty { gathered.names.append(CaptureName(address: name.address, name: affordable)) }
        }
    }

    /// Flags, drops and comments of the packet block at the head of the stream, whose frame is already counted.
    mutating func readPacketOptions(from start: Int, to end: Int) {
        var flags: UInt32 = 0
        var drops: UInt64 = 0
        var comments: [WireText] = []
        var commentCount: UInt64 = 0
        do {
            let wanted = gathered.comments.count < CaptureStatistics.keptComments
            var options = PcapngOptions(stream.window.part(from: start, count: end &- start), swapped: swapped)
            while options.next() {
                switch options.code {
                case OptionCode.packetFlags: flags = options.value.load(at: 0, swapped: swapped)
                case OptionCode.packetDrops: drops = options.value.load(at: 0, swapped: swapped)
                case OptionCode.comment:
                    commentCount &+= 1
                    if wanted, comments.count < CaptureStatistics.keptComments { comments.append(options.value.text()) }
                default: break
                }
            }
        }
        frame.direction = FrameDirection(rawValue: UInt8(truncatingIfNeeded: flags & 3)) ?? .unknown
        // Bits 5–8: octets of frame check sequence, 0 when not told.
        let fcsLength = UInt8(truncatingIfNeeded: flags >> 5 & 15)
        if fcsLength != 0 { frame.fcsLength = fcsLength }
        gathered.dropsReported &+= drops
        gathered.commentCount &+= commentCount &- UInt64(comments.count)
        for comment in comments { keep(comment: comment, at: .frame(frame.number)) }
    }
}
