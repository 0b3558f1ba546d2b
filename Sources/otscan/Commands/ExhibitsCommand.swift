import ArgumentParser

/// Lists exhibits, shows one, or writes the frames kept of one.
struct ExhibitsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exhibits", abstract: "Lists the frames kept as proof, or shows or writes those of one exhibit.",
        usage: """
            otscan exhibits <store> [options]
            otscan exhibits <id> <store> [-w slice.pcapng] [options]
            """)

    @Argument(help: ArgumentHelp("The exhibit's id, when one is wanted; then the store.", valueName: "id|store"))
    var arguments: [String]

    @Option(name: .shortAndLong, help: ArgumentHelp("Write the kept frames to this pcapng file.", valueName: "file"))
    var write: String?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...2).contains(arguments.count) else {
            throw ValidationError("give a store, or an exhibit's id and a store")
        }
        if write != nil, arguments.count == 1 {
            throw ValidationError("-w needs the id of an exhibit before the store")
        }
    }

    func run() throws {
        let reading = try StoreReading(path: arguments[arguments.count - 1])
        let language = output.styleOptions.language
        guard arguments.count == 2 else {
            return try ExhibitList.listing(reading, language: language).write(output)
        }
        let exhibit = try ExhibitList.find(arguments[0], reading)
        if let write { return try SliceWriting.write(exhibit, reading, to: write, style: output.style) }
        guard output.chosenFormat == .table else {
            return try ExhibitList.listing([exhibit], reading, language: language).write(output)
        }
        try StandardOutput.write(try ExhibitList.text(exhibit, reading, output.style))
    }
}
