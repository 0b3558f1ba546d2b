import Assessment
import Model

/// 2-7: where wireless LAN is used, permitted devices are listed and others are refused.
enum WirelessProposal: ProposalRule {
    static let item = "2-7"
    static let highest = Level.partly

    static func propose(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Suggestion {
        let picture = situation.wireless
        let cannotTell = Bilingual(
            ja: "許可機器の台帳の有無と、不正なアクセスポイントの点検は通信からは分かりません。見えなかった無線LANがないとも言えません。",
            en:
                "Whether permitted devices are listed and rogue access points are looked for does not show in traffic; nor does it follow that there is no other wireless LAN."
        )
        let questions = [
            Bilingual(
                ja: "工場内で無線LANを使っていますか（機器に内蔵のものも含む）。",
                en: "Is wireless LAN used in the plant, built-in radios included?"),
            Bilingual(ja: "接続を許可した機器の台帳はありますか。", en: "Is there a list of devices that may connect?"),
            Bilingual(ja: "不正なアクセスポイントの有無を点検していますか。", en: "Are rogue access points looked for?"),
        ]
        let suggestion = SuggestionForm(cannotTell: cannotTell, questions: questions)
        // A network that is weak everywhere says more of the plant than a radio that may be a stranger's.
        if let weak = picture.weakNetworks.first(where: { !$0.isPerhapsImpersonated }) ?? picture.weakNetworks.first {
            let ssid = WireText(weak.ssid).visible
            return suggestion(
                .notDone ... .notDone, .contradicts, .high,
                Bilingual(
                    ja: "SSID「\(ssid)」（BSSID \(weak.weakNames)）は暗号化なし、またはWEPのため、許可していない機器を拒否できません。",
                    en:
                        "SSID “\(ssid)” (BSSID \(weak.weakNames)) is open or uses WEP, so it cannot refuse devices that are not permitted."
                ),
                Bilingual(
                    ja: "その無線LANが工場のネットワークにつながっていないと確認できれば変わります。",
                    en: "Showing that this network does not lead to the plant would change it."),
                picture.weakNetworks.map { "\(WeakWirelessRule.id)-\(WireText($0.ssid).visible)" })
        }
        let strangers = situation.findings.filter { $0.rule == WirelessClientRule.id }
        if let first = strangers.first {
            return suggestion(
                .notDone ... .partly, .contradicts, .medium,
                Bilingual(
                    ja: "台帳にない端末が無線LANへの接続を認められており（\(first.title.ja)）、許可していない機器を拒否できていません。",
                    en:
                        "Stations that the ledger does not know were let in (\(first.title.en)), so that devices without permission are not refused."
                ),
                Bilingual(
                    ja: "その端末が許可済みと確認できるか、台帳に加えれば変わります。",
                    en: "Showing that they are permitted, or adding them to the ledger, would change it."),
                unique(strangers.flatMap(\.exhibits)))
        }
        if !picture.accepted.isEmpty, !picture.rejected.isEmpty {
            let exhibit = exhibits.add(
                "radius-wireless", title: Phrase(ja: "無線LANの認証（許可と拒否）", en: "Wireless logins accepted and refused"),
                frames: Array(picture.accepted.prefix(10)) + Array(picture.rejected.prefix(10)), filter: "radius")
            return suggestion(
                .partly ... .partly, .supports, .medium,
                Bilingual(
                    ja: "無線LANの接続をRADIUSで認証しており、許可と拒否の両方の応答が見られます。",
                    en:
                        "Wireless connections are authenticated by RADIUS, and both accepted and refused logins were seen."
                ),
                Bilingual(
                    ja: "許可機器の台帳と点検の記録を確認できれば、3以上を選べます。",
                    en: "Seeing the list of permitted devices and records of checks would allow 3 or more."), [exhibit])
        }
        if picture.isPresent {
            let frames = picture.accepted + picture.rejected + picture.wiredSigns + picture.networks.flatMap(\.frames)
            let exhibit = exhibits.add(
                "wireless-signs", title: Phrase(ja: "無線LANの存在を示す通信", en: "Signs of wireless LAN"), frames: frames,
                filter: "radius || capwap || wlan || lldp || cdp")
            return suggestion(
                .notDone ... .partly, .undetermined, .low,
                Bilingual(
                    ja: "無線LANが使われていますが、許可していない機器を拒否している様子は確認できていません。",
                    en: "Wireless LAN is in use, but nothing was seen of devices being refused."),
                Bilingual(
                    ja: "認証の拒否応答が見えるか、設定を確認できれば変わります。",
                    en: "A refused login in the traffic, or a look at the configuration, would change it."), [exhibit])
        }
        return suggestion(
            .notDone ... .partly, .undetermined, .low,
            Bilingual(
                ja: "この観測では無線LANの通信は見えていません。見えないことは、ないことの証拠にはなりません。",
                en: "No wireless traffic showed in this capture, which does not mean that there is none."),
            Bilingual(
                ja: "無線の電波の観測、または現地での確認で変わります。", en: "A capture off the air, or a look on site, would change it."))
    }
}
