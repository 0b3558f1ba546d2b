public import Assessment
public import Documents

/// Answers to a checklist as they stand in a file: from an interview, a review, or another program.
///
/// ```yaml
/// format: otscan-answers/1
/// checklist: otscan-factory-32   # optional: which checklist was answered
/// plant: Example works           # optional, as are date, language (ja, en) and reviewer
/// date: 2026-04-01
/// language: en
/// reviewer: J. Smith             # for answers that name no reviewer of their own
/// answers:
///   - item: 2-6
///     level: 2                   # 1 to 4, na (needs a reason) or unanswered
///     reason: The ledger misses the shop floor.
///     status: Ledger kept by hand.
///     measure: Automate it.
///     evidence: [ledger of 2026-03]
///     document: ledger-procedure.pdf
///     review_date: 2026-03-01
///     reviewer: J. Smith
/// ```
public struct AnswerSheet: Hashable, Sendable {
    /// What `format` says in the file.
    public static let format = "otscan-answers/1"

    /// Id of the checklist; empty when the file does not say.
    public var checklist: String
    /// Name of the plant; may be empty.
    public var plant: String
    public var date: CalendarDate?
    /// The language of the texts.
    public var language: Language?
    /// In the file's order, each item once.
    public var answers: [Entry]

    public struct Entry: Hashable, Sendable {
        public var item: ItemID
        public var answer: Answer
        public var reason: String
        public var status: String
        public var measure: String
        public var evidence: [String]
        public var document: String
        public var reviewDate: CalendarDate?
        public var reviewer: String

        public init(
            item: ItemID, answer: Answer, reason: String = "", status: String = "", measure: String = "",
            evidence: [String] = [], document: String = "", reviewDate: CalendarDate? = nil, reviewer: String = ""
        ) {
            self.item = item
            self.answer = answer
            self.reason = reason
            self.status = status
            self.measure = measure
            self.evidence = evidence
            self.document = document
            self.reviewDate = reviewDate
            self.reviewer = reviewer
        }

        /// The content of a decision.
        public init(_ decision: Decision) {
            self.init(
                item: decision.item, answer: decision.answer, reason: decision.reason, status: decision.status,
                measure: decision.measure, evidence: decision.evidence, document: decision.document,
                reviewDate: decision.reviewDate, reviewer: decision.reviewer)
        }

        /// The answer as a decision made at a moment (nanoseconds since 1970-01-01T00:00:00Z) in sight of `evidenceHash`,
        /// replacing `supersedes`.
        public func decision(
            time: Int64 = 0, evidenceHash: String = "", supersedes: [String] = [], previous: String = ""
        ) throws(DecisionError) -> Decision {
            try Decision(
                item: item, answer: answer, reason: reason, status: status, measure: measure, evidence: evidence,
                document: document, reviewDate: reviewDate, reviewer: reviewer, time: time, evidenceHash: evidenceHash,
                supersedes: supersedes, previous: previous)
        }
    }

    public init(
        checklist: String = "", plant: String = "", date: CalendarDate? = nil, language: Language? = nil,
        answers: [Entry] = []
    ) {
        self.checklist = checklist
        self.plant = plant
        self.date = date
        self.language = language
        self.answers = answers
    }

    /// The answers as decisions without a history, to be scored as they are.
    public func decisions() throws(DecisionError) -> [Decision] {
        var decisions: [Decision] = []
        for entry in answers { decisions.append(try entry.decision()) }
        return decisions
    }
}

extension AnswerSheet {
    /// Reads an answers file.
    public init(reading file: FileText) throws(FileError) {
        var reader = try MappingReader(try DocumentNode.read(file), file: file.name, path: "")
        try reader.expectFormat(AnswerSheet.format)
        checklist = try reader.text("checklist")
        plant = try reader.text("plant")
        date = try reader.value("date", expected: "a date such as 2026-04-01") { CalendarDate($0) }
        language = try reader.value("language", expected: "ja or en") { Language(rawValue: $0) }
        let reviewer = try reader.text("reviewer")
        guard let list = try reader.list("answers") else { throw reader.missing("answers") }
        try reader.finish()
        answers = []
        var places: [ItemID: Int] = [:]
        for (index, node) in list.enumerated() {
            let entry = try AnswerSheet.entry(node, file: file.name, path: "answers[\(index)]", reviewer: reviewer)
            if let line = places.updateValue(node.place.line, forKey: entry.item) {
                throw FileError(
                    file: file.name, line: node.place.line, column: node.place.column, path: "answers[\(index)].item",
                    problem: "expected each item once, found \(entry.item) again; it is answered in line \(line), too")
            }
            answers.append(entry)
        }
    }

    private static func entry(
        _ node: DocumentNode, file: String, path: String, reviewer: String
    ) throws(FileError) -> Entry {
        var reader = try MappingReader(node, file: file, path: path)
        guard let item = try reader.value("item", expected: "an item number such as 2-6", { ItemID($0) }) else {
            throw reader.missing("item")
        }
        let levels = "1, 2, 3, 4, na or unanswered"
        guard let answer = try reader.value("level", expected: levels, { Answer($0) }) else {
            throw reader.missing("level")
        }
        let entry = Entry(
            item: item, answer: answer,
            reason: try reader.text("reason"), status: try reader.text("status"), measure: try reader.text("measure"),
            evidence: try reader.texts("evidence") ?? [], document: try reader.text("document"),
            reviewDate: try reader.value("review_date", expected: "a date such as 2026-04-01") { CalendarDate($0) },
            reviewer: try reader.value("reviewer", expected: "a name") { $0 } ?? reviewer)
        try reader.finish()
        if entry.answer == .notApplicable, entry.reason.isEmpty {
            throw reader.error(reader.place, "reason", "expected a reason for \"not applicable\", found none")
        }
        return entry
    }

    /// The text of an answers file that reads back as the same answers.
    public func written(as format: FileText.Format) -> String {
        var root: [(key: String, value: Document)] = [("format", .word(AnswerSheet.format))]
        if !checklist.isEmpty { root.append(("checklist", .word(checklist))) }
        if !plant.isEmpty { root.append(("plant", .text(plant))) }
        if let date { root.append(("date", .word(date.description))) }
        if let language { root.append(("language", .word(language.rawValue))) }
        root.append(("answers", .list(answers.map(AnswerSheet.document))))
        return Document.mapping(root).written(as: format)
    }

    private static func document(_ entry: Entry) -> Document {
        var fields: [(key: String, value: Document)] = [("item", .word(entry.item.description))]
        fields.append(
            ("level", entry.answer.level == nil ? .word(entry.answer.description) : .number(entry.answer.description)))
        if !entry.reason.isEmpty { fields.append(("reason", .text(entry.reason))) }
        if !entry.status.isEmpty { fields.append(("status", .text(entry.status))) }
        if !entry.measure.isEmpty { fields.append(("measure", .text(entry.measure))) }
        if !entry.evidence.isEmpty { fields.append(("evidence", .texts(entry.evidence))) }
        if !entry.document.isEmpty { fields.append(("document", .text(entry.document))) }
        if let date = entry.reviewDate { fields.append(("review_date", .word(date.description))) }
        if !entry.reviewer.isEmpty { fields.append(("reviewer", .text(entry.reviewer))) }
        return .mapping(fields)
    }
}
