import Model

/// Checklist 2-7: a station joined a protected wireless network and is not in the list of permitted devices.
struct WirelessClientRule: FindingRule {
    static let id = "unlisted-wireless-client"

    var about: RuleDescription {
        RuleDescription(
            severity: "medium", items: ["2-7", "2-6"], techniques: ["T0860", "T0864"],
            takes:
                "an association that an access point accepted, by a station whose MAC the imported ledger lacks, to a network that is not open",
            limits: "stations with randomised addresses cannot be told by their MAC; only what the receiver heard")
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        guard let listed = situation.listedMACs else {
            return .cannotTell(Phrase(ja: "台帳が取り込まれていません。", en: "No ledger was imported."))
        }
        var networks: [MACAddress: (ssid: String, isOpen: Bool)] = [:]
        for network in situation.wireless.networks {
            for radio in network.radios {
                networks[radio] = (
                    network.ssid, network.weakRadios.contains(radio) && network.securities.contains("open")
                )
            }
        }
        var joined: [String: (stations: Set<MACAddress>, frames: [FrameRef])] = [:]
        for association in situation.wireless.associations {
            guard let network = networks[association.radio], !network.isOpen, !listed.contains(association.station)
            else { continue }
            joined[network.ssid, default: ([], [])].stations.insert(association.station)
            joined[network.ssid]?.frames.append(association.frame)
        }
        return .of(
            joined.sorted { $0.key < $1.key }.map { ssid, found in
                let name = WireText(ssid).visible
                let stations = found.stations.sorted()
                let randomised = stations.count(where: \.isLocallyAdministered)
                let shown = stations.prefix(5).map(\.description).joined(separator: ", ")
                let exhibit = exhibits.add(
                    "\(id)-\(name)", title: Phrase(ja: "SSID「\(name)」への接続", en: "Stations that joined “\(name)”"),
                    frames: found.frames, filter: "wlan.fc.type_subtype in {0, 1, 2, 3}")
                let assets = stations.compactMap { situation.assetID(of: Endpoint(mac: $0, ip: nil)) }
                return Finding(
                    id: "\(id)-\(name)", rule: id, severity: .medium,
                    title: Phrase(
                        ja: "台帳にない端末\(stations.count)台が無線LAN「\(name)」に接続",
                        en: "\(Wording.count(stations.count, "station")) missing from the ledger joined “\(name)”"),
                    text: Phrase(
                        ja:
                            "無線LAN「\(name)」に、台帳にない端末（\(shown)）が接続を認められています。\(randomised > 0 ? "うち\(randomised)台はアドレスを乱数で作る端末で、MACアドレスでは照合できません。" : "")",
                        en:
                            "“\(name)” let in stations that are not in the ledger (\(shown)).\(randomised > 0 ? " \(randomised) of them make up their address, so that no list of MACs can know them." : "")"
                    ),
                    items: ["2-7", "2-6"], techniques: ["T0860", "T0864"], assets: unique(assets), exhibits: [exhibit])
            })
    }
}
