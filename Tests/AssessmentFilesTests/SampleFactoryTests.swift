import Assessment
import AssessmentFiles
import Testing

/// The sample factory's grades, as its answers and the default policy give them by hand calculation.
@Suite struct SampleFactoryTests {
    private func grades(_ tally: Tally, _ policy: ScoringPolicy) -> [String] {
        let categories = tally.categories.map { ($0.score, $0.grade) }
        return (categories + [(tally.total.score, tally.total.grade)]).map { score, grade in
            "\(score.map(policy.text) ?? "–") \(grade?.rawValue ?? "–")"
        }
    }

    private func score(_ names: [String]) throws -> ScoreCard {
        let decisions = try names.flatMap { try Shipped.sheet($0).decisions() }
        return try Shipped.scorer().score(decisions)
    }

    @Test(arguments: ["factory.yaml", "factory.en.yaml"])
    func theWholeSheetGradesAsPublished(name: String) throws {
        let policy = try Shipped.policy()
        let card = try score([name])
        #expect(grades(card.declared, policy) == ["44.0 C", "40.0 C", "27.5 D", "13.3 D", "34.8 D"])
        #expect(card.declared["supply_chain"]?.score == Fraction(40, over: 3))
        #expect(card.declared.total.score == Fraction(2087, over: 60))
        #expect(card.declared.total.state == .final)
        #expect(card.policyID == "otscan-default-1")
        #expect(card.checklistID == "otscan-factory-32/1")
    }

    /// Levels 3 without evidence fall to 2, levels 4 without a review date to 3.
    @Test func theAdjustedScoreStandsBesideIt() throws {
        let card = try score(["factory.yaml"])
        let unsupported = card.items.filter { $0.marks.contains(.unsupported) }.map(\.item.description)
        #expect(unsupported == ["1-1", "2-9", "2-11", "2-13", "3-4"])
        #expect(grades(card.adjusted, try Shipped.policy()) == ["40.0 C", "33.8 D", "22.5 D", "13.3 D", "30.2 D"])
    }

    @Test(arguments: ["", ".en"])
    func interviewAndReviewTogetherAreTheWholeSheet(language: String) throws {
        let whole = try Shipped.sheet("factory\(language).yaml").answers
        let parts =
            try Shipped.sheet("factory-interview\(language).yaml").answers
            + Shipped.sheet("factory-review\(language).yaml").answers
        #expect(whole.count == 32)
        #expect(Set(parts.map(\.item)) == Set(whole.map(\.item)))
        let levels = Dictionary(uniqueKeysWithValues: whole.map { ($0.item, $0.answer) })
        for part in parts { #expect(levels[part.item] == part.answer, "\(part.item)") }
        let card = try score(["factory-interview\(language).yaml", "factory-review\(language).yaml"])
        #expect(grades(card.declared, try Shipped.policy()) == ["44.0 C", "40.0 C", "27.5 D", "13.3 D", "34.8 D"])
    }

    @Test func theInterviewAloneLeavesTechnologyOpen() throws {
        let card = try score(["factory-interview.yaml"])
        #expect(card.declared["organization"]?.state == .final)
        #expect(card.declared["operation"]?.state == .provisional(open: 2))
        #expect(card.declared["technology"]?.state == .tooFewDecided(decided: 5, of: 8))
        #expect(card.declared["technology"]?.grade == nil)
        #expect(card.declared.total.state == .tooFewDecided(decided: 27, of: 32))
        #expect(card.declared.total.grade == nil)
        let open = card.items.filter { $0.progress == .needsAnswer }.map(\.item.description)
        #expect(open == ["2-6", "2-7", "3-5", "3-6", "3-7"])
    }

    @Test(arguments: ["", ".en"])
    func segmentationRaisesTechnology(language: String) throws {
        let card = try score(["factory-interview\(language).yaml", "factory-segmented-review\(language).yaml"])
        #expect(grades(card.declared, try Shipped.policy()) == ["44.0 C", "40.0 C", "42.5 C", "13.3 D", "39.3 D"])
    }

    @Test func whatIfForetellsTheSegmentation() throws {
        let scorer = try Shipped.scorer()
        let decisions = try Shipped.sheet("factory.yaml").decisions()
        let targets = Dictionary(
            uniqueKeysWithValues: ["3-5", "3-6", "3-7"].compactMap { ItemID($0) }.map { ($0, Level.partly) })
        #expect(targets.count == 3)
        let card = scorer.score(decisions, assuming: targets)
        #expect(card.declared["technology"]?.score == Fraction(85, over: 2))
        #expect(card.declared["technology"]?.grade == .c)
    }

    /// The rule is part of the grade: with 20 points for level 1 the same answers give a C.
    @Test func anotherPolicyGivesAnotherGrade() throws {
        let policy = try Shipped.policy()
        let generous = try ScoringPolicy(
            id: "generous", title: policy.title,
            points: ScoringPolicy.Points(
                notDone: Fraction(20), partly: policy.points.partly, done: policy.points.done,
                managed: policy.points.managed), bands: policy.bands, categoryWeights: policy.categoryWeights,
            decidedShare: policy.decidedShare, notApplicableShare: policy.notApplicableShare)
        let scorer = try Scorer(checklist: try Shipped.checklist(), policy: generous)
        let card = scorer.score(try Shipped.sheet("factory.yaml").decisions())
        #expect(card.declared.total.score.map(generous.text) == "40.5")
        #expect(card.declared.total.grade == .c)
        #expect(card.policyID == "generous")
    }

    @Test func theRuleIsPrintedFromThePolicy() throws {
        let (policy, checklist) = (try Shipped.policy(), try Shipped.checklist())
        let english = policy.rule(in: .english, checklist: checklist).joined(separator: "\n")
        for part in [
            "otscan-default-1", "1 → 0, 2 → 40, 3 → 60, 4 → 100", "A from 80, B from 60, C from 40",
            "Organization 3, Operation 3, Technology 3, Supply chain 1", "50 %", "80 %",
        ] {
            #expect(english.contains(part), "\(part)")
        }
        #expect(
            policy.rule(in: .japanese, checklist: checklist).count
                == policy.rule(in: .english, checklist: checklist).count)
    }
}
