import ArgumentParser

/// Writes the report.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Writes the report as HTML, JSON or PDF.")

    @Argument(help: "Store made by analyze or init.")
    var store: String

    @Option(name: .shortAndLong, help: ArgumentHelp("File to write: .html, .json or .pdf.", valueName: "file"))
    var output: String

    @Flag(help: "Hide addresses, network names and user names.")
    var masked = false

    @OptionGroup var rules: RuleOptions
    @OptionGroup var styleOptions: StyleOptions

    func run() throws {
        try ReportWriting(
            store: try StoreReading.open(store), rulebook: try rules.rulebook(), language: styleOptions.language,
            isMasked: masked
        ).write(to: output)
    }
}
