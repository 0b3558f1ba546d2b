import ArgumentParser
import Reporting

/// Writes the report.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Writes the report as HTML, PDF, Excel workbook, JSON or CSV.",
        discussion: """
            The workbook holds the check sheet, inventory, conversations, remote sessions, findings and action plan; a CSV file \
            holds one of them.
            """)

    @Argument(help: "Store made by analyze or init.")
    var store: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("File to write: .html, .pdf, .xlsx, .json or .csv.", valueName: "file"))
    var output: String

    @Flag(help: "Hide addresses, network names and user names.")
    var masked = false

    @Option(help: ArgumentHelp("Compare with this earlier assessment.", valueName: "store"))
    var compare: String?

    @Option(help: ArgumentHelp("The edition as it was signed off (default: what stands now).", valueName: "number"))
    var edition: Int?

    @Option(help: "What a CSV file holds.")
    var table = ReportTables.Name.plan

    @OptionGroup var rules: RuleOptions
    @OptionGroup var styleOptions: StyleOptions

    func validate() throws {
        if let problem = ReportWriting.problem(with: output) { throw ValidationError(problem) }
    }

    func run() throws {
        try ReportWriting(
            store: try StoreReading.open(store), rulebook: try rules.rulebook(), language: styleOptions.language,
            isMasked: masked, edition: edition, earlier: try compare.map(StoreReading.open), table: table
        ).write(to: output)
    }
}

extension ReportTables.Name: ExpressibleByArgument {}
