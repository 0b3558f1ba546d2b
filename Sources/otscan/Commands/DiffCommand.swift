import ArgumentParser
import Reporting

/// Tells what differs between two assessments of a plant.
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Compares two assessments: answers, grades, devices, findings and segments.",
        discussion: "Exits 0 whether they differ or not; --exit-code makes it 3 when they do.")

    @Argument(help: "The earlier store.")
    var before: String

    @Argument(help: "The later store.")
    var now: String

    @Flag(help: "Exit 3 when something differs.")
    var exitCode = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var rules: RuleOptions

    func run() throws {
        let list = DifferenceList(
            try StoreReading.open(before), try StoreReading.open(now), rulebook: try rules.rulebook())
        let difference = try list.difference()
        try StandardOutput.write(
            output.chosenFormat == .table
                ? list.text(difference, output.style) : try JSONText.document(list.document(difference)))
        if exitCode, !difference.isEmpty { throw ExitCode.found }
    }
}
