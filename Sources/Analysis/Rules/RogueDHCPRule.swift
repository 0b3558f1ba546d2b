import Model

/// Checklist 2-7 and 2-6: a second server hands out addresses and names itself as the way out, as a home router does
/// that somebody plugged in.
struct RogueDHCPRule: FindingRule {
    static let id = "rogue-dhcp"

    var about: RuleDescription {
        RuleDescription(
            severity: "medium", items: ["2-7", "2-6"], techniques: ["T0830", "T0848"],
            takes:
                "two hosts answer DHCP requests in one segment, different gateways are handed out, and one of the servers is itself such a gateway",
            limits: "a pair of servers that back each other up hands out one gateway and is left out")
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        var servers: [Int: [FrameRef]] = [:]
        var gateways: [IPAddress: [FrameRef]] = [:]
        situation.eachObservation(of: .role) { observation, sighting in
            guard observation.source == "dhcp.reply",
                let index = situation.inventory.asset(of: observation.subject)
            else { return }
            servers[index, default: []] += [sighting.first, sighting.last]
        }
        situation.eachObservation(of: .gateway) { observation, sighting in
            guard observation.source == "dhcp.router_of_network", let address = IPAddress(observation.value.raw) else {
                return
            }
            gateways[address, default: []].append(sighting.first)
        }
        guard servers.count > 1, gateways.count > 1 else { return .meets }
        let assets = situation.assets
        // One that names itself, beside another that serves the same VLAN.
        let rogues = servers.keys.sorted().filter { index in
            let vlans = Set(assets[index].interfaces.flatMap(\.vlans))
            return assets[index].addresses.contains { gateways[$0] != nil }
                && servers.keys.contains {
                    $0 != index && !vlans.isDisjoint(with: assets[$0].interfaces.flatMap(\.vlans))
                }
        }
        // Where both name themselves nothing tells which one belongs there: both are said.
        return .of(
            rogues.map { index in
                let asset = assets[index]
                let name = asset.name.visible
                let own = asset.addresses.filter { gateways[$0] != nil }
                let exhibit = exhibits.add(
                    "\(id)-\(asset.id)", title: Phrase(ja: "\(name)によるアドレスの配布", en: "Addresses handed out by \(name)"),
                    frames: (servers[index] ?? []) + own.flatMap { gateways[$0] ?? [] }, filter: "dhcp")
                return Finding(
                    id: "\(id)-\(asset.id)", rule: id, severity: .medium,
                    title: Phrase(
                        ja: "\(name) が別のDHCPサーバーとしてアドレスを配布", en: "\(name) hands out addresses as a second DHCP server"),
                    text: Phrase(
                        ja:
                            "同じ区画に複数のDHCPサーバーがあり、\(name) は自分自身を出口（ゲートウェイ）として配布しています。持ち込まれたルーターやアクセスポイントの可能性があります。",
                        en:
                            "Several DHCP servers answer in one segment, and \(name) names itself as the gateway. It may be a router or access point that somebody plugged in."
                    ),
                    items: ["2-7", "2-6"], techniques: ["T0830", "T0848"], assets: [asset.id], exhibits: [exhibit])
            })
    }
}
