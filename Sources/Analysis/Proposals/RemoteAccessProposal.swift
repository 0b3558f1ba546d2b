import Assessment
import Model

/// 3-6: remote access from outside is authenticated, bounded in targets and hours, and watched.
enum RemoteAccessProposal: ProposalRule {
    static let item = "3-6"
    static let highest = Level.partly
    /// More targets than these are no restriction.
    private static let fewTargets = 3

    static func propose(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Suggestion {
        let picture = situation.remote
        let cannotTell = Bilingual(
            ja: "二要素認証、利用の承認、携帯回線ルーターによる別経路、保守契約の内容は通信からは分かりません。",
            en:
                "A second factor, approvals, other ways in by cellular routers, and the vendor contract do not show in traffic."
        )
        let questions = [
            Bilingual(ja: "リモート接続に二要素認証を使っていますか。", en: "Does remote access need a second factor?"),
            Bilingual(
                ja: "接続はその都度承認していますか。接続できる時間と機器は限られていますか。",
                en: "Is each connection approved, and are hours and targets limited?"),
            Bilingual(
                ja: "ベンダーが設置したルーターや携帯回線はありますか。", en: "Are there routers or cellular lines that vendors installed?"),
        ]
        let suggestion = SuggestionForm(cannotTell: cannotTell, questions: questions)
        if let session = picture.outsideIntoOT.first, let peer = session.client.ip {
            let hosts = Set(picture.outsideIntoOT.compactMap(\.serverAsset)).count
            let ids = picture.outsideIntoOT.compactMap { session -> String? in
                guard let peer = session.client.ip, let target = session.serverAsset else { return nil }
                return "\(OutsideIntoPlantRule.id)-\(session.service)-\(peer)-\(target)"
            }
            return suggestion(
                .notDone ... .notDone, .contradicts, .high,
                Bilingual(
                    ja: "外部のアドレス（\(peer) など）から制御系の機器\(hosts)台へ、VPNや踏み台を通らない\(session.service.uppercased())接続が行われています。",
                    en:
                        "Outside addresses (\(peer) for one) reach \(hosts) control device(s) by \(session.service.uppercased()) with neither a VPN nor a jump host between."
                ),
                Bilingual(
                    ja: "直接の接続を止め、VPNと踏み台を経由させれば変わります。",
                    en: "Ending the direct access in favour of a VPN and a jump host would change it."),
                unique(ids))
        }
        if let tunnel = picture.tunnels.first, !picture.jumps.isEmpty, picture.targets.count <= fewTargets {
            let exhibit = exhibits.add(
                "remote-by-vpn", title: Phrase(ja: "VPNと踏み台を経由したリモート接続", en: "Remote access by VPN and jump host"),
                frames: picture.tunnels.map(\.seen.first) + picture.jumps.map(\.seen.first),
                filter: (picture.tunnels + picture.jumps).prefix(6).compactMap { session in
                    guard let a = session.client.ip, let b = session.server.ip else { return nil }
                    return "(ip.addr == \(a) && ip.addr == \(b))"
                }.joined(separator: " || "))
            return suggestion(
                .partly ... .partly, .supports, .medium,
                Bilingual(
                    ja: "外部からの接続は\(tunnel.service.uppercased())のVPNで入り、踏み台から制御系の機器\(picture.targets.count)台だけに届いています。",
                    en:
                        "Outside access enters by a \(tunnel.service.uppercased()) VPN and reaches only \(picture.targets.count) control device(s) from a jump host."
                ),
                Bilingual(
                    ja: "二要素認証と利用時間の制限を確認できれば、3以上を選べます。",
                    en: "Seeing the second factor and the limits on hours would allow 3 or more."), [exhibit])
        }
        let all = picture.outsideIn + picture.tunnels + picture.outbound
        if !all.isEmpty {
            let exhibit = exhibits.add(
                "remote-access", title: Phrase(ja: "リモート接続", en: "Remote access"), frames: all.map(\.seen.first),
                filter: all.prefix(6).compactMap { session in
                    guard let a = session.client.ip, let b = session.server.ip else { return nil }
                    return "(ip.addr == \(a) && ip.addr == \(b))"
                }.joined(separator: " || "))
            let names = Set(all.map { $0.service.uppercased() }).sorted().joined(separator: ", ")
            return suggestion(
                .notDone ... .partly, .undetermined, .low,
                Bilingual(
                    ja: "外部とのリモート接続（\(names)）が見えますが、接続先や時間の制限は通信からは判断できません。",
                    en:
                        "Remote access with the outside (\(names)) was seen; whether its targets and hours are limited cannot be told from it."
                ),
                Bilingual(
                    ja: "許可したベンダーと保守の時間帯を登録すると、外れた接続を判定できます。",
                    en: "Declaring permitted vendors and maintenance hours would let sessions outside them be found."),
                [exhibit])
        }
        return suggestion(
            .notDone ... .partly, .undetermined, .low,
            Bilingual(
                ja: "この観測ではリモート接続は見えていません。見えないことは、ないことの証拠にはなりません。",
                en: "No remote access showed in this capture, which does not mean that there is none."),
            Bilingual(
                ja: "保守作業の時間帯に観測すると変わる可能性があります。", en: "A capture during maintenance hours might change it."))
    }
}
