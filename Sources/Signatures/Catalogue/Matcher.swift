/// How a signature looks at a value. ASCII letters match in either case.
package enum Matcher: Sendable {
    /// The whole value.
    case equals([String])
    /// What the value begins with, ending where a word ends.
    case begins([String])
    /// What the value holds as whole words.
    case words([String])
    /// A domain name and all names below it.
    case domain([String])
    case pattern([Pattern])

    /// Most texts of one signature.
    static let limit = 256

    /// The key in a signature file.
    package var kind: String {
        switch self {
        case .equals: "equals"
        case .begins: "begins"
        case .words: "words"
        case .domain: "domain"
        case .pattern: "pattern"
        }
    }

    /// What it looks for, as in a signature file.
    package var texts: [String] {
        switch self {
        case .equals(let texts), .begins(let texts), .words(let texts), .domain(let texts): texts
        case .pattern(let patterns): patterns.map(\.text)
        }
    }

    /// The groups of the match, the whole match first; nil when nothing matches.
    func match(_ value: String) -> [String]? {
        switch self {
        case .equals(let texts):
            let lower = value.asciiLowered
            return texts.contains(lower) ? [value] : nil
        case .begins(let texts):
            let lower = value.asciiLowered
            return texts.contains { lower.begins(withWords: $0) } ? [value] : nil
        case .words(let texts):
            let lower = Array(value.asciiLowered.utf8)
            return texts.contains { lower.holds(words: Array($0.utf8)) } ? [value] : nil
        case .domain(let domains):
            let lower = value.asciiLowered
            let name = lower.hasSuffix(".") ? String(lower.dropLast()) : lower
            return domains.contains { name == $0 || name.hasSuffix("." + $0) } ? [value] : nil
        case .pattern(let patterns):
            return patterns.lazy.compactMap { $0.match(value) }.first
        }
    }
}

extension String {
    /// ASCII capitals as small letters, everything else as it is.
    package var asciiLowered: String {
        guard utf8.contains(where: { $0 >= 0x41 && $0 <= 0x5a }) else { return self }
        return String(decoding: utf8.map(\.lowered), as: UTF8.self)
    }

    /// Both in lower case: begins with `words`, and the last word ends there.
    func begins(withWords words: String) -> Bool {
        guard hasPrefix(words) else { return false }
        let rest = utf8.dropFirst(words.utf8.count)
        guard let next = rest.first, let last = words.utf8.last else { return true }
        return !(next.isWord && last.isWord)
    }
}

extension [UInt8] {
    /// Both in lower case: holds `words` with an edge of a word on both sides.
    func holds(words: [UInt8]) -> Bool {
        guard let first = words.first, let last = words.last, words.count <= count else { return false }
        for start in 0...(count - words.count) where self[start] == first {
            let end = start + words.count
            guard self[start..<end].elementsEqual(words) else { continue }
            let startsWord = start == 0 || !(self[start - 1].isWord && first.isWord)
            let endsWord = end == count || !(self[end].isWord && last.isWord)
            if startsWord, endsWord { return true }
        }
        return false
    }
}
