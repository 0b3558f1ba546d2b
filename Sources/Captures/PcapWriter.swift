package import Model

/// Writes pcap: little-endian, times in nanoseconds, one link type.
package struct PcapWriter: ~Copyable {
    private var sink: CaptureSink
    package let linkType: LinkType
    private let limit: Int

    /// Creates or empties a file, readable by its owner only; "-" is standard output.
    package init(path: String, linkType: LinkType, snapLength: UInt32 = 262_144) throws(CaptureError) {
        var sink = try CaptureSink(path: path)
        sink.append(0xa1b2_3c4d as UInt32)
        sink.append(2 as UInt16)
        sink.append(4 as UInt16)
        sink.append(0 as UInt64)
        sink.append(snapLength)
        sink.append(UInt32(linkType.rawValue))
        self.sink = sink
        self.linkType = linkType
        limit = CaptureReader.frameLimit(snapLength: snapLength)
    }

    /// Writes one frame of this file's link type. The captured length is that of `bytes`. Times outside 1970–2106
    /// are written as the nearest end, for pcap has no others.
    package mutating func write(_ bytes: RawSpan, _ frame: Frame) throws(CaptureError) {
        guard frame.linkType == linkType, bytes.byteCount <= limit else {
            throw CaptureError(
                file: sink.name, offset: sink.written,
                problem: .invalid(
                    part: .frame(frame.number),
                    expected: "link type \(linkType.rawValue) and at most \(limit) bytes",
                    found: "link type \(frame.linkType.rawValue) and \(bytes.byteCount) bytes"))
        }
        let nanoseconds = min(max(frame.time.nanoseconds, 0), Int64(UInt32.max) * 1_000_000_000 + 999_999_999)
        sink.append(UInt32(truncatingIfNeeded: nanoseconds / 1_000_000_000))
        sink.append(UInt32(truncatingIfNeeded: nanoseconds % 1_000_000_000))
        sink.append(UInt32(bytes.byteCount))
        sink.append(frame.originalLength)
        sink.append(bytes)
        try sink.endRecord()
    }

    /// Hands everything written so far to the operating system.
    package mutating func flush() throws(CaptureError) { try sink.flush() }

    /// Ends the file. Only after this has returned is it whole.
    package consuming func close() throws(CaptureError) { try sink.close() }
}
