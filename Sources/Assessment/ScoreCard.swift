/// The result of scoring: every item with what stands for it, and two tallies of the same answers.
public struct ScoreCard: Hashable, Sendable {
    public let checklistID: String
    public let policyID: String
    /// In order of number.
    public let items: [ItemScore]
    /// The answers as given.
    public let declared: Tally
    /// The answers as far as evidence carries them: a contradicted level falls to the top of what traffic leaves open, a
    /// contradicted "not applicable" is open again, and a level without its backing falls by one.
    public let adjusted: Tally
    /// Items that have decisions but are not in the checklist, in order of number.
    public let unknownItems: [ItemID]

    public subscript(item: ItemID) -> ItemScore? { items.first { $0.item == item } }
}

/// One item's part in the scores.
public struct ItemScore: Hashable, Sendable {
    /// What is remarkable about an answer. A marked answer stands.
    public enum Mark: String, Hashable, Sendable, CaseIterable, Comparable {
        /// Level 3 without an evidence reference, or level 4 without a document and its review date.
        case unsupported
        /// Traffic speaks against the answer.
        case contradicted
        /// The evidence is another than when the person decided.
        case evidenceChanged
        /// Several people answered differently.
        case conflict

        public static func < (a: Mark, b: Mark) -> Bool { a.rawValue < b.rawValue }
    }

    /// Where an item stands in the work of answering.
    public enum Progress: String, Hashable, Sendable, CaseIterable {
        /// Traffic made a proposal that nobody has answered to.
        case proposed
        /// Nothing is known yet.
        case needsAnswer
        /// Answered, against what traffic shows.
        case contradicted
        /// Answered in several ways.
        case conflict
        case done
    }

    /// How the answer came about.
    public enum Origin: String, Hashable, Sendable, CaseIterable {
        /// Only a proposal so far.
        case auto
        /// A person decided, within the proposal or without one.
        case reviewed
        /// A person decided outside the proposal's levels.
        case overridden
    }

    public let item: ItemID
    /// Id of the item's category.
    public let category: String
    public let weight: Int
    public let standing: DecisionHistory.Standing
    public let proposal: Proposal?
    /// The answer that counts in the declared tally; `unanswered` while open.
    public let declared: Answer
    /// The answer that counts in the adjusted tally.
    public let adjusted: Answer
    public let marks: Set<Mark>

    /// The decision that stands, if one does.
    public var decision: Decision? {
        if case .settled(let decision) = standing { decision } else { nil }
    }

    public var progress: Progress {
        if marks.contains(.conflict) { return .conflict }
        if marks.contains(.contradicted) { return .contradicted }
        if decision != nil { return .done }
        return proposal == nil ? .needsAnswer : .proposed
    }

    /// Nil while there is neither a proposal nor a decision.
    public var origin: Origin? {
        guard let decision else { return proposal == nil ? nil : .auto }
        guard let proposal, proposal.verdict != .undetermined else { return .reviewed }
        guard let level = decision.answer.level, proposal.levels.contains(level) else { return .overridden }
        return .reviewed
    }
}

/// Scores of all categories and their total.
public struct Tally: Hashable, Sendable {
    /// In the checklist's order.
    public let categories: [CategoryScore]
    public let total: TotalScore

    /// The category with this id.
    public subscript(category: String) -> CategoryScore? { categories.first { $0.category == category } }
}

/// Whether there is a letter, and how firm it is.
public enum GradeState: Hashable, Sendable {
    /// Every applicable item is decided.
    case final
    /// A letter stands, but open items may still move it.
    case provisional(open: Int)
    /// Too few items are decided for a letter.
    case tooFewDecided(decided: Int, of: Int)
    /// So many items are not applicable that a letter would say nothing.
    case mostlyNotApplicable(notApplicable: Int, of: Int)
    /// The total has no letter because these categories, given by id, are not gradable.
    case categoriesNotGradable([String])
}

public struct CategoryScore: Hashable, Sendable {
    /// Id of the category.
    public let category: String
    public let itemCount: Int
    /// Items answered with a level.
    public let decided: Int
    public let notApplicable: Int
    public let state: GradeState
    /// Weighted mean of the decided items' points, 0 to 100. Nil when none is decided or the category is not gradable.
    public let score: Fraction?
    /// Grade of `score`; nil without a letter.
    public let grade: Grade?
    /// What the score can still become while every open item ranges over levels 1 to 4. Nil when not gradable.
    public let range: ClosedRange<Fraction>?
    /// The same while open items with a proposal range over the proposal's levels only. Nil when not gradable.
    public let proposedRange: ClosedRange<Fraction>?

    public var applicable: Int { itemCount - notApplicable }
}

public struct TotalScore: Hashable, Sendable {
    public let itemCount: Int
    /// Items answered with a level, in all categories.
    public let decided: Int
    public let notApplicable: Int
    public let state: GradeState
    /// Weighted mean of the categories' scores, 0 to 100. Nil while a category has none.
    public let score: Fraction?
    /// Nil unless every category has a letter.
    public let grade: Grade?
    public let range: ClosedRange<Fraction>?
    public let proposedRange: ClosedRange<Fraction>?
}
