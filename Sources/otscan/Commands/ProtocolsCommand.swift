import ArgumentParser

/// Lists the protocols that otscan recognises.
struct ProtocolsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "protocols", abstract: "Lists the protocols that otscan knows, with ports and specifications.")

    @OptionGroup var output: OutputOptions

    func run() throws { try ProtocolList.listing().write(output) }
}
