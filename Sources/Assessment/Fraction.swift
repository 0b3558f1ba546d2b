/// An exact rational number, always in lowest terms with a positive denominator.
///
/// Scores are kept as fractions so that a grade never depends on how a machine rounds. The arithmetic works on 128-bit
/// integers; `Checklist.Limits` and `ScoringPolicy.Limits` bound the inputs so that no score can come near their ends:
/// with six categories of 256 items of weight 100, points in thousandths and category weights of 100, every
/// intermediate stays below 10^36.
public struct Fraction: Hashable, Sendable {
    public let numerator: Int128
    /// Greater than zero.
    public let denominator: Int128

    public init(_ whole: Int) {
        numerator = Int128(whole)
        denominator = 1
    }

    /// `numerator / denominator`, or nil when the denominator is zero.
    public init?(_ numerator: Int, over denominator: Int) {
        guard denominator != 0 else { return nil }
        self.init(reducing: Int128(numerator), over: Int128(denominator))
    }

    /// The caller answers for a denominator other than zero.
    init(reducing numerator: Int128, over denominator: Int128) {
        var (a, b) = (numerator.magnitude, denominator.magnitude)
        while b != 0 { (a, b) = (b, a % b) }
        let divisor = Int128(a) * (denominator < 0 ? -1 : 1)
        self.numerator = numerator / divisor
        self.denominator = denominator / divisor
    }

    static let zero = Fraction(0)

    static func + (a: Fraction, b: Fraction) -> Fraction {
        Fraction(
            reducing: a.numerator * b.denominator + b.numerator * a.denominator, over: a.denominator * b.denominator)
    }

    static func * (a: Fraction, b: Int) -> Fraction {
        Fraction(reducing: a.numerator * Int128(b), over: a.denominator)
    }

    /// The quotient by a count that is known to be positive.
    func divided(by count: Int) -> Fraction {
        Fraction(reducing: numerator, over: denominator * Int128(max(count, 1)))
    }

    /// An approximation for drawing; never for grading.
    public var approximation: Double { Double(numerator) / Double(denominator) }
}

extension Fraction: Comparable {
    /// Compares digit by digit of the continued fractions, which unlike cross-multiplying cannot overflow.
    public static func < (a: Fraction, b: Fraction) -> Bool {
        var (a, b) = ((a.numerator, a.denominator), (b.numerator, b.denominator))
        while true {
            let (left, right) = (floorDivision(a.0, a.1), floorDivision(b.0, b.1))
            if left.quotient != right.quotient { return left.quotient < right.quotient }
            if right.remainder == 0 { return false }
            if left.remainder == 0 { return true }
            // a < b exactly when the reciprocal of a's fractional part is greater than that of b's.
            (a, b) = ((b.1, right.remainder), (a.1, left.remainder))
        }
    }

    private static func floorDivision(_ a: Int128, _ b: Int128) -> (quotient: Int128, remainder: Int128) {
        let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
        return remainder < 0 ? (quotient - 1, remainder + b) : (quotient, remainder)
    }
}

extension Fraction {
    /// Decimal digits after the point that are read and written.
    public static let places = 3

    /// Reads a decimal number such as `40` or `13.5`: up to six digits, a point, up to three digits, no sign.
    public init?(decimal text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count) else { return nil }
        var value = 0
        var scale = 1
        for (index, part) in parts.enumerated() {
            let digits = part.utf8
            guard (1...(index == 0 ? 6 : Fraction.places)).contains(digits.count),
                digits.allSatisfy({ (0x30...0x39).contains($0) })
            else { return nil }
            for digit in digits {
                value = value * 10 + Int(digit) - 0x30
                if index == 1 { scale *= 10 }
            }
        }
        self.init(value, over: scale)
    }

    /// The number with `places` (0…9) decimal places, halves rounded away from zero.
    public func decimal(places: Int) -> String { decimal(places: places, cutting: false) }

    func decimal(places: Int, cutting: Bool) -> String {
        var scale: Int128 = 1
        let places = min(max(places, 0), 9)
        for _ in 0..<places { scale *= 10 }
        let magnitude = numerator < 0 ? -numerator : numerator
        // The whole part is taken off first so that scaling only ever multiplies something below the denominator.
        let (whole, rest) = magnitude.quotientAndRemainder(dividingBy: denominator)
        var (part, left) = (rest * scale).quotientAndRemainder(dividingBy: denominator)
        if !cutting, left >= denominator - left { part += 1 }
        left = whole + part / scale
        part %= scale
        let sign = numerator < 0 && (left != 0 || part != 0) ? "-" : ""
        guard places > 0 else { return "\(sign)\(left)" }
        let digits = String(part)
        return "\(sign)\(left)." + String(repeating: "0", count: places - digits.utf8.count) + digits
    }
}

extension Fraction: CustomStringConvertible {
    /// `160/3`, or `40` for a whole number.
    public var description: String { denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)" }
}
