/// Scores decisions by a checklist and a policy.
public struct Scorer: Hashable, Sendable {
    public let checklist: Checklist
    public let policy: ScoringPolicy

    /// Throws when the policy lacks a weight for one of the checklist's categories.
    public init(checklist: Checklist, policy: ScoringPolicy) throws(PolicyError) {
        for category in checklist.categories where policy.categoryWeights[category.id] == nil {
            throw .noWeight(category: category.id)
        }
        self.checklist = checklist
        self.policy = policy
    }

    /// Scores what stands. Proposals never count as answers; they mark contradicted ones, cap the adjusted tally and
    /// narrow `proposedRange`.
    ///
    /// `targets` asks "what if": each item named there counts as reached, with its backing, where it is open or lower.
    /// Items that are not applicable stay so.
    public func score(
        _ decisions: DecisionHistory, proposals: [ItemID: Proposal] = [:], assuming targets: [ItemID: Level] = [:]
    ) -> ScoreCard {
        var items: [ItemScore] = []
        for category in checklist.categories {
            for item in category.items {
                items.append(
                    score(
                        item, in: category.id, standing: decisions.standing(of: item.id), proposal: proposals[item.id],
                        target: targets[item.id]))
            }
        }
        return ScoreCard(
            checklistID: checklist.id, policyID: policy.id, items: items.sorted { $0.item < $1.item },
            declared: tally(items, \.declared), adjusted: tally(items, \.adjusted),
            unknownItems: decisions.items.filter { checklist[$0] == nil })
    }

    /// Scores plain decisions; the same as making a `DecisionHistory` of them first.
    public func score(
        _ decisions: some Sequence<Decision>, proposals: [ItemID: Proposal] = [:],
        assuming targets: [ItemID: Level] = [:]
    ) -> ScoreCard {
        score(DecisionHistory(decisions), proposals: proposals, assuming: targets)
    }

    private func score(
        _ item: Checklist.Item, in category: String, standing: DecisionHistory.Standing, proposal: Proposal?,
        target: Level?
    ) -> ItemScore {
        var declared = Answer.unanswered
        var adjusted = Answer.unanswered
        var marks: Set<ItemScore.Mark> = []
        switch standing {
        case .undecided: break
        case .conflict: marks.insert(.conflict)
        case .settled(let decision):
            declared = decision.answer
            if !decision.isSupported { marks.insert(.unsupported) }
            if proposal?.contradicts(declared) == true { marks.insert(.contradicted) }
            if let proposal, !decision.evidenceHash.isEmpty, proposal.evidenceHash != decision.evidenceHash {
                marks.insert(.evidenceChanged)
            }
            adjusted = Scorer.adjust(declared, marks: marks, proposal: proposal)
        }
        if let target {
            declared = Scorer.raise(declared, to: target)
            adjusted = Scorer.raise(adjusted, to: target)
        }
        return ItemScore(
            item: item.id, category: category, weight: item.weight, standing: standing, proposal: proposal,
            declared: declared, adjusted: adjusted, marks: marks)
    }

    /// The answer as far as evidence carries it.
    private static func adjust(_ answer: Answer, marks: Set<ItemScore.Mark>, proposal: Proposal?) -> Answer {
        guard case .level(var level) = answer else {
            return marks.contains(.contradicted) ? .unanswered : answer
        }
        if marks.contains(.unsupported) { level = level == .managed ? .done : .partly }
        if marks.contains(.contradicted), let proposal { level = min(level, proposal.levels.upperBound) }
        return .level(level)
    }

    private static func raise(_ answer: Answer, to target: Level) -> Answer {
        switch answer {
        case .level(let level): .level(max(level, target))
        case .unanswered: .level(target)
        case .notApplicable: .notApplicable
        }
    }
}

extension Scorer {
    private func tally(_ items: [ItemScore], _ answer: KeyPath<ItemScore, Answer>) -> Tally {
        let categories = checklist.categories.map { category in
            score(category: category.id, items: items.filter { $0.category == category.id }, answer)
        }
        return Tally(categories: categories, total: total(of: categories))
    }

    private func score(
        category: String, items: [ItemScore], _ answer: KeyPath<ItemScore, Answer>
    ) -> CategoryScore {
        var (decided, notApplicable) = (0, 0)
        // Sums of weight, and of weight × points: of the decided items, and of the lowest and highest completions.
        var (decidedWeight, applicableWeight) = (0, 0)
        var (sum, low, high, proposedLow, proposedHigh) = (
            Fraction.zero, Fraction.zero, Fraction.zero, Fraction.zero, Fraction.zero
        )
        for item in items {
            switch item[keyPath: answer] {
            case .notApplicable: notApplicable += 1
            case .level(let level):
                let points = policy.points[level] * item.weight
                decided += 1
                decidedWeight += item.weight
                applicableWeight += item.weight
                sum = sum + points
                low = low + points
                high = high + points
                proposedLow = proposedLow + points
                proposedHigh = proposedHigh + points
            case .unanswered:
                applicableWeight += item.weight
                low = low + policy.points.notDone * item.weight
                high = high + policy.points.managed * item.weight
                let levels = item.proposal?.levels ?? .notDone ... .managed
                proposedLow = proposedLow + policy.points[levels.lowerBound] * item.weight
                proposedHigh = proposedHigh + policy.points[levels.upperBound] * item.weight
            }
        }
        let state = state(decided: decided, notApplicable: notApplicable, of: items.count)
        var range: ClosedRange<Fraction>?
        var proposedRange: ClosedRange<Fraction>?
        var score: Fraction?
        if case .mostlyNotApplicable = state {
        } else {
            range = low.divided(by: applicableWeight)...high.divided(by: applicableWeight)
            proposedRange = proposedLow.divided(by: applicableWeight)...proposedHigh.divided(by: applicableWeight)
            if decided > 0 { score = sum.divided(by: decidedWeight) }
        }
        return CategoryScore(
            category: category, itemCount: items.count, decided: decided, notApplicable: notApplicable, state: state,
            score: score, grade: state.hasLetter ? score.map(policy.grade(of:)) : nil, range: range,
            proposedRange: proposedRange)
    }

    private func state(decided: Int, notApplicable: Int, of count: Int) -> GradeState {
        let applicable = count - notApplicable
        if Fraction(notApplicable) >= policy.notApplicableShare * count || applicable == 0 {
            return .mostlyNotApplicable(notApplicable: notApplicable, of: count)
        }
        if decided == 0 || Fraction(decided) < policy.decidedShare * applicable {
            return .tooFewDecided(decided: decided, of: applicable)
        }
        return decided == applicable ? .final : .provisional(open: applicable - decided)
    }

    private func total(of categories: [CategoryScore]) -> TotalScore {
        let count = categories.reduce(0) { $0 + $1.itemCount }
        let decided = categories.reduce(0) { $0 + $1.decided }
        let notApplicable = categories.reduce(0) { $0 + $1.notApplicable }
        let state = GradeState.total(
            of: categories, decided: decided, applicable: count - notApplicable)
        let score = weightedMean(categories, \.score)
        return TotalScore(
            itemCount: count, decided: decided, notApplicable: notApplicable, state: state, score: score,
            grade: state.hasLetter ? score.map(policy.grade(of:)) : nil,
            range: weightedRange(categories, \.range), proposedRange: weightedRange(categories, \.proposedRange))
    }

    /// Nil when a category has no value.
    private func weightedMean(_ categories: [CategoryScore], _ value: (CategoryScore) -> Fraction?) -> Fraction? {
        var sum = Fraction.zero
        var weights = 0
        for category in categories {
            guard let value = value(category), let weight = policy.categoryWeights[category.category] else {
                return nil
            }
            sum = sum + value * weight
            weights += weight
        }
        return weights > 0 ? sum.divided(by: weights) : nil
    }

    private func weightedRange(
        _ categories: [CategoryScore], _ range: (CategoryScore) -> ClosedRange<Fraction>?
    ) -> ClosedRange<Fraction>? {
        guard let low = weightedMean(categories, { range($0)?.lowerBound }),
            let high = weightedMean(categories, { range($0)?.upperBound })
        else { return nil }
        return low...high
    }
}

extension GradeState {
    /// True when a letter is given.
    public var hasLetter: Bool {
        switch self {
        case .final, .provisional: true
        case .tooFewDecided, .mostlyNotApplicable, .categoriesNotGradable: false
        }
    }

    fileprivate static func total(of categories: [CategoryScore], decided: Int, applicable: Int) -> GradeState {
        var (notGradable, tooFew, open): ([String], Bool, Int) = ([], false, 0)
        for category in categories {
            switch category.state {
            case .final: break
            case .provisional(let count): open += count
            case .tooFewDecided: tooFew = true
            case .mostlyNotApplicable, .categoriesNotGradable: notGradable.append(category.category)
            }
        }
        if !notGradable.isEmpty { return .categoriesNotGradable(notGradable) }
        if tooFew { return .tooFewDecided(decided: decided, of: applicable) }
        return open == 0 ? .final : .provisional(open: open)
    }
}
