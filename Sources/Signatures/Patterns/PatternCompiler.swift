/// Turns a pattern's text into the steps of the machine that matches it.
struct PatternCompiler {
    private indirect enum Node {
        case empty
        case set(ByteSet)
        case start, end, wordEdge
        case sequence([Node])
        case choice([Node])
        case group(Node, number: Int?)
        case repetition(Node, least: Int, most: Int?, isGreedy: Bool)
    }

    private let text: [UInt8]
    private var offset = 0
    private var depth = 0
    private var setNumbers: [ByteSet: Int] = [:]
    private(set) var groups = 0
    private(set) var steps: [Pattern.Step] = []
    private(set) var sets: [ByteSet] = []
    private(set) var literals: [[UInt8]] = []

    init(_ text: String) throws(Pattern.Problem) {
        self.text = Array(text.utf8)
        guard !text.isEmpty else { throw Pattern.Problem(position: 1, expected: "a pattern, found an empty text") }
        guard self.text.count <= Pattern.Limits.bytes else {
            throw Pattern.Problem(
                position: Pattern.Limits.bytes + 1,
                expected: "at most \(Pattern.Limits.bytes) bytes of pattern, found \(self.text.count)")
        }
    }

    mutating func compile() throws(Pattern.Problem) {
        let root = try choice()
        guard offset == text.count else { throw problem("the end of the pattern, found \")\"") }
        try emit(.group(root, number: 0))
        try append(.match)
        literals = PatternCompiler.required(root)
    }

    // MARK: Reading

    private var peek: UInt8? { offset < text.count ? text[offset] : nil }

    private func problem(_ expected: String) -> Pattern.Problem {
        Pattern.Problem(position: offset + 1, expected: expected)
    }

    private mutating func choice() throws(Pattern.Problem) -> Node {
        var branches = [try sequence()]
        while peek == UInt8(ascii: "|") {
            offset += 1
            branches.append(try sequence())
        }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(Pattern.Problem) -> Node {
        var nodes: [Node] = []
        while let byte = peek, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
            nodes.append(try repeated(try atom()))
        }
        return nodes.count == 1 ? nodes[0] : nodes.isEmpty ? .empty : .sequence(nodes)
    }

    private mutating func atom() throws(Pattern.Problem) -> Node {
        guard let byte = peek else { throw problem("a character") }
        switch byte {
        case UInt8(ascii: "("): return try group()
        case UInt8(ascii: "["): return .set(try characterSet())
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "{"):
            throw problem("something to repeat before \"\(Character(UnicodeScalar(byte)))\"")
        case UInt8(ascii: "."):
            offset += 1
            return .set(ByteSet([0x0a]).inverted)
        case UInt8(ascii: "^"):
            offset += 1
            return .start
        case UInt8(ascii: "$"):
            offset += 1
            return .end
        case UInt8(ascii: "\\"):
            if offset + 1 < text.count, text[offset + 1] == UInt8(ascii: "b") {
                offset += 2
                return .wordEdge
            }
            return .set(try escaped())
        default:
            offset += 1
            return .set(PatternCompiler.either(byte))
        }
    }

    private mutating func group() throws(Pattern.Problem) -> Node {
        let start = offset
        offset += 1
        var number: Int?
        if peek == UInt8(ascii: "?") {
            guard offset + 1 < text.count, text[offset + 1] == UInt8(ascii: ":") else {
                throw problem("\"(?:\"; other kinds of group do not exist here")
            }
            offset += 2
        } else {
            groups += 1
            number = groups
            guard groups <= Pattern.Limits.groups else {
                throw problem("at most \(Pattern.Limits.groups) groups whose text is kept; use \"(?:\" for others")
            }
        }
        depth += 1
        guard depth <= Pattern.Limits.depth else {
            throw problem("at most \(Pattern.Limits.depth) groups within each other")
        }
        let inside = try choice()
        depth -= 1
        guard peek == UInt8(ascii: ")") else {
            throw Pattern.Problem(position: start + 1, expected: "a \")\" that closes this group")
        }
        offset += 1
        return .group(inside, number: number)
    }

    private mutating func repeated(_ node: Node) throws(Pattern.Problem) -> Node {
        let least: Int
        let most: Int?
        switch peek {
        case UInt8(ascii: "*"): (least, most) = (0, nil)
        case UInt8(ascii: "+"): (least, most) = (1, nil)
        case UInt8(ascii: "?"): (least, most) = (0, 1)
        case UInt8(ascii: "{"): (least, most) = try count()
        default: return node
        }
        offset += 1
        var isGreedy = true
        if peek == UInt8(ascii: "?") {
            offset += 1
            isGreedy = false
        }
        switch peek {
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "{"):
            throw problem("one repetition, found another right after it")
        default: break
        }
        return .repetition(node, least: least, most: most, isGreedy: isGreedy)
    }

    /// `{2}`, `{2,}` or `{2,5}`; leaves the offset at the closing brace.
    private mutating func count() throws(Pattern.Problem) -> (Int, Int?) {
        offset += 1
        let least = try number()
        if peek == UInt8(ascii: "}") { return (least, least) }
        guard peek == UInt8(ascii: ",") else { throw problem("\",\" or \"}\"") }
        offset += 1
        if peek == UInt8(ascii: "}") { return (least, nil) }
        let most = try number()
        guard peek == UInt8(ascii: "}"), most >= least else { throw problem("a repetition such as {2,5}") }
        return (least, most)
    }

    private mutating func number() throws(Pattern.Problem) -> Int {
        var value = 0
        let start = offset
        while let byte = peek, byte >= 0x30, byte <= 0x39, offset - start < 4 {
            value = value * 10 + Int(byte - 0x30)
            offset += 1
        }
        guard offset > start, value <= Pattern.Limits.steps else { throw problem("a number of repetitions") }
        return value
    }

    /// One escaped character or class; the offset stands at the backslash.
    private mutating func escaped() throws(Pattern.Problem) -> ByteSet {
        offset += 1
        guard let byte = peek else { throw problem("a character after the backslash") }
        offset += 1
        let digits = ByteSet(0x30...0x39)
        let words = ByteSet((UInt8(0)...127).filter(\.isWord))
        let spaces = ByteSet([0x20, 0x09, 0x0a, 0x0d])
        switch byte {
        case UInt8(ascii: "d"): return digits
        case UInt8(ascii: "D"): return digits.inverted
        case UInt8(ascii: "w"): return words
        case UInt8(ascii: "W"): return words.inverted
        case UInt8(ascii: "s"): return spaces
        case UInt8(ascii: "S"): return spaces.inverted
        case UInt8(ascii: "t"): return ByteSet([0x09])
        case UInt8(ascii: "n"): return ByteSet([0x0a])
        case UInt8(ascii: "r"): return ByteSet([0x0d])
        default:
            guard byte < 0x80, !byte.isWord else {
                offset -= 1
                throw problem("one of \\d \\w \\s \\b or an escaped sign")
            }
            return ByteSet([byte])
        }
    }

    private mutating func characterSet() throws(Pattern.Problem) -> ByteSet {
        let start = offset
        offset += 1
        var isInverted = false
        if peek == UInt8(ascii: "^") {
            isInverted = true
            offset += 1
        }
        var set = ByteSet()
        var isFirst = true
        while let byte = peek, byte != UInt8(ascii: "]") || isFirst {
            isFirst = false
            guard byte < 0x80 else { throw problem("ASCII characters within [ ]") }
            if byte == UInt8(ascii: "\\") {
                set.formUnion(try escaped())
                continue
            }
            offset += 1
            guard peek == UInt8(ascii: "-"), offset + 1 < text.count, text[offset + 1] != UInt8(ascii: "]") else {
                set.formUnion(PatternCompiler.either(byte))
                continue
            }
            let last = text[offset + 1]
            guard last >= byte, last < 0x80 else { throw problem("a range from the lower character to the higher") }
            for member in byte...last { set.formUnion(PatternCompiler.either(member)) }
            offset += 2
        }
        guard peek == UInt8(ascii: "]") else {
            throw Pattern.Problem(position: start + 1, expected: "a \"]\" that closes this set")
        }
        offset += 1
        return isInverted ? set.inverted : set
    }

    /// A byte, and where it is an ASCII letter its other case.
    private static func either(_ byte: UInt8) -> ByteSet {
        let lower = byte.lowered
        return lower >= 0x61 && lower <= 0x7a ? ByteSet([lower, lower & ~0x20]) : ByteSet([byte])
    }

    // MARK: Writing steps

    private mutating func append(_ step: Pattern.Step) throws(Pattern.Problem) {
        guard steps.count < Pattern.Limits.steps else {
            throw Pattern.Problem(
                position: 1,
                expected: "at most \(Pattern.Limits.steps) steps, found a pattern whose repetitions make more")
        }
        steps.append(step)
    }

    private mutating func emit(_ node: Node) throws(Pattern.Problem) {
        switch node {
        case .empty: break
        case .set(let set):
            let number = setNumbers[set] ?? sets.count
            if number == sets.count {
                sets.append(set)
                setNumbers[set] = number
            }
            try append(.byte(number))
        case .start: try append(.start)
        case .end: try append(.end)
        case .wordEdge: try append(.wordEdge)
        case .sequence(let nodes): for node in nodes { try emit(node) }
        case .group(let inside, let number):
            if let number { try append(.save(2 * number)) }
            try emit(inside)
            if let number { try append(.save(2 * number + 1)) }
        case .choice(let branches):
            var ends: [Int] = []
            for (index, branch) in branches.enumerated() {
                guard index + 1 < branches.count else {
                    try emit(branch)
                    break
                }
                let fork = steps.count
                try append(.split(fork + 1, 0))
                try emit(branch)
                ends.append(steps.count)
                try append(.jump(0))
                steps[fork] = .split(fork + 1, steps.count)
            }
            for end in ends { steps[end] = .jump(steps.count) }
        case .repetition(let inside, let least, let most, let isGreedy):
            for _ in 0..<least { try emit(inside) }
            guard let most else {
                let fork = steps.count
                try append(.split(0, 0))
                try emit(inside)
                try append(.jump(fork))
                steps[fork] = isGreedy ? .split(fork + 1, steps.count) : .split(steps.count, fork + 1)
                return
            }
            var forks: [Int] = []
            for _ in least..<max(least, most) {
                forks.append(steps.count)
                try append(.split(0, 0))
                try emit(inside)
            }
            for fork in forks {
                steps[fork] = isGreedy ? .split(fork + 1, steps.count) : .split(steps.count, fork + 1)
            }
        }
    }

    /// Texts of which every match holds at least one, the most telling that are easily found; empty when none are known.
    private static func required(_ node: Node) -> [[UInt8]] {
        switch node {
        case .empty, .start, .end, .wordEdge: return []
        case .set(let set): return single(set).map { [[$0]] } ?? []
        case .group(let inside, _): return required(inside)
        case .repetition(let inside, let least, _, _): return least > 0 ? required(inside) : []
        case .choice(let branches):
            var all: [[UInt8]] = []
            for branch in branches {
                let texts = required(branch)
                guard !texts.isEmpty, all.count + texts.count <= Pattern.Limits.literals else { return [] }
                all += texts
            }
            return all
        case .sequence(let nodes):
            var best: [[UInt8]] = []
            var run: [UInt8] = []
            func consider(_ texts: [[UInt8]]) {
                if telling(texts) > telling(best) { best = texts }
            }
            for node in nodes {
                if case .set(let set) = node, let byte = single(set) {
                    run.append(byte)
                    consider([run])
                    continue
                }
                switch node {
                case .wordEdge, .start, .end, .empty: continue
                default:
                    run = []
                    consider(required(node))
                }
            }
            return best
        }
    }

    /// The length of the shortest text decides how rarely one is found by chance.
    private static func telling(_ texts: [[UInt8]]) -> Int { texts.map(\.count).min() ?? 0 }

    /// The one byte, in lower case, that a set allows.
    private static func single(_ set: ByteSet) -> UInt8? {
        guard let first = set.first, set == either(first) else { return nil }
        return first.lowered
    }
}
