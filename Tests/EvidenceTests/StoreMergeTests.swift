import Analysis
import Assessment
import Foundation
import GRDB
import Model
import TestSupport
import Testing

@testable import Evidence

/// What a store says apart from its numbers for captures, its own identity and the order of rows.
struct LogicalDump: Hashable {
    var lines: Set<String> = []

    init(_ store: Store) throws {
        let captures = try store.captures()
        let names = Dictionary(uniqueKeysWithValues: captures.map { ($0.id, $0.record.sha256) })
        for result in try store.results() {
            let name = result.capture.sha256
            lines.insert("\(result.capture)")
            for conversation in result.conversations { lines.insert("\(name) \(conversation.numbered())") }
            for (observation, sighting) in zip(result.observations, result.sightings) {
                lines.insert(
                    "\(name) \(observation) \(sighting.first.numbered(as: 0)) \(sighting.last.numbered(as: 0)) \(sighting.count)"
                )
            }
        }
        for decision in try store.decisions() { lines.insert("\(decision)") }
        for exhibit in try store.exhibits() {
            for kept in try store.keptFrames(of: exhibit) {
                lines.insert("\(names[kept.frame.capture] ?? "?") \(kept.sha256Kept)")
            }
        }
    }
}

extension Conversation {
    fileprivate func numbered() -> Conversation {
        CaptureResult(
            capture: CaptureRecord(
                name: "", sha256: "", format: "", frames: 0, bytes: 0, first: .zero, last: .zero, linkTypes: [:],
                accounting: [:]),
            conversations: [self], observations: [], sightings: []
        ).numbered(as: 0).conversations[0]
    }
}

@Suite struct StoreMergeTests {
    private func store(_ captures: [Int], decisions: Int, seed: UInt64) throws -> Store {
        let store = try Store()
        for number in captures { try store.add(RandomResults.result(number, capture: try store.captureID())) }
        var random = RandomResults(seed: seed)
        for _ in 0..<decisions { try store.append(random.decision()) }
        return store
    }

    private func merged(_ stores: [Store]) throws -> Store {
        let all = try Store()
        for store in stores { _ = try all.merge(from: store) }
        return all
    }

    @Test(arguments: UInt64(1)...12) func mergingIsAssociativeCommutativeAndIdempotent(seed: UInt64) throws {
        var random = RandomResults(seed: seed)
        func some() -> [Int] { (0..<(1 + random.number(4))).map { _ in random.number(6) } }
        let a = try store(some(), decisions: random.number(6), seed: seed)
        let b = try store(some(), decisions: random.number(6), seed: seed &+ 100)
        let c = try store(some(), decisions: random.number(6), seed: seed &+ 200)
        let all = try LogicalDump(merged([a, b, c]))
        for order in [[a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a], [a, a, b, c, b, a]] {
            #expect(try LogicalDump(merged(order)) == all)
        }
        #expect(try LogicalDump(merged([merged([a, b]), c])) == all)
        #expect(try LogicalDump(merged([a, merged([b, c])])) == all)
        // Into a store that is in use, and back.
        _ = try a.merge(from: b)
        _ = try b.merge(from: a)
        #expect(try LogicalDump(a) == LogicalDump(b))
        #expect(try a.verifyDecisions().isEmpty && b.verifyDecisions().isEmpty)
        let summary = try a.merge(from: b)
        #expect(summary.newCaptures == 0 && summary.newDecisions == 0)
    }

    @Test func oneCaptureReadInTwoWaysMergesTheSameEitherWay() throws {
        let few = try Store()
        let many = try Store()
        try few.add(RandomResults.result(1, capture: 1, conversations: 4))
        try many.add(RandomResults.result(1, capture: 1, conversations: 9, observations: 30))
        let left = try merged([few, many])
        #expect(try LogicalDump(left) == LogicalDump(merged([many, few])))
        #expect(try left.results().first?.conversations.count == 9)
    }

    @Test func decisionsOfTwoStoresOnOneItemAreAConflict() throws {
        let a = try Store()
        let b = try Store()
        let item = try #require(ItemID("3-5"))
        let left = try a.append(Decision(item: item, answer: .level(.notDone), reason: "", reviewer: "sato", time: 1))
        let right = try b.append(Decision(item: item, answer: .level(.done), reason: "", reviewer: "sato", time: 2))
        for store in [try merged([a, b]), try merged([b, a])] {
            #expect(DecisionHistory(try store.decisions()).standing(of: item) == .conflict([left, right]))
            #expect(Set(try store.decisionHeads().map(\.id)) == [left.id, right.id])
            #expect(try store.verifyDecisions(heads: [left.id, right.id]).isEmpty)
            let settled = try store.append(
                Decision(item: item, answer: .level(.partly), reason: "", reviewer: "sato", time: 3))
            // A chain of the merged store's own begins.
            #expect(settled.previous.isEmpty && Set(settled.supersedes) == [left.id, right.id])
            #expect(DecisionHistory(try store.decisions()).standing(of: item) == .settled(settled))
            #expect(try store.verifyDecisions().isEmpty)
        }
    }

    @Test func bothSidesOfACopiedStoreMerge() throws {
        let folder = try Scratch()
        let original = folder.file("a.otscan")
        var random = RandomResults(seed: 5)
        do {
            let store = try Store(path: original, create: true)
            for _ in 0..<3 { try store.append(random.decision()) }
        }
        try FileManager.default.copyItem(atPath: original, toPath: folder.file("b.otscan"))
        let a = try Store(path: original, create: false)
        let b = try Store(path: folder.file("b.otscan"), create: false)
        for _ in 0..<3 {
            try a.append(random.decision())
            try b.append(random.decision())
        }
        let all = try merged([a, b])
        #expect(try LogicalDump(all) == LogicalDump(merged([b, a])))
        #expect(try all.decisions().count == 9)
        #expect(try all.verifyDecisions().isEmpty)
    }

    // MARK: Order of captures

    @Test(arguments: UInt64(1)...6) func whatIsDerivedDoesNotDependOnTheOrderOfCaptures(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let numbers = [0, 1, 2, 3, 4]
        let reference = try derived(numbers)
        expectSame(try derived(numbers.shuffled(using: &random)), reference)
        expectSame(try derived(numbers.shuffled(using: &random), readingBack: true), reference)
    }

    @Test func theSampleCapturesInEitherOrderGiveTheSame() throws {
        let names = ["factory.pcapng", "factory-segmented.pcapng"].map(Plant.sample)
        let one = try Plant(names, store: Store())
        let other = try Plant(names.reversed(), store: Store())
        expectSame(try document(one.store), try document(other.store))
        // One after the other, the first read back from the store.
        let store = try Store()
        _ = try Plant([names[1]], store: store)
        _ = try Plant([names[0]], store: store)
        expectSame(try document(store), try document(one.store))
    }

    @Test func theSameCaptureTwiceChangesNothing() throws {
        let store = try Store()
        let path = Plant.sample("factory.pcapng")
        _ = try Plant([path], store: store)
        let before = try rows(store)
        _ = try Plant([path], store: store)
        expectSame(try rows(store), before)
        _ = try Plant([path, path], store: store)
        expectSame(try rows(store), before)
        #expect(before.count > 500)
    }

    /// Records where two lists of lines part; comparing them with `#expect` would take its time to show them whole.
    private func expectSame(_ a: [String], _ b: [String], at place: SourceLocation = #_sourceLocation) {
        if a == b { return }
        let (left, right) = (Set(a).subtracting(b).sorted(), Set(b).subtracting(a).sorted())
        let (one, other) = (left.first ?? "", right.first ?? "")
        let start = max(0, one.commonPrefix(with: other).count - 60)
        Issue.record(
            "\(a.count) and \(b.count) lines: …\(one.dropFirst(start).prefix(200)) | \(other.dropFirst(start).prefix(200))",
            sourceLocation: place)
    }

    private func derived(_ numbers: [Int], readingBack: Bool = false) throws -> [String] {
        let store = try Store()
        for number in numbers { try store.add(RandomResults.result(number, capture: try store.captureID())) }
        // The first time from memory, the second from the tables.
        if readingBack { _ = try store.results() }
        let (picture, proposals, match) = PlantAnalysis.derive(try store.results())
        try store.replaceDerived(picture, proposals: proposals, ledgerMatch: match, keptFrames: [])
        return try document(store)
    }

    /// Everything derived, with captures by name.
    private func document(_ store: Store) throws -> [String] {
        var numbers: [String: String] = [:]
        for (id, record) in try store.captures() { numbers["\"capture\":\(id),"] = "\"capture\":\(record.sha256)," }
        return try store.derivedDocuments().map { text in
            numbers.reduce(text) { $0.replacingOccurrences(of: $1.key, with: $1.value) }
        }
    }

    /// Every row of every table.
    private func rows(_ store: Store) throws -> [String] { try store.allRows() }
}

extension Store {
    func derivedDocuments() throws -> [String] {
        try read {
            try String.fetchAll($0, sql: "SELECT kind || ' ' || id || ' ' || document FROM derived ORDER BY kind, id")
        }
    }

    func allRows() throws -> [String] {
        try read { database in
            let tables = try String.fetchAll(
                database,
                sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
            return try tables.flatMap { table in
                try Row.fetchAll(database, sql: "SELECT * FROM \(table)").map { "\(table) \($0)" }.sorted()
            }
        }
    }
}
