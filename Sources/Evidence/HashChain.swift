import GRDB

/// Rows that each carry the hash of the row before them in the chain of their store and reviewer.
enum HashChain {
    /// What a row's document says of itself.
    struct Link {
        var id: String
        var previous: String
        var reviewer: String
        /// The row's own column `item` or `subject`, as the document has it.
        var subject: String
        var canonicalBytes: [UInt8]
    }

    private struct Chain: Hashable {
        var store: String
        var reviewer: String
    }

    /// The id that a content has.
    static func id(of canonicalBytes: [UInt8]) -> String { sha256(canonicalBytes) }

    /// What is wrong with the rows of a table: changed, deleted or moved. Empty when every hash fits.
    static func problems(
        in table: String, subject column: String, named noun: String, _ database: Database,
        read: (String) throws -> Link
    ) throws -> (problems: [String], ids: Set<String>) {
        var problems: [String] = []
        let rows = try Row.fetchAll(database, sql: "SELECT * FROM \(table) ORDER BY sequence")
        let ids = Set(rows.map { $0["id"] as String })
        var before: [Chain: Set<String>] = [:]
        for row in rows {
            let id: String = row["id"]
            let subject: String = row[column]
            let place = "\(noun) \(id.prefix(12)) on \(subject)"
            guard let link = try? read(row["document"]) else {
                problems.append("\(place): its content cannot be read")
                continue
            }
            let isCopied =
                link.id == id && link.subject == subject && link.reviewer == row["reviewer"]
                && link.previous == row["previous"]
            if !isCopied || HashChain.id(of: link.canonicalBytes) != id {
                problems.append("\(place): its content was changed, it does not give its hash")
            }
            let chain = Chain(store: row["store"], reviewer: row["reviewer"])
            if !link.previous.isEmpty, !before[chain, default: []].contains(link.previous) {
                problems.append(
                    ids.contains(link.previous)
                        ? "\(place): it was moved, the one before it in its chain does not stand before it"
                        : "\(place): the one before it was deleted")
            }
            before[chain, default: []].insert(id)
        }
        return (problems, ids)
    }

    /// The last row's id of the chain that this store and reviewer write; empty before the first.
    static func last(in table: String, store: String, reviewer: String, _ database: Database) throws -> String {
        try String.fetchOne(
            database, sql: "SELECT id FROM \(table) WHERE store = ? AND reviewer = ? ORDER BY sequence DESC LIMIT 1",
            arguments: [store, reviewer]) ?? ""
    }
}
