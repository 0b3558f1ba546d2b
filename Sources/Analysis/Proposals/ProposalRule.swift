import Assessment
import Model

/// One checklist item's rule: what the traffic lets otscan propose, and what it cannot tell.
protocol ProposalRule: SendableMetatype {
    static var item: String { get }
    /// The highest level that traffic alone may propose.
    static var highest: Level { get }
    static func propose(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Suggestion
}

/// A rule's answer before it is bounded and addressed.
struct Suggestion {
    var levels: ClosedRange<Level>
    var verdict: Proposal.Verdict
    var confidence: Proposal.Confidence
    var reason: Bilingual
    var wouldChange: Bilingual
    var cannotTell: Bilingual
    var questions: [Bilingual]
    var exhibits: [String] = []
}

/// What all suggestions of one item have in common, so that each states only what differs.
struct SuggestionForm {
    let cannotTell: Bilingual
    let questions: [Bilingual]

    func callAsFunction(
        _ levels: ClosedRange<Level>, _ verdict: Proposal.Verdict, _ confidence: Proposal.Confidence,
        _ reason: Bilingual,
        _ wouldChange: Bilingual, _ exhibits: [String] = []
    ) -> Suggestion {
        Suggestion(
            levels: levels, verdict: verdict, confidence: confidence, reason: reason, wouldChange: wouldChange,
            cannotTell: cannotTell, questions: questions, exhibits: exhibits)
    }
}

/// The five items that otscan fills in beforehand.
enum ProposalRules {
    static let all: [any ProposalRule.Type] = [
        AssetLedgerProposal.self,
        WirelessProposal.self,
        SegmentationProposal.self,
        RemoteAccessProposal.self,
        DetectionProposal.self,
    ]

    static func propose(_ situation: Situation, _ exhibits: inout ExhibitBook) -> [Proposal] {
        all.compactMap { rule in
            guard let item = ItemID(rule.item) else { return nil }
            let suggestion = rule.propose(situation, &exhibits)
            let top = min(suggestion.levels.upperBound, rule.highest)
            let bottom = min(suggestion.levels.lowerBound, top)
            // Under one full shift nothing is settled, however clear it looks.
            let isProvisional = !situation.coverage.isFullShift
            return Proposal(
                item: item, levels: bottom...top, verdict: suggestion.verdict, confidence: suggestion.confidence,
                isProvisional: isProvisional, reason: suggestion.reason, wouldChange: suggestion.wouldChange,
                cannotTell: suggestion.cannotTell, questions: suggestion.questions, exhibits: suggestion.exhibits)
        }
    }
}
