import Model

/// Checklist 2-7 and 3-6: a telephone or a PC shares its own way to the internet: a door that no firewall of the plant sees.
struct TetheringRule: FindingRule {
    static let id = "tethering"

    var about: RuleDescription {
        RuleDescription(
            severity: "medium", items: ["2-7", "3-6"], techniques: ["T0860", "T0883"],
            takes:
                "a DHCP server hands out as the gateway the address of a telephone's or a PC's shared connection (Android by USB 192.168.42.129, iPhone 172.20.10.1 with a mask of 28 bits, Windows 192.168.137.1), or a station that the ledger lists or that talks on the wire joins a radio with a telephone's usual name and a made-up BSSID",
            limits:
                "telephones with other addresses or names; a telephone that only passes by is no finding"
        )
    }

    /// Android: Tethering.java of AOSP; Windows: Internet Connection Sharing; both give /24.
    private static let gateways: [(address: IPAddress, kind: Phrase)] = [
        (IPAddress(v4: 0xc0a8_2a81), Phrase(ja: "AndroidスマートフォンのUSBテザリング", en: "an Android telephone by USB")),
        (IPAddress(v4: 0xc0a8_8901), Phrase(ja: "Windowsのインターネット接続の共有", en: "Windows Internet Connection Sharing")),
    ]
    private static let telephone = IPAddress(v4: 0xac14_0a01)
    private static let names = [
        "iphone", "ipad", "androidap", "galaxy", "pixel", "xperia", "aquos", "arrows", "redmi", "oppo", "pocket wifi",
        "speed wi-fi", "wimax",
    ]

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        .of(shared(situation, &exhibits) + joined(situation, &exhibits))
    }

    // MARK: On the wire

    private func shared(_ situation: Situation, _ exhibits: inout ExhibitBook) -> [Finding] {
        var hasSmallMask = false
        situation.eachObservation(of: .subnet) { observation, _ in
            if observation.source.hasPrefix("dhcp."), observation.value.raw == "28" { hasSmallMask = true }
        }
        var frames: [IPAddress: (kind: Phrase, frames: [FrameRef])] = [:]
        situation.eachObservation(of: .gateway) { observation, sighting in
            guard observation.source.hasPrefix("dhcp."), let address = IPAddress(observation.value.raw) else { return }
            let kind =
                Self.gateways.first { $0.address == address }?.kind
                ?? (address == Self.telephone && hasSmallMask
                    ? Phrase(ja: "iPhoneのインターネット共有", en: "an iPhone's personal hotspot") : nil)
            guard let kind else { return }
            frames[address, default: (kind, [])].frames.append(sighting.first)
        }
        return frames.sorted { $0.key < $1.key }.map { address, found in
            let party = Party(Endpoint(mac: nil, ip: address), situation)
            let exhibit = exhibits.add(
                "\(id)-\(address)", title: Phrase(ja: "DHCPの応答", en: "DHCP answers"), frames: found.frames,
                filter: "dhcp && " + DisplayFilter.frames(found.frames))
            return Finding(
                id: "\(id)-\(address)", rule: id, severity: .medium,
                title: Phrase(
                    ja: "テザリングによる外部接続の疑い（\(found.kind.ja)）", en: "A shared connection to the outside (\(found.kind.en))"
                ),
                text: Phrase(
                    ja:
                        "DHCPがゲートウェイとして \(address) を配っています。\(found.kind.ja)が使うアドレスで、工場のファイアウォールを通らない外部への経路になります。誰が何のために接続しているかを確認してください。",
                    en:
                        "DHCP hands out \(address) as the gateway, the address of \(found.kind.en): a way out that passes no firewall of the plant. Find out who connects it and what for."
                ),
                items: ["2-7", "3-6"], techniques: ["T0860", "T0883"], assets: [party].assets, exhibits: [exhibit])
        }
    }

    // MARK: On the air

    private func joined(_ situation: Situation, _ exhibits: inout ExhibitBook) -> [Finding] {
        var radios: [MACAddress: String] = [:]
        for network in situation.wireless.networks {
            let name = network.ssid.lowercased()
            guard Self.names.contains(where: name.contains) else { continue }
            for radio in network.radios where radio.isLocallyAdministered { radios[radio] = network.ssid }
        }
        guard !radios.isEmpty else { return [] }
        var wired: Set<MACAddress> = situation.listedMACs ?? []
        for asset in situation.assets where !Set(asset.services + asset.uses).isSubset(of: ["wlan"]) {
            wired.formUnion(asset.macs)
        }
        var found: [MACAddress: (stations: Set<MACAddress>, frames: [FrameRef])] = [:]
        for association in situation.wireless.associations {
            guard radios[association.radio] != nil, wired.contains(association.station) else { continue }
            found[association.radio, default: ([], [])].stations.insert(association.station)
            found[association.radio]?.frames.append(association.frame)
        }
        return found.sorted { $0.key < $1.key }.map { radio, use in
            let ssid = WireText(radios[radio] ?? "").visible
            let stations = use.stations.sorted()
            let shown = stations.prefix(4).map(\.description).joined(separator: ", ")
            let exhibit = exhibits.add(
                "\(id)-\(radio)", title: Phrase(ja: "「\(ssid)」への接続", en: "Stations that joined “\(ssid)”"),
                frames: use.frames, filter: "wlan.bssid == \(radio)")
            let assets = stations.compactMap { situation.assetID(of: Endpoint(mac: $0, ip: nil)) }
            return Finding(
                id: "\(id)-\(radio)", rule: id, severity: .medium,
                title: Phrase(
                    ja: "工場の機器がスマートフォンの電波「\(ssid)」に接続", en: "A plant device joined a telephone's radio, “\(ssid)”"),
                text: Phrase(
                    ja:
                        "工場の機器（\(shown)）が、スマートフォンや携帯ルーターとみられる電波「\(ssid)」（\(radio)）に接続しています。工場のファイアウォールを通らない外部への経路になります。",
                    en:
                        "Devices of the plant (\(shown)) joined “\(ssid)” (\(radio)), a telephone or pocket router by its name: a way out that passes no firewall of the plant."
                ),
                items: ["2-7", "3-6"], techniques: ["T0860", "T0883"], assets: unique(assets), exhibits: [exhibit])
        }
    }
}
