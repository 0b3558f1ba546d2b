import Analysis
import Assessment
import Foundation
import Model
import TestSupport
import Testing

/// The sample factory, scored against the truth beside it.
@Suite struct SampleFactoryTests {
    private let derived: (picture: PlantPicture, proposals: [Proposal], ledger: LedgerMatch?)
    private let truth: String

    init() throws {
        let samples = CaptureCorpus.repository.appendingPathComponent("Samples")
        let result = try CaptureReading.read(path: samples.appendingPathComponent("factory.pcapng").path)
        derived = PlantAnalysis.derive([result])
        truth = try String(contentsOf: samples.appendingPathComponent("factory.truth.yaml"), encoding: .utf8)
    }

    /// Every MAC that the truth gives to a host is an asset's, and no asset is invented.
    @Test func everyHostIsFoundAndNoneInvented() throws {
        let pattern = try Regex("([0-9a-f]{2}:){5}[0-9a-f]{2}")
        // A refused wireless client is named by RADIUS but never sends a frame here: only interfaces of hosts count.
        let truth = truth.split(whereSeparator: \.isNewline).filter { $0.contains("- mac:") }.joined(separator: "\n")
        let planted = Set(truth.matches(of: pattern).compactMap { MACAddress(truth[$0.range]) }.filter(\.isUnicast))
        let found = Set(derived.picture.assets.flatMap(\.macs))
        #expect(planted.count > 20)
        #expect(found.subtracting(planted).isEmpty, "invented: \(found.subtracting(planted))")
        #expect(planted.subtracting(found).isEmpty, "missed: \(planted.subtracting(found))")
    }

    @Test func plantedFindingsAreFound() {
        let rules = Set(derived.picture.findings.map(\.rule))
        #expect(rules == ["flat-network", "remote-from-outside", "cleartext-outside", "cleartext-credential"])
        #expect(derived.picture.remoteSessions.count == 1)
    }

    @Test func proposalsFollowTheEvidence() throws {
        func levels(_ item: String) throws -> ClosedRange<Level> {
            let id = try #require(ItemID(item))
            return try #require(derived.proposals.first { $0.item == id }).levels
        }
        #expect(try levels("2-6") == .notDone ... .partly)
        #expect(try levels("2-7") == .partly ... .partly)
        #expect(try levels("3-5") == .notDone ... .notDone)
        #expect(try levels("3-6") == .notDone ... .notDone)
        #expect(try levels("3-7") == .notDone ... .partly)
        // A capture of minutes settles nothing.
        let settled = derived.proposals.filter { !$0.isProvisional }
        #expect(settled.isEmpty)
    }
}
