import Analysis
import Assessment
import Evidence
import Model
import Wording

/// A rule with what it made of the captures.
struct RuleLine: Encodable, Sendable {
    var rule: String
    var outcome: String
    var why: Phrase?
    var findings: Int
    var severity: String
    var items: [String]
    var techniques: [String]
    var takes: String
    var limits: String
}

enum RuleList {
    static func listing(_ reading: StoreReading, language: Language) throws -> Listing<RuleLine> {
        let verdicts = Dictionary(
            try reading.store.verdicts().map { ($0.rule, $0) }, uniquingKeysWith: { first, _ in first })
        let lines = RulePage.rules.map { rule in
            let verdict = verdicts[rule.id]
            return RuleLine(
                rule: rule.id, outcome: verdict?.outcome.rawValue ?? "", why: verdict?.why,
                findings: verdict?.findings ?? 0, severity: rule.about.severity, items: rule.about.items,
                techniques: rule.about.techniques, takes: rule.about.takes, limits: rule.about.limits)
        }
        return Listing(
            kind: "rules", columns: columns(language), records: lines,
            whenEmpty: Bilingual(ja: "規則がない。", en: "No rules."))
    }

    private static func columns(_ language: Language) -> [Listing<RuleLine>.Column] {
        [
            Listing.Column("rule", Bilingual(ja: "規則", en: "RULE"), minimum: 16) { $0.rule },
            Listing.Column(
                "outcome", Bilingual(ja: "結果", en: "OUTCOME"), value: { $0.outcome },
                cell: { line, style in
                    switch RuleVerdict.Outcome(rawValue: line.outcome) {
                    case .meets: Cell(style.say("指摘なし", "nothing found"))
                    case .fails: Cell(style.say("指摘 \(line.findings)件", "\(line.findings) found"), .red)
                    case .cannotTell: Cell(style.say("判断できない", "cannot tell"), .yellow)
                    case nil: Cell("-", .faint)
                    }
                }),
            Listing.Column("why", Bilingual(ja: "理由", en: "WHY"), minimum: 12, importance: 2) {
                $0.why?.text(in: language) ?? ""
            },
            Listing.Column("items", Bilingual(ja: "項目", en: "ITEMS"), importance: 1) {
                $0.items.joined(separator: " ")
            },
            Listing.Column("techniques", Bilingual(ja: "ATT&CK", en: "ATT&CK"), importance: 3) {
                $0.techniques.joined(separator: " ")
            },
            Listing.Column("findings") { String($0.findings) },
            Listing.Column("severity") { $0.severity },
            Listing.Column("takes") { $0.takes },
            Listing.Column("limits") { $0.limits },
        ]
    }
}
