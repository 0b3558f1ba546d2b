package import Captures
package import Model

/// Writes kept frames as a capture of their own, to be opened in Wireshark.
package enum ExhibitSlice {
    /// Writes the frames in the order of their time, each once, with its link type, original length and time, and a comment
    /// that says which frame of which capture it is. `captures` are the store's, by their number there; `-` is standard output.
    package static func write(
        frames: [KeptFrame], captures: [UInt32: CaptureRecord], to path: String
    ) throws(CaptureError) {
        var writer = try PcapngWriter(path: path, comment: section)
        try write(frames, captures, with: &writer)
        try writer.close()
    }

    private static let section = "Frames kept as proof by otscan, cut to \(Exhibit.snapLength) bytes"

    private static func write(
        _ frames: [KeptFrame], _ captures: [UInt32: CaptureRecord], with writer: inout PcapngWriter
    ) throws(CaptureError) {
        var written: Set<FrameRef> = []
        for kept in frames.sorted(by: { ($0.frame.time, $0.frame) < ($1.frame.time, $1.frame) })
        where written.insert(kept.frame).inserted {
            let link = LinkType(rawValue: kept.linkType)
            let interface = try writer.interface(linkType: link, snapLength: UInt32(Exhibit.snapLength))
            let frame = Frame(
                number: kept.frame.number, time: kept.frame.time, originalLength: kept.originalLength,
                capturedLength: UInt32(clamping: kept.bytes.count), linkType: link)
            try writer.write(
                kept.bytes.span.bytes, frame, on: interface, comment: comment(kept, captures[kept.frame.capture]))
        }
    }

    private static func comment(_ kept: KeptFrame, _ capture: CaptureRecord?) -> String {
        var lines = ["frame \(kept.frame.number) of \(WireText(capture?.name ?? "an unknown capture").visible)"]
        if let capture {
            lines.append("SHA-256 of that capture, uncompressed, or its name where no file was kept: \(capture.sha256)")
        }
        lines.append("SHA-256 of the frame as captured: \(kept.sha256Original)")
        lines.append("SHA-256 of the bytes here: \(kept.sha256Kept)")
        if kept.isRedacted {
            lines.append(
                "redacted by otscan: bytes that may be secret read \"x\"; the transport checksum is cleared and other "
                    + "checksums no longer fit")
        }
        return lines.joined(separator: "\n")
    }
}
