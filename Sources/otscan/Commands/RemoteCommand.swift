import ArgumentParser

/// Lists uses of remote access.
struct RemoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remote", abstract: "Lists remote sessions and tunnels: from where, to where, when, how much.")

    @Argument(help: "Store made by analyze.")
    var store: String

    @OptionGroup var output: OutputOptions

    func run() throws { try RemoteList.listing(try StoreReading(path: store)).write(output) }
}
