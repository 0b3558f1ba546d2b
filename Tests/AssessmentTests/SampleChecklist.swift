import Assessment
import Testing

/// A seeded generator (SplitMix64), so that a failing case can be run again.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// Checklists, policies and decisions of any shape for tests.
enum SampleChecklist {
    static let text = Bilingual(ja: "文", en: "text")

    /// A checklist with this many items in each category, and random weights when a generator is given.
    static func make(_ counts: [Int], weights generator: inout SeededGenerator) throws -> Checklist {
        var categories: [Checklist.Category] = []
        for (index, count) in counts.enumerated() {
            var items: [Checklist.Item] = []
            for number in 1...count {
                let id = try #require(ItemID("\(index + 1)-\(number)"))
                items.append(item(id, weight: Int.random(in: 1...100, using: &generator)))
            }
            categories.append(Checklist.Category(id: "c\(index + 1)", name: text, risks: [], items: items))
        }
        return try Checklist(id: "test", title: text, levelTexts: levels, categories: categories)
    }

    /// The shape of the carried checklist: 5, 13, 8 and 6 items of weight 1.
    static func standard() throws -> Checklist {
        let categories = try [5, 13, 8, 6].enumerated().map { index, count in
            Checklist.Category(
                id: "c\(index + 1)", name: text, risks: [],
                items: try (1...count).map { item(try #require(ItemID("\(index + 1)-\($0)")), weight: 1) })
        }
        return try Checklist(id: "test", title: text, levelTexts: levels, categories: categories)
    }

    static let levels = Checklist.LevelTexts(notDone: text, partly: text, done: text, managed: text)

    static func item(_ id: ItemID, weight: Int) -> Checklist.Item {
        Checklist.Item(
            id: id, subcategory: text, title: text, question: text, levelTexts: levels, weight: weight,
            countermeasures: [], questions: [], mappings: Checklist.Mappings(), isAutoFilled: false)
    }

    static func policy(
        points: [Int] = [0, 40, 60, 100], weights: [Int] = [3, 3, 3, 1]
    ) throws -> ScoringPolicy {
        var byCategory: [String: Int] = [:]
        for (index, weight) in weights.enumerated() { byCategory["c\(index + 1)"] = weight }
        return try ScoringPolicy(
            id: "test-policy", title: text,
            points: ScoringPolicy.Points(
                notDone: Fraction(points[0]), partly: Fraction(points[1]), done: Fraction(points[2]),
                managed: Fraction(points[3])),
            bands: ScoringPolicy.Bands(a: Fraction(80), b: Fraction(60), c: Fraction(40)), categoryWeights: byCategory,
            decidedShare: try #require(Fraction(4, over: 5)), notApplicableShare: try #require(Fraction(1, over: 2)))
    }

    static func scorer() throws -> Scorer {
        try Scorer(checklist: standard(), policy: policy())
    }

    static func id(_ text: String) throws -> ItemID { try #require(ItemID(text)) }

    /// A decision with the backing that its level wants.
    static func decision(_ item: String, _ answer: Answer, id: String = "", supersedes: [String] = []) throws
        -> Decision
    {
        try decision(try self.id(item), answer, id: id, supersedes: supersedes)
    }

    static func decision(_ item: ItemID, _ answer: Answer, id: String = "", supersedes: [String] = []) throws
        -> Decision
    {
        try Decision(
            id: id, item: item, answer: answer, reason: "seen on site", evidence: ["E-1"], document: "procedure.pdf",
            reviewDate: CalendarDate(year: 2026, month: 4, day: 1), supersedes: supersedes)
    }

    static func proposal(
        _ item: String, _ levels: ClosedRange<Level>, _ verdict: Proposal.Verdict, evidenceHash: String = ""
    ) throws -> Proposal {
        Proposal(
            item: try id(item), levels: levels, verdict: verdict, confidence: .medium, isProvisional: false,
            reason: text,
            wouldChange: text, cannotTell: text, questions: [text], evidenceHash: evidenceHash)
    }

    /// A decision on each item, or none, or "not applicable", by chance.
    static func randomAnswers(
        for checklist: Checklist, using generator: inout SeededGenerator
    ) throws -> [ItemID: Answer] {
        var answers: [ItemID: Answer] = [:]
        for item in checklist.items {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0: answers[item.id] = .notApplicable
            case 1...3: break
            default: answers[item.id] = .level(Level.allCases.randomElement(using: &generator) ?? .partly)
            }
        }
        return answers
    }

    static func decisions(_ answers: [ItemID: Answer]) throws -> [Decision] {
        try answers.map { try decision($0.key, $0.value) }
    }
}
