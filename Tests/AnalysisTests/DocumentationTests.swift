import Analysis
import Foundation
import TestSupport
import Testing

/// Pages that are written from the rules and from what they were found to do. `OTSCAN_WRITE_DOCS=1` writes them anew.
@Suite struct DocumentationTests {
    private static let mayWrite = ProcessInfo.processInfo.environment["OTSCAN_WRITE_DOCS"] == "1"

    private func expect(_ text: String, in page: String) throws {
        let url = CaptureCorpus.repository.appendingPathComponent("docs/\(page)")
        if DocumentationTests.mayWrite { try text.write(to: url, atomically: true, encoding: .utf8) }
        let found = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
        #expect(found == text, "docs/\(page) is stale: OTSCAN_WRITE_DOCS=1 swift test --filter DocumentationTests")
    }

    @Test func rulesPageIsWhatTheRulesSay() throws {
        try expect(RulePage.markdown, in: "rules.md")
    }

    @Test func scenarioTableIsWhatTheScenariosGive() throws {
        let url = CaptureCorpus.repository.appendingPathComponent("docs/scenarios.md")
        let page = try String(contentsOf: url, encoding: .utf8)
        let begin = "<!-- table: written by the tests -->\n"
        let end = "<!-- end of table -->"
        let from = try #require(page.range(of: begin))
        let to = try #require(page.range(of: end))
        let table = ScenarioTests.score.table + "\n"
        try expect(String(page[..<from.upperBound]) + table + String(page[to.lowerBound...]), in: "scenarios.md")
    }

    @Test func everyRuleSaysWhatItDoes() {
        #expect(Set(RulePage.rules.map(\.id)).count == RulePage.rules.count)
        for rule in RulePage.rules {
            #expect(!rule.about.takes.isEmpty && !rule.about.limits.isEmpty && !rule.about.items.isEmpty, "\(rule.id)")
            for technique in rule.about.techniques {
                #expect(technique.wholeMatch(of: /T0\d{3}/) != nil, "\(technique)")
            }
        }
    }
}
