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
