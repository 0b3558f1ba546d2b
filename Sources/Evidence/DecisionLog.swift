package import Assessment
import Foundation
import GRDB

/// The last decision of one chain: whoever has written it down can tell later that nothing before it was taken away.
package struct DecisionHead: Hashable, Sendable, Codable {
    package var store: String
    package var reviewer: String
    package var id: String
    /// Decisions in the chain.
    package var count: Int
}

/// Decisions: added, never changed or removed; each carries the hash of the one before it in the chain of its store and reviewer.
extension Store {
    /// This store's own identity, made with it and kept by its copies.
    package func storeID() throws(StoreError) -> String { try fact("store_id") ?? "" }

    /// Adds a decision and answers it with its id. It supersedes what stands on its item, unless it names what it supersedes.
    @discardableResult
    package func append(_ decision: Decision) throws(StoreError) -> Decision {
        // One transaction from the look at what stands to the new row, so that two reviewers at once cannot pass each other by.
        try write { database in try Store.append(decision, database) }
    }

    static func append(_ decision: Decision, _ database: Database) throws -> Decision {
        let history = DecisionHistory(try Store.decisions(database))
        let standing =
            decision.supersedes.isEmpty ? history.undominated(on: decision.item).map(\.id) : decision.supersedes
        let store = try String.fetchOne(database, sql: "SELECT value FROM fact WHERE name = 'store_id'") ?? ""
        var recorded = try Decision(
            item: decision.item, answer: decision.answer, reason: decision.reason, status: decision.status,
            measure: decision.measure, evidence: decision.evidence, document: decision.document,
            reviewDate: decision.reviewDate, reviewer: decision.reviewer, time: decision.time,
            evidenceHash: decision.evidenceHash, supersedes: standing,
            previous: try HashChain.last(in: "decision", store: store, reviewer: decision.reviewer, database))
        recorded.id = HashChain.id(of: recorded.canonicalBytes)
        try database.execute(
            sql: "INSERT INTO decision(id, item, reviewer, previous, store, document) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [
                recorded.id, recorded.item.description, recorded.reviewer, recorded.previous, store,
                try StoreCoding.encode(recorded),
            ])
        return recorded
    }

    /// Every decision, in the order in which they were added.
    package func decisions() throws(StoreError) -> [Decision] { try read(Store.decisions) }

    static func decisions(_ database: Database) throws -> [Decision] {
        try String.fetchAll(database, sql: "SELECT document FROM decision ORDER BY sequence")
            .map { try StoreCoding.decode(Decision.self, $0) }
    }

    /// The ends of all chains. The end of a chain cannot be missed from within; only who has it written down can miss it.
    package func decisionHeads() throws(StoreError) -> [DecisionHead] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT store, reviewer, COUNT(*) AS count,
                        (SELECT id FROM decision AS last WHERE last.store = decision.store AND last.reviewer = decision.reviewer
                            ORDER BY sequence DESC LIMIT 1) AS id
                    FROM decision GROUP BY store, reviewer ORDER BY store, reviewer
                    """)
            return rows.map {
                DecisionHead(store: $0["store"], reviewer: $0["reviewer"], id: $0["id"], count: $0["count"])
            }
        }
    }

    // MARK: Verification

    /// What is wrong with the chains of decisions and of the audit trail: rows changed, deleted or moved, attachments that do
    /// not give their hash. Empty when every hash fits.
    ///
    /// `heads` are ids of entries recorded elsewhere (on a report), or at least 12 digits of them. Without the head of a chain
    /// nobody can tell that its latest rows were removed.
    package func verifyDecisions(heads: [String] = []) throws(StoreError) -> [String] {
        try read { database in try Store.verifyDecisions(heads, database) }
    }

    static func verifyDecisions(_ heads: [String], _ database: Database) throws -> [String] {
        let decisions = try HashChain.problems(in: "decision", subject: "item", named: "decision", database) { text in
            let decision = try StoreCoding.decode(Decision.self, text)
            return HashChain.Link(
                id: decision.id, previous: decision.previous, reviewer: decision.reviewer,
                subject: decision.item.description, canonicalBytes: decision.canonicalBytes)
        }
        let audit = try Store.auditProblems(database)
        var problems = decisions.problems + audit.problems
        let ids = decisions.ids.union(audit.ids)
        for head in heads where head.count < 12 || !ids.contains(where: { $0.hasPrefix(head.lowercased()) }) {
            problems.append("decision \(head.prefix(12)): recorded as a head, but not in the store; it was deleted")
        }
        return problems
    }
}
