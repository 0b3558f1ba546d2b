import Assessment
import Evidence
import Foundation
import GRDB
import Model
import Testing

/// What people note beside decisions: chained, merged, never changed.
@Suite struct DeskRecordTests {
    private func store(_ reviewer: String) throws -> Store {
        let store = try Store()
        var note = AssetNote()
        note.owner = reviewer
        try store.append(AuditEntry(kind: .asset, subject: "mac-1", values: note.values, reviewer: reviewer, time: 1))
        _ = try store.attach(
            Array("procedure of \(reviewer)".utf8), name: "p.txt", mediaType: "text/plain",
            date: CalendarDate("2026-04-01"), item: "1-4", reviewer: reviewer, time: 2)
        _ = try store.signOff(reviewer: reviewer, time: 3, remark: "", result: "40 C")
        return store
    }

    @Test func mergingKeepsEveryChainOnce() throws {
        let (a, b) = (try store("Tanaka"), try store("Suzuki"))
        _ = try a.merge(from: b)
        _ = try a.merge(from: b)
        #expect(try a.auditEntries().count == 6)
        #expect(try a.verifyDecisions().isEmpty)
        #expect(try a.attachments().count == 2 && a.editions().count == 2)
        let hash = try #require(try b.attachments().first?.sha256)
        #expect(try a.attachmentBytes(sha256: hash) == Array("procedure of Suzuki".utf8))
    }

    @Test func draftsAreNotMerged() throws {
        let (a, b) = (try Store(), try Store())
        let item = try #require(ItemID("1-1"))
        try b.setDraft(["status": "half"], of: item)
        _ = try a.merge(from: b)
        #expect(try a.draft(of: item) == nil && b.draft(of: item) == ["status": "half"])
    }

    @Test func tamperingShows() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).otscan").path
        defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
        let store = try Store(path: path, create: true)
        try store.append(AuditEntry(kind: .asset, subject: "mac-1", values: ["owner": "a"], reviewer: "T", time: 1))
        try store.append(AuditEntry(kind: .asset, subject: "mac-2", values: ["owner": "b"], reviewer: "T", time: 2))
        _ = try store.attach(
            [1, 2, 3], name: "p", mediaType: "", date: nil, item: "1-4", reviewer: "T", time: 3)
        let queue = try DatabaseQueue(path: path)
        // The store itself refuses.
        #expect(throws: (any Error).self) { try queue.write { try $0.execute(sql: "UPDATE audit SET subject = 'x'") } }
        #expect(throws: (any Error).self) { try queue.write { try $0.execute(sql: "DELETE FROM audit") } }
        try queue.write { database in
            try database.execute(sql: "DROP TRIGGER audit_is_never_changed")
            try database.execute(sql: "DROP TRIGGER audit_is_never_deleted")
            try database.execute(sql: "UPDATE attachment SET bytes = x'0102'")
            try database.execute(sql: "DELETE FROM audit WHERE sequence = 1")
        }
        let problems = try store.verifyDecisions()
        #expect(problems.contains { $0.hasPrefix("audit entry") && $0.hasSuffix("the one before it was deleted") })
        #expect(problems.contains { $0.hasPrefix("attachment") })
    }

    @Test func aDecisionIsTakenOnlyInSightOfWhatStands() throws {
        let store = try Store()
        let item = try #require(ItemID("1-1"))
        func decision(_ level: Level) throws -> Decision {
            try Decision(item: item, answer: .level(level), reason: "r", reviewer: "T", time: 1)
        }
        guard case .recorded(let first) = try store.append(try decision(.notDone), seeing: []) else {
            Issue.record("not recorded")
            return
        }
        guard case .overtaken(let standing) = try store.append(try decision(.partly), seeing: []) else {
            Issue.record("not overtaken")
            return
        }
        #expect(standing.map(\.id) == [first.id])
        guard case .recorded = try store.append(try decision(.partly), seeing: [first.id]) else {
            Issue.record("not recorded")
            return
        }
        #expect(try store.decisions().count == 2)
    }
}
