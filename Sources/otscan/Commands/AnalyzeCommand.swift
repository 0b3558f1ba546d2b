import ArgumentParser
import Model

/// Reads captures into a store and derives everything that follows from them.
struct AnalyzeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze", abstract: "Reads captures: assets, segments, remote access, findings and proposals.",
        discussion: """
            Captures are pcap or pcapng, plain or compressed with gzip or zstd. A capture that the store already has \
            changes nothing; further captures add to what is known.
            """)

    @Argument(help: "Capture files; - is standard input.")
    var files: [String]

    @Option(name: .shortAndLong, help: ArgumentHelp("Store to make or to add to.", valueName: "store"))
    var output = "plant.otscan"

    @Option(help: ArgumentHelp("Write a report, too: .html, .pdf, .xlsx, .json or .csv.", valueName: "file"))
    var report: String?

    @Option(help: ArgumentHelp("Name of the plant, for the report.", valueName: "name"))
    var plant: String?

    @OptionGroup var knowledge: KnowledgeOptions
    @OptionGroup var rules: RuleOptions

    @Flag(help: "One JSON document instead of the summary.")
    var json = false

    @Option(help: ArgumentHelp("Exit 3 when a finding is at least this grave.", valueName: "low|medium|high"))
    var failOn: SeverityChoice?

    @OptionGroup var styleOptions: StyleOptions

    func validate() throws {
        if files.isEmpty { throw ValidationError("name at least one capture file, or - for standard input") }
        if files.count(where: { $0 == "-" }) > 1 { throw ValidationError("standard input (-) can be read only once") }
        if let problem = report.flatMap(ReportWriting.problem) { throw ValidationError(problem) }
    }

    func run() throws {
        let rulebook = try rules.rulebook()
        let run = try AnalysisRun(files: files, storePath: output, plant: plant, knowledge: knowledge)
        guard !run.additions.isEmpty else { throw ExitCode.failure }
        let summary = try AnalysisSummary(storePath: output, run: run, checklist: rulebook.checklist)
        try StandardOutput.write(json ? try JSONText.document(summary.document) : summary.text(styleOptions.style))
        if let report {
            try ReportWriting(store: run.store, rulebook: rulebook, language: styleOptions.language, isMasked: false)
                .write(to: report)
        }
        if run.failed { throw ExitCode.failure }
        if let failOn, summary.hasFinding(from: failOn.severity) { throw ExitCode.found }
    }
}

/// `low`, `medium` or `high`, as typed.
enum SeverityChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
    case low, medium, high

    var severity: Finding.Severity {
        switch self {
        case .low: .low
        case .medium: .medium
        case .high: .high
        }
    }
}
