import Analysis
import Captures
import Foundation
import Model
import TestSupport
import Testing

/// Real captures, damaged in the same ways on every run: reading them ends, and every frame is accounted for.
@Suite struct CorpusMutationTests {
    private static let files = 300
    /// Damaged copies of each capture; OTSCAN_MUTATIONS asks for more.
    private static let mutations =
        ProcessInfo.processInfo.environment["OTSCAN_MUTATIONS"].flatMap { Int($0) } ?? 10
    /// Larger captures repeat themselves, and cost time.
    private static let largest = 24_000

    @Test func damagedCapturesAreReadToTheirEnd() throws {
        guard let folder = CaptureCorpus.folder else {
            print("skipped: corpus of captures not found (set OTSCAN_CAPTURES)")
            return
        }
        let all = try CaptureCorpus.manifest()
        let small = all.filter { path in
            let size = try? FileManager.default.attributesOfItem(atPath: folder.appendingPathComponent(path).path)[
                .size]
            return (size as? Int ?? .max) <= CorpusMutationTests.largest
        }
        let step = max(1, small.count / CorpusMutationTests.files)
        var random = SplitMix(seed: 0x0075_ca9e)
        var runs = 0
        var frames: UInt64 = 0
        for path in stride(from: 0, to: small.count, by: step).map({ small[$0] }) {
            let original = Array(try Data(contentsOf: folder.appendingPathComponent(path)))
            for _ in 0..<CorpusMutationTests.mutations {
                var bytes = original
                for _ in 0..<1 + Int(random.next() % 12) { CorpusMutationTests.mutate(&bytes, &random) }
                runs += 1
                guard var reader = try? CaptureReader(bytes: bytes, name: path, hashing: false) else { continue }
                var analyzer = CaptureAnalyzer(capture: 0)
                while reader.next() { analyzer.read(reader.bytes, reader.frame) }
                let result = analyzer.finish(CaptureSummary(name: path, sha256: "", format: "memory"))
                #expect(result.capture.accounting.values.reduce(0, &+) == result.capture.frames, "\(path)")
                #expect(
                    result.sightings.allSatisfy {
                        $0.first.number >= 1 && $0.first.number <= $0.last.number
                            && $0.last.number <= result.capture.frames
                    }, "\(path)")
                // What follows from it has its proof, and nothing in it stops the run.
                let picture = PlantAnalysis.derive([result]).picture
                let exhibits = Set(picture.exhibits.map(\.id))
                #expect(picture.findings.allSatisfy { $0.exhibits.allSatisfy(exhibits.contains) }, "\(path)")
                #expect(picture.plan.reach.planned.values.allSatisfy { $0 >= 0 }, "\(path)")
                frames &+= result.capture.frames
            }
        }
        print("\(runs) damaged captures, \(frames) frames")
        #expect(runs >= 2_000)
        #expect(frames > 10_000)
    }

    /// Changes bytes past the file header, which would only make the file another format.
    private static func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix) {
        guard bytes.count > 64 else { return }
        let place = 40 + Int(random.next() % UInt64(bytes.count - 48))
        switch random.next() % 10 {
        case 0...3: bytes[place] ^= 1 << UInt8(random.next() % 8)
        case 4, 5: bytes[place] = [0, 0xff, 0x80, 0x7f][Int(random.next() % 4)]
        case 6: bytes.replaceSubrange(place..<place + 2, with: [0xff, 0xff])
        case 7: bytes.swapAt(place, 40 + Int(random.next() % UInt64(bytes.count - 48)))
        case 8: bytes.removeLast(min(bytes.count - 60, 1 + Int(random.next() % 30)))
        default: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        }
    }
}
