package import Assessment
import Foundation
import GRDB
package import Model

/// A person's word on an asset; it stands over what traffic suggests, and outlives every new analysis.
package struct AssetNote: Hashable, Sendable {
    package enum Criticality: String, Hashable, Sendable, CaseIterable {
        case low, medium, high
    }

    package var role: Role?
    package var owner = ""
    package var criticality: Criticality?
    package var remark = ""
    /// True when a person said that the asset is what it is said to be.
    package var isConfirmed = false
    package var reviewer = ""
    package var time: Int64 = 0

    package init() {}

    init(_ entry: AuditEntry) {
        role = entry.values["role"].flatMap { Role(rawValue: $0) }
        owner = entry.values["owner"] ?? ""
        criticality = entry.values["criticality"].flatMap { Criticality(rawValue: $0) }
        remark = entry.values["remark"] ?? ""
        isConfirmed = entry.values["confirmed"] == "yes"
        reviewer = entry.reviewer
        time = entry.time
    }

    package var values: [String: String] {
        var values = ["confirmed": isConfirmed ? "yes" : "no"]
        if let role { values["role"] = role.rawValue }
        if let criticality { values["criticality"] = criticality.rawValue }
        if !owner.isEmpty { values["owner"] = owner }
        if !remark.isEmpty { values["remark"] = remark }
        return values
    }
}

/// A document that was shown to the assessor and is kept in the store.
package struct Attachment: Hashable, Sendable {
    /// Largest size, in bytes.
    package static let limit = 16 << 20

    package var item: String
    package var name: String
    package var mediaType: String
    package var size: Int
    /// Of its content, lower-case hexadecimal.
    package var sha256: String
    /// The document's own date; nil when it has none.
    package var date: CalendarDate?
    package var reviewer: String
    package var time: Int64

    /// How a decision refers to it.
    package var reference: String { "\(name) (SHA-256 \(sha256.prefix(12)))" }
}

/// An assessment as somebody signed it off.
package struct Edition: Hashable, Sendable {
    /// From 1.
    package var number: Int
    package var reviewer: String
    package var time: Int64
    package var remark: String
    /// Ids of the decisions that stood.
    package var decisions: Set<String>
    /// The heads of the chains of decisions, which tell later whether any was taken away.
    package var heads: [String]
    /// Total score and grade as printed then; empty without a grade.
    package var result: String
    /// Hash of the entry itself: the number to write down beside the signature.
    package var id: String
}

extension Store {
    // MARK: Assets

    /// What people last said of each asset, by its id.
    package func assetNotes() throws(StoreError) -> [String: AssetNote] {
        var notes: [String: AssetNote] = [:]
        for entry in try auditEntries([.asset]) { notes[entry.subject] = AssetNote(entry) }
        return notes
    }

    // MARK: Documents

    /// Keeps a document; the same content twice is kept once.
    package func attach(
        _ bytes: [UInt8], name: String, mediaType: String, date: CalendarDate?, item: String, reviewer: String,
        time: Int64
    ) throws(StoreError) -> Attachment {
        let hash = sha256(bytes)
        var values = ["name": name, "media_type": mediaType, "size": String(bytes.count), "sha256": hash]
        if let date { values["date"] = date.description }
        let entry = AuditEntry(kind: .attachment, subject: item, values: values, reviewer: reviewer, time: time)
        try write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO attachment VALUES (?, ?)", arguments: [hash, Data(bytes)])
            _ = try Store.append(entry, database)
        }
        return Store.attachment(entry)
    }

    package func attachments() throws(StoreError) -> [Attachment] {
        try auditEntries([.attachment]).map(Store.attachment)
    }

    private static func attachment(_ entry: AuditEntry) -> Attachment {
        Attachment(
            item: entry.subject, name: entry.values["name"] ?? "", mediaType: entry.values["media_type"] ?? "",
            size: Int(entry.values["size"] ?? "") ?? 0, sha256: entry.values["sha256"] ?? "",
            date: entry.values["date"].flatMap { CalendarDate($0) }, reviewer: entry.reviewer, time: entry.time)
    }

    /// The content of an attachment; nil when there is none of that hash.
    package func attachmentBytes(sha256: String) throws(StoreError) -> [UInt8]? {
        try read { database in
            try Data.fetchOne(database, sql: "SELECT bytes FROM attachment WHERE sha256 = ?", arguments: [sha256])
                .map { [UInt8]($0) }
        }
    }

    // MARK: Editions

    /// Signs off what stands now.
    package func signOff(
        reviewer: String, time: Int64, remark: String, result: String
    ) throws(StoreError) -> Edition {
        let heads = try decisionHeads().map(\.id)
        let entry = try write { database in
            let count = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM audit WHERE kind = 'edition'") ?? 0
            let history = DecisionHistory(try Store.decisions(database))
            let standing = history.items.flatMap { history.undominated(on: $0).map(\.id) }
            return try Store.append(
                AuditEntry(
                    kind: .edition, subject: String(count + 1),
                    values: [
                        "remark": remark, "decisions": standing.joined(separator: " "),
                        "heads": heads.joined(separator: " "), "result": result,
                    ], reviewer: reviewer, time: time), database)
        }
        return Store.edition(entry)
    }

    /// Editions signed off, oldest first.
    package func editions() throws(StoreError) -> [Edition] { try auditEntries([.edition]).map(Store.edition) }

    private static func edition(_ entry: AuditEntry) -> Edition {
        func list(_ name: String) -> [String] {
            (entry.values[name] ?? "").split(separator: " ").map(String.init)
        }
        return Edition(
            number: Int(entry.subject) ?? 0, reviewer: entry.reviewer, time: entry.time,
            remark: entry.values["remark"] ?? "", decisions: Set(list("decisions")), heads: list("heads"),
            result: entry.values["result"] ?? "", id: entry.id)
    }

    // MARK: Drafts

    /// Fields of a form that was begun; nil when there is none.
    package func draft(of item: ItemID) throws(StoreError) -> [String: String]? {
        try read { database in
            try String.fetchOne(
                database, sql: "SELECT document FROM draft WHERE item = ?", arguments: [item.description]
            ).map { try StoreCoding.decode([String: String].self, $0) }
        }
    }

    /// Keeps, replaces or (with nil) drops a draft.
    package func setDraft(_ fields: [String: String]?, of item: ItemID) throws(StoreError) {
        try write { database in
            guard let fields else {
                return try database.execute(
                    sql: "DELETE FROM draft WHERE item = ?", arguments: [item.description])
            }
            try database.execute(
                sql: "INSERT OR REPLACE INTO draft VALUES (?, ?)",
                arguments: [item.description, try StoreCoding.encode(fields)])
        }
    }

    // MARK: Decisions in sight of each other

    package enum DecisionOutcome: Sendable {
        case recorded(Decision)
        /// Somebody decided in the meantime: what stands now.
        case overtaken([Decision])
    }

    /// Adds a decision only if what stands on its item is still what the person saw, given by ids; drops the item's draft with it.
    package func append(_ decision: Decision, seeing seen: Set<String>) throws(StoreError) -> DecisionOutcome {
        try write { database in
            let standing = DecisionHistory(try Store.decisions(database)).undominated(on: decision.item)
            guard Set(standing.map(\.id)) == seen else { return .overtaken(standing) }
            try database.execute(sql: "DELETE FROM draft WHERE item = ?", arguments: [decision.item.description])
            return .recorded(try Store.append(decision, database))
        }
    }

    // MARK: Changes

    /// Differs from what it was when anything in the store changed: first what other programs wrote, then what this one did.
    package func changeMarks() throws(StoreError) -> (others: Int, own: Int) {
        do {
            return try queue.inDatabase { database in
                (
                    try Int.fetchOne(database, sql: "PRAGMA data_version") ?? 0, database.totalChangesCount
                )
            }
        } catch { throw StoreError(path, error) }
    }
}
