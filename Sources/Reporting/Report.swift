package import Assessment
package import Evidence
import Foundation
package import Model
import Wording

/// The report of one assessment: everything read from its store once, then written as one HTML file or one JSON document.
package struct Report {
    let options: ReportOptions
    package let checklist: Checklist
    let policy: ScoringPolicy
    let scorer: Scorer

    let evidence: ReportEvidence
    /// Devices of the process first, then network gear, then the rest; by role and name. What people said of one stands over
    /// what traffic suggests.
    package let assets: [Asset]
    /// What people said of assets, by their id.
    package let notes: [String: AssetNote]
    /// Remote access that is declared to be permitted.
    package let permitted: DeclaredRemoteAccess?
    package let attachments: [Attachment]
    /// Editions signed off, oldest first.
    package let editions: [Edition]
    /// The edition that this report is of; nil for what stands now.
    package let edition: Edition?
    /// Ends of the chains of decisions as they are now.
    let heads: [DecisionHead]
    package let history: DecisionHistory
    package let card: ScoreCard
    /// The scores before the answers that were changed; nil when none was.
    let earlierCard: ScoreCard?
    /// What was found the time before, to compare with.
    let earlier: EarlierRun?
    let risks: [RankedRisk]
    let roadmap: Roadmap

    let masker: Masker
    let places: Places

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
        static let changes = 60
        static let hexFramesPerExhibit = 2
        static let hexBytesPerFrame = 96
        static let hexFrames = 120
    }

    /// - Parameters:
    ///   - evidence: what the store held when it was read before and still holds; nil reads it.
    ///   - earlier: the assessment to compare with; nil compares with the answers that were changed.
    /// Throws when `options` name an edition that nobody signed off.
    package init(
        store: Store, checklist: Checklist, policy: ScoringPolicy, options: ReportOptions = ReportOptions(),
        evidence: ReportEvidence? = nil, earlier: Store? = nil
    ) throws {
        self.options = options
        self.checklist = checklist
        self.policy = policy
        scorer = try Scorer(checklist: checklist, policy: policy)
        let evidence = try evidence ?? ReportEvidence(store)
        self.evidence = evidence

        let notes = try store.assetNotes()
        self.notes = notes
        assets = evidence.assets.map { asset in
            guard let role = notes[asset.id]?.role, role != asset.role else { return asset }
            var asset = asset
            asset.roles.insert(RoleClaim(role: role, confidence: .high, grounds: ["reviewer"]), at: 0)
            return asset
        }.sorted(by: Report.precedes)
        permitted = try store.declarations().remote
        attachments = try store.attachments()
        editions = try store.editions()
        heads = try store.decisionHeads()
        if let number = options.edition {
            guard let found = editions.last(where: { $0.number == number }) else {
                throw ReportError.noEdition(number, of: editions.last?.number ?? 0)
            }
            edition = found
        } else {
            edition = nil
        }
        let all = try store.decisions()
        let decisions = edition.map { edition in all.filter { edition.decisions.contains($0.id) } } ?? all
        history = DecisionHistory(decisions)
        let proposals = evidence.proposals
        card = scorer.score(history, proposals: proposals)
        let scoring = scorer
        let earlierRun = try earlier.map { try EarlierRun($0, scoring) }
        self.earlier = earlierRun
        earlierCard =
            earlierRun?.card
            ?? Report.earlier(decisions, history, checklist).map { scoring.score($0, proposals: proposals) }

        places = Places(
            assets: assets.map(\.id), segments: evidence.segments.map(\.id), findings: evidence.findings.map(\.id),
            exhibits: evidence.exhibits.map(\.id), sessions: evidence.sessions.map(\.id),
            captures: evidence.captures.map(\.id))
        risks = RankedRisk.rank(findings: evidence.findings, card: card, checklist: checklist)
        roadmap = Roadmap(
            card: card, history: history, proposals: proposals, findings: evidence.findings, checklist: checklist,
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
