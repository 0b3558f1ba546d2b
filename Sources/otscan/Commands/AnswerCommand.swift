import ArgumentParser
import Assessment

/// Settles one item: a person's decision.
struct AnswerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer", abstract: "Answers one item of the checklist: 1, 2, 3, 4, na, or unanswered.",
        discussion: """
            A decision is added, never changed: a later one on the same item stands instead of the earlier one. Level 3 \
            wants --evidence, level 4 --document and --review-date; na wants --reason.
            """)

    @Argument(help: "Item, such as 2-6.")
    var item: String
    @Argument(help: "1, 2, 3, 4, na or unanswered.")
    var level: String
    @Argument(help: "Store made by analyze or init.")
    var store: String

    @Option(help: ArgumentHelp("Why.", valueName: "text"))
    var reason = ""
    @Option(help: ArgumentHelp("The present state at the site.", valueName: "text"))
    var status = ""
    @Option(help: ArgumentHelp("What is planned or advised.", valueName: "text"))
    var measure = ""
    @Option(help: ArgumentHelp("A document, record or exhibit that shows it; may be given again.", valueName: "ref"))
    var evidence: [String] = []
    @Option(help: ArgumentHelp("The written procedure.", valueName: "file"))
    var document = ""
    @Option(help: ArgumentHelp("When the procedure was last reviewed.", valueName: "yyyy-mm-dd"))
    var reviewDate: String?
    @Option(help: ArgumentHelp("Who decides (default: the user's name).", valueName: "name"))
    var reviewer: String?
    @OptionGroup var rules: RuleOptions
    @OptionGroup var styleOptions: StyleOptions

    func validate() throws {
        guard ItemID(item) != nil else { throw ValidationError("expected an item such as 2-6, found \(item)") }
        guard Answer(level) != nil else {
            throw ValidationError("expected 1, 2, 3, 4, na or unanswered, found \(level)")
        }
        if let reviewDate, CalendarDate(reviewDate) == nil {
            throw ValidationError("--review-date: expected a date such as 2026-04-01, found \(reviewDate)")
        }
        if Answer(level) == .notApplicable, reason.allSatisfy(\.isWhitespace) {
            throw ValidationError("na needs a --reason")
        }
    }

    func run() throws {
        guard let id = ItemID(item), let answer = Answer(level) else { throw ExitCode.validationFailure }
        let taking = DecisionTaking(store: try StoreReading.open(store), rulebook: try rules.rulebook())
        let outcome = try taking.answer(
            id, answer, reason: reason, status: status, measure: measure, evidence: evidence, document: document,
            reviewDate: reviewDate.flatMap { CalendarDate($0) }, reviewer: reviewer)
        try StandardOutput.write(outcome.text(styleOptions.style))
    }
}
