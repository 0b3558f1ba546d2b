import Assessment
import Evidence
import Model
import Wording

/// One item of the checklist with what stands for it, as JSON tells it.
struct AnswerRecord: Encodable, Sendable {
    struct ProposalEntry: Encodable, Sendable {
        var levels: [Int]
        var verdict: String
        var confidence: String
        var isProvisional: Bool
        var reason: Bilingual
        var wouldChange: Bilingual
        var cannotTell: Bilingual
        var questions: [Bilingual]
        var exhibits: [String]
        var evidenceHash: String

        init(_ proposal: Proposal) {
            levels = (proposal.levels.lowerBound.rawValue...proposal.levels.upperBound.rawValue).map { $0 }
            verdict = proposal.verdict.rawValue
            confidence = proposal.confidence.rawValue
            isProvisional = proposal.isProvisional
            reason = proposal.reason
            wouldChange = proposal.wouldChange
            cannotTell = proposal.cannotTell
            questions = proposal.questions
            exhibits = proposal.exhibits
            evidenceHash = proposal.evidenceHash
        }
    }

    struct DecisionEntry: Encodable, Sendable {
        var id: String
        var answer: String
        var reason: String
        var status: String
        var measure: String
        var evidence: [String]
        var document: String
        var reviewDate: String?
        var reviewer: String
        var time: String

        init(_ decision: Decision) {
            id = decision.id
            answer = decision.answer.description
            reason = decision.reason
            status = decision.status
            measure = decision.measure
            evidence = decision.evidence
            document = decision.document
            reviewDate = decision.reviewDate?.description
            reviewer = decision.reviewer
            time = Timestamp(nanoseconds: decision.time).rfc3339
        }
    }

    var item: String
    var category: String
    var title: Bilingual
    var question: Bilingual
    var progress: String
    var origin: String?
    var declared: String
    var adjusted: String
    var marks: [String]
    var proposal: ProposalEntry?
    /// One when settled; several when they conflict.
    var decisions: [DecisionEntry]

    init(_ item: Checklist.Item, _ score: ItemScore) {
        self.item = item.id.description
        category = score.category
        title = item.title
        question = item.question
        progress = Self.snake(score.progress.rawValue)
        origin = score.origin?.rawValue
        declared = score.declared.description
        adjusted = score.adjusted.description
        marks = score.marks.sorted().map { Self.snake($0.rawValue) }
        proposal = score.proposal.map(ProposalEntry.init)
        decisions =
            switch score.standing {
            case .undecided: []
            case .settled(let decision): [DecisionEntry(decision)]
            case .conflict(let decisions): decisions.map(DecisionEntry.init)
            }
    }

    /// `evidence_changed` for `evidenceChanged`.
    static func snake(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }
}

struct AnswerLine: Encodable, Sendable {
    let item: Checklist.Item
    let score: ItemScore
    let record: AnswerRecord

    func encode(to encoder: any Encoder) throws { try record.encode(to: encoder) }
}

enum AnswerList {
    static func listing(_ assessment: StandingAssessment) -> Listing<AnswerLine> {
        let card = assessment.card
        return Listing(
            kind: "answers", columns: columns,
            records: card.items.compactMap { score in
                assessment.rulebook.checklist[score.item].map {
                    AnswerLine(item: $0, score: score, record: AnswerRecord($0, score))
                }
            },
            whenEmpty: Bilingual(ja: "チェックリストに項目がない。", en: "The checklist has no items."),
            // `otscan-answers/1` is what an answers file says, which this is not.
            format: "otscan-standing-answers/1")
    }

    /// `1`, `1–2`
    static func levels(_ levels: ClosedRange<Level>) -> String {
        levels.lowerBound == levels.upperBound
            ? "\(levels.lowerBound.rawValue)" : "\(levels.lowerBound.rawValue)–\(levels.upperBound.rawValue)"
    }

    private static func paint(_ progress: ItemScore.Progress) -> TerminalStyle.Paint {
        switch progress {
        case .done: .green
        case .proposed: .cyan
        case .contradicted, .conflict: .red
        case .needsAnswer: .faint
        }
    }

    private static let columns: [Listing<AnswerLine>.Column] = [
        Listing.Column("item", Bilingual(ja: "項目", en: "ITEM")) { $0.record.item },
        Listing.Column(
            "title", Bilingual(ja: "内容", en: "TITLE"), minimum: 14, value: { $0.item.title.en },
            cell: { line, style in Cell(line.item.title[style.language]) }),
        Listing.Column(
            "progress", Bilingual(ja: "状態", en: "STATE"), value: { $0.record.progress },
            cell: { line, style in
                Cell(line.score.progress.name(in: style.language), AnswerList.paint(line.score.progress))
            }),
        Listing.Column(
            "declared", Bilingual(ja: "回答", en: "ANSWER"), value: { $0.record.declared },
            cell: { line, style in
                line.score.declared == .unanswered
                    ? Cell("-", .faint) : Cell(line.score.declared.name(in: style.language), .strong)
            }),
        Listing.Column(
            "proposed", Bilingual(ja: "提案", en: "PROPOSED"), importance: 1,
            value: { $0.score.proposal.map { AnswerList.levels($0.levels).replacing("–", with: "..") } ?? "" },
            cell: { line, style in
                guard let proposal = line.score.proposal else { return Cell("-", .faint) }
                return Cell(
                    AnswerList.levels(proposal.levels)
                        + (proposal.verdict == .undetermined ? style.say(" (未確定)", " (open)") : ""))
            }),
        Listing.Column(
            "marks", Bilingual(ja: "注意", en: "MARKS"), minimum: 8, importance: 2,
            value: { $0.record.marks.joined(separator: " ") },
            cell: { line, style in
                Cell(
                    line.score.marks.sorted().map { $0.name(in: style.language) }.joined(
                        separator: style.say("、", ", ")),
                    .yellow)
            }),
        Listing.Column("reviewer", Bilingual(ja: "回答者", en: "REVIEWER"), minimum: 8, importance: 3) {
            $0.record.decisions.map(\.reviewer).joined(separator: " / ")
        },
        Listing.Column("category") { $0.record.category },
        Listing.Column("adjusted") { $0.record.adjusted },
        Listing.Column("verdict") { $0.record.proposal?.verdict ?? "" },
        Listing.Column("confidence") { $0.record.proposal?.confidence ?? "" },
        Listing.Column("origin") { $0.record.origin ?? "" },
        Listing.Column("reason") { $0.record.decisions.map(\.reason).joined(separator: " / ") },
        Listing.Column("evidence") { $0.record.decisions.flatMap(\.evidence).joined(separator: "; ") },
        Listing.Column("document") { $0.record.decisions.map(\.document).joined(separator: " / ") },
        Listing.Column("review_date") { $0.record.decisions.compactMap(\.reviewDate).joined(separator: " / ") },
    ]
}
