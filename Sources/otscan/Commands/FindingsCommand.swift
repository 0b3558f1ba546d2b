import ArgumentParser

/// Lists what is wrong, the gravest first.
struct FindingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "findings", abstract: "Lists findings, the gravest first.")

    @Argument(help: "Store made by analyze.")
    var store: String

    @Flag(help: "A table of one line each instead of the explanations.")
    var brief = false

    @Flag(help: "List the rules instead, with what each made of the captures.")
    var rules = false

    @OptionGroup var output: OutputOptions

    func run() throws {
        let reading = try StoreReading(path: store)
        if rules { return try RuleList.listing(reading, language: output.styleOptions.language).write(output) }
        let listing = try FindingList.listing(reading, language: output.styleOptions.language)
        guard output.chosenFormat == .table, !brief, !listing.records.isEmpty else { return try listing.write(output) }
        try StandardOutput.write(FindingList.explained(listing.records.map(\.finding), output.style))
    }
}
