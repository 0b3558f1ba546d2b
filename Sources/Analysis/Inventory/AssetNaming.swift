import Model

/// Picks an asset's leading values out of everything that was said of it.
enum AssetNaming {
    static func complete(_ asset: inout Asset) {
        asset.hostname = best(asset, .name)
        asset.vendor = best(asset, .vendor) ?? asset.interfaces.compactMap(\.vendor).first.map { WireText($0) }
        asset.model = best(asset, .model) ?? best(asset, .productCode)
        asset.firmware = best(asset, .firmware)
        asset.serial = best(asset, .serial)
        asset.os = best(asset, .os)
        asset.name = name(asset)
        asset.attributes.sort {
            ($0.attribute.rawValue, $1.confidence.rawValue, $0.value.raw) < (
                $1.attribute.rawValue, $0.confidence.rawValue, $1.value.raw
            )
        }
    }

    /// The most certain value; among equals the one seen by most protocols, then most often, then first in order.
    private static func best(_ asset: Asset, _ attribute: Attribute) -> WireText? {
        asset.attributes.filter { $0.attribute == attribute }.max { left, right in
            if left.confidence != right.confidence { return left.confidence < right.confidence }
            if left.sources.count != right.sources.count { return left.sources.count < right.sources.count }
            let leftCount = left.sources.reduce(0) { $0 &+ $1.sighting.count }
            let rightCount = right.sources.reduce(0) { $0 &+ $1.sighting.count }
            if leftCount != rightCount { return leftCount < rightCount }
            return left.value.raw > right.value.raw
        }?.value
    }

    private static func name(_ asset: Asset) -> WireText {
        if let hostname = asset.hostname { return hostname }
        let address = asset.addresses.first { $0.isV4 } ?? asset.addresses.first
        let place = address.map(\.description) ?? asset.macs.first.map(\.description) ?? asset.id
        if let model = asset.model { return WireText("\(model.raw) (\(place))") }
        return WireText(place)
    }
}
