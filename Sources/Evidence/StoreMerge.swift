import Crypto
import Foundation
import GRDB
import Model

/// Brings the evidence of two stores together. What is there afterwards depends only on what both held: not on the order of merges,
/// nor on how often one is repeated. What is derived is not merged but derived anew by the caller.
extension Store {
    /// What a merge brought.
    package struct MergeSummary: Sendable {
        package var newCaptures = 0
        /// Captures that both had.
        package var sharedCaptures = 0
        package var newDecisions = 0
    }

    /// Adds captures, conversations, observations, kept frames and decisions of `other`. Of a capture that both have and that
    /// different versions or limits read differently, one reading is taken whole, the same in either direction; sightings keep the
    /// first, the last and the most. Facts about the assessment and the ledger stay as they are here. Throws, and changes nothing, when
    /// the decisions of `other` do not verify.
    package func merge(from other: Store) throws(StoreError) -> MergeSummary {
        var summary = MergeSummary()
        guard other.queue !== queue else { return summary }
        let problems = try other.verifyDecisions()
        guard problems.isEmpty else {
            throw StoreError("\(other.path): not merged, its decisions do not verify: \(problems[0])")
        }
        fresh.forget()
        try write { database in
            try other.queue.read { source in
                for row in try Row.fetchAll(source, sql: "SELECT * FROM capture ORDER BY first_ns, sha256") {
                    try Store.mergeCapture(row, source, database, &summary)
                }
                for row in try Row.fetchAll(source, sql: "SELECT * FROM gap") {
                    try database.execute(
                        sql: "INSERT OR IGNORE INTO gap VALUES (?, ?, ?, ?)",
                        arguments: [row["start_ns"], row["interface"], row["reason"], row["end_ns"]])
                }
                summary.newDecisions = try Store.mergeDecisions(source, database)
                try Store.mergeDesk(source, database)
            }
            try database.execute(
                sql: "DELETE FROM observation WHERE id NOT IN (SELECT observation_id FROM sighting)")
        }
        return summary
    }

    private static func mergeCapture(
        _ row: Row, _ source: Database, _ target: Database, _ summary: inout MergeSummary
    ) throws {
        let from: UInt32 = row["id"]
        let sha256: String = row["sha256"]
        let known = try UInt32.fetchOne(target, sql: "SELECT id FROM capture WHERE sha256 = ?", arguments: [sha256])
        let id: UInt32
        if let known {
            id = known
            summary.sharedCaptures += 1
            if try rank(from, source) > rank(id, target) {
                try target.execute(
                    sql:
                        "UPDATE capture SET name = ?, frames = ?, first_ns = ?, last_ns = ?, document = ? WHERE id = ?",
                    arguments: [row["name"], row["frames"], row["first_ns"], row["last_ns"], row["document"], id])
                try target.execute(sql: "DELETE FROM conversation WHERE capture_id = ?", arguments: [id])
                try copy("conversation", 29, of: from, as: id, source, target)
            }
        } else {
            id = try UInt32.fetchOne(target, sql: "SELECT COALESCE(MAX(id), 0) + 1 FROM capture") ?? 1
            summary.newCaptures += 1
            try target.execute(
                sql: "INSERT INTO capture VALUES (?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    id, sha256, row["name"], row["frames"], row["first_ns"], row["last_ns"], row["document"],
                ])
            try copy("conversation", 29, of: from, as: id, source, target)
        }
        try mergeSightings(of: from, as: id, source, target)
        try mergeKeptFrames(of: from, as: id, source, target)
    }

    /// Which of two readings of one capture is taken: that with more conversations, otherwise by their content.
    private static func rank(_ id: UInt32, _ database: Database) throws -> Rank {
        var hash = SHA256()
        var count = 0
        let document = try String.fetchOne(database, sql: "SELECT document FROM capture WHERE id = ?", arguments: [id])
        hash.update(data: Data((document ?? "").utf8))
        let rows = try Row.fetchCursor(
            database, sql: "SELECT * FROM conversation WHERE capture_id = ? ORDER BY rowid", arguments: [id])
        while let row = try rows.next() {
            count += 1
            for value in row.databaseValues.dropFirst() { hash.update(data: Data("\(value)|".utf8)) }
        }
        return Rank(conversations: count, digest: Array(hash.finalize()))
    }

    private struct Rank: Comparable {
        let conversations: Int
        let digest: [UInt8]
        static func < (a: Rank, b: Rank) -> Bool {
            a.conversations != b.conversations
                ? a.conversations < b.conversations : a.digest.lexicographicallyPrecedes(b.digest)
        }
    }

    /// Copies rows whose first column is the capture's number.
    private static func copy(
        _ table: String, _ columns: Int, of from: UInt32, as id: UInt32, _ source: Database, _ target: Database
    ) throws {
        let marks = [String](repeating: "?", count: columns).joined(separator: ", ")
        let insert = try target.makeStatement(sql: "INSERT INTO \(table) VALUES (\(marks))")
        let rows = try Row.fetchCursor(
            source, sql: "SELECT * FROM \(table) WHERE capture_id = ? ORDER BY rowid", arguments: [from])
        while let row = try rows.next() {
            try insert.execute(arguments: StatementArguments([id.databaseValue] + row.databaseValues.dropFirst()))
        }
    }

    private static func mergeSightings(
        of from: UInt32, as id: UInt32, _ source: Database, _ target: Database
    ) throws {
        let observation = try target.makeStatement(
            sql: "INSERT OR IGNORE INTO observation VALUES (?, ?, ?, ?, ?, ?)")
        let sighting = try target.makeStatement(
            sql: "INSERT INTO sighting VALUES (?, ?, ?, ?, ?, ?, ?) \(uniteSighting)")
        let rows = try Row.fetchCursor(
            source,
            sql: """
                SELECT observation.*, first_frame, first_ns, last_frame, last_ns, count
                FROM sighting JOIN observation ON observation.id = observation_id WHERE capture_id = ?
                """, arguments: [from])
        while let row = try rows.next() {
            let values = Array(row.databaseValues)
            guard values.count == 11 else { continue }
            try observation.execute(arguments: StatementArguments(values[0..<6]))
            try sighting.execute(arguments: StatementArguments([values[0], id.databaseValue] + values[6...]))
        }
    }

    /// Of a frame that both kept differently, the redacted one stays, then the greater hash.
    private static func mergeKeptFrames(
        of from: UInt32, as id: UInt32, _ source: Database, _ target: Database
    ) throws {
        let insert = try target.makeStatement(
            sql: """
                INSERT INTO kept_frame VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET bytes = excluded.bytes, redacted = excluded.redacted,
                    sha256_original = excluded.sha256_original, sha256_kept = excluded.sha256_kept
                WHERE (excluded.redacted, excluded.sha256_kept) > (redacted, sha256_kept)
                """)
        let rows = try Row.fetchCursor(
            source, sql: "SELECT * FROM kept_frame WHERE capture_id = ?", arguments: [from])
        while let row = try rows.next() {
            try insert.execute(arguments: StatementArguments([id.databaseValue] + row.databaseValues.dropFirst()))
        }
    }

    /// All chains are kept, each in its own order. Answers how many decisions were new.
    private static func mergeDecisions(_ source: Database, _ target: Database) throws -> Int {
        let insert = try target.makeStatement(
            sql: """
                INSERT OR IGNORE INTO decision(id, item, reviewer, previous, store, document) VALUES (?, ?, ?, ?, ?, ?)
                """)
        let before = try Int.fetchOne(target, sql: "SELECT COUNT(*) FROM decision") ?? 0
        let rows = try Row.fetchCursor(
            source, sql: "SELECT id, item, reviewer, previous, store, document FROM decision ORDER BY sequence")
        while let row = try rows.next() { try insert.execute(arguments: StatementArguments(row.databaseValues)) }
        return (try Int.fetchOne(target, sql: "SELECT COUNT(*) FROM decision") ?? 0) - before
    }
}
