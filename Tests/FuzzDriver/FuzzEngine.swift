import Analysis
import Captures
package import Model
package import Protocols
import Wire

/// The engine of a capture run, fed with frames from memory; checks what must hold of any run.
package struct FuzzEngine: ~Copyable {
    private var analyzer: CaptureAnalyzer
    private var number: UInt64 = 0

    package init(_ entries: [ProtocolEntry]) {
        var limits = CaptureAnalyzer.Limits()
        limits.conversations = 1024
        limits.reassembly = 1 << 20
        analyzer = CaptureAnalyzer(capture: 0, protocols: entries, limits: limits)
    }

    /// Reads one frame of which `missing` bytes were cut off.
    package mutating func read(_ bytes: [UInt8], link: LinkType, missing: Int) {
        number += 1
        analyzer.read(
            bytes.span.bytes,
            Frame(
                number: number, time: Timestamp(nanoseconds: Int64(number) * 1_000_000),
                originalLength: UInt32(bytes.count + missing), capturedLength: UInt32(bytes.count), linkType: link))
    }

    package consuming func finish() -> CaptureResult {
        let frames = number
        let result = analyzer.finish(CaptureSummary(name: "fuzz", sha256: "", format: "memory"))
        precondition(result.capture.accounting.values.reduce(0, +) == frames, "accounting does not add up")
        precondition(result.observations.count == result.sightings.count, "observations without sightings")
        for (observation, sighting) in zip(result.observations, result.sightings) {
            precondition(!observation.value.isEmpty, "empty value of \(observation.source)")
            precondition(observation.value.raw.utf8.count <= WireText.limit, "long value of \(observation.source)")
            precondition(
                sighting.first.number >= 1 && sighting.first.number <= sighting.last.number
                    && sighting.last.number <= frames && sighting.count >= 1, "sighting of \(observation.source)")
            _ = observation.value.visible
        }
        for message in result.conversations.flatMap(\.messages) {
            precondition(
                message.first.number >= 1 && message.first.number <= message.last.number
                    && message.last.number <= frames && !message.name.isEmpty, "tally of \(message.name)")
        }
        return result
    }
}

/// Frames of any link type, one after the other. Setup byte 0: which of `linkTypes`. Control bit 0: the snap length cut it.
package enum FuzzFrames {
    package static let linkTypes: [LinkType] = [
        .ethernet, .null, .ppp, .pppHDLC, .pppEthernet, .raw, .ieee80211, .loop, .linuxCooked, .prism, .radiotap, .avs,
        .ppi, .ipv4, .ipv6, .linuxCooked2, LinkType(rawValue: 147),
    ]

    @discardableResult
    package static func run(_ bytes: RawSpan) -> CaptureResult {
        var engine = FuzzEngine(ProtocolRegistry.all)
        let link = linkTypes[Int(bytes.u8(0)) % linkTypes.count]
        var frames: [(control: UInt8, bytes: [UInt8])] = []
        FuzzRecords.forEach(bytes, from: 1) { frames.append(($0, $1.bytes(limit: FuzzRecords.limit))) }
        for frame in frames { engine.read(frame.bytes, link: link, missing: frame.control & 1 != 0 ? 100 : 0) }
        return engine.finish()
    }
}

/// A capture file of any format, as bytes.
package enum FuzzCaptures {
    /// Frames delivered before the end or the damage.
    @discardableResult
    package static func run(_ bytes: RawSpan) -> UInt64 {
        do {
            var reader = try CaptureReader(bytes: bytes.bytes(limit: 1 << 20), name: "fuzz", hashing: false)
            var frames: UInt64 = 0
            while reader.next() {
                frames += 1
                precondition(reader.bytes.byteCount == Int(reader.frame.capturedLength), "length of frame \(frames)")
            }
            precondition(reader.ending != .unfinished, "reading stopped without an end")
            _ = reader.statistics
            _ = reader.ending.error.map { $0.description }
            return frames
        } catch {
            _ = error.description
            return 0
        }
    }
}

/// The stream that an analyser of a live capture reads.
package enum FuzzLive {
    /// Frames delivered before the end or the damage.
    @discardableResult
    package static func run(_ bytes: RawSpan) -> UInt64 {
        var stream = LiveStream(bytes: bytes.bytes(limit: 1 << 20), name: "fuzz")
        var frames: UInt64 = 0
        while true {
            switch stream.next() {
            case .frame:
                frames += 1
                precondition(stream.bytes.byteCount == Int(stream.frame.capturedLength), "length of frame \(frames)")
            case .control(let message):
                precondition(message.block.count % 4 == 0, "block of \(message)")
            case .other: break
            case .end(let error):
                _ = error?.description
                return frames
            }
        }
    }
}
