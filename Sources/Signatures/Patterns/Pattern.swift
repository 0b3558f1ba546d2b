/// A pattern over a text, matched in time proportional to the text's length times the pattern's, whatever either holds:
/// all ways through the pattern are followed at once (Pike's machine), none is tried again.
///
/// Written as regular expressions are: letters and digits stand for themselves (ASCII letters in either case), `.` for any
/// character, `[a-z0-9]` and `[^,]` for sets, `\d \w \s` for digits, word characters and space, `\b ^ $` for the
/// edges of a word and of the text, `( )` for groups whose text is kept, `(?: )` for others, `|` for a choice, and
/// `? * + {2} {2,} {2,5}` for repetition, followed by `?` to take as little as possible.
package struct Pattern: Sendable {
    /// Bounds on patterns.
    package enum Limits {
        /// Longest pattern, in bytes.
        package static let bytes = 512
        /// Most steps; counted repetitions are written out, so `(a{99}){99}` does not pass.
        package static let steps = 1024
        /// Groups within groups.
        package static let depth = 8
        /// Groups whose text is kept.
        package static let groups = 9
        /// Texts of which a match must hold one; more are not worth looking for.
        static let literals = 48
        /// Bytes of a text that are looked at.
        package static let text = 1024
    }

    /// What is wrong with a pattern: what was expected, and at which byte, from 1.
    package struct Problem: Error, Hashable, Sendable {
        package let position: Int
        package let expected: String
    }

    enum Step: Sendable {
        /// Takes one byte of the set with this number.
        case byte(Int)
        /// Goes on at both places, the first preferred.
        case split(Int, Int)
        case jump(Int)
        /// Keeps the place reached.
        case save(Int)
        case start, end, wordEdge
        case match
    }

    /// As it was written.
    package let text: String
    let steps: [Step]
    let sets: [ByteSet]
    /// Texts, in lower case, of which every matching text holds at least one; empty when none are known.
    let literals: [[UInt8]]
    /// What the literals begin with: most texts are told apart by it alone.
    private let beginnings: ByteSet
    /// Groups whose text is kept.
    package let groups: Int

    /// Compiles a pattern.
    package init(_ text: String) throws(Problem) {
        self.text = text
        var compiler = try PatternCompiler(text)
        try compiler.compile()
        steps = compiler.steps
        sets = compiler.sets
        // An empty one is in every text.
        literals = compiler.literals.contains(where: \.isEmpty) ? [] : compiler.literals
        beginnings = ByteSet(literals.compactMap(\.first))
        groups = compiler.groups
    }

    /// The texts of the groups when `text` holds a match, the whole match first; nil when it holds none. A group that
    /// took no part has an empty text.
    package func match(_ text: String) -> [String]? {
        let bytes = Array(text.utf8.prefix(Limits.text))
        guard let places = find(bytes) else { return nil }
        return (0...groups).map { group in
            let start = places[2 * group]
            let end = places[2 * group + 1]
            guard start >= 0, end >= start, end <= bytes.count else { return "" }
            return String(decoding: bytes[start..<end], as: UTF8.self)
        }
    }

    /// One way through the pattern: the step it waits at, and the places kept so far.
    private struct Way {
        var step: Int
        var places: [Int]
    }

    private func find(_ text: [UInt8]) -> [Int]? {
        guard literals.isEmpty || holdsLiteral(text) else { return nil }
        var ways: [Way] = []
        var next: [Way] = []
        // The round in which a step was reached last, so that none is followed twice in one round.
        var reached = [Int](repeating: -1, count: steps.count)
        var found: [Int]?
        let none = [Int](repeating: -1, count: 2 * (groups + 1))
        for place in 0...text.count {
            if found == nil { follow(0, none, place, text, &ways, &reached) }
            next.removeAll(keepingCapacity: true)
            for way in ways {
                switch steps[way.step] {
                case .byte(let set):
                    if place < text.count, sets[set].contains(text[place]) {
                        next.append(Way(step: way.step + 1, places: way.places))
                    }
                case .match:
                    found = way.places
                default: break
                }
                // Ways of lower preference end where a better one has matched.
                if case .match = steps[way.step] { break }
            }
            guard place < text.count else { break }
            ways.removeAll(keepingCapacity: true)
            for way in next { follow(way.step, way.places, place + 1, text, &ways, &reached) }
            if ways.isEmpty, found != nil { break }
        }
        return found
    }

    private func holdsLiteral(_ text: [UInt8]) -> Bool {
        let span = text.span
        for start in span.indices where beginnings.contains(span[start].lowered) {
            for literal in literals where text.holds(literal, at: start) { return true }
        }
        return false
    }

    /// Goes on from a step to all steps that take a byte or end, in order of preference.
    private func follow(
        _ step: Int, _ places: [Int], _ place: Int, _ text: [UInt8], _ ways: inout [Way], _ reached: inout [Int]
    ) {
        var open = [Way(step: step, places: places)]
        while var way = open.popLast() {
            guard way.step < steps.count, reached[way.step] != place else { continue }
            reached[way.step] = place
            switch steps[way.step] {
            case .jump(let target): open.append(Way(step: target, places: way.places))
            case .split(let first, let second):
                open.append(Way(step: second, places: way.places))
                open.append(Way(step: first, places: way.places))
            case .save(let slot):
                way.places[slot] = place
                way.step += 1
                open.append(way)
            case .start:
                way.step += 1
                if place == 0 { open.append(way) }
            case .end:
                way.step += 1
                if place == text.count { open.append(way) }
            case .wordEdge:
                way.step += 1
                let before = place > 0 && text[place - 1].isWord
                let after = place < text.count && text[place].isWord
                if before != after { open.append(way) }
            case .byte, .match: ways.append(way)
            }
        }
    }
}

/// A set of bytes.
struct ByteSet: Hashable, Sendable {
    private var bits: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    init() {}

    init(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { insert(byte) }
    }

    mutating func insert(_ byte: UInt8) {
        let bit: UInt64 = 1 << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: bits.0 |= bit
        case 1: bits.1 |= bit
        case 2: bits.2 |= bit
        default: bits.3 |= bit
        }
    }

    mutating func formUnion(_ other: ByteSet) {
        bits = (bits.0 | other.bits.0, bits.1 | other.bits.1, bits.2 | other.bits.2, bits.3 | other.bits.3)
    }

    var inverted: ByteSet {
        var set = ByteSet()
        set.bits = (~bits.0, ~bits.1, ~bits.2, ~bits.3)
        return set
    }

    /// The lowest member.
    var first: UInt8? {
        for (index, word) in [bits.0, bits.1, bits.2, bits.3].enumerated() where word != 0 {
            return UInt8(truncatingIfNeeded: 64 * index + word.trailingZeroBitCount)
        }
        return nil
    }

    func contains(_ byte: UInt8) -> Bool {
        let word =
            switch byte >> 6 {
            case 0: bits.0
            case 1: bits.1
            case 2: bits.2
            default: bits.3
            }
        return word >> UInt64(byte & 63) & 1 == 1
    }

    static func == (a: ByteSet, b: ByteSet) -> Bool { a.bits == b.bits }
    func hash(into hasher: inout Hasher) {
        hasher.combine(bits.0)
        hasher.combine(bits.1)
        hasher.combine(bits.2)
        hasher.combine(bits.3)
    }
}

extension UInt8 {
    /// An ASCII capital as small letter; anything else as it is.
    var lowered: UInt8 { self >= 0x41 && self <= 0x5a ? self | 0x20 : self }
    var isWord: Bool {
        let lower = lowered
        return lower >= 0x61 && lower <= 0x7a || self >= 0x30 && self <= 0x39 || self == 0x5f || self >= 0x80
    }
}

extension [UInt8] {
    /// True when `part`, in lower case, begins at `start`, ASCII letters in either case.
    func holds(_ part: [UInt8], at start: Int) -> Bool {
        guard part.count <= count - start else { return false }
        var index = 0
        while index < part.count, self[start + index].lowered == part[index] { index += 1 }
        return index == part.count
    }
}
