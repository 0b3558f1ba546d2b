import ArgumentParser
import AssessmentFiles

/// Shows the checklist in force, and checks files that change it.
struct ChecklistCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checklist", abstract: "Shows the checklist in force, and checks files of your own.",
        subcommands: [Show.self, Lint.self], defaultSubcommand: Show.self)

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Writes the checklist, or the scoring policy, as a file to start your own from (the default).")

        @Flag(help: "The scoring policy instead of the checklist.")
        var scoring = false
        @OptionGroup var rules: RuleOptions

        func run() throws {
            let rulebook = try rules.rulebook()
            try StandardOutput.write(
                scoring
                    ? PolicyFile.write(rulebook.policy, as: .yaml) : ChecklistFile.write(rulebook.checklist, as: .yaml))
        }
    }

    struct Lint: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "lint",
            abstract: "Checks checklists, overlays, scoring policies and answers, and explains mistakes.",
            discussion: "Exits 1 when a file cannot be used. Remarks tell what can, but is probably not meant.")

        @Argument(help: "Files; those of one checklist together.")
        var files: [String]
        @OptionGroup var styleOptions: StyleOptions

        func validate() throws {
            if files.isEmpty { throw ValidationError("name at least one file") }
        }

        func run() throws {
            let lint = try FileLint(files)
            try StandardOutput.write(lint.text(styleOptions.style))
            for problem in lint.problems { StandardError.say(problem) }
            if !lint.problems.isEmpty { throw ExitCode.failure }
        }
    }
}
