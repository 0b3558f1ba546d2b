import Assessment
import Model
import Wording

/// The grades of an assessment as text, as JSON and as a list.
struct Grades {
    let assessment: StandingAssessment

    init(_ assessment: StandingAssessment) { self.assessment = assessment }

    private var card: ScoreCard { assessment.card }
    private var checklist: Checklist { assessment.rulebook.checklist }
    private var policy: ScoringPolicy { assessment.rulebook.policy }

    /// One line: a category or the total.
    struct Line: Encodable, Sendable {
        struct Score: Encodable, Sendable {
            var score: String?
            var grade: String?
            /// What the score can still become, lowest and highest.
            var range: [String]?
            /// The same as far as proposals leave open items room.
            var proposedRange: [String]?
        }

        /// Category id, or `total`.
        var category: String
        var name: Bilingual
        var items: Int
        var decided: Int
        var notApplicable: Int
        var state: String
        var stateText: Bilingual
        var declared: Score
        var adjusted: Score
    }

    var lines: [Line] {
        var lines: [Line] = []
        for (declared, adjusted) in zip(card.declared.categories, card.adjusted.categories) {
            lines.append(
                Line(
                    category: declared.category,
                    name: checklist.categories.first { $0.id == declared.category }?.name
                        ?? Bilingual(ja: declared.category, en: declared.category),
                    items: declared.itemCount, decided: declared.decided, notApplicable: declared.notApplicable,
                    state: word(declared.state), stateText: text(declared.state),
                    declared: score(declared.score, declared.grade, declared.range, declared.proposedRange),
                    adjusted: score(adjusted.score, adjusted.grade, adjusted.range, adjusted.proposedRange)))
        }
        let (declared, adjusted) = (card.declared.total, card.adjusted.total)
        lines.append(
            Line(
                category: "total", name: Bilingual(ja: "総合", en: "Total"), items: declared.itemCount,
                decided: declared.decided, notApplicable: declared.notApplicable, state: word(declared.state),
                stateText: text(declared.state),
                declared: score(declared.score, declared.grade, declared.range, declared.proposedRange),
                adjusted: score(adjusted.score, adjusted.grade, adjusted.range, adjusted.proposedRange)))
        return lines
    }

    private func text(_ state: GradeState) -> Bilingual {
        Bilingual(
            ja: state.text(in: .japanese, checklist: checklist), en: state.text(in: .english, checklist: checklist))
    }

    private func word(_ state: GradeState) -> String {
        switch state {
        case .final: "final"
        case .provisional: "provisional"
        case .tooFewDecided, .mostlyNotApplicable, .categoriesNotGradable: "not_gradable"
        }
    }

    private func score(
        _ score: Fraction?, _ grade: Grade?, _ range: ClosedRange<Fraction>?, _ proposed: ClosedRange<Fraction>?
    ) -> Line.Score {
        func ends(_ range: ClosedRange<Fraction>?) -> [String]? {
            range.map { [policy.text(of: $0.lowerBound), policy.text(of: $0.upperBound)] }
        }
        return Line.Score(
            score: score.map(policy.text), grade: grade?.rawValue, range: ends(range), proposedRange: ends(proposed))
    }

    // MARK: For people

    func text(_ style: TerminalStyle) -> String {
        let lines = lines
        var output: [String] = []
        if !assessment.plant.isEmpty { output += [style.paint(WireText(assessment.plant).visible, .strong), ""] }
        let isOpen = lines.contains { $0.state != "final" }
        let table = Table(
            columns: [
                Table.Column(title: style.say("分野", "CATEGORY"), minimum: 12),
                Table.Column(title: style.say("申告", "DECLARED"), isNumber: true),
                Table.Column(title: style.say("補正後", "ADJUSTED"), isNumber: true),
                Table.Column(title: style.say("判定済み", "DECIDED"), isNumber: true, importance: 2),
            ] + (isOpen ? [Table.Column(title: style.say("取り得る範囲", "RANGE"), isNumber: true, importance: 1)] : [])
                + [Table.Column(title: style.say("状態", "STATE"), minimum: 12)],
            rows: lines.map { line in
                let isTotal = line.category == "total"
                var row = [
                    Cell(line.name[style.language], isTotal ? .strong : .plain), grade(line.declared),
                    grade(line.adjusted), Cell("\(line.decided)/\(line.items - line.notApplicable)"),
                ]
                if isOpen { row.append(Cell(line.declared.range.map { $0.joined(separator: "–") } ?? "-")) }
                row.append(
                    Cell(line.stateText[style.language], line.state == "final" ? .green : .yellow))
                return row
            })
        output += table.lines(style).lines
        output += [""] + notes(style)
        return output.joined(separator: "\n") + "\n"
    }

    private func grade(_ score: Line.Score) -> Cell {
        guard let number = score.score else { return Cell("-", .faint) }
        guard let grade = score.grade else { return Cell("(\(number)) -", .faint) }
        let paint: TerminalStyle.Paint =
            switch grade {
            case "A", "B": .green
            case "C": .yellow
            default: .red
            }
        return Cell("\(number) \(grade)", paint)
    }

    private func notes(_ style: TerminalStyle) -> [String] {
        var notes: [String] = []
        for mark in ItemScore.Mark.allCases {
            let items = card.items.filter { $0.marks.contains(mark) }.map(\.item.description)
            if !items.isEmpty {
                notes.append("\(mark.name(in: style.language)): " + items.joined(separator: style.say("、", ", ")))
            }
        }
        let proposed = card.items.filter { $0.progress == .proposed }.map(\.item.description)
        if !proposed.isEmpty {
            notes.append(
                style.say("提案に回答していない項目: ", "proposed, not yet decided: ")
                    + proposed.joined(separator: style.say("、", ", ")))
        }
        notes.append(
            style.say(
                "評価は\(Grade.scale(in: .japanese))。採点規則 \(card.policyID)、チェックリスト \(card.checklistID)。",
                "Grades: \(Grade.scale(in: .english)). Policy \(card.policyID), checklist \(card.checklistID)."))
        return notes.flatMap { TextWidth.wrap($0, to: style.textWidth) }
    }

    // MARK: For scripts

    /// `otscan-score/1`
    struct Document: Encodable {
        var format = "otscan-score/1"
        var plant: String
        var checklist: String
        var policy: String
        var categories: [Line]
        var total: Line?
        var marks: [String: [String]]
        var proposed: [String]
    }

    var document: Document {
        let lines = lines
        var marks: [String: [String]] = [:]
        for item in card.items {
            for mark in item.marks {
                marks[AnswerRecord.snake(mark.rawValue), default: []].append(item.item.description)
            }
        }
        return Document(
            plant: assessment.plant, checklist: card.checklistID, policy: card.policyID,
            categories: lines.filter { $0.category != "total" }, total: lines.last, marks: marks,
            proposed: card.items.filter { $0.progress == .proposed }.map(\.item.description))
    }

    var listing: Listing<Line> {
        Listing(
            kind: "grades",
            columns: [
                Listing.Column("category") { $0.category }, Listing.Column("name") { $0.name.en },
                Listing.Column("score") { $0.declared.score ?? "" },
                Listing.Column("grade") { $0.declared.grade ?? "" },
                Listing.Column("adjusted_score") { $0.adjusted.score ?? "" },
                Listing.Column("adjusted_grade") { $0.adjusted.grade ?? "" },
                Listing.Column("items") { String($0.items) }, Listing.Column("decided") { String($0.decided) },
                Listing.Column("not_applicable") { String($0.notApplicable) }, Listing.Column("state") { $0.state },
                Listing.Column("range_low") { $0.declared.range?.first ?? "" },
                Listing.Column("range_high") { $0.declared.range?.last ?? "" },
            ], records: lines, whenEmpty: Bilingual(ja: "", en: ""))
    }
}
