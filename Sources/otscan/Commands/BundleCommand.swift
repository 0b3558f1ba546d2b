import ArgumentParser

/// Writes a copy of a store as one file.
struct BundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Writes a consistent copy of a store as one file, to be sent or merged elsewhere.")

    @Argument(help: "Store.")
    var store: String

    @Option(name: .shortAndLong, help: ArgumentHelp("File to write.", valueName: "file"))
    var output: String

    @OptionGroup var styleOptions: StyleOptions

    func run() throws {
        try StoreMerging.bundle(store, to: output, style: styleOptions.style)
    }
}
