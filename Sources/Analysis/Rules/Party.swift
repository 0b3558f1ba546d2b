import Model

/// Who did something, for the texts of findings: an asset of the plant, or an address beyond it.
struct Party: Hashable {
    /// Asset id; nil for somebody outside.
    let asset: String?
    let name: String

    init(_ end: Endpoint, _ situation: Situation) {
        if let index = situation.inventory.asset(of: end) {
            asset = situation.assets[index].id
            name = situation.assets[index].name.visible
        } else {
            asset = nil
            name = end.ip.map(\.description) ?? end.mac.map(\.description) ?? "?"
        }
    }

    /// Part of a finding's id.
    var key: String { asset ?? name }
}

extension [Party] {
    var assets: [String] { unique(compactMap(\.asset)) }
    /// As many names as a sentence bears.
    func names(_ limit: Int = 4) -> String {
        let names = unique(map(\.name))
        return names.prefix(limit).joined(separator: ", ") + (names.count > limit ? " …" : "")
    }
}
