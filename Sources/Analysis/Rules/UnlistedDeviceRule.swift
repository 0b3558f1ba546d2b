import Model

/// Checklist 2-6: a device talks on the plant network and is missing from the list.
struct UnlistedDeviceRule: FindingRule {
    static let id = "unlisted-device"

    var about: RuleDescription {
        RuleDescription(
            severity: "medium", items: ["2-6"], techniques: ["T0848", "T0864"],
            takes:
                "an asset with a MAC of its own is missing from the imported ledger",
            limits: "devices that did not talk, and those behind a router")
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        guard let ledger = situation.ledger else {
            return .cannotTell(Phrase(ja: "台帳が取り込まれていません。", en: "No ledger was imported."))
        }
        let unlisted = Set(ledger.unlisted)
        let findings = situation.assets.filter { unlisted.contains($0.id) }.map { asset in
            let place = (asset.macs.map(\.description) + asset.addresses.prefix(3).map(\.description)).joined(
                separator: ", ")
            let exhibit = exhibits.add(
                "\(id)-\(asset.id)",
                title: Phrase(ja: "\(asset.name.visible)の通信", en: "Traffic of \(asset.name.visible)"),
                frames: [asset.seen.first, asset.seen.last],
                filter: asset.macs.first.map { "eth.addr == \($0)" } ?? asset.addresses.first.map(DisplayFilter.address)
                    ?? "frame")
            // An address that the device made up itself changes, so that no list can hold it.
            let isMadeUp = asset.macs.allSatisfy(\.isLocallyAdministered)
            let maker = asset.vendor.map(\.visible) ?? ""
            return Finding(
                id: "\(id)-\(asset.id)", rule: id, severity: .medium,
                title: Phrase(
                    ja: "台帳にない機器: \(asset.name.visible)", en: "Device missing from the ledger: \(asset.name.visible)"),
                text: Phrase(
                    ja:
                        "\(asset.name.visible)（\(place)\(maker.isEmpty ? "" : "、\(maker)")）が通信していますが、台帳に見当たりません。\(isMadeUp ? "MACアドレスは乱数などで作られたもので、変わることがあります。" : "")",
                    en:
                        "\(asset.name.visible) (\(place)\(maker.isEmpty ? "" : ", \(maker)")) talks on the network and is not in the ledger.\(isMadeUp ? " Its MAC is not one that a maker assigned: it may change." : "")"
                ),
                items: ["2-6"], techniques: ["T0848", "T0864"], assets: [asset.id], exhibits: [exhibit])
        }
        return .of(findings)
    }
}
