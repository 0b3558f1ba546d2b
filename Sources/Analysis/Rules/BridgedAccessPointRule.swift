import Model

/// Checklist 2-7: an access point heard on the air is the device on the plant's wire: its radio's address is next to that
/// of its wired port.
struct BridgedAccessPointRule: FindingRule {
    static let id = "access-point-on-wire"

    var about: RuleDescription {
        RuleDescription(
            severity: "medium when the imported ledger lacks it, else info", items: ["2-7"], techniques: ["T0860"],
            takes:
                "a BSSID whose first five bytes are those of a MAC that talks on the wire, with or without the bit for locally administered addresses",
            limits:
                "needs a capture off the air and one of the wire; makers that number ports and radios apart are not matched; neighbours in a maker's block may be two devices"
        )
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        let radios = situation.wireless.networks.flatMap { network in network.radios.map { (network.ssid, $0) } }
        guard !radios.isEmpty else {
            return .cannotTell(Phrase(ja: "無線の電波が観測されていません。", en: "Nothing was captured off the air."))
        }
        let radioMACs = Set(radios.map(\.1))
        var wired: [UInt64: Int] = [:]
        for (index, asset) in situation.assets.enumerated() {
            let protocols = Set(asset.services + asset.uses)
            guard !protocols.isSubset(of: ["wlan"]) else { continue }
            for mac in asset.macs where !radioMACs.contains(mac) { wired[Self.block(mac)] = index }
        }
        var found: [Int: [(ssid: String, radio: MACAddress)]] = [:]
        for (ssid, radio) in radios {
            if let index = wired[Self.block(radio)] { found[index, default: []].append((ssid, radio)) }
        }
        return .of(
            found.sorted { $0.key < $1.key }.map { index, radios in
                let asset = situation.assets[index]
                let isUnlisted = situation.ledger.map { $0.unlisted.contains(asset.id) } ?? false
                let names = unique(radios.map { WireText($0.ssid).visible }).joined(separator: "、")
                let bssids = radios.prefix(3).map(\.radio.description).joined(separator: ", ")
                let exhibit = exhibits.add(
                    "\(id)-\(asset.id)",
                    title: Phrase(
                        ja: "\(asset.name.visible)の有線と無線", en: "\(asset.name.visible) on the wire and on the air"),
                    frames: [asset.seen.first]
                        + situation.wireless.networks.filter { network in radios.contains { $0.ssid == network.ssid } }
                        .flatMap(\.frames), filter: asset.macs.first.map { "eth.addr == \($0)" } ?? "wlan")
                return Finding(
                    id: "\(id)-\(asset.id)", rule: id, severity: isUnlisted ? .medium : .info,
                    title: Phrase(
                        ja: "アクセスポイント \(asset.name.visible) が工場のネットワークにつながっている",
                        en: "The access point \(asset.name.visible) leads to the plant network"),
                    text: Phrase(
                        ja:
                            "電波で観測した「\(names)」（BSSID \(bssids)）は、有線側の \(asset.name.visible) とみられます。\(isUnlisted ? "この機器は台帳にありません。" : "")",
                        en:
                            "“\(names)”, heard on the air (BSSID \(bssids)), seems to be \(asset.name.visible) on the wire.\(isUnlisted ? " The ledger does not know it." : "")"
                    ),
                    items: ["2-7"], techniques: ["T0860"], assets: [asset.id], exhibits: [exhibit])
            })
    }

    /// The first five bytes, without the bit for locally administered addresses.
    private static func block(_ mac: MACAddress) -> UInt64 { (mac.bits & ~0x0200_0000_0000) >> 8 }
}
