package import Assessment
package import Evidence
import Foundation
import Model
import Wording

/// The report of one assessment: everything read from its store once, then written as one HTML file or one JSON document.
package struct Report {
    let options: ReportOptions
    let checklist: Checklist
    let policy: ScoringPolicy
    let scorer: Scorer

    let facts: [ReportFact: String]
    let captures: [(id: UInt32, record: CaptureRecord)]
    /// Nil before the first capture.
    let coverage: Coverage?
    /// Devices of the process first, then network gear, then the rest; by role and name.
    let assets: [Asset]
    let segments: [Segment]
    let conduits: [Conduit]
    /// In order of their beginning.
    let sessions: [RemoteSession]
    /// The gravest first.
    let findings: [Finding]
    let exhibits: [Exhibit]
    let outside: OutsideTraffic
    let ledger: [LedgerEntry]?
    let ledgerMatch: LedgerMatch?
    let proposals: [ItemID: Proposal]
    let history: DecisionHistory
    let card: ScoreCard
    /// The scores before the answers that were changed; nil when none was.
    let earlierCard: ScoreCard?
    let risks: [RankedRisk]
    let roadmap: Roadmap

    let masker: Masker
    let places: Places
    let keptFrames: [String: [KeptFrame]]

    /// Longest lists that are printed in full; the JSON document has everything.
    enum Limits {
        static let assets = 400
        static let findings = 100
        static let exhibits = 120
        static let sessions = 60
        static let conduits = 60
        static let segments = 60
        static let captures = 40
        static let ledgerLines = 100
        static let hexFramesPerExhibit = 2
        static let hexBytesPerFrame = 96
        static let hexFrames = 120
    }

    package init(
        store: Store, checklist: Checklist, policy: ScoringPolicy, options: ReportOptions = ReportOptions()
    ) throws {
        self.options = options
        self.checklist = checklist
        self.policy = policy
        scorer = try Scorer(checklist: checklist, policy: policy)

        var facts: [ReportFact: String] = [:]
        for name in ReportFact.allCases {
            if let value = try store.fact(name.rawValue), !value.allSatisfy(\.isWhitespace) { facts[name] = value }
        }
        self.facts = facts
        captures = try store.captures()
        coverage = captures.isEmpty ? nil : try store.coverage()
        assets = try store.assets().sorted(by: Report.precedes)
        segments = try store.segments()
        conduits = try store.conduits()
        sessions = try store.remoteSessions().sorted {
            ($0.seen.first.time, $0.id) < ($1.seen.first.time, $1.id)
        }
        findings = try store.findings().enumerated().sorted {
            $0.element.severity != $1.element.severity
                ? $0.element.severity > $1.element.severity : $0.offset < $1.offset
        }.map(\.element)
        exhibits = try store.exhibits()
        outside = try store.outside()
        ledger = try store.ledger()
        ledgerMatch = try store.ledgerMatch()
        proposals = Dictionary(try store.proposals().map { ($0.item, $0) }, uniquingKeysWith: { first, _ in first })
        let decisions = try store.decisions()
        history = DecisionHistory(decisions)
        card = scorer.score(history, proposals: proposals)
        let (scoring, suggested) = (scorer, proposals)
        earlierCard = Report.earlier(decisions, history, checklist).map { scoring.score($0, proposals: suggested) }

        places = Places(
            assets: assets.map(\.id), segments: segments.map(\.id), findings: findings.map(\.id),
            exhibits: exhibits.map(\.id), sessions: sessions.map(\.id), captures: captures.map(\.id))
        var kept: [String: [KeptFrame]] = [:]
        for exhibit in exhibits { kept[exhibit.id] = try store.keptFrames(of: exhibit) }
        keptFrames = kept
        risks = RankedRisk.rank(findings: findings, card: card, checklist: checklist)
        roadmap = Roadmap(
            card: card, history: history, proposals: proposals, findings: findings, checklist: checklist,
            scorer: scorer)
        masker = Masker(isActive: options.isMasked)
        if options.isMasked { try learnSecrets(store, decisions) }
    }

    /// The decisions that later ones replaced, beside those that were never changed; nil when nothing was replaced.
    private static func earlier(
        _ decisions: [Decision], _ history: DecisionHistory, _ checklist: Checklist
    ) -> [Decision]? {
        var earlier: [Decision] = []
        var isChanged = false
        for item in checklist.items {
            let standing = Set(history.undominated(on: item.id).map(\.id))
            if let replaced = history.decisions(on: item.id).last(where: { !standing.contains($0.id) }) {
                earlier.append(replaced)
                if case .settled(let now) = history.standing(of: item.id), now.answer == replaced.answer { continue }
                isChanged = true
            } else {
                earlier += history.decisions(on: item.id)
            }
        }
        return isChanged ? earlier : nil
    }

    private static func precedes(_ a: Asset, _ b: Asset) -> Bool {
        func key(_ asset: Asset) -> (Int, Int, String, String) {
            (asset.tier.rawValue, Role.allCases.firstIndex(of: asset.role) ?? 0, asset.name.raw, asset.id)
        }
        return key(a) < key(b)
    }
}

/// Where things stand in the report: ordinal numbers for headings and anchors, so that no id of the store, which may
/// hold an address, is printed.
struct Places {
    let assets: [String: Int]
    let segments: [String: Int]
    let findings: [String: Int]
    let exhibits: [String: Int]
    let sessions: [String: Int]
    let captures: [UInt32: Int]

    init(
        assets: [String], segments: [String], findings: [String], exhibits: [String], sessions: [String],
        captures: [UInt32]
    ) {
        self.assets = Places.numbered(assets)
        self.segments = Places.numbered(segments)
        self.findings = Places.numbered(findings)
        self.exhibits = Places.numbered(exhibits)
        self.sessions = Places.numbered(sessions)
        self.captures = Places.numbered(captures)
    }

    private static func numbered<ID: Hashable>(_ ids: [ID]) -> [ID: Int] {
        Dictionary(ids.enumerated().map { ($1, $0 + 1) }, uniquingKeysWith: { first, _ in first })
    }
}
