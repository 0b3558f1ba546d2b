import Assessment
import AssessmentFiles
import Evidence
import Foundation

/// What stands in a store or in an answers file, scored by a rulebook.
struct StandingAssessment: Sendable {
    let rulebook: Rulebook
    let card: ScoreCard
    /// Name of the plant; empty when unknown.
    let plant: String

    init(store: Store, rulebook: Rulebook) throws {
        self.rulebook = rulebook
        let proposals = Dictionary(
            try store.proposals().map { ($0.item, $0) }, uniquingKeysWith: { first, _ in first })
        card = rulebook.scorer.score(try store.decisions(), proposals: proposals)
        plant = try store.fact(StoreFact.plant) ?? ""
    }

    init(sheet: AnswerSheet, rulebook: Rulebook) throws {
        self.rulebook = rulebook
        card = rulebook.scorer.score(try sheet.decisions())
        plant = sheet.plant
    }

    /// A store or an answers file, told apart by its first bytes.
    init(path: String, rulebook: Rulebook) throws {
        if StandingAssessment.isStore(path) {
            try self.init(store: try StoreReading.open(path), rulebook: rulebook)
        } else {
            let sheet = try InputFile.answers(path)
            guard sheet.checklist.isEmpty || sheet.checklist == rulebook.checklist.id else {
                throw CommandError(
                    "\(path): answers the checklist \(sheet.checklist), not \(rulebook.checklist.id); name that one with --checklist"
                )
            }
            try self.init(sheet: sheet, rulebook: rulebook)
        }
    }

    private static func isStore(_ path: String) -> Bool {
        guard let handle = FileHandle(forReadingAtPath: path) else { return path.hasSuffix(".otscan") }
        defer { try? handle.close() }
        let head = (try? handle.read(upToCount: 16)) ?? Data()
        return head == Data("SQLite format 3\u{0}".utf8) || (head.isEmpty && path.hasSuffix(".otscan"))
    }
}

/// Names of facts in a store that the command line sets.
enum StoreFact {
    static let plant = "plant"
    /// Address blocks that the user calls the plant's own, separated by spaces.
    static let ownPrefixes = "own_prefixes"
}
