import Analysis
import Assessment
import Model

/// How often a judgement was right over all scenarios.
struct ScenarioScore {
    struct Tally {
        var expected = 0
        var found = 0
        var right = 0
        var precision: Double? { found == 0 ? nil : Double(right) / Double(found) }
        var recall: Double? { expected == 0 ? nil : Double(right) / Double(expected) }
    }

    private(set) var tallies: [String: Tally] = [:]
    /// What went wrong, in words.
    private(set) var mistakes: [String] = []
    private(set) var falseDivisions: [String] = []
    private(set) var outOfBounds: [String] = []

    private mutating func compare(_ kind: String, _ expected: Set<String>, _ found: Set<String>, in scenario: String) {
        let right = expected.intersection(found).count
        tallies[kind, default: Tally()].expected += expected.count
        tallies[kind, default: Tally()].found += found.count
        tallies[kind, default: Tally()].right += right
        for missing in expected.subtracting(found).sorted() {
            mistakes.append("\(scenario): \(kind) misses \(missing)")
        }
        for extra in found.subtracting(expected).sorted() {
            mistakes.append("\(scenario): \(kind) has \(extra) beside")
        }
    }

    mutating func add(_ scenario: Scenario, _ outcome: Scenario.Outcome) {
        let name = scenario.name
        divide(scenario, outcome)
        compare(
            "remote sessions", Set(scenario.truth.sessions.map(\.description)), Set(sessions(outcome)), in: name)
        if scenario.truth.listed != nil || scenario.truth.ledger != nil {
            let unlisted = (outcome.ledger?.unlisted ?? []).map { outcome.station($0) ?? $0 }
            compare("unlisted devices", Set(scenario.truth.unlisted), Set(unlisted), in: name)
        }
        for rule in RulePage.rules {
            // A finding is right when it names one of the stations that it should, wrong for each other one.
            let found = outcome.picture.findings.filter { $0.rule == rule.id }
            let named = Set(found.flatMap(\.assets).map { outcome.station($0) ?? $0 })
            guard let expected = scenario.truth.findings[rule.id] else {
                compare(rule.id, [], found.isEmpty ? [] : [found[0].id], in: name)
                continue
            }
            if expected.isEmpty {
                compare(rule.id, ["a finding"], found.isEmpty ? [] : ["a finding"], in: name)
            } else {
                compare(rule.id, expected, named, in: name)
            }
        }
        for proposal in outcome.proposals {
            guard let levels = scenario.truth.levels[proposal.item.description] else { continue }
            let found = Int(proposal.levels.lowerBound.rawValue)...Int(proposal.levels.upperBound.rawValue)
            if !levels.contains(found.lowerBound) || !levels.contains(found.upperBound) {
                outOfBounds.append("\(name): \(proposal.item) proposes \(found), expected \(levels)")
            }
        }
    }

    /// What the proposal for item 3-5 says the network is.
    static func division(_ outcome: Scenario.Outcome) -> Scenario.Division {
        switch outcome.proposals.first(where: { $0.item.description == "3-5" })?.verdict {
        case .contradicts: .flat
        case .supports: .segmented
        default: .undetermined
        }
    }

    private mutating func divide(_ scenario: Scenario, _ outcome: Scenario.Outcome) {
        let found = ScenarioScore.division(outcome)
        let expected = scenario.truth.division
        func names(_ division: Scenario.Division, _ kind: Scenario.Division) -> Set<String> {
            division == kind ? [kind.rawValue] : []
        }
        for kind in [Scenario.Division.flat, .segmented] {
            compare("3-5 \(kind.rawValue)", names(expected, kind), names(found, kind), in: scenario.name)
        }
        if found != .undetermined, found != expected {
            falseDivisions.append("\(scenario.name): \(found.rawValue), in truth \(expected.rawValue)")
        }
    }

    private func sessions(_ outcome: Scenario.Outcome) -> [String] {
        outcome.picture.remoteSessions.filter(\.isEstablished).map { session in
            func name(_ end: Endpoint) -> String {
                guard let ip = end.ip else { return "?" }
                return outcome.stations.first { $0.ip == ip }?.name ?? ip.description
            }
            return Scenario.Session(
                client: name(session.client), server: name(session.server), service: session.service
            ).description
        }
    }

    /// A table in Markdown: one line for each judgement that was to be made or was made.
    var table: String {
        var lines = ["| judgement | true | said | right | precision | recall |", "|---|---|---|---|---|---|"]
        func percent(_ share: Double?) -> String { share.map { "\(Int(($0 * 100).rounded(.down))) %" } ?? "–" }
        for (kind, tally) in tallies.sorted(by: { $0.key < $1.key }) where tally.expected + tally.found > 0 {
            lines.append(
                "| \(kind) | \(tally.expected) | \(tally.found) | \(tally.right) | \(percent(tally.precision)) | \(percent(tally.recall)) |"
            )
        }
        return lines.joined(separator: "\n")
    }
}
