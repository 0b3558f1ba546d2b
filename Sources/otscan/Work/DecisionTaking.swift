import Assessment
import AssessmentFiles
import Evidence
import Foundation
import Model
import Reporting
import Spreadsheets
import Wording

/// Takes decisions into a store, each in sight of the proposal that stands.
struct DecisionTaking {
    let store: Store
    let rulebook: Rulebook

    /// What became of some answers.
    struct Outcome {
        var added: [Decision] = []
        /// Answers that the store had already, and that still stand.
        var known = 0
        /// Answers that the store had already, and that others have replaced since.
        var replaced: [ItemID] = []
        var unanswered = 0
    }

    func answer(
        _ item: ItemID, _ answer: Answer, reason: String, status: String, measure: String, evidence: [String],
        document: String, reviewDate: CalendarDate?, reviewer: String?
    ) throws -> SingleOutcome {
        let entry = AnswerSheet.Entry(
            item: item, answer: answer, reason: reason, status: status, measure: measure, evidence: evidence,
            document: document, reviewDate: reviewDate, reviewer: reviewer ?? ReviewerName.ofUser)
        try expectKnown(item, in: store.path)
        let decision = try store.append(try decision(entry, proposals: try proposals()))
        let assessment = try StandingAssessment(store: store, rulebook: rulebook)
        return SingleOutcome(decision: decision, assessment: assessment)
    }

    struct SingleOutcome {
        var decision: Decision
        var assessment: StandingAssessment

        func text(_ style: TerminalStyle) -> String {
            let title = assessment.rulebook.checklist[decision.item]?.title[style.language] ?? ""
            var text = "\(decision.item) \(title): " + style.paint(decision.answer.name(in: style.language), .strong)
            let marks = assessment.card[decision.item]?.marks.sorted() ?? []
            if !marks.isEmpty {
                let names = marks.map { $0.name(in: style.language) }.joined(separator: style.say("、", ", "))
                text += "  " + style.paint("(\(names))", .yellow)
            }
            return text + "\n"
        }
    }

    // MARK: Sheets

    /// Adds the answers of a file that the store does not have yet. Answers said to be unanswered take nothing back.
    func importSheet(_ path: String, reviewer: String?) throws -> Outcome {
        let sheet = try InputFile.answers(path)
        guard sheet.checklist.isEmpty || sheet.checklist == rulebook.checklist.id else {
            throw CommandError(
                "\(WireText(path).visible): answers the checklist \(sheet.checklist), not \(rulebook.checklist.id); name that one with --checklist"
            )
        }
        for entry in sheet.answers { try expectKnown(entry.item, in: path) }
        let existing = try store.decisions()
        let history = DecisionHistory(existing)
        let known = Set(existing.map(AnswerSheet.Entry.init))
        let proposals = try proposals()
        var outcome = Outcome()
        for var entry in sheet.answers {
            if entry.answer == .unanswered {
                outcome.unanswered += 1
                continue
            }
            if entry.reviewer.isEmpty { entry.reviewer = reviewer ?? ReviewerName.ofUser }
            if known.contains(entry) {
                let stands = history.undominated(on: entry.item).contains { AnswerSheet.Entry($0) == entry }
                if stands { outcome.known += 1 } else { outcome.replaced.append(entry.item) }
                continue
            }
            outcome.added.append(try store.append(try decision(entry, proposals: proposals)))
        }
        if try store.fact(StoreFact.plant) == nil, !sheet.plant.isEmpty {
            try store.setFact(StoreFact.plant, sheet.plant)
        }
        return outcome
    }

    /// Writes the decisions that stand, in order of item; `-` is standard output.
    func exportSheet(to path: String, language: Language) throws {
        if path.lowercased().hasSuffix(".xlsx") {
            let report = try Report(
                store: store, checklist: rulebook.checklist, policy: rulebook.policy,
                options: ReportOptions(language: language))
            return try WorkbookWriter.write(
                [try ReportTables(report, store).table(.checksheet)], to: path, title: report.title)
        }
        let assessment = try StandingAssessment(store: store, rulebook: rulebook)
        let entries = assessment.card.items.compactMap { $0.decision.map(AnswerSheet.Entry.init) }
        let conflicts = assessment.card.items.filter { $0.marks.contains(.conflict) }.map(\.item.description)
        let sheet = AnswerSheet(
            checklist: rulebook.checklist.id, plant: assessment.plant, language: language, answers: entries)
        try OutputFile.write(sheet.written(as: path.lowercased().hasSuffix(".json") ? .json : .yaml), to: path)
        if !conflicts.isEmpty {
            StandardError.say(
                "\(WireText(path).visible): left out \(conflicts.joined(separator: ", ")), whose answers conflict; settle them with otscan answer"
            )
        }
    }

    // MARK: Parts

    private func proposals() throws -> [ItemID: Proposal] {
        Dictionary(try store.proposals().map { ($0.item, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private func decision(_ entry: AnswerSheet.Entry, proposals: [ItemID: Proposal]) throws -> Decision {
        let now = Int64(Date().timeIntervalSince1970 * 1e6) * 1000
        return try entry.decision(time: now, evidenceHash: proposals[entry.item]?.evidenceHash ?? "")
    }

    private func expectKnown(_ item: ItemID, in path: String) throws {
        guard rulebook.checklist[item] == nil else { return }
        throw CommandError(
            "\(WireText(path).visible): the checklist \(rulebook.checklist.id) has no item \(item); otscan answers STORE lists them"
        )
    }
}

extension DecisionTaking.Outcome {
    func text(_ style: TerminalStyle, file: String) -> String {
        let name = WireText(file).visible
        var parts = [style.say("\(added.count)件を追加", "\(added.count) answers added")]
        if known > 0 { parts.append(style.say("\(known)件は登録済み", "\(known) already there")) }
        if unanswered > 0 { parts.append(style.say("\(unanswered)件は未回答", "\(unanswered) unanswered")) }
        var text = "\(name): " + parts.joined(separator: style.say("、", ", ")) + "\n"
        if !replaced.isEmpty {
            let items = replaced.map(\.description).joined(separator: style.say("、", ", "))
            text += style.say(
                "\(items): 以前に取り込んだ回答で、その後の回答に置き換えられている。戻すには otscan answer を使う\n",
                "\(items): imported before and replaced since; use otscan answer to go back to them\n")
        }
        return text
    }
}
