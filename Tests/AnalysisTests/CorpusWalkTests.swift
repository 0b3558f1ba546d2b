import Analysis
import Captures
import Foundation
import Model
import TestSupport
import Testing

/// Every file of the corpus ends, and every frame is accounted for.
@Suite struct CorpusWalkTests {
    /// A debug build is several times slower, and runs beside other tests.
    #if DEBUG
        private static let longest = Duration.seconds(20)
    #else
        private static let longest = Duration.seconds(5)
    #endif

    @Test func everyFrameIsAccountedFor() throws {
        guard let folder = CaptureCorpus.folder else {
            print("skipped: corpus of captures not found (set OTSCAN_CAPTURES)")
            return
        }
        var files = 0
        for path in try CaptureCorpus.manifest() {
            let started = ContinuousClock.now
            let result: CaptureResult
            do {
                result = try CaptureReading.read(path: folder.appendingPathComponent(path).path)
            } catch {
                // Files that are no capture at all say so in one line.
                #expect(error.description.contains(path.split(separator: "/").last ?? ""), "\(path): \(error)")
                print("unreadable: \(error)")
                continue
            }
            files += 1
            let capture = result.capture
            #expect(capture.accounting.values.reduce(0, &+) == capture.frames, "\(path): \(capture.accounting)")
            #expect(capture.linkTypes.values.reduce(0, &+) == capture.frames, "\(path)")
            let inConversations = result.conversations.reduce(UInt64(0)) {
                $0 &+ $1.fromClient.frames &+ $1.fromServer.frames
            }
            #expect(inConversations == capture.accounting["analysed"], "\(path)")
            let elapsed = ContinuousClock.now - started
            #expect(elapsed < CorpusWalkTests.longest, "\(path) took \(elapsed)")
        }
        #expect(files > 2_000)
    }
}
