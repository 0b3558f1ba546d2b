import ArgumentParser

/// Says how long and how well the network was watched.
struct CoverageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage", abstract: "Shows the captures: period, frames, what was not analysed, drops.")

    @Argument(help: "Store made by analyze.")
    var store: String

    @OptionGroup var output: OutputOptions

    func run() throws {
        let reading = try StoreReading(path: store)
        let listing = CaptureList.listing(reading)
        switch output.chosenFormat {
        case .json: try StandardOutput.write(try JSONText.document(try CoverageDocument(reading)))
        case .table: try StandardOutput.write(try CoverageText.text(listing, reading, output.style))
        case .ndjson, .csv: try listing.write(output)
        }
    }
}
