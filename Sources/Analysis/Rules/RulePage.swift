/// What the rules say of themselves, for the documentation.
package enum RulePage {
    package struct Entry: Sendable {
        package var id: String
        package var about: RuleDescription
    }

    package static let rules: [Entry] = FindingRules.all.map {
        Entry(id: $0.id, about: $0.about)
    }

    /// The page that lists all rules.
    package static var markdown: String {
        var lines = [
            "# The rules behind the findings", "",
            "Written from the rules themselves. Severity is fixed for each rule; techniques are ids of MITRE ATT&CK for ICS.",
            "Each rule answers *meets*, *fails* or *cannot tell*: `otscan findings --rules plant.otscan`.", "",
        ]
        for rule in rules {
            let about = rule.about
            lines += [
                "## `\(rule.id)`", "",
                "- Severity: \(about.severity). Checklist items: \(about.items.joined(separator: ", "))."
                    + (about.techniques.isEmpty ? "" : " Techniques: \(about.techniques.joined(separator: ", "))."),
                "- Takes: \(about.takes).",
                "- Limits: \(about.limits).", "",
            ]
        }
        return lines.dropLast().joined(separator: "\n") + "\n"
    }
}
