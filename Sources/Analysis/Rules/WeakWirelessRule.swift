import Model

/// Checklist 2-7: a wireless network that anybody can join.
struct WeakWirelessRule: FindingRule {
    static let id = "weak-wireless"

    var about: RuleDescription {
        RuleDescription(
            severity: "medium", items: ["2-7"], techniques: ["T0860", "T0887"],
            takes:
                "an access point announces an open or WEP network; where others protect the same name, it may be an impostor",
            limits: "only what the receiver heard; whether the network leads to the plant")
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        let findings = situation.wireless.weakNetworks.map { network in
            let ssid = WireText(network.ssid).visible
            let kind =
                network.securities.contains("open")
                ? Phrase(ja: "暗号化なし", en: "no encryption") : Phrase(ja: "WEP", en: "WEP")
            let exhibit = exhibits.add(
                "\(id)-\(ssid)", title: Phrase(ja: "SSID「\(ssid)」のビーコン", en: "Beacons of SSID “\(ssid)”"),
                frames: network.frames,
                filter:
                    "wlan.fc.type == 0 && wlan.ssid == \"\(network.ssid.filter { $0.isASCII && $0 != "\"" && $0 != "\\" })\""
            )
            return Finding(
                id: "\(id)-\(ssid)", rule: id, severity: .medium,
                title: network.isPerhapsImpersonated
                    ? Phrase(
                        ja: "無線LAN「\(ssid)」を名乗る保護の弱い電波（\(kind.ja)）",
                        en: "A weakly protected radio calls itself “\(ssid)” (\(kind.en))")
                    : Phrase(
                        ja: "保護の弱い無線LAN「\(ssid)」（\(kind.ja)）",
                        en: "Weakly protected wireless network “\(ssid)” (\(kind.en))"),
                text: Self.text(network, ssid, kind),
                items: ["2-7"], techniques: ["T0860", "T0887"], exhibits: [exhibit])
        }
        return .of(findings)
    }
    private static func text(_ network: WirelessPicture.Network, _ ssid: String, _ kind: Phrase) -> Phrase {
        let radios = network.weakNames
        if network.isPerhapsImpersonated {
            return Phrase(
                ja:
                    "SSID「\(ssid)」はほかのアクセスポイントでは保護されていますが、BSSID \(radios) は\(kind.ja)で同じ名前を名乗っています。なりすまし（偽のアクセスポイント）か設定の誤りかを確認してください。",
                en:
                    "SSID “\(ssid)” is protected by other access points, but BSSID \(radios) announces the same name with \(kind.en). Find out whether it is an impostor (evil twin) or a wrong setting."
            )
        }
        return Phrase(
            ja: "SSID「\(ssid)」（BSSID \(radios)）は\(kind.ja)で、許可されていない機器も接続できます。工場のネットワークにつながっているかを確認してください。",
            en:
                "SSID “\(ssid)” (BSSID \(radios)) uses \(kind.en), so that any device can join. Find out whether it leads to the plant network."
        )
    }
}
