import ArgumentParser
import Evidence
import Foundation
import Model

/// Lists the devices of a store.
struct AssetsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "assets", abstract: "Lists the assets of a store.")

    @Argument(help: "Store made by analyze.")
    var store: String

    @Flag(help: "One JSON document instead of lines.")
    var json = false

    func run() throws {
        let assets = try Store(path: store, create: false).assets()
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(assets), as: UTF8.self))
            return
        }
        for asset in assets {
            let addresses = asset.addresses.map(\.description).joined(separator: ",")
            let macs = asset.macs.map(\.description).joined(separator: ",")
            print(
                asset.name.visible, addresses, macs, asset.role.rawValue, asset.vendor?.visible ?? "-",
                asset.model?.visible ?? "-",
                asset.firmware?.visible ?? "-", separator: "\t")
        }
    }
}
