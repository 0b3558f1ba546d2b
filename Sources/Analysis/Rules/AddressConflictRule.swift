import Model

/// Checklist 3-7 and 2-3: two hosts answer for one address at the same time: a mistake, or one of them listens in between.
struct AddressConflictRule: FindingRule {
    static let id = "address-conflict"

    var about: RuleDescription {
        RuleDescription(
            severity: "medium", items: ["3-7", "2-6"], techniques: ["T0830"],
            takes:
                "two MAC addresses answer by ARP or announce themselves for one IPv4 address within the same time, neither of them a virtual router's",
            limits:
                "clusters that move an address for good are no conflict; a router that answers for others (proxy ARP) is one only where the others answer as well"
        )
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        let conflicts = situation.inventory.addressConflicts
        var findings: [Finding] = []
        for conflict in conflicts {
            let parties = conflict.macs.map { Party(Endpoint(mac: $0, ip: nil), situation) }
            guard Set(parties.map(\.key)).count > 1 else { continue }
            let exhibit = exhibits.add(
                "\(id)-\(conflict.ip)",
                title: Phrase(ja: "\(conflict.ip)を名乗る複数の機器", en: "Several hosts claim \(conflict.ip)"),
                frames: conflict.frames, filter: "arp.src.proto_ipv4 == \(conflict.ip)")
            let macs = conflict.macs.map(\.description).joined(separator: ", ")
            findings.append(
                Finding(
                    id: "\(id)-\(conflict.ip)", rule: id, severity: .medium,
                    title: Phrase(
                        ja: "\(conflict.ip) を複数の機器が名乗っている", en: "Several hosts claim the address \(conflict.ip)"),
                    text: Phrase(
                        ja:
                            "\(conflict.ip) について、同じ時期に複数のMACアドレス（\(macs)）がARPで応答しています。設定の重複か、なりすまし（ARPスプーフィング）による盗聴が考えられます。",
                        en:
                            "At the same time several MAC addresses (\(macs)) answer by ARP for \(conflict.ip): a double assignment, or somebody places himself in between (ARP spoofing)."
                    ),
                    items: ["3-7", "2-6"], techniques: ["T0830"], assets: parties.assets, exhibits: [exhibit]))
        }
        return .of(findings)
    }
}
