import Crypto
import Foundation
import GRDB
import Glibc
import Model

/// One assessment in one SQLite file, `plant.otscan`: what was read, what was derived from it, and what people decided.
package struct Store: Sendable {
    let queue: DatabaseQueue
    let fresh = FreshResults()
    package let path: String

    /// How long another program that is writing is waited for, in seconds.
    package static let patience: Double = 10

    /// Opens a store, or makes one when `create` says so and there is none. It and SQLite's files beside it are readable by
    /// their owner only.
    package init(path: String, create: Bool, patience: Double = patience) throws(StoreError) {
        self.path = path
        if !FileManager.default.fileExists(atPath: path) {
            guard create else {
                throw StoreError("\(path): no such store; `otscan analyze` or `otscan init` makes one")
            }
            // Made before SQLite opens it, so that nobody else can read it even for a moment.
            let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                throw StoreError("\(path): cannot be created: \(String(cString: strerror(errno)))")
            }
            _ = close(descriptor)
        }
        try Store.checkHeader(path, create: create)
        var configuration = Configuration()
        configuration.busyMode = .timeout(patience)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
            // Of a new file only: rows of some hundred bytes, written by the ten thousand, fill larger pages at less cost.
            try database.execute(sql: "PRAGMA page_size = 8192")
        }
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try StoreSchema.prepare(queue)
        } catch {
            throw StoreError(path, error)
        }
    }

    /// A store in memory, for work that is not to be kept.
    package init() throws(StoreError) {
        path = ":memory:"
        do {
            queue = try DatabaseQueue()
            try StoreSchema.prepare(queue)
        } catch {
            throw StoreError(path, error)
        }
    }

    private static func checkHeader(_ path: String, create: Bool) throws(StoreError) {
        let handle = FileHandle(forReadingAtPath: path)
        defer { try? handle?.close() }
        let head: Data
        do {
            guard let handle else { throw CocoaError(.fileReadNoPermission) }
            head = try handle.read(upToCount: 16) ?? Data()
        } catch {
            throw StoreError("\(path): cannot be read; check that it is a file and its permissions")
        }
        guard head.isEmpty ? create : head == Data("SQLite format 3\u{0}".utf8) else {
            throw StoreError("\(path): not a store; expected an SQLite file made by otscan")
        }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do { return try queue.read(body) } catch { throw StoreError(path, error) }
    }

    func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do { return try queue.write(body) } catch { throw StoreError(path, error) }
    }

    // MARK: Journals

    /// Before the first capture there is next to nothing that a journal would have to keep, so rows go into the file at
    /// once instead of into a write-ahead log and from there into the file. Stopped at any moment, the store is as it was.
    /// Where another program has the store open, the journal stays as it is. Nor need references be looked up row by row:
    /// all that they lead to comes in the same transaction.
    func beginLoad() throws(StoreError) {
        let isEmpty = try read { try Int.fetchOne($0, sql: "SELECT 1 FROM capture LIMIT 1") == nil }
        guard isEmpty else { return }
        set("journal_mode = DELETE")
        set("foreign_keys = OFF")
    }

    /// Goes back to the write-ahead log, which lets others read while one writes.
    func endLoad() {
        set("foreign_keys = ON")
        set("journal_mode = WAL")
    }

    /// A journal's kind is not changed while others have the store open; then the one it has will do.
    private func set(_ pragma: String) {
        try? queue.inDatabase { database in try database.execute(sql: "PRAGMA \(pragma)") }
    }

    // MARK: Facts about the assessment

    /// A named fact (plant name, language, when it was made); nil when it was not set.
    package func fact(_ name: String) throws(StoreError) -> String? {
        try read { try String.fetchOne($0, sql: "SELECT value FROM fact WHERE name = ?", arguments: [name]) }
    }

    package func setFact(_ name: String, _ value: String) throws(StoreError) {
        try write {
            try $0.execute(
                sql:
                    "INSERT INTO fact(name, value) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
                arguments: [name, value])
        }
    }
}

/// Lower-case hexadecimal SHA-256.
func sha256(_ bytes: some DataProtocol) -> String {
    SHA256.hash(data: bytes).hexadecimalText
}

enum StoreCoding {
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
