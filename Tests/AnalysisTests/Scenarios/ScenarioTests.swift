import Foundation
import Testing

/// Plants whose truth is known, frame by frame: how often otscan judges rightly. `make test-scenarios` prints the table.
@Suite struct ScenarioTests {
    static let score: ScenarioScore = {
        var score = ScenarioScore()
        for scenario in Scenario.all { score.add(scenario, scenario.run()) }
        print(score.table)
        for mistake in score.mistakes { print("- \(mistake)") }
        return score
    }()

    @Test func noFalseFlatAndNoFalseSegmented() {
        #expect(ScenarioTests.score.falseDivisions == [])
    }

    /// What a mirror may do to frames beside what a scenario's own does.
    enum Mishap: String, CaseIterable, CustomTestStringConvertible {
        case twice, untagged, halfOfTheSenders, everyThirdLost, cut
        var testDescription: String { rawValue }

        func frames(of frame: [UInt8], number: Int) -> [[UInt8]] {
            switch self {
            case .twice: return [frame, frame]
            case .untagged:
                guard frame.count > 16, frame[12] == 0x81, frame[13] == 0 else { return [frame] }
                return [Array(frame[..<12]) + Array(frame[16...])]
            case .halfOfTheSenders: return frame.count > 11 && frame[11] % 2 == 0 ? [frame] : []
            case .everyThirdLost: return number % 3 == 0 ? [] : [frame]
            case .cut: return [Array(frame.prefix(64))]
            }
        }
    }

    /// However the mirror delivers it, nothing is called flat that is not, nor segmented.
    @Test(arguments: Mishap.allCases) func noMishapMakesItFlatOrSegmented(_ mishap: Mishap) {
        for scenario in Scenario.all {
            var network = scenario.network()
            network.alter(mishap.frames)
            let found = ScenarioScore.division(scenario.run(network))
            // In truth flat, though its own mirror does not show it.
            let isFlat = scenario.truth.division == .flat || scenario.isOneSubnet
            #expect(found != .flat || isFlat, "\(scenario.name)")
            #expect(found != .segmented || !isFlat, "\(scenario.name)")
        }
    }

    @Test func proposalsStayWithinTheirBounds() {
        #expect(ScenarioTests.score.outOfBounds == [])
    }

    @Test func remoteSessionsAreFound() throws {
        let tally = try #require(ScenarioTests.score.tallies["remote sessions"])
        #expect(try #require(tally.recall) >= 0.95)
        #expect(try #require(tally.precision) >= 0.95)
    }

    @Test func unlistedDevicesAreFound() throws {
        let tally = try #require(ScenarioTests.score.tallies["unlisted devices"])
        #expect(tally.recall == 1)
        #expect(try #require(tally.precision) >= 0.98)
    }
}
