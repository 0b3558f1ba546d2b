import Model
import Testing

@testable import Evidence

/// The chain of a live capture's segments tells what was done to it.
@Suite struct SegmentChainTests {
    /// Two captures of four segments each; the second kept no raw frames.
    private static func records() -> [CaptureRecord] {
        (0..<2).flatMap { capture in
            var previous = ""
            return (1...4).map { number in
                let sha256 = capture == 0 ? String(repeating: "\(number)", count: 64) : "live:c:\(number)"
                let record = CaptureRecord(
                    name: "raw-\(number).pcapng", sha256: sha256, format: "pcapng", frames: 1, bytes: 60,
                    first: .zero, last: .zero, linkTypes: [1: 1], accounting: ["analysed": 1],
                    live: LiveRecord(interface: "eth1", committed: .zero, isOpen: false, previous: previous))
                previous = SegmentChain.link(previous: previous, sha256: sha256)
                return record
            }
        }
    }

    @Test func whatIsWholeIsFoundWhole() {
        #expect(SegmentChain.problems(SegmentChainTests.records()).isEmpty)
        #expect(SegmentChain.problems(SegmentChainTests.records().reversed()).isEmpty)
        #expect(SegmentChain.problems([]).isEmpty)
    }

    @Test(arguments: [0, 1, 2, 4, 5, 6])
    func oneThatIsTakenOutOrChangedIsMissed(index: Int) {
        var without = SegmentChainTests.records()
        let next = without[index + 1].name
        without.remove(at: index)
        #expect(SegmentChain.problems(without).count == 1)
        #expect(SegmentChain.problems(without).first?.contains(next) == true)
        var changed = SegmentChainTests.records()
        changed[index].sha256 = String(repeating: "f", count: 64)
        #expect(SegmentChain.problems(changed).count == 1)
        // All that come after stand on it.
        var moved = SegmentChainTests.records()
        moved[index].live?.previous = "0"
        #expect(SegmentChain.problems(moved).count == 2)
    }
}
