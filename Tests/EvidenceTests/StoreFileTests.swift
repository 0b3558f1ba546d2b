import Analysis
import Assessment
import Foundation
import GRDB
import Model
import TestSupport
import Testing

@testable import Evidence

/// The store as a file: who may read it, and one clear line for whatever can be wrong with it.
@Suite struct StoreFileTests {
    private func refusal(_ path: String, create: Bool = false) -> String {
        do {
            _ = try Store(path: path, create: create, patience: 0.2)
            return ""
        } catch {
            #expect(error.description.hasPrefix("\(path): "))
            #expect(!error.description.contains("\n"))
            return error.description
        }
    }

    @Test func onlyTheOwnerCanReadItAndTheFilesBesideIt() throws {
        let folder = try Scratch()
        let path = folder.file("plant.otscan")
        let before = umask(0)
        defer { umask(before) }
        let store = try Store(path: path, create: true)
        try store.add(RandomResults.result(1, capture: 1))
        // Only what comes after the first capture goes through the log.
        try store.setFact("plant", "x")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(files) == ["plant.otscan", "plant.otscan-wal", "plant.otscan-shm"])
        for file in files {
            let mode = try FileManager.default.attributesOfItem(atPath: folder.file(file))[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(file)")
        }
        withExtendedLifetime(store) {}
    }

    @Test func whatIsNoStoreIsRefused() throws {
        let folder = try Scratch()
        #expect(refusal(folder.file("absent")).contains("no such store"))
        #expect(refusal(folder.file("no/such/folder"), create: true).contains("No such file or directory"))
        #expect(refusal(folder.path, create: true).contains("cannot be read"))
        let text = folder.file("text")
        try Data("not a database at all".utf8).write(to: URL(fileURLWithPath: text))
        #expect(refusal(text, create: true).contains("not a store"))
        let empty = folder.file("empty")
        try Data().write(to: URL(fileURLWithPath: empty))
        #expect(refusal(empty).contains("not a store"))

        let foreign = folder.file("foreign.sqlite")
        try DatabaseQueue(path: foreign).write { try $0.execute(sql: "CREATE TABLE t (x)") }
        #expect(refusal(foreign, create: true).contains("not a store made by otscan"))

        let newer = folder.file("newer")
        let store = try Store(path: newer, create: true)
        try store.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 from the future')") }
        #expect(refusal(newer).contains("newer version"))
    }

    @Test func aDamagedStoreIsRefused() throws {
        let folder = try Scratch()
        let path = folder.file("a")
        do {
            let store = try Store(path: path, create: true)
            for number in 0..<5 {
                try store.add(RandomResults.result(number, capture: UInt32(number + 1), conversations: 200))
            }
        }
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(whole.count > 60_000)
        var random = SplitMix(seed: 3)
        var refused = 0
        for _ in 0..<40 {
            // Pages after the header overwritten, or the file cut.
            var bytes = whole
            if random.next() % 2 == 0 {
                let start = 100 + Int(random.next() % UInt64(bytes.count - 5000))
                bytes.replaceSubrange(start..<start + 4096, with: random.bytes(4096))
            } else {
                bytes = bytes.prefix(100 + Int(random.next() % UInt64(bytes.count - 100)))
            }
            try? FileManager.default.removeItem(atPath: path + "-wal")
            try bytes.write(to: URL(fileURLWithPath: path))
            do {
                let store = try Store(path: path, create: false)
                _ = try store.results()
                _ = try store.verifyDecisions()
            } catch {
                refused += 1
                #expect(error.description.hasPrefix("\(path): ") && !error.description.contains("\n"), "\(error)")
            }
        }
        #expect(refused > 10)
    }

    @Test func aStoreThatAnotherProgramHoldsIsWaitedForAndThenTold() throws {
        let folder = try Scratch()
        let path = folder.file("a")
        let store = try Store(path: path, create: true, patience: 0.2)
        let other = try DatabaseQueue(path: path)
        try other.inDatabase { database in
            try database.execute(sql: "BEGIN IMMEDIATE")
            let error = #expect(throws: StoreError.self) { try store.setFact("plant", "a") }
            #expect(error?.description.contains("in use by another program") == true)
            // Reading goes on.
            #expect(try store.fact("plant") == nil)
            try database.execute(sql: "COMMIT")
        }
        try store.setFact("plant", "a")
    }

    /// The first capture goes into a store without its write-ahead log; who opens the store meanwhile is not turned away.
    @Test func aStoreThatTakesItsFirstCaptureCanBeOpened() throws {
        let folder = try Scratch()
        let path = folder.file("a")
        do { _ = try Store(path: path, create: true) }
        let other = try DatabaseQueue(path: path)
        try other.inDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = DELETE")
            try database.execute(sql: "BEGIN IMMEDIATE; INSERT INTO fact VALUES ('plant', 'a')")
            let store = try Store(path: path, create: true, patience: 0.2)
            #expect(try store.fact("plant") == nil)
            try database.execute(sql: "COMMIT")
            #expect(try store.fact("plant") == "a")
        }
    }

    @Test func aReadOnlyStoreIsTold() throws {
        guard geteuid() != 0 else {
            print("skipped: permissions do not bind this user")
            return
        }
        let folder = try Scratch()
        let path = folder.file("a")
        do { _ = try Store(path: path, create: true) }
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.path)
        #expect(refusal(path).contains("writable") || refusal(path).isEmpty)
        #expect(refusal(folder.file("b"), create: true).contains("Permission denied"))
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path)
    }

    /// Several connections at once, as several programs have them: all make the store, all write, none is lost.
    @Test func manyAtOnceDoNotDisturbEachOther() async throws {
        let folder = try Scratch()
        let path = folder.file("a")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    let store = try Store(path: path, create: true)
                    var random = RandomResults(seed: UInt64(writer))
                    for number in 0..<5 {
                        try store.append(random.decision())
                        try store.add(RandomResults.result(number, capture: 1))
                    }
                }
            }
            try await group.waitForAll()
        }
        let store = try Store(path: path, create: false)
        #expect(try store.decisions().count == 20)
        #expect(try store.captures().count == 5)
        #expect(try store.verifyDecisions().isEmpty)
        #expect(try store.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
    }

    @Test func aFullDiskIsToldAndLeavesTheStoreWhole() throws {
        let folder = try Scratch()
        guard let mount = Tool.find("mount"), let unmount = Tool.find("umount"),
            try Tool.run(mount, ["-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs", folder.path]).status == 0
        else {
            print("skipped: a small file system cannot be mounted here")
            return
        }
        defer { _ = try? Tool.run(unmount, ["-l", folder.path]) }
        let path = folder.file("a")
        let store = try Store(path: path, create: true)
        var added = 0
        var failure: StoreError?
        while failure == nil, added < 200 {
            do {
                try store.add(
                    RandomResults.result(added, capture: UInt32(added + 1), conversations: 400, observations: 200))
                added += 1
            } catch {
                failure = error
            }
        }
        let text = try #require(failure).description
        #expect(text.contains("the disk") && text.contains("full"), "\(text)")
        // What was added before is there; what was not leaves nothing.
        #expect(try store.results().map(\.conversations.count) == [Int](repeating: 400, count: added))
        #expect(added > 0)
        #expect(try store.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
        // A slice on the same disk fails as loudly.
        let frames = (1...4000).map { HostileFrames.kept(UInt64($0)) }
        let error = #expect(throws: (any Error).self) {
            try ExhibitSlice.write(frames: frames, captures: [:], to: folder.file("slice.pcapng"))
        }
        #expect("\(error.map { "\($0)" } ?? "")".contains("No space left"))
    }
}
