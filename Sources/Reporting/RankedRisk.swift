import Assessment
import Model

/// Three steps, for impact and for likelihood.
enum RiskStep: Int, Comparable, CaseIterable {
    case low = 1
    case medium
    case high

    static func < (a: RiskStep, b: RiskStep) -> Bool { a.rawValue < b.rawValue }

    func name(in language: Language) -> String {
        switch (self, language) {
        case (.low, .japanese): "低"
        case (.low, .english): "low"
        case (.medium, .japanese): "中"
        case (.medium, .english): "medium"
        case (.high, .japanese): "高"
        case (.high, .english): "high"
        }
    }
}

/// A risk with its place in the matrix of impact and likelihood.
///
/// The impact of a finding is its severity; its likelihood follows from the state of the items it bears on: high at
/// level 1, low from level 3, medium otherwise, open items included. A risk of the checklist that no finding shows has
/// medium impact, and the likelihood of its weakest item.
struct RankedRisk {
    enum Basis {
        /// Findings of one rule, the gravest first.
        case traffic([Finding])
        case interview(Checklist.Risk)
    }

    let basis: Basis
    let impact: RiskStep
    let likelihood: RiskStep
    /// In order of number.
    let items: [ItemID]

    var weight: Int { impact.rawValue * likelihood.rawValue }

    /// All risks, the heaviest first; of equal ones those that traffic shows, then those with more items undone.
    static func rank(findings: [Finding], card: ScoreCard, checklist: Checklist) -> [RankedRisk] {
        var risks: [RankedRisk] = []
        var rules: [String: [Finding]] = [:]
        var order: [String] = []
        for finding in findings where finding.severity > .info {
            if rules[finding.rule] == nil { order.append(finding.rule) }
            rules[finding.rule, default: []].append(finding)
        }
        for rule in order {
            guard let group = rules[rule], let worst = group.first else { continue }
            let items = Set(group.flatMap(\.items).compactMap { ItemID($0) }).sorted()
            risks.append(
                RankedRisk(
                    basis: .traffic(group), impact: impact(of: worst),
                    likelihood: likelihood(of: items, card: card), items: items))
        }
        let shown = Set(risks.filter { $0.weight >= 6 }.flatMap(\.items))
        for risk in checklist.categories.flatMap(\.risks) {
            let weak = risk.items.filter { isWeak(card[$0]) }
            // A risk whose weak items stand beside a grave finding already is the same risk, seen twice.
            guard !weak.isEmpty, !weak.allSatisfy(shown.contains) else { continue }
            risks.append(
                RankedRisk(
                    basis: .interview(risk), impact: .medium, likelihood: likelihood(of: weak, card: card), items: weak)
            )
        }
        return risks.enumerated().sorted { a, b in
            if a.element.weight != b.element.weight { return a.element.weight > b.element.weight }
            if a.element.isSeen != b.element.isSeen { return a.element.isSeen }
            let (left, right) = (a.element.undone(card), b.element.undone(card))
            return left != right ? left > right : a.offset < b.offset
        }.map(\.element)
    }

    var isSeen: Bool { if case .traffic = basis { true } else { false } }

    private func undone(_ card: ScoreCard) -> Int {
        items.filter { card[$0]?.adjusted == .level(.notDone) }.count
    }

    /// Decided below level 3.
    private static func isWeak(_ item: ItemScore?) -> Bool {
        guard case .level(let level)? = item?.adjusted else { return false }
        return level < .done
    }

    static func impact(of finding: Finding) -> RiskStep {
        switch finding.severity {
        case .high: .high
        case .medium: .medium
        case .low, .info: .low
        }
    }

    static func likelihood(of items: [ItemID], card: ScoreCard) -> RiskStep {
        var levels: [Level] = []
        for item in items {
            switch card[item]?.adjusted {
            case .level(let level)?: levels.append(level)
            case .unanswered?, nil: levels.append(.partly)
            case .notApplicable?: break
            }
        }
        switch levels.min() ?? .partly {
        case .notDone: return .high
        case .partly: return .medium
        case .done, .managed: return .low
        }
    }
}
