import Assessment
import Testing

/// What holds for any checklist, policy and answers; each case can be run again by its seed.
@Suite struct ScoringPropertyTests {
    private struct Case {
        var generator: SeededGenerator
        let scorer: Scorer
        var answers: [ItemID: Answer]

        init(seed: UInt64) throws {
            var generator = SeededGenerator(state: seed)
            let counts = (0..<4).map { _ in Int.random(in: 1...15, using: &generator) }
            let checklist = try SampleChecklist.make(counts, weights: &generator)
            let points = (0..<4).map { _ in Int.random(in: 0...100, using: &generator) }.sorted()
            let weights = (0..<4).map { _ in Int.random(in: 1...100, using: &generator) }
            scorer = try Scorer(
                checklist: checklist, policy: try SampleChecklist.policy(points: points, weights: weights))
            answers = try SampleChecklist.randomAnswers(for: checklist, using: &generator)
            self.generator = generator
        }

        func score(_ answers: [ItemID: Answer], proposals: [ItemID: Proposal] = [:]) throws -> ScoreCard {
            scorer.score(try SampleChecklist.decisions(answers), proposals: proposals)
        }

        mutating func proposals() throws -> [ItemID: Proposal] {
            var proposals: [ItemID: Proposal] = [:]
            for item in scorer.checklist.items where Bool.random(using: &generator) {
                let a = Level.allCases.randomElement(using: &generator) ?? .notDone
                let b = Level.allCases.randomElement(using: &generator) ?? .notDone
                let verdict = Proposal.Verdict.allCases.randomElement(using: &generator) ?? .undetermined
                proposals[item.id] = try SampleChecklist.proposal(item.id.description, min(a, b)...max(a, b), verdict)
            }
            return proposals
        }
    }

    private static let seeds = Array<UInt64>(1...150)

    @Test(arguments: seeds) func moreNeverLowersAScore(seed: UInt64) throws {
        var sample = try Case(seed: seed)
        let before = try sample.score(sample.answers).declared
        let raisable = sample.answers.compactMap { item, answer in answer.level.map { (item, $0) } }.sorted {
            $0.0 < $1.0
        }
        guard let (item, level) = raisable.randomElement(using: &sample.generator),
            let higher = Level(rawValue: level.rawValue + 1)
        else { return }
        sample.answers[item] = .level(higher)
        let after = try sample.score(sample.answers).declared
        for (old, new) in zip(before.categories, after.categories) {
            #expect(old.state == new.state)
            if let old = old.score, let new = new.score { #expect(new >= old) }
            if let old = old.grade, let new = new.grade { #expect(new >= old) }
            if let old = old.range, let new = new.range {
                #expect(new.lowerBound >= old.lowerBound && new.upperBound >= old.upperBound)
            }
        }
        if let old = before.total.score, let new = after.total.score { #expect(new >= old) }
    }

    @Test(arguments: seeds) func theRangeEnclosesAnyCompletion(seed: UInt64) throws {
        var sample = try Case(seed: seed)
        let before = try sample.score(sample.answers).declared
        for _ in 0..<5 {
            var completed = sample.answers
            for item in sample.scorer.checklist.items where completed[item.id] == nil {
                let level = Level.allCases.randomElement(using: &sample.generator) ?? .partly
                completed[item.id] =
                    Int.random(in: 0..<8, using: &sample.generator) == 0 ? .notApplicable : .level(level)
            }
            let after = try sample.score(completed).declared
            for (open, closed) in zip(before.categories, after.categories) {
                guard let score = closed.score else { continue }
                #expect(try #require(open.range).contains(score))
                #expect(closed.state == .final)
                #expect(closed.range == score...score)
            }
            if let score = after.total.score { #expect(try #require(before.total.range).contains(score)) }
        }
    }

    @Test(arguments: seeds) func completionsWithinTheProposalsStayInTheProposedRange(seed: UInt64) throws {
        var sample = try Case(seed: seed)
        let proposals = try sample.proposals()
        let before = try sample.score(sample.answers, proposals: proposals).declared
        var completed = sample.answers
        for item in sample.scorer.checklist.items where completed[item.id] == nil {
            let levels = Level.allCases.filter { proposals[item.id]?.levels.contains($0) ?? true }
            completed[item.id] = .level(levels.randomElement(using: &sample.generator) ?? .partly)
        }
        let after = try sample.score(completed, proposals: proposals).declared
        for (open, closed) in zip(before.categories, after.categories) {
            guard let score = closed.score else { continue }
            let proposed = try #require(open.proposedRange)
            #expect(proposed.contains(score))
            let range = try #require(open.range)
            #expect(range.lowerBound <= proposed.lowerBound && proposed.upperBound <= range.upperBound)
        }
    }

    @Test(arguments: seeds) func evidenceNeverLiftsAScore(seed: UInt64) throws {
        var sample = try Case(seed: seed)
        let proposals = try sample.proposals()
        var decisions: [Decision] = []
        for (item, answer) in sample.answers {
            let backed = try SampleChecklist.decision(item, answer)
            let bare = try Decision(item: item, answer: answer, reason: "said so")
            decisions.append(Bool.random(using: &sample.generator) ? backed : bare)
        }
        let card = sample.scorer.score(decisions, proposals: proposals)
        for (declared, adjusted) in zip(card.declared.categories, card.adjusted.categories) {
            if let declared = declared.score, let adjusted = adjusted.score { #expect(adjusted <= declared) }
        }
        for item in card.items {
            if let declared = item.declared.level { #expect(try #require(item.adjusted.level) <= declared) }
            if item.marks.isEmpty { #expect(item.declared == item.adjusted) }
        }
    }

    @Test(arguments: seeds) func orderAndRepetitionOfDecisionsDoNotMatter(seed: UInt64) throws {
        var generator = SeededGenerator(state: seed)
        let scorer = try SampleChecklist.scorer()
        var decisions: [Decision] = []
        for number in 0..<60 {
            let item = try #require(scorer.checklist.items.randomElement(using: &generator)).id
            let earlier = decisions.filter { $0.item == item && Bool.random(using: &generator) }.map(\.id)
            decisions.append(
                try Decision(
                    id: "d\(number)", item: item,
                    answer: .level(Level.allCases.randomElement(using: &generator) ?? .partly), reason: "r",
                    time: Int64.random(in: 0...5, using: &generator), supersedes: earlier))
        }
        let card = scorer.score(decisions)
        for _ in 0..<4 {
            var shuffled = decisions + decisions.filter { _ in Bool.random(using: &generator) }
            shuffled.shuffle(using: &generator)
            #expect(scorer.score(shuffled) == card)
        }
    }

    @Test(arguments: seeds) func whatIfNeverLowersAndMeetsItsTargets(seed: UInt64) throws {
        var sample = try Case(seed: seed)
        let proposals = try sample.proposals()
        let decisions = try SampleChecklist.decisions(sample.answers)
        var targets: [ItemID: Level] = [:]
        for item in sample.scorer.checklist.items where sample.answers[item.id]?.level != nil {
            targets[item.id] = Level.allCases.randomElement(using: &sample.generator)
        }
        let now = sample.scorer.score(decisions, proposals: proposals)
        let then = sample.scorer.score(decisions, proposals: proposals, assuming: targets)
        for (old, new) in zip(now.declared.categories, then.declared.categories) {
            if let old = old.score, let new = new.score { #expect(new >= old) }
        }
        for (old, new) in zip(now.adjusted.categories, then.adjusted.categories) {
            if let old = old.score, let new = new.score { #expect(new >= old) }
        }
        for (item, level) in targets { #expect(try #require(then[item]?.adjusted.level) >= level) }
    }
}
