import Assessment
import Evidence
import Model
import Reporting
import Wording

/// Two assessments side by side: for people as text, for scripts as JSON.
struct DifferenceList {
    let before: Store
    let now: Store
    let rulebook: Rulebook

    init(_ before: Store, _ now: Store, rulebook: Rulebook) {
        self.before = before
        self.now = now
        self.rulebook = rulebook
    }

    func difference() throws -> PlantDifference {
        PlantDifference(
            before: try EarlierRun(before, rulebook.scorer), now: try EarlierRun(now, rulebook.scorer))
    }

    // MARK: For people

    func text(_ difference: PlantDifference, _ style: TerminalStyle) -> String {
        var lines = scores(difference, style)
        func part(_ title: String, _ rows: [String], _ paint: TerminalStyle.Paint = .plain) {
            guard !rows.isEmpty else { return }
            lines += ["", style.paint("\(title) \(rows.count)", .strong)]
            for row in rows {
                lines += TextWidth.wrap(row, to: style.textWidth - 2).map { "  " + style.paint($0, paint) }
            }
        }
        let language = style.language
        part(
            style.say("変わった回答", "Answers that changed"),
            difference.answers.map { change in
                let title = rulebook.checklist[change.item]?.title[language] ?? ""
                return
                    "\(change.item)  \(title): \(change.before.name(in: language)) → \(change.now.name(in: language))"
            })
        part(style.say("新しい機器", "New devices"), difference.newAssets.map { line($0, language) }, .yellow)
        part(style.say("今回見えなかった機器", "Devices not seen again"), difference.unseenAssets.map { line($0, language) })
        part(
            style.say("変わった機器", "Changed devices"),
            difference.changedAssets.map { change in
                let texts = change.changes.map { "\($0.property.name(in: language)) \($0.before) → \($0.now)" }
                return "\(change.asset.name.visible): " + texts.joined(separator: style.say("、", "; "))
            })
        part(
            style.say("新しい検出事項", "New findings"),
            difference.newFindings.map { "\($0.severity.name(in: language))  \($0.title.text(in: language))" }, .red)
        part(
            style.say("なくなった検出事項", "Findings no longer made"),
            difference.resolvedFindings.map { "\($0.severity.name(in: language))  \($0.title.text(in: language))" },
            .green)
        part(style.say("新しい区画", "New segments"), difference.newSegments.map { SegmentList.name($0) })
        part(style.say("今回見えなかった区画", "Segments not seen again"), difference.unseenSegments.map { SegmentList.name($0) })
        if !difference.isObserved {
            lines += [
                "",
                style.say("一方に通信の観測がないため、回答だけを比べた", "one of them has no capture, so only answers were compared"),
            ]
        }
        if difference.isEmpty { lines += ["", style.say("違いはない", "no difference")] }
        return lines.joined(separator: "\n") + "\n"
    }

    private func scores(_ difference: PlantDifference, _ style: TerminalStyle) -> [String] {
        func cell(_ score: Fraction?, _ grade: Grade?) -> Cell {
            guard let score else { return Cell("-", .faint) }
            return Cell("\(rulebook.policy.text(of: score)) \(grade?.rawValue ?? "-")")
        }
        var rows = rulebook.checklist.categories.map { category in
            let (old, new) = (difference.before.declared[category.id], difference.now.declared[category.id])
            return [
                Cell(category.name[style.language]), cell(old?.score, old?.grade), cell(new?.score, new?.grade),
            ]
        }
        let (old, new) = (difference.before.declared.total, difference.now.declared.total)
        rows.append([
            Cell(style.say("総合", "Total"), .strong), cell(old.score, old.grade), cell(new.score, new.grade),
        ])
        return Table(
            columns: [
                Table.Column(title: style.say("分野", "CATEGORY"), minimum: 12),
                Table.Column(title: style.say("前回", "BEFORE"), isNumber: true),
                Table.Column(title: style.say("今回", "NOW"), isNumber: true),
            ], rows: rows
        ).lines(style).lines
    }

    private func line(_ asset: Asset, _ language: Language) -> String {
        let place = asset.addresses.first?.description ?? asset.macs.first?.description ?? ""
        return "\(asset.name.visible)  \(asset.role.name(in: language))  \(place)"
    }

    // MARK: For scripts

    /// `otscan-diff/1`
    struct Document: Encodable {
        struct Score: Encodable {
            var category: String
            var before: String?
            var beforeGrade: String?
            var now: String?
            var nowGrade: String?
        }
        struct AnswerChange: Encodable {
            var item: String
            var before: String
            var now: String
        }
        struct AssetEntry: Encodable {
            var id: String
            var name: String
            var role: String
            var addresses: [String]
            var changes: [Change]?
        }
        struct Change: Encodable {
            var property: String
            var before: String
            var now: String
        }
        struct FindingEntry: Encodable {
            var id: String
            var severity: String
            var title: Phrase
        }

        var format = "otscan-diff/1"
        var scores: [Score]
        var answers: [AnswerChange]
        var comparedObservations: Bool
        var newAssets: [AssetEntry]
        var unseenAssets: [AssetEntry]
        var changedAssets: [AssetEntry]
        var newFindings: [FindingEntry]
        var resolvedFindings: [FindingEntry]
        var newSegments: [String]
        var unseenSegments: [String]
    }

    func document(_ difference: PlantDifference) -> Document {
        func score(_ name: String, _ old: (Fraction?, Grade?), _ new: (Fraction?, Grade?)) -> Document.Score {
            Document.Score(
                category: name, before: old.0.map(rulebook.policy.text), beforeGrade: old.1?.rawValue,
                now: new.0.map(rulebook.policy.text), nowGrade: new.1?.rawValue)
        }
        func entry(_ asset: Asset, _ changes: [PlantDifference.AssetChange.Change]? = nil) -> Document.AssetEntry {
            Document.AssetEntry(
                id: asset.id, name: asset.name.visible, role: asset.role.rawValue,
                addresses: asset.addresses.map(\.description),
                changes: changes?.map {
                    Document.Change(property: $0.property.rawValue, before: $0.before, now: $0.now)
                })
        }
        func entry(_ finding: Finding) -> Document.FindingEntry {
            Document.FindingEntry(id: finding.id, severity: finding.severity.rawValue, title: finding.title)
        }
        let (old, new) = (difference.before.declared, difference.now.declared)
        return Document(
            scores: rulebook.checklist.categories.map { category in
                score(
                    category.id, (old[category.id]?.score, old[category.id]?.grade),
                    (new[category.id]?.score, new[category.id]?.grade))
            } + [score("total", (old.total.score, old.total.grade), (new.total.score, new.total.grade))],
            answers: difference.answers.map {
                Document.AnswerChange(item: $0.item.description, before: $0.before.description, now: $0.now.description)
            },
            comparedObservations: difference.isObserved, newAssets: difference.newAssets.map { entry($0) },
            unseenAssets: difference.unseenAssets.map { entry($0) },
            changedAssets: difference.changedAssets.map { entry($0.asset, $0.changes) },
            newFindings: difference.newFindings.map(entry), resolvedFindings: difference.resolvedFindings.map(entry),
            newSegments: difference.newSegments.map { SegmentList.name($0) },
            unseenSegments: difference.unseenSegments.map { SegmentList.name($0) })
    }
}
