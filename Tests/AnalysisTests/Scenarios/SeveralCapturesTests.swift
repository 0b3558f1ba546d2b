import Analysis
import Captures
import Model
import Testing

/// One plant in several files: rings, split captures, and the same frames in two formats.
@Suite struct SeveralCapturesTests {
    /// Reads frames from `range` as a capture of their own, `step` hours later where the same frames are to come again.
    private func read(
        _ network: MadeNetwork, _ range: Range<Int>, as capture: UInt32, resolution: Int64 = 1
    ) -> CaptureResult {
        var analyzer = CaptureAnalyzer(capture: capture)
        for (index, frame) in network.frames[range].enumerated() {
            analyzer.read(
                frame.bytes.span.bytes,
                Frame(
                    number: UInt64(index + 1), time: Timestamp(nanoseconds: frame.time / resolution * resolution),
                    originalLength: UInt32(frame.bytes.count), capturedLength: UInt32(frame.bytes.count),
                    linkType: .ethernet))
        }
        return analyzer.finish(CaptureSummary(name: "\(capture).pcap", sha256: "\(capture)", format: "made"))
    }

    @Test(arguments: [2, 3, 5]) func aSessionAcrossFilesIsOneSession(_ parts: Int) throws {
        let network = Scenario.straightIn.network()
        let count = network.frames.count
        let results = (0..<parts).map {
            read(network, count * $0 / parts..<count * ($0 + 1) / parts, as: UInt32($0 + 1))
        }
        let whole = PlantAnalysis.derive([read(network, 0..<count, as: 9)]).picture.remoteSessions
        let split = PlantAnalysis.derive(results).picture.remoteSessions
        #expect(split.count == whole.count)
        let (one, other) = (try #require(whole.first), try #require(split.first))
        #expect(one.fromClient == other.fromClient && one.fromServer == other.fromServer)
        #expect(one.service == other.service && one.client.ip == other.client.ip)
        #expect(one.seen.last.time == other.seen.last.time)
    }

    @Test func theSameFramesInAnotherFormatCountOnce() {
        let network = Scenario.flat.network()
        let nanoseconds = read(network, 0..<network.frames.count, as: 1)
        let microseconds = read(network, 0..<network.frames.count, as: 2, resolution: 1000)
        #expect(nanoseconds.capture.repeats(microseconds.capture))
        let once = PlantAnalysis.derive([nanoseconds]).picture
        let both = PlantAnalysis.derive([nanoseconds, microseconds]).picture
        #expect(once.outside == both.outside)
        #expect(once.conduits.map(\.bytes) == both.conduits.map(\.bytes))
        #expect(once.coverage.frames == both.coverage.frames)
    }

    @Test func cutFramesAreCounted() {
        let network = Scenario.flat.network()
        var analyzer = CaptureAnalyzer(capture: 1)
        for (index, frame) in network.frames.prefix(50).enumerated() {
            let cut = Array(frame.bytes.prefix(60))
            analyzer.read(
                cut.span.bytes,
                Frame(
                    number: UInt64(index + 1), time: Timestamp(nanoseconds: frame.time),
                    originalLength: UInt32(frame.bytes.count), capturedLength: UInt32(min(60, frame.bytes.count)),
                    linkType: .ethernet))
        }
        let record = analyzer.finish(CaptureSummary(name: "cut", sha256: "", format: "made")).capture
        let cut = network.frames.prefix(50).count { $0.bytes.count > 60 }
        #expect(record.limitsReached[CaptureRecord.snapLength] == UInt64(cut))
    }
}
