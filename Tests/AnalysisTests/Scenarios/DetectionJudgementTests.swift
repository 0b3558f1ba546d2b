import Model
import Testing

/// How grave what was detected is said to be.
@Suite struct DetectionJudgementTests {
    private func severity(_ scenario: Scenario, _ rule: String) -> Finding.Severity? {
        scenario.run().picture.findings.first { $0.rule == rule }?.severity
    }

    @Test func commandsWeighByWhoSendsThem() {
        #expect(severity(.stop, "control-command") == .medium)
        #expect(severity(.engineer, "control-command") == .info)
    }

    /// A forger does not get the addresses that it claims, and stays a device of its own.
    @Test func spoofersOwnNothing() throws {
        let outcome = Scenario.spoofing.run()
        for name in ["plc-1", "plc-2"] {
            let station = try #require(outcome.stations.first { $0.name == name })
            let owners = outcome.picture.assets.filter { $0.addresses.contains(station.ip) }
            #expect(owners.count == 1)
            #expect(owners.first?.macs == [station.mac])
        }
    }

    @Test func everyFindingOfARuleSaysWhatTheRuleDoes() {
        for scenario in Scenario.all {
            let picture = scenario.run().picture
            for finding in picture.findings {
                #expect(!finding.exhibits.isEmpty, "\(finding.id)")
                #expect(picture.exhibits.contains { finding.exhibits.contains($0.id) && !$0.frames.isEmpty })
            }
            #expect(picture.verdicts.count { $0.outcome == .fails } == Set(picture.findings.map(\.rule)).count)
        }
    }
}
