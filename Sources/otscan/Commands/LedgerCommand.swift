import ArgumentParser

/// The user's own asset list.
struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Imports the plant's own asset list and compares it with what was seen.",
        subcommands: [Import.self, Match.self, Export.self])

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import", abstract: "Reads a list (CSV or Excel) in place of the one imported before.",
            discussion: """
                With --baseline, FILE is the store of an earlier assessment, and its devices are the list: new devices, \
                those not seen any more, and changed addresses and firmware show.

                UTF-8, Shift_JIS, EUC-JP or UTF-16; commas, tabs or semicolons; headings in Japanese or English. \
                The assessment is derived anew; the captures need not be there.
                """)

        @Argument(help: "Asset list as CSV or Excel workbook, - for standard input; with --baseline an earlier store.")
        var file: String
        @Argument(help: "Store made by analyze or init.")
        var store: String
        @Flag(help: "Compare with what an earlier assessment saw.")
        var baseline = false
        @OptionGroup var knowledge: KnowledgeOptions
        @OptionGroup var styleOptions: StyleOptions

        func run() throws {
            let keeping = LedgerKeeping(store: try StoreReading.open(store), path: store)
            if baseline {
                return try StandardOutput.write(
                    try keeping.importBaseline(file, knowledge: knowledge, language: styleOptions.language))
            }
            let outcome = try keeping.importList(file, knowledge: knowledge)
            try StandardOutput.write(outcome.text(styleOptions.style))
        }
    }

    struct Match: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "match", abstract: "Shows the list beside what was seen: matched, not listed, not seen.")

        @Argument(help: "Store made by analyze or init.")
        var store: String
        @OptionGroup var output: OutputOptions

        func run() throws { try LedgerList.listing(try StoreReading(path: store)).write(output) }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Writes the list as CSV, with how each line compares.")

        @Argument(help: "Store made by analyze or init.")
        var store: String
        @Option(name: .shortAndLong, help: ArgumentHelp("CSV file to write; - is standard output.", valueName: "file"))
        var output: String
        @Flag(help: "Add the assets that were seen and are not listed.")
        var unlisted = false
        @OptionGroup var styleOptions: StyleOptions

        func run() throws {
            let keeping = LedgerKeeping(store: try StoreReading.open(store), path: store)
            try keeping.exportList(to: output, withUnlisted: unlisted, language: styleOptions.language)
        }
    }
}
