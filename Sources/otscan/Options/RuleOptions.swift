import ArgumentParser

/// Which checklist and which scoring policy.
struct RuleOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A checklist of your own, or an overlay over the built-in one; may be given again for each file.",
            valueName: "file"))
    var checklist: [String] = []

    @Option(help: ArgumentHelp("A scoring policy of your own.", valueName: "file"))
    var policy: String?

    func rulebook() throws -> Rulebook { try Rulebook(checklistFiles: checklist, policyFile: policy) }
}
