import ArgumentParser

/// Lists broadcast domains and the traffic between them.
struct SegmentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "segments", abstract: "Lists segments (VLAN, subnet, members) and the traffic between them.")

    @Argument(help: "Store made by analyze.")
    var store: String

    @Flag(help: "List only the traffic between segments, in any format.")
    var conduits = false

    @OptionGroup var output: OutputOptions

    func run() throws {
        let reading = try StoreReading(path: store)
        if !conduits { try SegmentList.segments(reading).write(output) }
        guard conduits || output.chosenFormat == .table else { return }
        if !conduits { try StandardOutput.write("\n") }
        try SegmentList.conduits(reading).write(output)
    }
}
