import ArgumentParser
import Evidence
import Model

/// Lists the devices of a store, or shows one with everything known of it.
struct AssetsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assets", abstract: "Lists the assets of a store, or shows one in detail.")

    @Argument(help: "Store made by analyze.")
    var store: String

    @Option(help: ArgumentHelp("Show one asset with every attribute and its frames.", valueName: "name|ip|mac"))
    var detail: String?

    @OptionGroup var output: OutputOptions

    func run() throws {
        let reading = try StoreReading(path: store)
        guard let detail else { return try AssetList.listing(reading).write(output) }
        let found = AssetDetail.find(detail, in: try reading.store.assets())
        guard !found.isEmpty else {
            throw CommandError(
                "\(WireText(store).visible): no asset \(WireText(detail).visible); otscan assets \(WireText(store).visible) lists them"
            )
        }
        guard output.chosenFormat == .table else { return try AssetList.listing(found, reading).write(output) }
        let texts = AssetList.sorted(found).map { AssetDetail(asset: $0, reading: reading).text(output.style) }
        try StandardOutput.write(texts.joined(separator: "\n"))
    }
}
