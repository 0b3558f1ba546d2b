import Assessment
import Testing

@Suite struct DecisionHistoryTests {
    private typealias Sample = SampleChecklist

    private func standing(_ decisions: [Decision]) throws -> DecisionHistory.Standing {
        DecisionHistory(decisions).standing(of: try Sample.id("2-6"))
    }

    @Test func aDecisionStandsUntilSuperseded() throws {
        let first = try Sample.decision("2-6", .level(.partly), id: "a")
        let second = try Sample.decision("2-6", .level(.done), id: "b", supersedes: ["a"])
        let third = try Sample.decision("2-6", .level(.partly), id: "c", supersedes: ["b"])
        #expect(try standing([first]) == .settled(first))
        #expect(try standing([second, first]) == .settled(second))
        #expect(try standing([third, first, second]) == .settled(third))
    }

    @Test func differentAnswersMadeApartAreAConflict() throws {
        let mine = try Sample.decision("2-6", .level(.partly), id: "a")
        let yours = try Sample.decision("2-6", .level(.done), id: "b")
        #expect(try standing([yours, mine]) == .conflict([mine, yours]))
        let settlement = try Sample.decision("2-6", .level(.partly), id: "c", supersedes: ["a", "b"])
        #expect(try standing([mine, settlement, yours]) == .settled(settlement))

        let card = try Sample.scorer().score([mine, yours])
        let item = try #require(card[mine.item])
        #expect(item.marks == [.conflict])
        #expect(item.progress == .conflict)
        #expect(item.declared == .unanswered)
    }

    @Test func equalAnswersMadeApartAgree() throws {
        let bare = try Decision(id: "b", item: Sample.id("2-6"), answer: .level(.done), reason: "said so", time: 9)
        let backed = try Sample.decision("2-6", .level(.done), id: "a")
        #expect(try standing([bare, backed]) == .settled(backed))
    }

    @Test func anAnswerCanBeTakenBack() throws {
        let first = try Sample.decision("2-6", .level(.done), id: "a")
        let withdrawal = try Sample.decision("2-6", .unanswered, id: "b", supersedes: ["a"])
        #expect(try standing([first, withdrawal]) == .undecided)
    }

    @Test func noDecisionHidesBehindACycle() throws {
        let a = try Sample.decision("2-6", .level(.partly), id: "a", supersedes: ["b"])
        let b = try Sample.decision("2-6", .level(.done), id: "b", supersedes: ["a"])
        let selfish = try Sample.decision("2-6", .level(.notDone), id: "s", supersedes: ["s"])
        let honest = try Sample.decision("2-6", .level(.managed), id: "h")
        let all = DecisionHistory([a, b, selfish, honest]).undominated(on: a.item)
        #expect(Set(all.map(\.id)) == ["a", "b", "h", "s"])
        // One that saw them all settles even this.
        let judge = try Sample.decision("2-6", .level(.partly), id: "j", supersedes: ["a", "b", "s", "h"])
        #expect(try standing([a, b, selfish, honest, judge]) == .settled(judge))
    }

    @Test func longChainsTakeLinearTime() throws {
        let item = try Sample.id("2-6")
        var decisions: [Decision] = []
        for number in 0..<20_000 {
            decisions.append(
                try Decision(
                    id: "d\(number)", item: item, answer: .level(.partly), reason: "r", time: Int64(number),
                    supersedes: number > 0 ? ["d\(number - 1)"] : []))
        }
        let history = DecisionHistory(decisions)
        #expect(history.undominated(on: item).map(\.id) == ["d19999"])
    }

    @Test func canonicalBytesTellFieldsApart() throws {
        let item = try Sample.id("2-6")
        let a = try Decision(item: item, answer: .level(.partly), reason: "ab", status: "c")
        let b = try Decision(item: item, answer: .level(.partly), reason: "a", status: "bc")
        let c = try Decision(item: item, answer: .level(.partly), reason: "ab", status: "c", evidence: [""])
        let d = try Decision(item: item, answer: .level(.partly), reason: "ab", status: "c", previous: "x")
        #expect(Set([a, b, c, d].map(\.canonicalBytes)).count == 4)
        let recorded = try Decision(id: "hash", item: item, answer: .level(.partly), reason: "ab", status: "c")
        #expect(recorded.canonicalBytes == a.canonicalBytes)
        #expect(String(decoding: a.canonicalBytes.prefix(33), as: UTF8.self) == "17:otscan-decision/1,3:2-6,1:2,2:")
    }
}
