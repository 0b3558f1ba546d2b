import ArgumentParser

/// Prints the grades.
struct ScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "Prints the grade of each category and the total.")

    @Argument(help: "Store, or an answers file in YAML or JSON, or an Excel check sheet.")
    var source: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var rules: RuleOptions

    func run() throws {
        let grades = Grades(try StandingAssessment(path: source, rulebook: try rules.rulebook()))
        switch output.chosenFormat {
        case .table: try StandardOutput.write(grades.text(output.style))
        case .json: try StandardOutput.write(try JSONText.document(grades.document))
        case .ndjson, .csv: try grades.listing.write(output)
        }
    }
}
