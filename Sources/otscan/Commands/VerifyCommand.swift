import ArgumentParser
import Evidence

/// Checks that nothing in a store's decisions, nor among the segments of its live captures, was changed, deleted or moved.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Checks the record of decisions and of live captures: every hash, chain and attachment.",
        discussion: """
            Rows taken away from a chain's end leave no trace inside the store. Whoever has written the head down, as it \
            stands on each report, can have it looked for with --head. Exits 1 when something does not fit.
            """)

    @Argument(help: "Store.")
    var store: String

    @Option(help: ArgumentHelp("A head recorded elsewhere, at least 12 digits; may be given again.", valueName: "hash"))
    var head: [String] = []

    @OptionGroup var output: OutputOptions

    func validate() throws {
        for text in head where text.count < 12 || !text.allSatisfy(\.isHexDigit) {
            throw ValidationError("--head: expected at least 12 hexadecimal digits, found \(text)")
        }
    }

    func run() throws {
        let verification = try Verification(store: try StoreReading.open(store), heads: head)
        try StandardOutput.write(
            output.chosenFormat == .table
                ? verification.text(output.style, path: store) : try JSONText.document(verification.document))
        if !verification.problems.isEmpty { throw ExitCode.failure }
    }
}
