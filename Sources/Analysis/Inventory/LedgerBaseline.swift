package import Model

/// What an earlier assessment saw, as a list to compare with: who is new, who is gone, and what has changed since.
package enum LedgerBaseline {
    /// The column under which the firmware is kept; `LedgerMatching` looks for it there.
    package static let firmware = "Firmware"

    /// One entry for each device with a MAC of its own. Addresses that the device makes up itself change from day to day,
    /// and identify nobody.
    package static func entries(of assets: [Asset]) -> [LedgerEntry] {
        let devices = assets.filter { asset in
            !asset.isBehindRouter && asset.macs.contains { !$0.isLocallyAdministered }
                && !asset.macs.allSatisfy { VirtualMAC.isRouter($0) }
        }
        return devices.enumerated().map { index, asset in
            LedgerEntry(
                line: index + 1, key: asset.id, name: asset.name.visible,
                addresses: asset.addresses.filter { !$0.isLinkLocal }, macs: asset.macs,
                vendor: asset.vendor?.visible ?? "", model: asset.model?.visible ?? "",
                serial: asset.serial?.visible ?? "", hostname: asset.hostname?.visible ?? "",
                extra: asset.firmware.map { [firmware: $0.visible] } ?? [:])
        }
    }
}
