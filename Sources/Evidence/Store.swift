import Crypto
import Foundation
import GRDB

/// One assessment in one SQLite file, `plant.otscan`: what was read, what was derived from it, and what people decided.
package struct Store: Sendable {
    let queue: DatabaseQueue
    let fresh = FreshResults()
    package let path: String

    /// Opens a store, or makes one when `create` says so and there is none.
    package init(path: String, create: Bool) throws(StoreError) {
        self.path = path
        let exists = FileManager.default.fileExists(atPath: path)
        guard exists || create else {
            throw StoreError("\(path): no such store; `otscan analyze` or `otscan init` makes one")
        }
        if exists { try Store.checkHeader(path) }
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(10)
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA journal_mode = WAL")
                try database.execute(sql: "PRAGMA synchronous = NORMAL")
            }
            if !exists {
                // Made before SQLite opens it, so that nobody else can read it even for a moment.
                guard
                    FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
                else {
                    throw StoreError("\(path): cannot be created; check that the folder exists and is writable")
                }
            }
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try StoreSchema.migrator.migrate(queue)
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError("\(path): cannot be opened as a store: \(error)")
        }
    }

    /// A store in memory, for work that is not to be kept.
    package init() throws(StoreError) {
        path = ":memory:"
        do {
            queue = try DatabaseQueue()
            try StoreSchema.migrator.migrate(queue)
        } catch {
            throw StoreError("a store in memory cannot be made: \(error)")
        }
    }

    private static func checkHeader(_ path: String) throws(StoreError) {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw StoreError("\(path): cannot be read; check its permissions")
        }
        defer { try? handle.close() }
        let head = (try? handle.read(upToCount: 16)) ?? Data()
        guard head.isEmpty || head == Data("SQLite format 3\u{0}".utf8) else {
            throw StoreError("\(path): not a store; expected an SQLite file made by otscan")
        }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do { return try queue.read(body) } catch { throw StoreError("\(path): \(error)") }
    }

    func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do { return try queue.write(body) } catch { throw StoreError("\(path): \(error)") }
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

/// Why a store could not be used: names the file and what to do.
package struct StoreError: Error, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}

/// Lower-case hexadecimal SHA-256.
func sha256(_ bytes: some DataProtocol) -> String {
    SHA256.hash(data: bytes).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
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
