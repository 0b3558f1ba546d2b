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
            let peers = Set(picture.outsideIntoOT.compactMap(\.client.ip)).count
            let ids = picture.outsideIntoOT.compactMap { session -> String? in
                guard let peer = session.client.ip, let target = session.serverAsset else { return nil }
                return "\(OutsideIntoPlantRule.id)-\(session.service)-\(peer)-\(target)"
            }
            return suggestion(
                .notDone ... .notDone, .contradicts, .high,
                Bilingual(
                    ja:
                        "外部のアドレス（\(peer)\(peers > 1 ? "など\(peers)件" : "")）から制御系の機器\(hosts)台へ、VPNや踏み台を通らない\(Wording.service(session.service))の接続が行われています。",
                    en:
                        "\(peers > 1 ? "\(peers) outside addresses (\(peer) for one) reach" : "The outside address \(peer) reaches") \(Wording.count(hosts, "control device")) by \(Wording.service(session.service)) with neither a VPN nor a jump host between."
                ),
                Bilingual(
                    ja: "直接の接続を止め、VPNと踏み台を経由させれば変わります。",
                    en: "Ending the direct access in favour of a VPN and a jump host would change it."),
                unique(ids))
        }
        let deviating = situation.ways.sessions.filter { session in
            session.isEstablished && session.permission.map { $0 != .permitted } ?? false
        }
        if let first = deviating.first {
            let exhibit = exhibits.add(
                "remote-not-as-declared",
                title: Phrase(ja: "登録した条件から外れたリモート接続", en: "Remote access that differs from what was declared"),
                frames: deviating.map(\.seen.first), filter: DisplayFilter.any(deviating.map(DisplayFilter.session)))
            return suggestion(
                .notDone ... .partly, .contradicts, .medium,
                Bilingual(
                    ja: "登録した保守の時間帯・ベンダー・接続先から外れたリモート接続が\(deviating.count)件（\(Wording.service(first.service)) など）あります。",
                    en:
                        "\(Wording.count(deviating.count, "session")) (\(Wording.service(first.service)) for one) \(deviating.count == 1 ? "differs" : "differ") from the declared hours, vendors or targets."
                ),
                Bilingual(
                    ja: "その接続が承認されたものと確認できるか、時間外の接続を遮断すれば変わります。",
                    en: "Showing that they were approved, or refusing access outside the hours, would change it."),
                [exhibit])
        }
        let direct = picture.tunnelIntoOT(situation)
        if let tunnel = picture.tunnels.first, !picture.jumps.isEmpty, direct.isEmpty,
            picture.targets.count <= fewTargets
        {
            let way = picture.tunnels + picture.fromTunnel + picture.jumps
            let exhibit = exhibits.add(
                "remote-by-vpn", title: Phrase(ja: "VPNと踏み台を経由したリモート接続", en: "Remote access by VPN and jump host"),
                frames: way.map(\.seen.first), filter: DisplayFilter.any(way.map(DisplayFilter.session)))
            let bastions = picture.bastions.sorted().compactMap { situation.asset($0)?.name.visible }
            let name = bastions.joined(separator: "、")
            return suggestion(
                .partly ... .partly, .supports, .medium,
                Bilingual(
                    ja:
                        "外部からの接続はVPN（\(Wording.service(tunnel.service))）で入り、踏み台（\(name)）から制御系の機器\(picture.targets.count)台だけに届いています。",
                    en:
                        "Outside access enters by VPN (\(Wording.service(tunnel.service))) and reaches only \(Wording.count(picture.targets.count, "control device")) from a jump host (\(bastions.joined(separator: ", ")))."
                ),
                Bilingual(
                    ja: "二要素認証と利用時間の制限を確認できれば、3以上を選べます。",
                    en: "Seeing the second factor and the limits on hours would allow 3 or more."), [exhibit])
        }
        if let tunnel = picture.tunnels.first, !direct.isEmpty {
            let way = picture.tunnels + direct
            let exhibit = exhibits.add(
                "remote-by-vpn-direct",
                title: Phrase(ja: "VPNから制御系への直接の接続", en: "Access from the VPN straight to control devices"),
                frames: way.map(\.seen.first), filter: DisplayFilter.any(way.map(DisplayFilter.session)))
            let hosts = Set(direct.compactMap(\.serverAsset)).count
            return suggestion(
                .notDone ... .partly, .undetermined, .medium,
                Bilingual(
                    ja:
                        "外部からの接続はVPN（\(Wording.service(tunnel.service))）で入りますが、踏み台を通らずに制御系の機器\(hosts)台へ届いています。",
                    en:
                        "Outside access enters by VPN (\(Wording.service(tunnel.service))) but reaches \(Wording.count(hosts, "control device")) with no jump host between."
                ),
                Bilingual(
                    ja: "接続先を利用者ごとに限っていることを確認できれば、2以上を選べます。",
                    en: "Seeing that targets are limited per user would allow 2 or more."), [exhibit])
        }
        let all = picture.outsideIn + picture.tunnels + picture.outbound
        if !all.isEmpty {
            let exhibit = exhibits.add(
                "remote-access", title: Phrase(ja: "リモート接続", en: "Remote access"), frames: all.map(\.seen.first),
                filter: DisplayFilter.any(all.map(DisplayFilter.session)))
            let names = Set(all.map { Wording.service($0.service) }).sorted().joined(separator: ", ")
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
        if let first = picture.unexplained.first {
            let port = Wording.port(first.conversation)
            return suggestion(
                .notDone ... .partly, .undetermined, .low,
                Bilingual(
                    ja: "制御系の機器と外部との間に、プロトコルを特定できない双方向の通信（\(port) など）があり、リモート接続の可能性があります。",
                    en:
                        "Control devices and the outside exchange data in a protocol that was not recognised (\(port) for one); it may be remote access."
                ),
                Bilingual(
                    ja: "その通信の用途を確認するか、接続の開始から観測すると変わります。",
                    en: "Finding out what it is for, or capturing it from its beginning, would change it."),
                unique(picture.unexplained.map { "\(UnexplainedOutsideRule.id)-\($0.asset)" }))
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
