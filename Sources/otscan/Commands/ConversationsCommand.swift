import ArgumentParser

/// Lists who talked with whom.
struct ConversationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conversations", abstract: "Lists conversations: both ends, protocol, volume, Community ID.")

    @Argument(help: "Store made by analyze.")
    var store: String

    @OptionGroup var output: OutputOptions

    func run() throws { try ConversationList.listing(try StoreReading(path: store)).write(output) }
}
