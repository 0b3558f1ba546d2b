import Model

/// Checklist 3-1: protection software fetches its updates.
struct ProtectionSoftwareRule: FindingRule {
    static let id = "protection-software"

    var about: RuleDescription {
        RuleDescription(
            severity: "info", items: ["3-1"], techniques: [],
            takes: "a plant host asks for the update or telemetry names of a known protection product",
            limits:
                "products that update from a server of the plant, and hosts that were not updated while somebody looked"
        )
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        var evidence = SupportingEvidence(id, items: ["3-1"])
        var named: [ConversationKey: (product: String, frame: FrameRef)] = [:]
        situation.asserted.each("protection_service", situation.results) { product, observation, sighting in
            if case .conversation(let key) = observation.subject { named[key] = (product, sighting.first) }
        }
        for (key, assets) in situation.assets(in: Set(named.keys)).sorted(by: {
            $0.value.first ?? "" < $1.value.first ?? ""
        }) {
            if let use = named[key], let host = assets.first { evidence.add(host, use.frame, use.product) }
        }
        guard !evidence.isEmpty else { return .meets }
        return .fails([
            evidence.finding(
                Phrase(
                    ja: "ウイルス対策などの更新が見られる（\(evidence.list)）",
                    en: "Protection software fetches updates (\(evidence.list))"),
                Phrase(
                    ja: "\(evidence.count)台の機器が \(evidence.list) の更新先と通信しています。ほかの機器に導入されていないとは言えません。",
                    en:
                        "\(Wording.count(evidence.count, "host talks", "hosts talk")) to where \(evidence.list) gets its updates. It does not follow that the others have none."
                ), &exhibits)
        ])
    }
}
