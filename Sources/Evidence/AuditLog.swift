import Assessment
import Foundation
import GRDB

/// What a person noted beside decisions: kept like decisions, added and never changed, each with the hash of the one before.
package struct AuditEntry: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// A person's word on an asset: role, owner, criticality, confirmation. The subject is the asset's id.
        case asset
        /// A document that was shown. The subject is the item it was attached to.
        case attachment
        /// An edition signed off. The subject is its number.
        case edition
        /// Hours in which remote maintenance may take place. The subject is `maintenance`.
        case hours
    }

    /// Hash of `canonicalBytes`, or empty while the entry is not recorded.
    package var id: String
    package let kind: Kind
    package let subject: String
    package let values: [String: String]
    package let reviewer: String
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    package let time: Int64
    /// Id of the entry before this one in the chain of its store and reviewer; empty for the first.
    package var previous: String

    package init(kind: Kind, subject: String, values: [String: String], reviewer: String, time: Int64) {
        id = ""
        self.kind = kind
        self.subject = subject
        self.values = values
        self.reviewer = reviewer
        self.time = time
        previous = ""
    }

    /// Every field as a netstring in fixed order, `values` by key; `id` is left out, `previous` is in.
    package var canonicalBytes: [UInt8] {
        var bytes: [UInt8] = []
        func add(_ text: String) {
            bytes.append(contentsOf: "\(text.utf8.count):".utf8)
            bytes.append(contentsOf: text.utf8)
            bytes.append(0x2c)
        }
        add("otscan-audit/1")
        add(kind.rawValue)
        add(subject)
        add(String(values.count))
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            add(key)
            add(value)
        }
        add(reviewer)
        add(String(time))
        add(previous)
        return bytes
    }
}

extension Store {
    /// Adds an entry and answers it with its id.
    @discardableResult
    package func append(_ entry: AuditEntry) throws(StoreError) -> AuditEntry {
        try write { database in try Store.append(entry, database) }
    }

    static func append(_ entry: AuditEntry, _ database: Database) throws -> AuditEntry {
        var recorded = entry
        let store = try String.fetchOne(database, sql: "SELECT value FROM fact WHERE name = 'store_id'") ?? ""
        recorded.previous = try HashChain.last(in: "audit", store: store, reviewer: entry.reviewer, database)
        recorded.id = HashChain.id(of: recorded.canonicalBytes)
        try database.execute(
            sql:
                "INSERT INTO audit(id, kind, subject, reviewer, previous, store, document) VALUES (?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                recorded.id, recorded.kind.rawValue, recorded.subject, recorded.reviewer, recorded.previous, store,
                try StoreCoding.encode(recorded),
            ])
        return recorded
    }

    /// Every entry of these kinds, in the order in which they were added.
    package func auditEntries(_ kinds: Set<AuditEntry.Kind> = Set(AuditEntry.Kind.allCases)) throws(StoreError)
        -> [AuditEntry]
    {
        try read { database in
            try String.fetchAll(database, sql: "SELECT document FROM audit ORDER BY sequence")
                .map { try StoreCoding.decode(AuditEntry.self, $0) }
                .filter { kinds.contains($0.kind) }
        }
    }

    static func auditProblems(_ database: Database) throws -> (problems: [String], ids: Set<String>) {
        var (problems, ids) = try HashChain.problems(in: "audit", subject: "subject", named: "audit entry", database) {
            text in
            let entry = try StoreCoding.decode(AuditEntry.self, text)
            return HashChain.Link(
                id: entry.id, previous: entry.previous, reviewer: entry.reviewer, subject: entry.subject,
                canonicalBytes: entry.canonicalBytes)
        }
        let rows = try Row.fetchCursor(database, sql: "SELECT sha256, bytes FROM attachment")
        while let row = try rows.next() {
            let name: String = row["sha256"]
            if sha256(row["bytes"] as Data) != name {
                problems.append("attachment \(name.prefix(12)): its content was changed, it does not give its hash")
            }
        }
        return (problems, ids)
    }

    /// Entries and attachments of another store, each chain in its own order.
    static func mergeDesk(_ source: Database, _ target: Database) throws {
        let entry = try target.makeStatement(
            sql: """
                INSERT OR IGNORE INTO audit(id, kind, subject, reviewer, previous, store, document)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
        let entries = try Row.fetchCursor(
            source, sql: "SELECT id, kind, subject, reviewer, previous, store, document FROM audit ORDER BY sequence")
        while let row = try entries.next() { try entry.execute(arguments: StatementArguments(row.databaseValues)) }
        let attachment = try target.makeStatement(sql: "INSERT OR IGNORE INTO attachment VALUES (?, ?)")
        let attachments = try Row.fetchCursor(source, sql: "SELECT sha256, bytes FROM attachment")
        while let row = try attachments.next() {
            try attachment.execute(arguments: StatementArguments(row.databaseValues))
        }
    }
}
