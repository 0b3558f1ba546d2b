package import Assessment
package import Evidence
import Foundation
package import Model
import Wording

/// What a report takes from a store that no answer changes: facts, captures, and everything derived from them.
package struct ReportEvidence: Sendable {
    package let facts: [ReportFact: String]
    package let captures: [(id: UInt32, record: CaptureRecord)]
    /// Nil before the first capture.
    package let coverage: Coverage?
    package let assets: [Asset]
    package let segments: [Segment]
    package let conduits: [Conduit]
    /// In order of their beginning.
    package let sessions: [RemoteSession]
    /// The gravest first.
    package let findings: [Finding]
    package let exhibits: [Exhibit]
    package let outside: OutsideTraffic
    /// What each rule made of the captures.
    package let verdicts: [RuleVerdict]
    package let plan: SegmentationPlan?
    package let health: NetworkHealth?
    let declaredDivision: DeclaredDivision?
    package let ledger: [LedgerEntry]?
    package let ledgerMatch: LedgerMatch?
    package let proposals: [ItemID: Proposal]
    /// By exhibit.
    package let keptFrames: [String: [KeptFrame]]

    package init(_ store: Store) throws {
        var facts: [ReportFact: String] = [:]
        for name in ReportFact.allCases {
            if let value = try store.fact(name.rawValue), !value.allSatisfy(\.isWhitespace) { facts[name] = value }
        }
        self.facts = facts
        captures = try store.captures()
        coverage = captures.isEmpty ? nil : try store.coverage()
        assets = try store.assets()
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
        verdicts = try store.verdicts()
        plan = try store.segmentationPlan()
        health = try store.health()
        declaredDivision = try store.declaredDivision()
        ledger = try store.ledger()
        ledgerMatch = try store.ledgerMatch()
        proposals = Dictionary(try store.proposals().map { ($0.item, $0) }, uniquingKeysWith: { first, _ in first })
        var kept: [String: [KeptFrame]] = [:]
        for exhibit in exhibits { kept[exhibit.id] = try store.keptFrames(of: exhibit) }
        keptFrames = kept
    }
}

extension Report {
    package var facts: [ReportFact: String] { evidence.facts }
    package var captures: [(id: UInt32, record: CaptureRecord)] { evidence.captures }
    package var coverage: Coverage? { evidence.coverage }
    package var segments: [Segment] { evidence.segments }
    package var conduits: [Conduit] { evidence.conduits }
    package var sessions: [RemoteSession] { evidence.sessions }
    package var findings: [Finding] { evidence.findings }
    package var exhibits: [Exhibit] { evidence.exhibits }
    package var outside: OutsideTraffic { evidence.outside }
    package var verdicts: [RuleVerdict] { evidence.verdicts }
    package var plan: SegmentationPlan? { evidence.plan }
    package var health: NetworkHealth? { evidence.health }
    package var ledger: [LedgerEntry]? { evidence.ledger }
    package var ledgerMatch: LedgerMatch? { evidence.ledgerMatch }
    package var proposals: [ItemID: Proposal] { evidence.proposals }
    package var keptFrames: [String: [KeptFrame]] { evidence.keptFrames }
}

/// Why a report cannot be made.
package enum ReportError: Error, CustomStringConvertible {
    case noEdition(Int, of: Int)

    package var description: String {
        switch self {
        case .noEdition(let number, 0): "no edition \(number): none was signed off yet; otscan review signs one off"
        case .noEdition(let number, let last): "no edition \(number): the last one signed off is \(last)"
        }
    }
}
