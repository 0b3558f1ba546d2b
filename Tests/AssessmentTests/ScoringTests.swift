import Assessment
import Testing

@Suite struct ScoringTests {
    private typealias Sample = SampleChecklist

    /// Every item of a category answered alike.
    private func uniform(_ scorer: Scorer, _ level: Level) throws -> ScoreCard {
        scorer.score(try scorer.checklist.items.map { try Sample.decision($0.id, .level(level)) })
    }

    @Test(arguments: [
        (Level.notDone, "0.0", Grade.d), (.partly, "40.0", .c), (.done, "60.0", .b), (.managed, "100.0", .a),
    ])
    func uniformAnswersGiveThePointsOfTheirLevel(level: Level, text: String, grade: Grade) throws {
        let scorer = try Sample.scorer()
        let card = try uniform(scorer, level)
        for category in card.declared.categories {
            #expect(category.score.map(scorer.policy.text) == text)
            #expect(category.grade == grade)
            #expect(category.state == .final)
        }
        #expect(card.declared.total.score.map(scorer.policy.text) == text)
        #expect(card.declared.total.grade == grade)
        #expect(card.declared == card.adjusted)
    }

    @Test func nothingDecidedIsNotGradable() throws {
        let scorer = try Sample.scorer()
        let card = scorer.score([Decision]())
        let total = card.declared.total
        #expect(total.state == .tooFewDecided(decided: 0, of: 32))
        #expect(total.state.text(in: .english, checklist: scorer.checklist) == "not gradable: 0 of 32 decided")
        #expect(total.grade == nil)
        #expect(total.score == nil)
        #expect(total.range == Fraction(0)...Fraction(100))
        #expect(card.items.allSatisfy { $0.progress == .needsAnswer && $0.origin == nil })
    }

    @Test func proposalsNarrowTheirOwnRangeAndDecideNothing() throws {
        let scorer = try Sample.scorer()
        let proposal = try Sample.proposal("3-5", .notDone ... .notDone, .contradicts)
        let card = scorer.score([Decision](), proposals: [proposal.item: proposal])
        let technology = try #require(card.declared["c3"])
        #expect(technology.range == Fraction(0)...Fraction(100))
        #expect(technology.proposedRange == Fraction(0)...(try #require(Fraction(175, over: 2))))
        #expect(card.declared.total.state == .tooFewDecided(decided: 0, of: 32))
        #expect(card[proposal.item]?.progress == .proposed)
        #expect(card[proposal.item]?.origin == .auto)
    }

    @Test func aLetterNeedsFourFifthsOfTheApplicableItems() throws {
        let scorer = try Sample.scorer()
        func states(_ decided: Int, notApplicable: Int = 0) throws -> CategoryScore {
            let ids = scorer.checklist.categories[1].items.map(\.id)
            var decisions = try ids.prefix(decided).map { try Sample.decision($0, .level(.done)) }
            decisions += try ids.suffix(notApplicable).map { try Sample.decision($0, .notApplicable) }
            return try #require(scorer.score(decisions).declared["c2"])
        }
        // 13 items: 80 % is 10.4.
        #expect(try states(10).state == .tooFewDecided(decided: 10, of: 13))
        #expect(try states(10).grade == nil)
        #expect(try states(11).state == .provisional(open: 2))
        #expect(try states(11).grade == .b)
        // 10 applicable items: exactly 80 % is enough.
        #expect(try states(8, notApplicable: 3).state == .provisional(open: 2))
        #expect(try states(10, notApplicable: 3).state == .final)
        // 6 of 13 not applicable is less than half, 7 is more.
        #expect(try states(7, notApplicable: 6).state == .final)
        #expect(try states(6, notApplicable: 7).state == .mostlyNotApplicable(notApplicable: 7, of: 13))
        #expect(try states(6, notApplicable: 7).score == nil)
    }

    @Test func exactlyHalfNotApplicableIsNotGradable() throws {
        let scorer = try Sample.scorer()
        let items = scorer.checklist.items
        // Half of the eight items of the third category.
        let decisions = try items.map { item in
            let isOut = item.id.category == 3 && item.id.number > 4
            return try Sample.decision(item.id, isOut ? .notApplicable : .level(.managed))
        }
        let card = scorer.score(decisions)
        #expect(card.declared["c3"]?.state == .mostlyNotApplicable(notApplicable: 4, of: 8))
        #expect(card.declared.total.state == .categoriesNotGradable(["c3"]))
        #expect(card.declared.total.grade == nil)
        #expect(card.declared.total.range == nil)
        #expect(card.declared["c1"]?.grade == .a)
    }

    @Test func levelsWithoutBackingStandButAreMarked() throws {
        let scorer = try Sample.scorer()
        let bare = try Decision(item: Sample.id("1-1"), answer: .level(.managed), reason: "said so")
        let documentOnly = try Decision(
            item: Sample.id("1-2"), answer: .level(.managed), reason: "said so", document: "p.pdf")
        let blank = try Decision(item: Sample.id("1-3"), answer: .level(.done), reason: "said so", evidence: [" \n"])
        let partly = try Decision(item: Sample.id("1-4"), answer: .level(.partly), reason: "said so")
        let backed = try Sample.decision("1-5", .level(.done))
        let card = scorer.score([bare, documentOnly, blank, partly, backed])
        let marks = card.items.prefix(5).map { $0.marks.contains(.unsupported) }
        #expect(marks == [true, true, true, false, false])
        #expect(card.items.prefix(5).map(\.declared.level) == [.managed, .managed, .done, .partly, .done])
        #expect(card.items.prefix(5).map(\.adjusted.level) == [.done, .done, .partly, .partly, .done])
        #expect(card.declared["c1"]?.score == Fraction(72))
        #expect(card.adjusted["c1"]?.score == Fraction(52))
    }

    @Test func contradictedAnswersStandButAreMarkedAndCapped() throws {
        let scorer = try Sample.scorer()
        let flat = try Sample.proposal("3-5", .notDone ... .notDone, .contradicts)
        let remote = try Sample.proposal("3-6", .notDone ... .partly, .contradicts)
        let wireless = try Sample.proposal("2-7", .partly ... .partly, .supports)
        let quiet = try Sample.proposal("3-7", .notDone ... .partly, .undetermined)
        let proposals = Dictionary(uniqueKeysWithValues: [flat, remote, wireless, quiet].map { ($0.item, $0) })
        let card = scorer.score(
            [
                try Sample.decision("3-5", .level(.done)), try Sample.decision("3-6", .level(.partly)),
                try Sample.decision("2-7", .notApplicable), try Sample.decision("3-7", .level(.managed)),
            ], proposals: proposals)

        let segmentation = try #require(card[flat.item])
        #expect(segmentation.marks == [.contradicted])
        #expect(segmentation.progress == .contradicted)
        #expect(segmentation.origin == .overridden)
        #expect(segmentation.declared == .level(.done))
        #expect(segmentation.adjusted == .level(.notDone))

        #expect(card[remote.item]?.marks == [])
        #expect(card[remote.item]?.origin == .reviewed)

        // Wireless LAN that traffic shows cannot be "not applicable": the item is open again.
        #expect(card[wireless.item]?.marks == [.contradicted])
        #expect(card[wireless.item]?.declared == .notApplicable)
        #expect(card[wireless.item]?.adjusted == .unanswered)

        // An undetermined proposal contradicts nothing.
        #expect(card[quiet.item]?.marks == [])
        #expect(card[quiet.item]?.adjusted == .level(.managed))
    }

    @Test func proposalsFromTrafficNeverReachLevelFourUnlessOpen() throws {
        #expect(try Sample.proposal("2-6", .partly ... .managed, .supports).levels == .partly ... .done)
        #expect(try Sample.proposal("2-6", .managed ... .managed, .supports).levels == .done ... .done)
        #expect(try Sample.proposal("2-6", .notDone ... .managed, .undetermined).levels == .notDone ... .managed)
    }

    @Test func changedEvidenceIsFlagged() throws {
        let scorer = try Sample.scorer()
        let item = try Sample.id("2-6")
        func marks(decided: String, now: String) throws -> Set<ItemScore.Mark>? {
            let decision = try Decision(item: item, answer: .level(.partly), reason: "seen", evidenceHash: decided)
            let proposal = try Sample.proposal("2-6", .partly ... .partly, .supports, evidenceHash: now)
            return scorer.score([decision], proposals: [item: proposal])[item]?.marks
        }
        #expect(try marks(decided: "a", now: "a") == [])
        #expect(try marks(decided: "a", now: "b") == [.evidenceChanged])
        #expect(try marks(decided: "", now: "b") == [])
    }

    @Test func whatIfRaisesButNeverLowers() throws {
        let scorer = try Sample.scorer()
        let decisions = [
            try Sample.decision("3-5", .level(.notDone)), try Sample.decision("3-6", .level(.managed)),
            try Sample.decision("3-7", .notApplicable),
        ]
        let targets = [
            try Sample.id("3-5"): Level.partly, try Sample.id("3-6"): .partly, try Sample.id("3-7"): .partly,
            try Sample.id("3-8"): .partly,
        ]
        let card = scorer.score(decisions, assuming: targets)
        #expect(card[try Sample.id("3-5")]?.declared == .level(.partly))
        #expect(card[try Sample.id("3-6")]?.declared == .level(.managed))
        #expect(card[try Sample.id("3-7")]?.declared == .notApplicable)
        #expect(card[try Sample.id("3-8")]?.declared == .level(.partly))
        // What stands is untouched: a projection is not an answer.
        #expect(card[try Sample.id("3-8")]?.decision == nil)
    }

    @Test func gradesComeFromTheUnroundedScoreAndTheTextAgrees() throws {
        let policy = try Sample.policy()
        let almost = try #require(Fraction(7997, over: 100))
        #expect(policy.grade(of: almost) == .b)
        #expect(almost.decimal(places: 1) == "80.0")
        #expect(policy.text(of: almost) == "79.9")
        #expect(policy.grade(of: Fraction(80)) == .a)
        #expect(policy.text(of: Fraction(80)) == "80.0")
        #expect(policy.grade(of: Fraction(60)) == .b)
        #expect(policy.grade(of: Fraction(40)) == .c)
        #expect(Grade.a > .b && Grade.c > .d)
    }

    @Test func unknownItemsAreNamedNotScored() throws {
        let scorer = try Sample.scorer()
        let card = scorer.score([try Sample.decision("9-9", .level(.done))])
        #expect(card.unknownItems == [try Sample.id("9-9")])
        #expect(card.declared.total.decided == 0)
    }

    @Test func policiesThatWouldMisleadAreRefused() throws {
        #expect(throws: PolicyError.fallingPoints(.partly, .done)) { try Sample.policy(points: [0, 60, 40, 100]) }
        #expect(throws: PolicyError.self) { try Sample.policy(points: [0, 40, 60, 101]) }
        #expect(throws: PolicyError.categoryWeight("c4", 0)) { try Sample.policy(weights: [3, 3, 3, 0]) }
        #expect(throws: PolicyError.noWeight(category: "c4")) {
            try Scorer(checklist: try Sample.standard(), policy: try Sample.policy(weights: [3, 3, 3]))
        }
    }

    @Test func notApplicableNeedsAReason() throws {
        let item = try Sample.id("2-7")
        #expect(throws: DecisionError.notApplicableWithoutReason(item)) {
            try Decision(item: item, answer: .notApplicable, reason: " \t")
        }
    }
}
