import Model

/// Checklist 3-5: something on the way refused a packet, as ICMP says (RFC 792 and RFC 1812, type 3, codes 9, 10 and 13):
/// a sign that traffic between parts of the network is filtered.
struct BoundaryRefusalRule: FindingRule {
    static let id = "refused-at-boundary"

    var about: RuleDescription {
        RuleDescription(
            severity: "info", items: ["3-5"], techniques: [],
            takes:
                "a router or firewall refuses a packet by rule (ICMP type 3, codes 9, 10, 13)",
            limits: "refusals without an answer")
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        let refusals = Self.refusals(situation)
        let findings = refusals.sorted { $0.key < $1.key }.compactMap { id, frames -> Finding? in
            guard let asset = situation.asset(id) else { return nil }
            let name = asset.name.visible
            let exhibit = exhibits.add(
                "\(Self.id)-\(id)",
                title: Phrase(ja: "\(name)による通信の拒否（ICMP）", en: "Traffic refused by \(name) (ICMP)"), frames: frames,
                filter: "icmp.type == 3 && icmp.code in {9, 10, 13}")
            return Finding(
                id: "\(Self.id)-\(id)", rule: Self.id, severity: .info,
                title: Phrase(ja: "\(name) が通信を拒否", en: "\(name) refuses traffic"),
                text: Phrase(
                    ja: "\(name) が、通過しようとした通信を規則により拒否したとICMPで応答しています。境界で通信が制限されていることの裏付けになります。",
                    en:
                        "\(name) answered by ICMP that its rules forbid a packet that was to pass. It supports the claim that traffic is restricted at a boundary."
                ),
                items: ["3-5"], assets: [id], exhibits: [exhibit])
        }
        return .of(findings)
    }

    /// Frames by the asset that refused.
    static func refusals(_ situation: Situation) -> [String: [FrameRef]] {
        var frames: [String: [FrameRef]] = [:]
        situation.eachObservation(of: "filtering") { observation, sighting in
            guard observation.source == "icmp.path_prohibited",
                let index = situation.inventory.asset(of: observation.subject)
            else { return }
            frames[situation.assets[index].id, default: []].append(sighting.first)
        }
        return frames
    }
}
