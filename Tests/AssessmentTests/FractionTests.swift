import Testing

@testable import Assessment

@Suite struct FractionTests {
    @Test func keepsLowestTermsWithPositiveDenominator() throws {
        let fraction = try #require(Fraction(6, over: -8))
        #expect(fraction.numerator == -3)
        #expect(fraction.denominator == 4)
        #expect(Fraction(1, over: 0) == nil)
        #expect(Fraction(0, over: 7) == Fraction(0))
    }

    @Test(arguments: [
        (40, 3, 1, "13.3"), (347_833_333, 10_000_000, 1, "34.8"), (1, 20, 1, "0.1"), (1, 21, 1, "0.0"),
        (-1, 20, 1, "-0.1"),
        (-1, 30, 1, "0.0"), (199, 20, 1, "10.0"), (5, 2, 0, "3"), (2, 3, 9, "0.666666667"), (100, 1, 2, "100.00"),
    ])
    func roundsHalvesAwayFromZero(numerator: Int, denominator: Int, places: Int, text: String) throws {
        #expect(try #require(Fraction(numerator, over: denominator)).decimal(places: places) == text)
    }

    @Test func comparesExactlyWhereDoublesCannot() throws {
        let a = try #require(Fraction(400_000_000_000_000_001, over: 400_000_000_000_000_000))
        let b = try #require(Fraction(400_000_000_000_000_002, over: 400_000_000_000_000_001))
        #expect(b < a)
        #expect(!(a < b))
        #expect(a.approximation == b.approximation)
    }

    @Test func comparesLikeCrossMultiplication() {
        var generator = SeededGenerator(state: 7)
        for _ in 0..<20_000 {
            let range = -1000...1000
            let (a, b) = (Int.random(in: range, using: &generator), Int.random(in: 1...1000, using: &generator))
            let (c, d) = (Int.random(in: range, using: &generator), Int.random(in: 1...1000, using: &generator))
            guard let x = Fraction(a, over: b), let y = Fraction(c, over: d) else { continue }
            #expect((x < y) == (a * d < c * b), "\(x) < \(y)")
            #expect((x == y) == (a * d == c * b))
        }
    }

    @Test func readsDecimals() {
        #expect(Fraction(decimal: "13.5") == Fraction(27, over: 2))
        #expect(Fraction(decimal: "0.125") == Fraction(1, over: 8))
        #expect(Fraction(decimal: "40")?.shortDecimal == "40")
        #expect(Fraction(decimal: "0.80")?.shortDecimal == "0.8")
        for text in ["", ".", "1.", ".5", "1.2345", "-1", "+1", "1e3", "1,5", "1234567", "１", "0x1", " 1"] {
            #expect(Fraction(decimal: text) == nil, "\(text)")
        }
    }

    /// The largest inputs that `Checklist` and `ScoringPolicy` admit must not overflow: Int128 would trap.
    @Test func largestAdmittedChecklistIsScored() throws {
        var generator = SeededGenerator(state: 3)
        // Weights whose sums have few common divisors, and points with awkward thousandths.
        let checklist = try SampleChecklist.make([256, 255, 253, 251, 247, 241], weights: &generator)
        var weights: [String: Int] = [:]
        for (category, weight) in zip(checklist.categories, [97, 89, 83, 79, 73, 71]) { weights[category.id] = weight }
        let policy = try ScoringPolicy(
            id: "awkward", title: SampleChecklist.text,
            points: ScoringPolicy.Points(
                notDone: try #require(Fraction(decimal: "0.001")), partly: try #require(Fraction(decimal: "39.997")),
                done: try #require(Fraction(decimal: "60.003")), managed: try #require(Fraction(decimal: "99.999"))),
            bands: ScoringPolicy.Bands(a: Fraction(80), b: Fraction(60), c: Fraction(40)), categoryWeights: weights,
            decidedShare: try #require(Fraction(decimal: "0.799")),
            notApplicableShare: try #require(Fraction(decimal: "0.501")))
        let scorer = try Scorer(checklist: checklist, policy: policy)
        for _ in 0..<5 {
            let answers = try SampleChecklist.randomAnswers(for: checklist, using: &generator)
            let card = scorer.score(try SampleChecklist.decisions(answers))
            let range = try #require(card.declared.total.range)
            #expect(range.lowerBound > Fraction(0) && range.upperBound < Fraction(100))
            #expect(range.contains(try #require(card.declared.total.score)))
        }
    }
}
