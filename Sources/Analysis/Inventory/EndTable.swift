import Model

/// The distinct ends of all conversations, numbered as they come, and which two of them each conversation has: what
/// holds of an end is found once and not for each of its conversations.
struct EndTable {
    /// Numbers of both ends of one conversation.
    struct Pair: BitwiseCopyable {
        var client: Int
        var server: Int
    }

    private(set) var ends: [Endpoint] = []
    /// By capture, then by conversation.
    private(set) var pairs: [[Pair]] = []
    private var numbers: [Key: Int] = [:]

    /// An end as whole words, which hash faster than its parts.
    private struct Key: Hashable {
        let high: UInt64
        let low: UInt64
        /// MAC, VLAN and which of them and the address there are.
        let rest: UInt64

        init(_ end: Endpoint) {
            high = end.ip?.high ?? 0
            low = end.ip?.low ?? 0
            // 48 bits of MAC leave 16: 12 of the VLAN, and two marks.
            let marks: UInt64 = (end.mac == nil ? 0 : 1) | (end.ip == nil ? 0 : 2)
            rest = (end.mac?.bits ?? 0) << 16 | UInt64(end.vlan & 0xfff) << 4 | marks
        }
    }

    init() {}

    init(_ results: [CaptureResult]) {
        for result in results {
            var numbered: [Pair] = []
            numbered.reserveCapacity(result.conversations.count)
            let conversations = result.conversations.span
            for index in conversations.indices {
                numbered.append(
                    Pair(client: note(conversations[index].client), server: note(conversations[index].server)))
            }
            pairs.append(numbered)
        }
    }

    private mutating func note(_ end: Endpoint) -> Int {
        let key = Key(end)
        if let known = numbers[key] { return known }
        numbers[key] = ends.count
        ends.append(end)
        return ends.count - 1
    }

    /// The number of an end; nil for one that no conversation has.
    func number(of end: Endpoint) -> Int? { numbers[Key(end)] }
}

/// What is known of one end of conversations.
struct EndFacts {
    /// Its place in the table of ends.
    var number: Int
    /// Index of the asset whose end it is; nil when it lies outside or never sent.
    var asset: Int?
    /// The address lies outside of the plant.
    var isOutside: Bool
    /// The frames come from an interface of the asset itself, and nothing forwards there.
    var isOwnPort: Bool
}

/// What an end sent, over all its conversations.
struct EndActivity {
    /// When it sent; nil when it never did.
    private(set) var seen: Seen?
    /// The same, without what a public address sent to one inside: it came across the boundary.
    private(set) var seenInside: Seen?
    private(set) var frames: UInt64 = 0
    private(set) var ttls: Set<UInt8> = []
    /// It is a public address and talks with one inside.
    private(set) var isStranger = false
    private var lastTTL: UInt8?

    mutating func add(_ span: Seen, frames: UInt64, ttl: UInt8, isStranger: Bool) {
        if seen == nil { seen = span } else { seen?.include(span) }
        if isStranger {
            self.isStranger = true
        } else if seenInside == nil {
            seenInside = span
        } else {
            seenInside?.include(span)
        }
        self.frames &+= frames
        if lastTTL != ttl {
            ttls.insert(ttl)
            lastTTL = ttl
        }
    }
}
