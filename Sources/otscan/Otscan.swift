import ArgumentParser

@main
struct Otscan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "otscan", abstract: "Looks at a factory network without touching it, and answers for it.",
        subcommands: [AnalyzeCommand.self, AssetsCommand.self, ObservationsCommand.self])
}
