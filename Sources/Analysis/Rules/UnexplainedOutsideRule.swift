import Model

/// Checklist 3-6: a control device and an outside address exchange data in a protocol that was not recognised, often
/// because the capture began in the middle. It may be remote access; traffic alone does not tell.
struct UnexplainedOutsideRule: FindingRule {
    static let id = "unexplained-outside"

    var about: RuleDescription {
        RuleDescription(
            severity: "medium", items: ["3-6"], techniques: ["T0883"],
            takes:
                "a control device and an outside address exchange data both ways in a protocol that was not recognised",
            limits: "it may be anything: the capture began in the middle, or it is encrypted")
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        let byAsset = Dictionary(grouping: situation.remote.unexplained, by: \.asset)
        let findings = byAsset.sorted { $0.key < $1.key }.compactMap { id, uses -> Finding? in
            let conversations = uses.map(\.conversation)
            guard let asset = situation.asset(id) else { return nil }
            let ports = unique(conversations.map(Wording.port))
            let shown = ports.prefix(4).joined(separator: ", ")
            let exhibit = exhibits.add(
                "\(Self.id)-\(id)",
                title: Phrase(
                    ja: "\(asset.name.visible)と外部との間の特定できない通信",
                    en: "Unrecognised traffic of \(asset.name.visible) with the outside"),
                frames: conversations.flatMap { [$0.first, $0.last] },
                filter: DisplayFilter.any(of: conversations))
            return Finding(
                id: "\(Self.id)-\(id)", rule: Self.id, severity: .medium,
                title: Phrase(
                    ja: "制御系の機器と外部との間に、特定できない通信（\(shown)）",
                    en: "Unrecognised traffic between a control device and the outside (\(shown))"),
                text: Phrase(
                    ja:
                        "\(asset.name.visible) と外部のアドレスとの間で、プロトコルを特定できない双方向の通信（\(shown)）が\(conversations.count)件あります。記録の開始前から続く接続か、暗号化された接続で、リモート接続の可能性があります。用途を確認してください。",
                    en:
                        "\(asset.name.visible) and outside addresses exchange data both ways in \(Wording.count(conversations.count, "conversation")) (\(shown)) whose protocol was not recognised: they began before the capture, or are encrypted. It may be remote access; find out what it is for."
                ),
                items: ["3-6"], techniques: ["T0883"], assets: [id], exhibits: [exhibit])
        }
        return .of(findings)
    }
}
