import Model

/// Picks an asset's leading values out of everything that was said of it.
enum AssetNaming {
    static func complete(_ asset: inout Asset) {
        asset.hostname = best(asset, .name)
        asset.vendor = vendor(asset) ?? asset.interfaces.compactMap(\.vendor).first.map { WireText($0) }
        asset.model = best(asset, .model) ?? orderCode(asset)
        asset.firmware = best(asset, .firmware)
        asset.serial = best(asset, .serial)
        asset.os = best(asset, .os)
        asset.name = name(asset)
        asset.attributes = inOrder(asset.attributes)
    }

    /// By attribute, the surest first. Places are sorted instead of the values, which are long to move.
    private static func inOrder(_ attributes: [AssetAttribute]) -> [AssetAttribute] {
        guard attributes.count > 1 else { return attributes }
        let order = attributes.indices.sorted { left, right in
            if attributes[left].attribute != attributes[right].attribute {
                return attributes[left].attribute < attributes[right].attribute
            }
            if attributes[left].confidence != attributes[right].confidence {
                return attributes[left].confidence > attributes[right].confidence
            }
            return attributes[left].value.raw < attributes[right].value.raw
        }
        return order.map { attributes[$0] }
    }

    /// The most certain value; among equals the one seen by most protocols, then most often, then first in order. A
    /// longer value that goes on where the leading one ends (17.9 and 17.9.4) only says it more precisely.
    private static func best(_ asset: Asset, _ attribute: Attribute) -> WireText? {
        // A server may have a thousand names: only what is asked for is copied.
        var values: [AssetAttribute] = []
        let all = asset.attributes.span
        for place in all.indices where all[place].attribute == attribute {
            if attribute != .name || (tellsApart(all[place].value.raw) && !isTitle(all[place])) {
                values.append(all[place])
            }
        }
        guard var leading = values.max(by: isWeaker) else { return nil }
        let longer = values.filter { $0.confidence >= .medium && goesOn($0.value.raw, from: leading.value.raw) }
        for value in longer.sorted(by: { $0.value < $1.value }) where goesOn(value.value.raw, from: leading.value.raw) {
            leading = value
        }
        return leading.value
    }

    /// False for names that every machine bears or that nobody could say: `localhost`, an address literal, a UUID.
    private static func tellsApart(_ name: String) -> Bool {
        let bytes = name.utf8
        if bytes.first == UInt8(ascii: "[") { return false }
        if bytes.count <= longestShared, shared.contains(name.lowercased()) { return false }
        return !isUUID(bytes)
    }

    private static let shared: Set<String> = ["localhost", "local", "localhost.localdomain", "(none)", "unknown"]
    private static let longestShared = shared.map(\.utf8.count).max() ?? 0

    /// 8, 4, 4, 4 and 12 hexadecimal digits (RFC 9562, 4).
    private static func isUUID(_ bytes: String.UTF8View) -> Bool {
        guard bytes.count == 36 else { return false }
        return bytes.enumerated().allSatisfy { position, byte in
            switch position {
            case 8, 13, 18, 23: byte == UInt8(ascii: "-")
            default: Character(Unicode.Scalar(byte)).isHexDigit
            }
        }
    }

    /// Said only where people put a title and not the host's name.
    private static func isTitle(_ value: AssetAttribute) -> Bool {
        value.sources.allSatisfy { $0.name == "vnc.desktop_name" || $0.name == "smtp.helo" }
    }

    private static func isWeaker(_ left: AssetAttribute, _ right: AssetAttribute) -> Bool {
        if left.confidence != right.confidence { return left.confidence < right.confidence }
        if left.sources.count != right.sources.count { return left.sources.count < right.sources.count }
        let leftCount = left.sources.reduce(0) { $0 &+ $1.sighting.count }
        let rightCount = right.sources.reduce(0) { $0 &+ $1.sighting.count }
        if leftCount != rightCount { return leftCount < rightCount }
        return left.value.raw > right.value.raw
    }

    private static func goesOn(_ long: String, from short: String) -> Bool {
        guard long.hasPrefix(short), let next = long.dropFirst(short.count).first else { return false }
        return next == "." || next == "-"
    }

    /// A product code that reads like one; a bare number only means something beside its maker's.
    private static func orderCode(_ asset: Asset) -> WireText? {
        best(asset, .productCode).flatMap { code in code.raw.contains { $0.isLetter } ? code : nil }
    }

    /// The maker as the catalogue spells it where the device's own spelling is known there.
    private static func vendor(_ asset: Asset) -> WireText? {
        guard let stated = best(asset, .vendor) else { return nil }
        let values = asset.attributes.filter { $0.attribute == .vendor && $0.confidence == .high }
        let spelt = values.filter { $0.sources.contains { $0.name.hasPrefix("spelt-") } }
        guard values.contains(where: { $0.value == stated }), let first = spelt.max(by: isWeaker) else { return stated }
        return first.value
    }

    private static func name(_ asset: Asset) -> WireText {
        if let hostname = asset.hostname { return hostname }
        let address = asset.addresses.first { $0.isV4 } ?? asset.addresses.first
        let place = address.map(\.description) ?? asset.macs.first.map(\.description) ?? asset.id
        if let model = asset.model { return WireText("\(model.raw) (\(place))") }
        return WireText(place)
    }
}
