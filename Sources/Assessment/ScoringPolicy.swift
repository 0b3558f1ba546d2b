/// The grades, best first.
public enum Grade: String, Hashable, Sendable, CaseIterable, Comparable, Codable {
    case a = "A"
    case b = "B"
    case c = "C"
    case d = "D"

    /// A worse grade is less than a better one.
    public static func < (x: Grade, y: Grade) -> Bool { x.rawValue > y.rawValue }
}

/// The rule that turns answers into scores and grades. It is data with an id, and whoever prints a grade prints the id.
public struct ScoringPolicy: Hashable, Sendable {
    public let id: String
    public let title: Bilingual
    /// Points of levels 1 to 4, never falling.
    public let points: Points
    /// Scores from which a grade is given; below `c` it is D.
    public let bands: Bands
    /// Weight of each category in the total, by category id.
    public let categoryWeights: [String: Int]
    /// A category gets a letter when at least this share of its applicable items is decided.
    public let decidedShare: Fraction
    /// A category is not gradable when at least this share of its items is not applicable.
    public let notApplicableShare: Fraction

    public struct Points: Hashable, Sendable {
        public let notDone: Fraction
        public let partly: Fraction
        public let done: Fraction
        public let managed: Fraction

        public init(notDone: Fraction, partly: Fraction, done: Fraction, managed: Fraction) {
            self.notDone = notDone
            self.partly = partly
            self.done = done
            self.managed = managed
        }

        public subscript(level: Level) -> Fraction {
            switch level {
            case .notDone: notDone
            case .partly: partly
            case .done: done
            case .managed: managed
            }
        }
    }

    public struct Bands: Hashable, Sendable {
        public let a: Fraction
        public let b: Fraction
        public let c: Fraction

        public init(a: Fraction, b: Fraction, c: Fraction) {
            self.a = a
            self.b = b
            self.c = c
        }
    }

    /// Bounds that keep scores exact (see `Fraction`).
    public enum Limits {
        /// Points and bands lie between 0 and this.
        public static let points = 100
        public static let categoryWeight = 1...100
        /// Largest denominator of a number in a policy: thousandths.
        public static let denominator = 1000
    }

    /// Checks that points never fall from a level to the next, bands never rise from A to C, and all is within `Limits`.
    public init(
        id: String, title: Bilingual, points: Points, bands: Bands, categoryWeights: [String: Int],
        decidedShare: Fraction, notApplicableShare: Fraction
    ) throws(PolicyError) {
        guard !id.isEmpty else { throw .missingID }
        for level in Level.allCases {
            try ScoringPolicy.check(points[level], upTo: Limits.points, "points of level \(level.rawValue)")
        }
        for (lower, upper) in zip(Level.allCases, Level.allCases.dropFirst()) where points[lower] > points[upper] {
            throw .fallingPoints(lower, upper)
        }
        try ScoringPolicy.check(bands.a, upTo: Limits.points, "band A")
        try ScoringPolicy.check(bands.b, upTo: Limits.points, "band B")
        try ScoringPolicy.check(bands.c, upTo: Limits.points, "band C")
        guard bands.a >= bands.b, bands.b >= bands.c else { throw .bandOrder }
        for (category, weight) in categoryWeights.sorted(by: { $0.key < $1.key })
        where !Limits.categoryWeight.contains(weight) {
            throw .categoryWeight(category, weight)
        }
        try ScoringPolicy.check(decidedShare, upTo: 1, "share of decided items")
        try ScoringPolicy.check(notApplicableShare, upTo: 1, "share of items not applicable")
        guard notApplicableShare > .zero else { throw .zeroNotApplicableShare }
        self.id = id
        self.title = title
        self.points = points
        self.bands = bands
        self.categoryWeights = categoryWeights
        self.decidedShare = decidedShare
        self.notApplicableShare = notApplicableShare
    }

    private static func check(_ value: Fraction, upTo limit: Int, _ what: String) throws(PolicyError) {
        guard value >= .zero, value <= Fraction(limit), Int128(Limits.denominator) % value.denominator == 0 else {
            throw .outOfRange(what, value, limit)
        }
    }

    /// The grade of an exact score.
    public func grade(of score: Fraction) -> Grade {
        if score >= bands.a { return .a }
        if score >= bands.b { return .b }
        return score >= bands.c ? .c : .d
    }

    /// The score with one decimal place. Where rounding would lift it into the next band, it is cut instead, so that
    /// the printed number never disagrees with the letter.
    public func text(of score: Fraction) -> String {
        let rounded = score.decimal(places: 1)
        if let shown = Fraction(decimal: rounded), grade(of: shown) != grade(of: score) {
            return score.decimal(places: 1, cutting: true)
        }
        return rounded
    }
}

/// Why a policy cannot be used.
public enum PolicyError: Error, Hashable, Sendable, CustomStringConvertible {
    case missingID
    case outOfRange(String, Fraction, Int)
    case fallingPoints(Level, Level)
    case bandOrder
    case categoryWeight(String, Int)
    case zeroNotApplicableShare
    case noWeight(category: String)

    public var description: String {
        switch self {
        case .missingID: "the policy has no id"
        case .outOfRange(let what, let value, let limit):
            "\(what): expected 0 to \(limit) with at most three decimal places, found \(value)"
        case .fallingPoints(let lower, let upper):
            "level \(upper.rawValue) must not give fewer points than level \(lower.rawValue)"
        case .bandOrder: "the bands must not rise from A to C"
        case .categoryWeight(let category, let weight):
            "weight of category \"\(category)\": expected 1 to 100, found \(weight)"
        case .zeroNotApplicableShare: "the share of items not applicable must be greater than 0"
        case .noWeight(let category): "the policy has no weight for category \"\(category)\""
        }
    }
}
