import ArgumentParser
import Foundation

/// Serves the pages in which people review the proposals.
struct ReviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review", abstract: "Opens the assessment in a browser, to be reviewed and signed off.",
        discussion: """
            The pages are served on 127.0.0.1 to whoever opens the printed link; each link lets one browser in, once. Enter \
            prints another link, Ctrl-C ends. Everything is kept in the store at once.
            """)

    @Argument(help: "Store made by analyze or init.")
    var store: String

    @Option(help: ArgumentHelp("TCP port on 127.0.0.1 (default: a free one).", valueName: "port"))
    var port: UInt16?

    @Flag(help: "Do not open a browser.")
    var noBrowser = false

    @Option(
        help: ArgumentHelp(
            "Write the link to a file that only its owner can read, instead of showing it.", valueName: "file"))
    var linkFile: String?

    @Option(help: ArgumentHelp("Who reviews (default: the user's name).", valueName: "name"))
    var reviewer: String?

    @OptionGroup var knowledge: KnowledgeOptions
    @OptionGroup var rules: RuleOptions
    @OptionGroup var styleOptions: StyleOptions

    func run() async throws {
        try await ReviewSession(
            storePath: store, rulebook: try rules.rulebook(), language: styleOptions.language,
            reviewer: reviewer ?? ReviewerName.ofUser, port: port, opensBrowser: !noBrowser, linkFile: linkFile,
            knowledge: knowledge,
            style: styleOptions.style
        ).run()
    }
}
