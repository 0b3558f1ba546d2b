import Model

/// Checklist 2-7: a wireless router made for homes is on the plant's wire, by what it calls itself. Nobody manages its
/// radio, and whoever knows the password on its sticker gets in.
struct HomeAccessPointRule: FindingRule {
    static let id = "home-access-point"

    var about: RuleDescription {
        RuleDescription(
            severity: "medium", items: ["2-7", "2-6"], techniques: ["T0860"],
            takes:
                "a wireless router made for homes shows on the wire, by maker and name",
            limits: "whether its radio is on")
    }
    /// What the catalogue says of products for homes.
    private static let mark: Attribute = "consumer_network"

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        let findings = situation.assets.compactMap { asset -> Finding? in
            guard let product = asset.attributes.first(where: { $0.attribute == Self.mark }), !asset.isBehindRouter
            else {
                return nil
            }
            let name = asset.name.visible
            let kind = product.value.visible
            let exhibit = exhibits.add(
                "\(id)-\(asset.id)", title: Phrase(ja: "\(name)の通信", en: "Traffic of \(name)"),
                frames: product.sources.map(\.sighting.first) + [asset.seen.first],
                filter: asset.macs.first.map { "eth.addr == \($0)" } ?? "frame")
            return Finding(
                id: "\(id)-\(asset.id)", rule: id, severity: .medium,
                title: Phrase(ja: "家庭用の無線ルーター（\(kind)）が接続されている", en: "A home wireless router (\(kind)) is connected"),
                text: Phrase(
                    ja: "\(name) は家庭用の無線ルーター（\(kind)）とみられます。電波が出ているか、誰が設置し管理しているかを確認してください。",
                    en:
                        "\(name) looks like a wireless router made for homes (\(kind)). Find out whether its radio is on, and who installed and manages it."
                ),
                items: ["2-7", "2-6"], techniques: ["T0860"], assets: [asset.id], exhibits: [exhibit])
        }
        return .of(findings)
    }
}
