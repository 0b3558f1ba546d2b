package import Assessment
import Foundation
import GRDB

/// Decisions: added, never changed or removed; each carries the hash of the one before it by the same reviewer.
extension Store {
    /// Adds a decision and answers it with its id. It supersedes what stands on its item, unless it names what it supersedes.
    @discardableResult
    package func append(_ decision: Decision) throws(StoreError) -> Decision {
        let history = DecisionHistory(try decisions())
        let standing =
            decision.supersedes.isEmpty ? history.undominated(on: decision.item).map(\.id) : decision.supersedes
        let recorded: Decision
        do {
            var linked = try Decision(
                item: decision.item, answer: decision.answer, reason: decision.reason, status: decision.status,
                measure: decision.measure, evidence: decision.evidence, document: decision.document,
                reviewDate: decision.reviewDate,
                reviewer: decision.reviewer, time: decision.time, evidenceHash: decision.evidenceHash,
                supersedes: standing,
                previous: try lastID(of: decision.reviewer))
            linked.id = sha256(linked.canonicalBytes)
            recorded = linked
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError("\(error)")
        }
        try write { database in
            try database.execute(
                sql: "INSERT INTO decision(id, item, reviewer, previous, document) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    recorded.id, recorded.item.description, recorded.reviewer, recorded.previous,
                    try StoreCoding.encode(recorded),
                ])
        }
        return recorded
    }

    private func lastID(of reviewer: String) throws(StoreError) -> String {
        try read {
            try String.fetchOne(
                $0, sql: "SELECT id FROM decision WHERE reviewer = ? ORDER BY sequence DESC LIMIT 1",
                arguments: [reviewer]) ?? ""
        }
    }

    /// Every decision, in the order in which they were added.
    package func decisions() throws(StoreError) -> [Decision] {
        try read { database in
            try String.fetchAll(database, sql: "SELECT document FROM decision ORDER BY sequence")
                .map { try StoreCoding.decode(Decision.self, $0) }
        }
    }

    /// What is wrong with the chains of decisions; empty when every hash fits.
    package func verifyDecisions() throws(StoreError) -> [String] {
        var problems: [String] = []
        var last: [String: String] = [:]
        for decision in try decisions() {
            if sha256(decision.canonicalBytes) != decision.id {
                problems.append(
                    "decision \(decision.id.prefix(12)) on \(decision.item): its content does not give its hash")
            }
            if decision.previous != last[decision.reviewer, default: ""] {
                problems.append(
                    "decision \(decision.id.prefix(12)) on \(decision.item): the one before it is missing or was moved")
            }
            last[decision.reviewer] = decision.id
        }
        return problems
    }
}
