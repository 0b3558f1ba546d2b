import Assessment
import Foundation
import Testing

@Suite struct ValueTests {
    @Test func itemNumbersSortAsNumbers() throws {
        let sorted = ["2-10", "1-5", "2-9", "10-1"].compactMap { ItemID($0) }.sorted().map(\.description)
        #expect(sorted == ["1-5", "2-9", "2-10", "10-1"])
    }

    @Test(arguments: [
        "", "2", "2-", "-6", "2-6-1", "2-06", "02-6", "0-1", "2_6", "２-6", "1000-1", "2-1000", " 2-6", "a-b",
    ])
    func otherItemNumbersAreRefused(text: String) {
        #expect(ItemID(text) == nil)
    }

    @Test(arguments: [
        ("2026-04-01", true), ("2024-02-29", true), ("2000-02-29", true), ("1900-02-29", false), ("2026-02-29", false),
        ("2026-04-31", false), ("2026-00-01", false), ("2026-13-01", false), ("2026-4-1", false), ("0000-01-01", false),
        ("2026-04-00", false), ("2026-04-01T00", false), ("+026-04-01", false), ("２０２６-04-01", false),
    ])
    func datesAreOfTheCalendar(text: String, isDate: Bool) {
        let date = CalendarDate(text)
        #expect((date != nil) == isDate)
        if let date { #expect(date.description == text) }
    }

    @Test func datesAreWrittenAsPeopleDo() throws {
        let date = try #require(CalendarDate("2026-04-01"))
        #expect(date.text(in: .japanese) == "2026年4月1日")
        #expect(date.text(in: .english) == "1 April 2026")
    }

    @Test func answersReadBack() {
        let all: [Answer] = Level.allCases.map { .level($0) } + [.notApplicable, .unanswered]
        for answer in all { #expect(Answer(answer.description) == answer) }
        #expect(Answer("N/A") == .notApplicable)
        for text in ["", "0", "5", "02", "yes", "4.0"] { #expect(Answer(text) == nil) }
    }

    @Test func proposalsAndDecisionsSurviveCoding() throws {
        let proposal = try SampleChecklist.proposal("3-5", .notDone ... .partly, .contradicts, evidenceHash: "h")
        let decision = try SampleChecklist.decision("3-5", .level(.managed), id: "x", supersedes: ["y"])
        let (encoder, decoder) = (JSONEncoder(), JSONDecoder())
        #expect(try decoder.decode(Proposal.self, from: try encoder.encode(proposal)) == proposal)
        #expect(try decoder.decode(Decision.self, from: try encoder.encode(decision)) == decision)
    }

    @Test func storedProposalsCannotClaimLevelFour() throws {
        let proposal = try SampleChecklist.proposal("3-5", .notDone ... .partly, .supports)
        let stored = String(decoding: try JSONEncoder().encode(proposal), as: UTF8.self)
        let forged = stored.replacingOccurrences(of: "\"levels\":[1,2]", with: "\"levels\":[1,4]")
        #expect(forged != stored)
        #expect(try JSONDecoder().decode(Proposal.self, from: Data(forged.utf8)).levels == .notDone ... .done)
    }

    @Test func everyWordHasBothLanguages() {
        func check(_ name: (Language) -> String) {
            let (ja, en) = (name(.japanese), name(.english))
            #expect(!ja.isEmpty && !en.isEmpty && ja != en)
            #expect(ja.unicodeScalars.contains { $0.value > 0x3000 } && en.unicodeScalars.allSatisfy { $0.isASCII })
        }
        for value in Level.allCases { check(value.name(in:)) }
        for value in Grade.allCases { check(value.meaning(in:)) }
        for value in Proposal.Verdict.allCases { check(value.name(in:)) }
        for value in Proposal.Confidence.allCases { check(value.name(in:)) }
        for value in ItemScore.Mark.allCases { check(value.name(in:)) }
        for value in ItemScore.Progress.allCases { check(value.name(in:)) }
        for value in ItemScore.Origin.allCases { check(value.name(in:)) }
        #expect(Grade.scale(in: .english) == "A (good) – D")
    }
}
