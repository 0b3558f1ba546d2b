import Assessment
import Evidence
import Model
import Wording

/// A finding as JSON tells it; texts in both languages.
struct FindingRecord: Encodable, Sendable {
    var id: String
    var rule: String
    var severity: String
    var title: Phrase
    var text: Phrase
    var items: [String]
    var techniques: [String]
    var assets: [String]
    var exhibits: [String]

    init(_ finding: Finding) {
        id = finding.id
        rule = finding.rule
        severity = finding.severity.rawValue
        title = finding.title
        text = finding.text
        items = finding.items
        techniques = finding.techniques
        assets = finding.assets
        exhibits = finding.exhibits
    }
}

struct FindingLine: Encodable, Sendable {
    let finding: Finding

    func encode(to encoder: any Encoder) throws { try FindingRecord(finding).encode(to: encoder) }
}

enum FindingList {
    /// The gravest first.
    static func listing(_ reading: StoreReading, language: Language) throws -> Listing<FindingLine> {
        Listing(
            kind: "findings", columns: columns(language),
            records: sorted(try reading.store.findings()).map(FindingLine.init),
            whenEmpty: Bilingual(ja: "指摘事項はない。", en: "No findings."))
    }

    static func sorted(_ findings: [Finding]) -> [Finding] {
        findings.sorted { $0.severity == $1.severity ? $0.id < $1.id : $0.severity > $1.severity }
    }

    private static func columns(_ language: Language) -> [Listing<FindingLine>.Column] {
        [
            Listing.Column(
                "severity", Bilingual(ja: "重大度", en: "SEVERITY"), value: { $0.finding.severity.rawValue },
                cell: { line, style in
                    Cell(line.finding.severity.name(in: style.language).uppercased(), line.finding.severity.paint)
                }),
            Listing.Column("title", Bilingual(ja: "指摘", en: "FINDING"), minimum: 24) {
                $0.finding.title.text(in: language)
            },
            Listing.Column("items", Bilingual(ja: "項目", en: "ITEMS"), importance: 1) {
                $0.finding.items.joined(separator: " ")
            },
            Listing.Column(
                "assets", Bilingual(ja: "機器", en: "ASSETS"), isNumber: true, importance: 2,
                value: { $0.finding.assets.joined(separator: " ") },
                cell: { line, _ in Cell(String(line.finding.assets.count)) }),
            Listing.Column(
                "exhibits", Bilingual(ja: "証拠", en: "EXHIBITS"), minimum: 12, importance: 4,
                value: { $0.finding.exhibits.joined(separator: " ") }),
            Listing.Column("techniques", Bilingual(ja: "ATT&CK", en: "ATT&CK"), importance: 3) {
                $0.finding.techniques.joined(separator: " ")
            },
            Listing.Column("rule") { $0.finding.rule },
            Listing.Column("id") { $0.finding.id },
            Listing.Column("text") { $0.finding.text.text(in: language) },
        ]
    }

    /// Each finding with its explanation, for reading.
    static func explained(_ findings: [Finding], _ style: TerminalStyle) -> String {
        var lines: [String] = []
        for finding in findings {
            let badge = style.paint(
                TextWidth.fill(finding.severity.name(in: style.language).uppercased(), to: 6), finding.severity.paint)
            let titles = TextWidth.wrap(finding.title.text(in: style.language), to: style.textWidth - 8)
            for (index, title) in titles.enumerated() {
                lines.append((index == 0 ? badge : "      ") + "  " + style.paint(title, .strong))
            }
            lines += TextWidth.wrap(finding.text.text(in: style.language), to: style.textWidth - 8).map {
                "        " + $0
            }
            var notes: [String] = []
            if !finding.items.isEmpty {
                notes.append(style.say("項目 ", "item ") + finding.items.joined(separator: ", "))
            }
            notes += finding.techniques
            notes += finding.exhibits.map { style.say("証拠 ", "exhibit ") + $0 }
            lines += TextWidth.wrap(notes.joined(separator: " · "), to: style.textWidth - 8).map {
                "        " + style.paint($0, .faint)
            }
            lines.append("")
        }
        return lines.joined(separator: "\n")
    }
}
