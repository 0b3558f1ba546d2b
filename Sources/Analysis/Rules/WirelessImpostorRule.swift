import Model

/// Checklist 2-7: a network that asks for a login of its own from everybody is announced by another maker's radio that asks
/// for a shared password: who types it there gives it away (evil twin).
struct WirelessImpostorRule: FindingRule {
    static let id = "wireless-impostor"

    var about: RuleDescription {
        RuleDescription(
            severity: "medium", items: ["2-7"], techniques: ["T0860", "T0830"],
            takes:
                "radios of one maker announce a network with 802.1X (enterprise login), and a radio of another maker's address block announces the same name with a shared password alone",
            limits:
                "impostors that copy the security or the BSSID; names that are open or use WEP elsewhere have the rule `weak-wireless`; a plant may have set up both on purpose"
        )
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        guard !situation.wireless.networks.isEmpty else {
            return .cannotTell(Phrase(ja: "無線の電波が観測されていません。", en: "Nothing was captured off the air."))
        }
        return .of(
            situation.wireless.networks.compactMap { network -> Finding? in
                let genuine = network.radios.filter { network.usesLogin($0) }
                let makers = Set(genuine.map(Self.block))
                let doubtful = network.radios.filter {
                    network.usesPasswordAlone($0) && !makers.contains(Self.block($0))
                }
                guard !genuine.isEmpty, !doubtful.isEmpty else { return nil }
                let ssid = WireText(network.ssid).visible
                let radios = doubtful.prefix(3).map(\.description).joined(separator: ", ")
                let exhibit = exhibits.add(
                    "\(id)-\(ssid)", title: Phrase(ja: "SSID「\(ssid)」のビーコン", en: "Beacons of SSID “\(ssid)”"),
                    frames: network.frames,
                    filter: DisplayFilter.any(doubtful.prefix(20).map { "wlan.bssid == \($0)" }))
                return Finding(
                    id: "\(id)-\(ssid)", rule: id, severity: .medium,
                    title: Phrase(
                        ja: "無線LAN「\(ssid)」を名乗る別の電波（なりすましの疑い）",
                        en: "Another radio calls itself “\(ssid)” (an impostor?)"),
                    text: Phrase(
                        ja:
                            "無線LAN「\(ssid)」は利用者ごとの認証（802.1X）で保護されていますが、別のメーカーの電波（BSSID \(radios)）が共有パスワードだけで同じ名前を名乗っています。なりすまし（偽のアクセスポイント）でないかを確認してください。",
                        en:
                            "“\(ssid)” asks everybody for a login of his own (802.1X), but a radio of another maker (BSSID \(radios)) announces the same name with a shared password alone. Find out whether it is an impostor (evil twin)."
                    ),
                    items: ["2-7"], techniques: ["T0860", "T0830"], assets: [], exhibits: [exhibit])
            })
    }

    /// The maker's block, whichever of a device's addresses it is.
    private static func block(_ mac: MACAddress) -> UInt64 { mac.bits >> 24 & ~0x03_0000 }
}
