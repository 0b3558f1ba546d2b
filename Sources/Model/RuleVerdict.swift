/// What one rule made of the traffic.
package struct RuleVerdict: Hashable, Sendable, Codable {
    package enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
        /// Looked, and found nothing to say.
        case meets
        /// Its findings say why.
        case fails
        /// What it would need was not there.
        case cannotTell = "cannot_tell"
    }

    package var rule: String
    package var outcome: Outcome
    /// Why it cannot tell; nil otherwise.
    package var why: Phrase?
    package var findings: Int

    package init(rule: String, outcome: Outcome, why: Phrase? = nil, findings: Int = 0) {
        self.rule = rule
        self.outcome = outcome
        self.why = why
        self.findings = findings
    }
}
