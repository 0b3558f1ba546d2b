import Model

/// Checklist 3-5: office and plant hosts share one broadcast domain.
struct FlatNetworkRule: FindingRule {
    static let id = "flat-network"

    var about: RuleDescription {
        RuleDescription(
            severity: "high", items: ["3-5"], techniques: ["T0886", "T0846"],
            takes:
                "three different pairs of an office host and a control device, or one pair with ten frames each way, exchange frames addressed to each other's own MAC",
            limits:
                "routers, virtual router MACs, addresses known only from behind a router, group addresses and conversations that use different MACs each way are not counted; neither are hosts of both sides"
        )
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        let direct = situation.direct
        guard direct.isFlat, let example = direct.pairs.first else { return .meets }
        let conversations = direct.pairs.prefix(5).flatMap(\.conversations)
        let exhibit = exhibits.add(
            id,
            title: Phrase(ja: "ITとOTの機器が互いのMACアドレスで直接通信", en: "IT and OT hosts exchanging frames by each other's MAC"),
            frames: conversations.map(\.first), filter: DisplayFilter.any(of: conversations)
        )
        let assets = situation.assets
        let it = assets[example.it].name.visible
        let ot = assets[example.ot].name.visible
        let ids = direct.pairs.prefix(50).flatMap { [assets[$0.it].id, assets[$0.ot].id] }
        return .fails([
            Finding(
                id: id, rule: id, severity: .high,
                title: Phrase(
                    ja: "工場と事務の機器が同じネットワークにある（フラット構成）", en: "Plant and office devices share one flat network"),
                text: Phrase(
                    ja: "事務系の機器と制御系の機器の\(direct.pairs.count)組が、ルーターを介さず互いのMACアドレスあてに直接通信しています（例: \(it) と \(ot)）。"
                        + "一台の感染が全体に広がり得ます。",
                    en:
                        "\(Wording.count(direct.pairs.count, "pair")) of an office host and a control device \(direct.pairs.count == 1 ? "exchanges" : "exchange") frames addressed to each other's own MAC, "
                        + "with no router between them (for example \(it) and \(ot)). One infection can reach everything."
                ),
                items: ["3-5"], techniques: ["T0886", "T0846"], assets: unique(ids), exhibits: [exhibit])
        ])
    }
}
