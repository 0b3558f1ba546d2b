import ArgumentParser

/// Lists the checklist's items with what stands for each; imports and exports answers.
struct AnswersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answers", abstract: "Lists, imports and exports the answers to the checklist.",
        subcommands: [List.self, Import.self, Export.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Lists every item: proposal, answer and what is remarkable (the default).")

        @Argument(help: "Store made by analyze or init.")
        var store: String
        @OptionGroup var output: OutputOptions
        @OptionGroup var rules: RuleOptions

        func run() throws {
            let assessment = try StandingAssessment(
                store: try StoreReading.open(store), rulebook: try rules.rulebook())
            try AnswerList.listing(assessment).write(output)
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import",
            abstract: "Adds the answers of a YAML or JSON file, or of an Excel check sheet, as decisions.",
            discussion: "Answers that the store already has are left alone, so importing a file twice adds nothing.")

        @Argument(help: "Answers file.")
        var answers: String
        @Argument(help: "Store made by analyze or init.")
        var store: String
        @Option(help: ArgumentHelp("Who answered, where the file does not say.", valueName: "name"))
        var reviewer: String?
        @OptionGroup var rules: RuleOptions
        @OptionGroup var styleOptions: StyleOptions

        func run() throws {
            let outcome = try DecisionTaking(store: try StoreReading.open(store), rulebook: try rules.rulebook())
                .importSheet(answers, reviewer: reviewer)
            try StandardOutput.write(outcome.text(styleOptions.style, file: answers))
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract: "Writes the answers that stand to a YAML or JSON file, or to an Excel check sheet.")

        @Argument(help: "Store made by analyze or init.")
        var store: String
        @Option(
            name: .shortAndLong,
            help: ArgumentHelp("File to write (.yaml, .json or .xlsx); - is standard output.", valueName: "file"))
        var output: String
        @OptionGroup var rules: RuleOptions
        @OptionGroup var styleOptions: StyleOptions

        func run() throws {
            let taking = DecisionTaking(store: try StoreReading.open(store), rulebook: try rules.rulebook())
            try taking.exportSheet(to: output, language: styleOptions.language)
        }
    }
}
