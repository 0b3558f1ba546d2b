import Foundation
import GRDB
package import Model

/// A segment that is being captured, and its rows in a store: at each commit only what changed is written.
package struct LiveSegment: Sendable {
    private let store: Store
    /// The number by which the segment's frames are referred to.
    package let id: UInt32
    /// Row of each conversation, by its place in the analyser's table; 0 where there is none yet.
    private var rows: [Int64] = []

    /// Begins a segment, or takes one up again that was begun under this provisional identity.
    ///
    /// - Parameter record: its `sha256` is the provisional identity; what it is in the end is known only at the end.
    /// - Returns: the segment, and its record as last committed where it was begun before.
    package static func open(
        _ record: CaptureRecord, in store: Store
    ) throws(StoreError) -> (segment: LiveSegment, before: CaptureRecord?) {
        let id = try store.captureID(sha256: record.sha256)
        let before = try store.read { database in
            try String.fetchOne(database, sql: "SELECT document FROM capture WHERE id = ?", arguments: [id])
                .map { try StoreCoding.decode(CaptureRecord.self, $0) }
        }
        if before == nil { try store.write { try Store.put(record, as: id, $0) } }
        return (LiveSegment(store: store, id: id), before)
    }

    private init(store: Store, id: UInt32) {
        self.store = store
        self.id = id
    }

    /// Writes what changed, all of it or nothing. The frame references must carry this segment's id.
    package mutating func commit(_ changes: SegmentChanges) throws(StoreError) {
        store.fresh.forget()
        var rows = rows
        let id = id
        try store.write { database in
            try Store.put(changes.capture, as: id, database)
            try LiveSegment.write(changes.conversations, changes.positions, &rows, id, database)
            try Store.insert(changes.observations, changes.sightings, id, database)
            try Store.keep(changes.frames, database)
            for gap in changes.gaps { try Store.put(gap, database) }
        }
        self.rows = rows
    }

    private static func write(
        _ conversations: [Conversation], _ positions: [Int], _ rows: inout [Int64], _ id: UInt32, _ database: Database
    ) throws {
        guard !conversations.isEmpty else { return }
        let columns = try database.columns(in: "conversation").map(\.name)
        let marks = [String](repeating: "?", count: columns.count + 1).joined(separator: ", ")
        var row = try RowWriter(
            database,
            sql: "INSERT OR REPLACE INTO conversation(rowid, \(columns.joined(separator: ", "))) VALUES (\(marks))")
        var text = TextBytes()
        for (conversation, position) in zip(conversations, positions) where position >= 0 {
            if position >= rows.count {
                rows.append(contentsOf: repeatElement(0, count: position + 1 - rows.count))
            }
            if rows[position] == 0 { row.bindNull() } else { row.bind(rows[position]) }
            Store.bind(conversation, id, &row, &text)
            try row.write()
            if rows[position] == 0 { rows[position] = database.lastInsertedRowID }
        }
    }
}

extension Store {
    /// Segments that were not closed, with their records as last committed.
    package func openSegments() throws(StoreError) -> [(id: UInt32, record: CaptureRecord)] {
        try captures().filter { $0.record.live?.isOpen == true }
    }

    /// Ends a segment that another run left open: it stays as it was last committed.
    package func closeAbandoned(_ id: UInt32, _ record: CaptureRecord, gap: CaptureGap?) throws(StoreError) {
        var closed = record
        closed.live?.isOpen = false
        fresh.forget()
        try write { database in
            try Store.put(closed, as: id, database)
            if let gap { try Store.put(gap, database) }
        }
    }

    /// Times in which nobody watched though a capture was meant to, in their order.
    package func gaps() throws(StoreError) -> [CaptureGap] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM gap ORDER BY start_ns").compactMap { row in
                guard let reason = CaptureGap.Reason(rawValue: row["reason"]) else { return nil }
                return CaptureGap(
                    interface: row["interface"], start: Timestamp(nanoseconds: row["start_ns"]),
                    end: Timestamp(nanoseconds: row["end_ns"]), reason: reason)
            }
        }
    }

    fileprivate static func put(_ gap: CaptureGap, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO gap VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET end_ns = MAX(end_ns, excluded.end_ns)
                """,
            arguments: [gap.start.nanoseconds, gap.interface, gap.reason.rawValue, gap.end.nanoseconds])
    }

    /// Inserts a capture's row or brings it up to date; what refers to it stays.
    fileprivate static func put(_ capture: CaptureRecord, as id: UInt32, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO capture(id, sha256, name, frames, first_ns, last_ns, document) VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT(id) DO UPDATE SET sha256 = excluded.sha256, name = excluded.name, frames = excluded.frames,
                    first_ns = excluded.first_ns, last_ns = excluded.last_ns, document = excluded.document
                """,
            arguments: [
                id, capture.sha256, capture.name, Int64(clamping: capture.frames), capture.first.nanoseconds,
                capture.last.nanoseconds, try StoreCoding.encode(capture),
            ])
    }

    fileprivate static func keep(_ frames: [KeptFrame], _ database: Database) throws {
        guard !frames.isEmpty else { return }
        let insert = try database.makeStatement(sql: Store.insertKeptFrame)
        for frame in frames { try insert.execute(arguments: Store.arguments(of: frame)) }
    }
}
