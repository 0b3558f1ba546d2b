package import Model

/// Writes pcapng: one section, little-endian, times in nanoseconds.
///
///     var writer = try PcapngWriter(path: path)
///     let interface = try writer.interface(linkType: frame.linkType, snapLength: 512)
///     try writer.write(bytes, frame, on: interface, comment: "…")
///     try writer.close()
package struct PcapngWriter: ~Copyable {
    private var sink: CaptureSink
    private var interfaces: [CaptureInterface] = []

    /// Creates or empties a file, readable by its owner only; "-" is standard output.
    package init(path: String, application: String = "otscan", comment: String? = nil) throws(CaptureError) {
        var sink = try CaptureSink(path: path)
        try sink.beginSection(application: application, comment: comment)
        self.sink = sink
    }

    /// Writes to a descriptor that stays the caller's to close.
    package init(
        descriptor: Int32, name: String, application: String = "otscan", comment: String? = nil
    ) throws(CaptureError) {
        var sink = CaptureSink(descriptor: descriptor, name: name)
        try sink.beginSection(application: application, comment: comment)
        self.sink = sink
    }

    /// Bytes of the file so far, those still buffered included.
    package var size: UInt64 { sink.written }

    /// The interface with this link type and snap length (0: no limit); declares it when it is new.
    package mutating func interface(linkType: LinkType, snapLength: UInt32 = 0) throws(CaptureError) -> UInt32 {
        try interface(CaptureInterface(linkType: linkType, snapLength: snapLength))
    }

    /// The interface that is described so; declares it when it is new. Times are written in nanoseconds whatever
    /// its resolution was, and its counters are left out.
    package mutating func interface(_ description: CaptureInterface) throws(CaptureError) -> UInt32 {
        var interface = description
        interface.timeResolution = .nanoseconds
        interface.counters = nil
        interface.frames = 0
        if let index = interfaces.firstIndex(of: interface) { return UInt32(truncatingIfNeeded: index) }
        try declare(interface)
        interfaces.append(interface)
        return UInt32(truncatingIfNeeded: interfaces.count - 1)
    }

    private mutating func declare(_ interface: CaptureInterface) throws(CaptureError) {
        let texts = [
            (2, interface.name), (3, interface.description), (12, interface.operatingSystem), (15, interface.hardware),
        ].map { (code: UInt16($0.0), text: CaptureSink.bounded($0.1.raw)) }
        let filter = CaptureSink.bounded(interface.filter.raw)
        var options = 8
        for item in texts { options += CaptureSink.size(item.text) }
        if !filter.isEmpty { options += CaptureSink.size("0" + filter) }
        if interface.macAddress != nil { options += 12 }
        if interface.speed != 0 { options += 12 }
        if interface.fcsLength != 0 { options += 8 }
        let length = 20 + options + 4
        sink.beginBlock(.interfaceDescription, length: length)
        sink.append(interface.linkType.rawValue)
        sink.append(0 as UInt16)
        sink.append(interface.snapLength)
        sink.optionHeader(9, length: 1)
        sink.append(9 as UInt32)
        for item in texts { sink.option(item.code, item.text) }
        if !filter.isEmpty { sink.option(11, "\0" + filter) }
        if let address = interface.macAddress {
            sink.optionHeader(6, length: 6)
            sink.append((address.bits << 16).byteSwapped)
        }
        if interface.speed != 0 {
            sink.optionHeader(8, length: 8)
            sink.append(interface.speed)
        }
        if interface.fcsLength != 0 {
            sink.optionHeader(13, length: 1)
            sink.append(UInt32(interface.fcsLength))
        }
        try sink.endBlock(length: length, options: options)
    }

    /// Writes one frame. The captured length is that of `bytes`; of `frame` its time, original length, direction and
    /// frame check sequence are used. A time before 1970 is written as 1970.
    package mutating func write(
        _ bytes: RawSpan, _ frame: Frame, on interface: UInt32, comment: String? = nil
    ) throws(CaptureError) {
        guard Int(interface) < interfaces.count else {
            throw CaptureError(
                file: sink.name, offset: sink.written,
                problem: .invalid(
                    part: .frame(frame.number), expected: "a declared interface", found: "interface \(interface)"))
        }
        // What a reader would refuse is not written.
        let limit = CaptureReader.frameLimit(snapLength: interfaces[Int(interface)].snapLength)
        guard bytes.byteCount <= limit else {
            throw CaptureError(
                file: sink.name, offset: sink.written,
                problem: .invalid(
                    part: .frame(frame.number), expected: "at most \(limit) bytes", found: "\(bytes.byteCount)"))
        }
        let comment = CaptureSink.bounded(comment ?? "")
        let declaredFCS = interfaces[Int(interface)].fcsLength
        var flags = UInt32(frame.direction.rawValue)
        if frame.fcsLength != declaredFCS { flags |= UInt32(frame.fcsLength & 15) << 5 }
        let options = CaptureSink.size(comment) + (flags == 0 ? 0 : 8)
        let padding = -bytes.byteCount & 3
        let length = 32 + bytes.byteCount + padding + (options == 0 ? 0 : options + 4)
        sink.beginBlock(.enhancedPacket, length: length)
        sink.append(interface)
        sink.appendTime(frame.time)
        sink.append(UInt32(bytes.byteCount))
        sink.append(frame.originalLength)
        sink.append(bytes)
        sink.append(zeros: padding)
        if flags != 0 {
            sink.optionHeader(2, length: 4)
            sink.append(flags)
        }
        sink.option(1, comment)
        try sink.endBlock(length: length, options: options)
    }

    /// Writes an interface statistics block: what was received, dropped and delivered up to `time`.
    package mutating func write(
        _ counters: CaptureCounters, of interface: UInt32, at time: Timestamp
    ) throws(CaptureError) {
        let numbers: [(UInt16, UInt64?)] = [
            (4, counters.received), (5, counters.droppedByInterface), (6, counters.accepted),
            (7, counters.droppedBySystem), (8, counters.delivered),
        ]
        let times: [(UInt16, Timestamp?)] = [(2, counters.start), (3, counters.end)]
        let options = 12 * (numbers.count { $0.1 != nil } + times.count { $0.1 != nil })
        let length = 24 + (options == 0 ? 0 : options + 4)
        sink.beginBlock(.interfaceStatistics, length: length)
        sink.append(interface)
        sink.appendTime(time)
        for case (let code, let time?) in times {
            sink.optionHeader(code, length: 8)
            sink.appendTime(time)
        }
        for case (let code, let number?) in numbers {
            sink.optionHeader(code, length: 8)
            sink.append(number)
        }
        try sink.endBlock(length: length, options: options)
    }

    /// Hands everything written so far to the operating system.
    package mutating func flush() throws(CaptureError) { try sink.flush() }

    /// Ends the file. Only after this has returned is it whole.
    package consuming func close() throws(CaptureError) { try sink.close() }
}

// Blocks and options. An option is 4 octets of header and a value padded to a multiple of 4.
extension CaptureSink {
    /// Longest comment or name written, in UTF-8 bytes.
    fileprivate static let textLimit = 4096

    fileprivate mutating func beginSection(application: String, comment: String?) throws(CaptureError) {
        let comment = CaptureSink.bounded(comment ?? "")
        let application = CaptureSink.bounded(application)
        let options = CaptureSink.size(comment) + CaptureSink.size(application)
        let length = 28 + (options == 0 ? 0 : options + 4)
        beginBlock(.sectionHeader, length: length)
        append(0x1a2b_3c4d as UInt32)
        append(1 as UInt16)
        append(0 as UInt16)
        append(UInt64.max)
        option(1, comment)
        option(4, application)
        try endBlock(length: length, options: options)
    }

    fileprivate mutating func beginBlock(_ type: PcapngBlockType, length: Int) {
        append(type.rawValue)
        append(UInt32(length))
    }

    fileprivate mutating func endBlock(length: Int, options: Int) throws(CaptureError) {
        if options > 0 { append(0 as UInt32) }
        append(UInt32(length))
        try endRecord()
    }

    /// Two 32-bit halves, the high one first.
    fileprivate mutating func appendTime(_ time: Timestamp) {
        let ticks = UInt64(max(time.nanoseconds, 0))
        append(UInt32(truncatingIfNeeded: ticks >> 32))
        append(UInt32(truncatingIfNeeded: ticks))
    }

    fileprivate mutating func optionHeader(_ code: UInt16, length: UInt16) {
        append(code)
        append(length)
    }

    fileprivate mutating func option(_ code: UInt16, _ text: String) {
        if text.isEmpty { return }
        let count = text.utf8.count
        optionHeader(code, length: UInt16(truncatingIfNeeded: count))
        for byte in text.utf8 { append(byte) }
        append(zeros: -count & 3)
    }

    /// What `option(_:_:)` writes for this text.
    fileprivate static func size(_ text: String) -> Int {
        text.isEmpty ? 0 : 4 + (text.utf8.count + 3) & ~3
    }

    fileprivate static func bounded(_ text: String) -> String {
        guard text.utf8.count > textLimit else { return text }
        var kept = ""
        var size = 0
        for scalar in text.unicodeScalars {
            size += UTF8.width(scalar)
            if size > textLimit { break }
            kept.unicodeScalars.append(scalar)
        }
        return kept
    }
}
