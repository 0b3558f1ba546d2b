import ArgumentParser
import Documents
import Model
import Signatures

/// Lists signatures, and checks files of the user's own.
struct SignaturesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signatures",
        abstract: "Lists what is known of makers, devices and services, and checks such files.",
        subcommands: [List.self, Lint.self, Test.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Lists the signatures in force (the default).")

        @Option(help: ArgumentHelp("Signature files that add to the built-in ones.", valueName: "folder"))
        var signatures: String?
        @OptionGroup var output: OutputOptions

        func run() throws { try SignatureList.listing(try Catalogue.load(folder: signatures)).write(output) }
    }

    struct Lint: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "lint", abstract: "Checks signature files and explains mistakes.",
            discussion: """
                Refuses unknown keys, ids that come twice, missing samples, samples that give something else, patterns that \
                could take too long, and a built-in signature that was changed without a higher rev. Exits 1 when a file \
                cannot be used.
                """)

        @Argument(help: "A folder of signature files.")
        var folder: String
        @OptionGroup var styleOptions: StyleOptions

        func run() throws {
            let report = CatalogueLint.lint(try Catalogue.files(folder: folder), over: .embedded)
            try SignaturesCommand.tell(report, styleOptions.style)
        }
    }

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "test", abstract: "Runs the samples of every signature in force.")

        @Option(help: ArgumentHelp("Signature files that add to the built-in ones.", valueName: "folder"))
        var signatures: String?
        @OptionGroup var styleOptions: StyleOptions

        func run() throws {
            try SignaturesCommand.tell(
                CatalogueLint.test(try Catalogue.load(folder: signatures)), styleOptions.style)
        }
    }

    /// Says what was checked and what is wrong; ends with 1 when something is.
    private static func tell(_ report: CatalogueLint.Report, _ style: TerminalStyle) throws {
        let counts = style.say(
            "シグネチャ\(report.signatures)件、テスト例\(report.samples)件、問題\(report.problems.count)件",
            "\(report.signatures) signatures, \(report.samples) samples, \(report.problems.count) problems")
        try StandardOutput.write(counts + "\n")
        for problem in report.problems { StandardError.say(WireText(problem.description).visible) }
        if !report.problems.isEmpty { throw ExitCode.failure }
    }
}
