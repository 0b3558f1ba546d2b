// Rows written by the ten thousand bind their values to SQLite here, without a box for each.

import GRDB
import GRDBSQLite
import Model

/// Writes rows through a prepared statement: bind the values from left to right, then `write`.
struct RowWriter: ~Copyable {
    private let statement: Statement
    private var column: Int32 = 0
    /// Texts of the rows, one after the other, and where each lies: SQLite reads them here instead of copying each.
    private var texts: [UInt8] = []
    private var places: [(column: Int32, start: Int, count: Int)] = []

    init(_ database: Database, sql: String) throws {
        statement = try database.makeStatement(sql: sql)
    }

    mutating func bind(_ value: some FixedWidthInteger) {
        column &+= 1
        sqlite3_bind_int64(statement.sqliteStatement, column, Int64(clamping: value))
    }

    mutating func bind(_ value: Bool) { bind(value ? 1 : 0) }

    mutating func bind(_ text: String?) {
        guard let text else { return bindNull() }
        column &+= 1
        let start = texts.count
        texts.append(contentsOf: text.utf8)
        places.append((column, start, texts.count - start))
    }

    mutating func bind(_ text: borrowing TextBytes) {
        column &+= 1
        places.append((column, texts.count, text.bytes.count))
        texts.append(contentsOf: text.bytes)
    }

    mutating func bindNull() {
        column &+= 1
        sqlite3_bind_null(statement.sqliteStatement, column)
    }

    mutating func bind(_ bytes: borrowing ObservationID) {
        column &+= 1
        var words = (bytes.high.bigEndian, bytes.low.bigEndian)
        withUnsafeBytes(of: &words) { octets in
            _ = sqlite3_bind_blob(
                statement.sqliteStatement, column, octets.baseAddress, Int32(octets.count), RowWriter.transient)
        }
    }

    /// Rows that go into one statement: starting and ending one costs SQLite as much as half a row; beyond this number there
    /// is next to nothing left to save.
    private static let rowsAtOnce = 32

    /// Writes a row for each element, several to a statement. `bind` binds the `columns` values of its element, from left to
    /// right. `insert` is the statement up to its values, `conflict` what follows them.
    static func write<Elements: Collection>(
        _ elements: Elements, _ database: Database, _ insert: String, columns: Int, conflict: String = "",
        bind: (inout RowWriter, Elements.Element) -> Void
    ) throws {
        func writer(rows: Int) throws -> RowWriter {
            let row = "(\([String](repeating: "?", count: columns).joined(separator: ", ")))"
            let values = [String](repeating: row, count: rows).joined(separator: ", ")
            return try RowWriter(database, sql: "\(insert) VALUES \(values) \(conflict)")
        }
        var rest = elements.count
        guard rest > 0 else { return }
        var rows = min(rest, rowsAtOnce)
        var row = try writer(rows: rows)
        var bound = 0
        for element in elements {
            bind(&row, element)
            bound += 1
            guard bound == rows else { continue }
            try row.write()
            bound = 0
            rest -= rows
            if rest > 0, rest < rows {
                rows = rest
                row = try writer(rows: rows)
            }
        }
    }

    /// Runs the statement with what was bound and makes it ready for the next rows.
    mutating func write() throws {
        // An empty array has no address, which SQLite would take for null.
        if texts.isEmpty { texts.append(0) }
        let result = texts.withUnsafeBytes { bytes in
            for place in places {
                sqlite3_bind_text(
                    statement.sqliteStatement, place.column,
                    bytes.baseAddress?.advanced(by: place.start).assumingMemoryBound(to: CChar.self),
                    Int32(clamping: place.count), nil)
            }
            let result = sqlite3_step(statement.sqliteStatement)
            sqlite3_reset(statement.sqliteStatement)
            return result
        }
        column = 0
        texts.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        guard result == SQLITE_DONE else {
            throw DatabaseError(resultCode: ResultCode(rawValue: result), sql: statement.sql)
        }
    }

    /// SQLITE_TRANSIENT: SQLite copies the bytes before the call returns.
    private static var transient: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
}

/// The first 16 bytes of a SHA-256.
struct ObservationID: Hashable, Comparable {
    var high: UInt64
    var low: UInt64

    static func < (a: ObservationID, b: ObservationID) -> Bool { a.high == b.high ? a.low < b.low : a.high < b.high }
}
