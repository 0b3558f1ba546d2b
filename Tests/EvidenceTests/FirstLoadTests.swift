import Foundation
import GRDB
import Model
import Testing

@testable import Evidence

/// The first capture goes into a new store without a write-ahead log.
@Suite struct FirstLoadTests {
    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("first-load-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.appendingPathComponent("plant.otscan").path)
    }

    private func result(_ name: String) -> CaptureResult {
        let time = Timestamp(nanoseconds: 1)
        return CaptureResult(
            capture: CaptureRecord(
                name: name, sha256: name, format: "pcap", frames: 0, bytes: 0, first: time, last: time, linkTypes: [:],
                accounting: [:], reportedDrops: nil, damage: nil, limitsReached: [:], malformedMessages: 0),
            conversations: [], observations: [], sightings: [])
    }

    private func pragma(_ name: String, _ store: Store) throws -> String? {
        try store.queue.read { try String.fetchOne($0, sql: "PRAGMA \(name)") }
    }

    @Test func afterItTheLogIsUsedAndReferencesAreChecked() throws {
        try inFolder { path in
            let store = try Store(path: path, create: true)
            try store.add(result("a"))
            #expect(try pragma("journal_mode", store) == "wal")
            #expect(try pragma("foreign_keys", store) == "1")
            try store.add(result("b"))
            #expect(try store.captures().count == 2)
            #expect(try store.queue.read { try Row.fetchAll($0, sql: "PRAGMA foreign_key_check") }.isEmpty)
        }
    }

    @Test func anotherReaderDoesNotKeepItFromLoading() throws {
        try inFolder { path in
            let store = try Store(path: path, create: true)
            let other = try Store(path: path, create: false)
            _ = try other.captures()
            try store.add(result("a"))
            #expect(try other.captures().count == 1)
            #expect(try pragma("journal_mode", store) == "wal")
        }
    }
}
