/// What traffic suggests for one item. It is never an answer: it is replaced at each analysis, and a person decides.
public struct Proposal: Hashable, Sendable, Codable {
    /// What the traffic says about a claim that the item is carried out.
    public enum Verdict: String, Hashable, Sendable, CaseIterable, Codable {
        /// Traffic shows that the proposed levels are reached.
        case supports
        /// Traffic shows that a level above the proposed ones is not reached.
        case contradicts
        /// Traffic does not tell.
        case undetermined
    }

    public enum Confidence: String, Hashable, Sendable, CaseIterable, Comparable, Codable {
        case low
        case medium
        case high

        private var rank: Int {
            switch self {
            case .low: 0
            case .medium: 1
            case .high: 2
            }
        }

        public static func < (a: Confidence, b: Confidence) -> Bool { a.rank < b.rank }
    }

    public let item: ItemID
    /// The levels that the traffic leaves open. Only an undetermined proposal reaches level 4: traffic alone shows
    /// neither a written procedure nor a regular review.
    public let levels: ClosedRange<Level>
    public let verdict: Verdict
    public let confidence: Confidence
    /// True when the capture is too short or too narrow to settle anything, however clear it looks.
    public let isProvisional: Bool
    /// One sentence.
    public let reason: Bilingual
    /// What would change the proposal.
    public let wouldChange: Bilingual
    /// What traffic cannot tell about this item.
    public let cannotTell: Bilingual
    /// What is left to ask on site.
    public let questions: [Bilingual]
    /// Ids of the exhibits that show it.
    public let exhibits: [String]
    /// Hash over the evidence that the proposal stands on; empty when not recorded.
    public let evidenceHash: String

    /// A range that reaches level 4 is cut to level 3 unless the verdict is `undetermined`.
    public init(
        item: ItemID, levels: ClosedRange<Level>, verdict: Verdict, confidence: Confidence, isProvisional: Bool,
        reason: Bilingual, wouldChange: Bilingual, cannotTell: Bilingual, questions: [Bilingual],
        exhibits: [String] = [], evidenceHash: String = ""
    ) {
        self.item = item
        self.levels = Proposal.withinReach(of: verdict, levels)
        self.verdict = verdict
        self.confidence = confidence
        self.isProvisional = isProvisional
        self.reason = reason
        self.wouldChange = wouldChange
        self.cannotTell = cannotTell
        self.questions = questions
        self.exhibits = exhibits
        self.evidenceHash = evidenceHash
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            item: try values.decode(ItemID.self, forKey: .item),
            levels: try values.decode(ClosedRange<Level>.self, forKey: .levels),
            verdict: try values.decode(Verdict.self, forKey: .verdict),
            confidence: try values.decode(Confidence.self, forKey: .confidence),
            isProvisional: try values.decode(Bool.self, forKey: .isProvisional),
            reason: try values.decode(Bilingual.self, forKey: .reason),
            wouldChange: try values.decode(Bilingual.self, forKey: .wouldChange),
            cannotTell: try values.decode(Bilingual.self, forKey: .cannotTell),
            questions: try values.decode([Bilingual].self, forKey: .questions),
            exhibits: try values.decode([String].self, forKey: .exhibits),
            evidenceHash: try values.decode(String.self, forKey: .evidenceHash))
    }

    private static func withinReach(of verdict: Verdict, _ levels: ClosedRange<Level>) -> ClosedRange<Level> {
        verdict == .undetermined ? levels : min(levels.lowerBound, .done)...min(levels.upperBound, .done)
    }

    /// True when the traffic speaks against this answer: a level above what it leaves open, or "not applicable" for
    /// something that it shows to exist.
    public func contradicts(_ answer: Answer) -> Bool {
        switch answer {
        case .level(let level): verdict == .contradicts && level > levels.upperBound
        case .notApplicable: verdict != .undetermined
        case .unanswered: false
        }
    }
}
