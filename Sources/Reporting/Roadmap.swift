import Assessment
import Model

/// The items below level 3, laid out over three spans of time by a fixed rule that the report prints, and the scores
/// that would follow.
struct Roadmap {
    enum Span: Int, CaseIterable {
        /// Begun within three months.
        case short
        /// Within a year.
        case middle
        /// Within three years.
        case long
    }

    enum Effort: Int {
        case small = 2
        case medium
        case large

        func name(in language: Language) -> String {
            switch (self, language) {
            case (.small, .japanese): "小"
            case (.small, .english): "small"
            case (.medium, .japanese): "中"
            case (.medium, .english): "medium"
            case (.large, .japanese): "大"
            case (.large, .english): "large"
            }
        }
    }

    struct Step {
        let item: ItemID
        let from: Level
        let effort: Effort
        let span: Span
        /// True when a grave finding bears on the item.
        let isUrgent: Bool
    }

    struct Projection {
        let span: Span
        let card: ScoreCard
    }

    /// The fewest things that lift a category's letter.
    struct Lift {
        /// Id of the category.
        let category: String
        /// In the order in which they help most for their effort.
        let items: [ItemID]
        let from: Grade
        let to: Grade
        let score: Fraction
    }

    let steps: [Step]
    /// For each category that has a letter below A: what lifts it, where the steps can.
    let lifts: [Lift]
    /// The scores when the steps up to and with each span have reached level 3 with their backing.
    let projections: [Projection]
    /// Items that nobody has answered yet.
    let open: [ItemID]

    /// Level that every step aims at.
    static let target = Level.done

    init(
        card: ScoreCard, history: DecisionHistory, proposals: [ItemID: Proposal], findings: [Finding],
        checklist: Checklist, scorer: Scorer
    ) {
        let urgent = Set(findings.filter { $0.severity == .high }.flatMap(\.items).compactMap { ItemID($0) })
        let steps = card.items.compactMap { item -> Step? in
            guard case .level(let level) = item.adjusted, level < Roadmap.target,
                item.declared.level.map({ $0 < Roadmap.target }) == true || item.marks.contains(.contradicted)
            else { return nil }
            let effort = Roadmap.effort(category: item.category, level: level)
            let isUrgent = urgent.contains(item.item)
            return Step(
                item: item.item, from: level, effort: effort, span: isUrgent ? .short : Roadmap.span(of: effort),
                isUrgent: isUrgent)
        }
        self.steps = steps
        open = card.items.filter { $0.declared == .unanswered }.map(\.item)
        var targets: [ItemID: Level] = [:]
        var projections: [Projection] = []
        for span in Span.allCases {
            for step in steps where step.span == span { targets[step.item] = Roadmap.target }
            projections.append(
                Projection(span: span, card: scorer.score(history, proposals: proposals, assuming: targets)))
        }
        self.projections = projections
        lifts = checklist.categories.compactMap { category in
            Roadmap.lift(category.id, steps, card) {
                scorer.score(history, proposals: proposals, assuming: $0).adjusted[category.id]
            }
        }
    }

    /// Takes the steps of a category one after the other, those with the most points for their effort first, until its letter
    /// changes; then leaves out every one that was not needed.
    private static func lift(
        _ category: String, _ steps: [Step], _ card: ScoreCard, score: ([ItemID: Level]) -> CategoryScore?
    ) -> Lift? {
        guard let from = card.adjusted[category]?.grade, from != .a else { return nil }
        let open = steps.filter { card[$0.item]?.category == category }
        func targets(_ items: [ItemID]) -> [ItemID: Level] {
            Dictionary(items.map { ($0, Roadmap.target) }, uniquingKeysWith: { first, _ in first })
        }
        func grade(_ items: [ItemID]) -> Grade { score(targets(items))?.grade ?? from }
        let before = card.adjusted[category]?.score?.approximation ?? 0
        let byGain = open.map { step -> (step: Step, gain: Double) in
            let gain = (score(targets([step.item]))?.score?.approximation ?? 0) - before
            return (step, gain / Double(step.effort.rawValue))
        }.sorted { ($1.gain, $0.step.item) < ($0.gain, $1.step.item) }.map(\.step.item)
        var chosen: [ItemID] = []
        for item in byGain {
            chosen.append(item)
            if grade(chosen) > from { break }
        }
        guard grade(chosen) > from else { return nil }
        for item in chosen.reversed() where chosen.count > 1 {
            let without = chosen.filter { $0 != item }
            if grade(without) > from { chosen = without }
        }
        guard let after = score(targets(chosen)), let to = after.grade, let points = after.score else { return nil }
        return Lift(category: category, items: chosen, from: from, to: to, score: points)
    }

    /// Equipment and contracts take longer than rules and training, and two levels longer than one.
    private static func effort(category: String, level: Level) -> Effort {
        let kind = ["organization", "operation"].contains(category) ? 1 : 2
        return Effort(rawValue: kind + (level == .notDone ? 2 : 1)) ?? .large
    }

    private static func span(of effort: Effort) -> Span {
        switch effort {
        case .small: .short
        case .medium: .middle
        case .large: .long
        }
    }
}
