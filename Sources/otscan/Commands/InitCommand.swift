import ArgumentParser
import Reporting

/// Makes a store without any capture, or names things in one that exists.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Makes a store for an assessment without any capture.",
        discussion: "In a store that exists, only what is given is set; nothing else changes.")

    @Argument(help: "Store to make.")
    var store: String

    @Option(help: ArgumentHelp("Name of the plant.", valueName: "name"))
    var plant: String?
    @Option(help: ArgumentHelp("Whom the report is for.", valueName: "name"))
    var addressee: String?
    @Option(help: ArgumentHelp("Who writes the report.", valueName: "name"))
    var author: String?
    @Option(help: ArgumentHelp("Edition of the report, such as 1.0.", valueName: "edition"))
    var edition: String?
    @Option(help: ArgumentHelp("How the report may be passed on.", valueName: "text"))
    var handling: String?
    @Option(help: ArgumentHelp("What the assessment covers.", valueName: "text"))
    var scope: String?
    @Option(help: ArgumentHelp("How frames were captured: access port, mirror of ports, tap, …", valueName: "text"))
    var captureMode: String?
    @Option(help: ArgumentHelp("Where frames were captured: switch and port.", valueName: "text"))
    var capturePoint: String?

    @Option(help: ArgumentHelp("Logo for the report's cover: PNG or JPEG, up to 512 kB.", valueName: "file"))
    var logo: String?

    @OptionGroup var styleOptions: StyleOptions

    func run() throws {
        let picture = try logo.map(LogoFile.read)
        try StoreSetup.make(
            store,
            facts: [
                StoreFact.plant: plant, "addressee": addressee, "author": author, "edition": edition,
                "handling": handling, "scope": scope, "capture_mode": captureMode, "capture_point": capturePoint,
                ReportFact.logo.rawValue: picture,
            ], style: styleOptions.style)
    }
}
