import Model

/// Checklist 2-6: a listed device is not as the ledger says.
struct LedgerDifferenceRule: FindingRule {
    static let id = "ledger-difference"

    var about: RuleDescription {
        RuleDescription(
            severity: "low", items: ["2-6"], techniques: ["T0864"],
            takes:
                "a device that the ledger and the traffic both know has another IP address, MAC, serial number or firmware there",
            limits: "addresses that DHCP leases change by themselves")
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        guard let ledger = situation.ledger else {
            return .cannotTell(Phrase(ja: "台帳が取り込まれていません。", en: "No ledger was imported."))
        }
        return .of(
            ledger.pairs.filter { !$0.changes.isEmpty }.compactMap { pair -> Finding? in
                guard let asset = situation.asset(pair.asset) else { return nil }
                let name = asset.name.visible
                let exhibit = exhibits.add(
                    "\(id)-\(asset.id)", title: Phrase(ja: "\(name)の通信", en: "Traffic of \(name)"),
                    frames: [asset.seen.first, asset.seen.last],
                    filter: asset.macs.first.map { "eth.addr == \($0)" } ?? "frame")
                let ja = pair.changes.map(Self.word).map(\.ja).joined(separator: "、")
                let en = pair.changes.map(Self.word).map(\.en).joined(separator: ", ")
                return Finding(
                    id: "\(id)-\(asset.id)", rule: id, severity: .low,
                    title: Phrase(ja: "台帳と異なる機器: \(name)", en: "Differs from the ledger: \(name)"),
                    text: Phrase(
                        ja: "\(name) の\(ja)が台帳（\(pair.line)行目）と異なります。交換や設定の変更が台帳に反映されているかを確認してください。",
                        en:
                            "\(name) has another \(en) than the ledger says (line \(pair.line)). Find out whether a replacement or a change was entered."
                    ),
                    items: ["2-6"], techniques: ["T0864"], assets: [asset.id], exhibits: [exhibit])
            })
    }

    private static func word(_ change: String) -> Phrase {
        switch change {
        case "ip": Phrase(ja: "IPアドレス", en: "IP address")
        case "mac": Phrase(ja: "MACアドレス", en: "MAC address")
        case "serial": Phrase(ja: "製造番号", en: "serial number")
        case "firmware": Phrase(ja: "ファームウェア", en: "firmware")
        default: Phrase(ja: change, en: change)
        }
    }
}
