package import Model

/// One piece of knowledge: whoever bears a certain value of a certain attribute is, makes or runs something.
package struct Signature: Sendable {
    package enum Status: String, Hashable, Sendable, CaseIterable {
        case stable
        /// Matched like a stable one; its words may still change.
        case experimental
        /// Kept so that its id is not given again; never matched.
        case retired
    }

    /// What it says of the bearer.
    package struct Assertion: Hashable, Sendable {
        package let attribute: Attribute
        /// `$1` to `$9` stand for the groups of the pattern that matched, `$0` for all of it.
        package let value: String
    }

    /// A sample that it must match, or must not.
    package struct Sample: Hashable, Sendable {
        package let value: String
        /// What it must assert of the sample, by attribute; empty when matching is all that is asked.
        package let gives: [Attribute: String]
    }

    /// Unique over the catalogue: lower-case words joined by hyphens.
    package let id: String
    /// The product or service as its makers write it; nil where what it asserts says so.
    package let title: String?
    /// Counts the changes to what it matches or asserts, from 1.
    package let revision: Int
    package let status: Status
    /// Public pages where the facts can be checked.
    package let references: [String]
    /// SPDX identifier of the licence of its text.
    package let licence: String
    /// The attributes whose values it looks at. `oui_vendor` is the holder of a MAC's address block.
    package let attributes: [Attribute]
    package let matcher: Matcher
    package let asserts: [Assertion]
    package let confidence: Confidence
    package let matching: [Sample]
    package let notMatching: [Sample]
    /// File and line where it is written.
    package let file: String
    package let line: Int

    /// All that it matches and asserts, to be compared with another revision's.
    var meaning: [String] {
        attributes.map(\.rawValue) + [matcher.kind] + matcher.texts + [status.rawValue, "\(confidence)"]
            + asserts.map { "\($0.attribute.rawValue): \($0.value)" }
    }

    /// The values it asserts of a bearer of `value`; nil when it does not match.
    package func assertions(on value: String) -> [Assertion]? {
        guard let groups = matcher.match(value) else { return nil }
        return asserts.compactMap { assertion in
            let text = Signature.fill(assertion.value, with: groups)
            return text.isEmpty ? nil : Assertion(attribute: assertion.attribute, value: text)
        }
    }

    private static func fill(_ template: String, with groups: [String]) -> String {
        guard template.utf8.contains(UInt8(ascii: "$")) else { return template }
        var text = ""
        var isReference = false
        for character in template {
            if isReference, let group = character.wholeNumberValue, character.isASCII {
                if group < groups.count { text += groups[group] }
                isReference = false
            } else if character == "$", !isReference {
                isReference = true
            } else {
                if isReference { text += "$" }
                isReference = false
                text.append(character)
            }
        }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text.drop { $0.isWhitespace })
    }
}
