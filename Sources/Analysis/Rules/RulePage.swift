/// What the rules say of themselves, for the documentation.
package enum RulePage {
    package struct Entry: Sendable {
        package var id: String
        package var about: RuleDescription
    }

    package static let rules: [Entry] = FindingRules.all.map {
        Entry(id: $0.id, about: $0.about)
    }
}
