import ArgumentParser

/// Lists the protocols that otscan recognises.
struct ProtocolsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "protocols", abstract: "Lists the protocols that otscan knows, with ports and specifications.")

    @Flag(help: "As a page of Markdown, in English.")
    var markdown = false
    @OptionGroup var output: OutputOptions

    func run() throws {
        guard markdown else { return try ProtocolList.listing().write(output) }
        try StandardOutput.write(ProtocolPage.markdown())
    }
}
