import Analysis
import Captures
import Foundation
import Model
import TestSupport
import Testing

/// How long somebody watched, which is not how far apart the first and the last frame are.
@Suite struct CoverageTests {
    private func result(_ steps: [Int64]) -> CaptureResult {
        var analyzer = CaptureAnalyzer(capture: 1)
        let frame =
            [UInt8](repeating: 0xff, count: 6) + [0, 0x1b, 0x1b, 1, 2, 3, 0x88, 0xb5] + [UInt8](repeating: 0, count: 46)
        var time: Int64 = 1_800_000_000
        for (index, step) in ([0] + steps).enumerated() {
            time += step
            analyzer.read(
                frame.span.bytes,
                Frame(
                    number: UInt64(index + 1), time: Timestamp(nanoseconds: time * 1_000_000_000),
                    originalLength: UInt32(frame.count), capturedLength: UInt32(frame.count), linkType: .ethernet))
        }
        return analyzer.finish(CaptureSummary(name: "made", sha256: "\(steps)", format: "made"))
    }

    private func seconds(_ results: [CaptureResult]) -> Double {
        PlantAnalysis.derive(results).picture.coverage.seconds
    }

    @Test func steadyTrafficCountsWhole() {
        #expect(abs(seconds([result([Int64](repeating: 60, count: 100))]) - 6000) < 1)
    }

    /// A frame of the week after, as when captures are put together or a clock is set.
    @Test func pausesAndJumpsAreNoWatching() {
        #expect(abs(seconds([result([60, 60, 8 * 86_400, 60])]) - 180) < 1)
        #expect(abs(seconds([result([60, -8 * 86_400, 60, 8 * 86_400])]) - 120) < 1)
    }

    @Test func oneCaptureTwiceIsWatchedOnce() {
        let once = result([Int64](repeating: 60, count: 10))
        var again = once
        again.capture.sha256 = "another format of the same"
        #expect(abs(seconds([once, again]) - 600) < 1)
    }
}
