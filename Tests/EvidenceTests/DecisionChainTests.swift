import Assessment
import Foundation
import GRDB
import Model
import TestSupport
import Testing

@testable import Evidence

/// Whatever is done to the rows of decisions behind the store's back is found.
@Suite struct DecisionChainTests {
    private func store(_ count: Int, seed: UInt64) throws -> Store {
        let store = try Store()
        var random = RandomResults(seed: seed)
        for _ in 0..<count { try store.append(random.decision()) }
        try store.write {
            try $0.execute(sql: "DROP TRIGGER decision_is_never_changed; DROP TRIGGER decision_is_never_deleted")
        }
        return store
    }

    @Test func rowsCannotBeChangedOrDeletedThroughSQLAlone() throws {
        let store = try Store()
        var random = RandomResults(seed: 1)
        try store.append(random.decision())
        #expect(throws: StoreError.self) { try store.write { try $0.execute(sql: "DELETE FROM decision") } }
        #expect(throws: StoreError.self) { try store.write { try $0.execute(sql: "UPDATE decision SET item = '2-6'") } }
        #expect(try store.verifyDecisions().isEmpty)
    }

    /// Every column of every row, changed a little.
    @Test(arguments: ["id", "item", "reviewer", "previous", "document"])
    func aChangedColumnIsFound(column: String) throws {
        for row in 1...6 {
            let store = try store(6, seed: 7)
            let value = try #require(
                try store.read {
                    try String.fetchOne($0, sql: "SELECT \(column) FROM decision WHERE sequence = ?", arguments: [row])
                })
            let changed = value.isEmpty ? "x" : String(value.dropLast()) + (value.hasSuffix("0") ? "1" : "0")
            try store.write {
                try $0.execute(
                    sql: "UPDATE decision SET \(column) = ? WHERE sequence = ?", arguments: [changed, row])
            }
            #expect(try !store.verifyDecisions().isEmpty, "\(column) of row \(row)")
        }
    }

    /// A forged answer in a document that is otherwise whole.
    @Test func aForgedAnswerIsFound() throws {
        let store = try store(1, seed: 9)
        let decision = try #require(try store.decisions().first)
        let forged = try Decision(
            id: decision.id, item: decision.item, answer: .level(.managed), reason: decision.reason,
            reviewer: decision.reviewer, time: decision.time, previous: decision.previous)
        let text = try StoreCoding.encode(forged)
        try store.write { try $0.execute(sql: "UPDATE decision SET document = ?", arguments: [text]) }
        #expect(try store.verifyDecisions().first?.contains("changed") == true)
    }

    @Test func aDeletedRowIsFoundAndARemovedTailByItsHead() throws {
        for row in 1...8 {
            let store = try store(8, seed: 11)
            let heads = try store.decisionHeads()
            let all = try store.decisions()
            #expect(heads.map(\.count).reduce(0, +) == 8)
            try store.write { try $0.execute(sql: "DELETE FROM decision WHERE sequence = ?", arguments: [row]) }
            let removed = all[row - 1]
            let isTail = heads.contains { $0.id == removed.id }
            let found = try store.verifyDecisions()
            #expect(found.isEmpty == isTail, "row \(row): \(found)")
            #expect(try !store.verifyDecisions(heads: heads.map(\.id)).isEmpty, "row \(row)")
            #expect(try store.verifyDecisions(heads: heads.map { String($0.id.prefix(12)) }).isEmpty == false)
        }
    }

    @Test func aHeadRecordedEarlierStillFits() throws {
        let store = try Store()
        var random = RandomResults(seed: 3)
        for _ in 0..<4 { try store.append(random.decision()) }
        let heads = try store.decisionHeads().map(\.id)
        for _ in 0..<4 { try store.append(random.decision()) }
        #expect(try store.verifyDecisions(heads: heads).isEmpty)
        #expect(try !store.verifyDecisions(heads: [String(repeating: "0", count: 64)]).isEmpty)
    }

    @Test func exchangedRowsOfAChainAreFound() throws {
        for (a, b) in [(1, 2), (2, 5), (1, 6)] {
            let store = try Store()
            let item = try #require(ItemID("2-6"))
            for time in 1...6 {
                try store.append(
                    Decision(item: item, answer: .level(.done), reason: "", reviewer: "sato", time: Int64(time)))
            }
            try store.write {
                try $0.execute(
                    sql: """
                        DROP TRIGGER decision_is_never_changed;
                        UPDATE decision SET sequence = -1 WHERE sequence = \(a);
                        UPDATE decision SET sequence = \(a) WHERE sequence = \(b);
                        UPDATE decision SET sequence = \(b) WHERE sequence = -1;
                        """)
            }
            #expect(try store.verifyDecisions().contains { $0.contains("moved") }, "\(a) and \(b)")
        }
    }

    @Test func aStoreWhoseDecisionsDoNotVerifyIsNotMerged() throws {
        let bad = try store(4, seed: 5)
        try bad.write { try $0.execute(sql: "DELETE FROM decision WHERE sequence = 1") }
        let good = try Store()
        let error = #expect(throws: StoreError.self) { _ = try good.merge(from: bad) }
        #expect(error?.description.contains("do not verify") == true)
        #expect(try good.decisions().isEmpty)
    }

    // MARK: The evidence under a decision

    private func hashes(_ change: (inout Proposal.Parts) -> Void = { _ in }, frames: [UInt64] = [3, 9]) throws -> String
    {
        let store = try Store()
        let before = try store.captureID()
        try store.add(RandomResults.result(1, capture: before))
        var parts = Proposal.Parts()
        change(&parts)
        let picture = PlantPicture(
            assets: [], segments: [], conduits: [], remoteSessions: [], findings: [],
            exhibits: [
                Exhibit(
                    id: "e", title: Phrase(ja: "証拠", en: "Proof"),
                    frames: frames.map { FrameRef(capture: before, number: $0, time: .zero) }, displayFilter: "")
            ], outside: OutsideTraffic(),
            coverage: Coverage(
                first: .zero, last: .zero, seconds: 0, frames: 0, isTwoWay: true, isMirror: true, hasVLANTags: false,
                reportedDrops: nil))
        try store.replaceDerived(picture, proposals: [parts.proposal()], ledgerMatch: nil, keptFrames: [])
        return try #require(try store.proposals().first).evidenceHash
    }

    @Test func theEvidenceHashChangesWithTheEvidenceAlone() throws {
        let hash = try hashes()
        #expect(hash.count == 64)
        // Derived again, in another store: the same.
        #expect(try hashes() == hash)
        // Put otherwise, or in the other language: the same.
        #expect(try hashes { $0.reason = Bilingual(ja: "別の言い方。", en: "3 hosts of “line A” do as much.") } == hash)
        #expect(try hashes { $0.questions = [Bilingual(ja: "質問", en: "Question")] } == hash)
        // Other figures, names, levels, verdicts, frames: another.
        let others = [
            try hashes { $0.reason = Bilingual(ja: "", en: "4 hosts of “line A” talk to the office.") },
            try hashes { $0.reason = Bilingual(ja: "", en: "3 hosts of “line B” talk to the office.") },
            try hashes { $0.levels = .notDone ... .notDone }, try hashes { $0.verdict = .supports },
            try hashes { $0.isProvisional = false }, try hashes { $0.exhibits = [] }, try hashes(frames: [3, 10]),
            try hashes(frames: [3]),
        ]
        #expect(Set(others + [hash]).count == others.count + 1)
    }

    @Test func theEvidenceHashOutlivesReanalysisAndTheOrderOfCaptures() throws {
        func hashes(_ paths: [String]) throws -> [String] {
            let store = try Store()
            for path in paths { _ = try Plant([path], store: store) }
            return try store.proposals().map { "\($0.item) \($0.evidenceHash)" }
        }
        let (flat, segmented) = (Plant.sample("factory.pcapng"), Plant.sample("factory-segmented.pcapng"))
        let once = try hashes([flat])
        #expect(once.count == 5)
        #expect(try hashes([flat, flat]) == once)
        #expect(try hashes([flat, segmented]) == hashes([segmented, flat]))
        #expect(try hashes([flat, segmented]) != once)
    }
}

extension Proposal {
    /// A proposal whose parts a test changes one by one.
    struct Parts {
        var levels: ClosedRange<Level> = .notDone ... .partly
        var verdict = Verdict.contradicts
        var isProvisional = true
        var reason = Bilingual(ja: "3台", en: "3 hosts of “line A” talk to the office.")
        var questions: [Bilingual] = []
        var exhibits = ["e"]

        func proposal() throws -> Proposal {
            Proposal(
                item: try #require(ItemID("3-5")), levels: levels, verdict: verdict, confidence: .high,
                isProvisional: isProvisional, reason: reason, wouldChange: Bilingual(ja: "", en: ""),
                cannotTell: Bilingual(ja: "", en: ""), questions: questions, exhibits: exhibits)
        }
    }
}
