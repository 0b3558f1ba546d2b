import Model

/// Checklist 3-6: an address outside the plant has a session at a device inside, with no tunnel between.
struct OutsideIntoPlantRule: FindingRule {
    static let id = "remote-from-outside"

    var about: RuleDescription {
        RuleDescription(
            severity: "high at control devices, else medium", items: ["3-6"], techniques: ["T0822", "T0883"],
            takes:
                "a remote-access session from an outside address was answered, outside any tunnel",
            limits: "addresses translated before the capture point look like inside ones")
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        let picture = situation.remote
        var findings: [Finding] = []
        var byPair: [String: [RemoteSession]] = [:]
        for session in picture.outsideIn {
            guard let peer = session.client.ip, let target = session.serverAsset else { continue }
            byPair["\(session.service)-\(peer)-\(target)", default: []].append(session)
        }
        for (key, sessions) in byPair.sorted(by: { $0.key < $1.key }) {
            let first = sessions[0]
            guard let peer = first.client.ip, let target = first.serverAsset, let asset = situation.asset(target)
            else { continue }
            let exhibit = exhibits.add(
                "\(id)-\(key)",
                title: Phrase(
                    ja: "外部 \(peer) からの\(Wording.service(first.service))接続",
                    en: "\(Wording.service(first.service)) session from \(peer)"),
                frames: sessions.flatMap { [$0.seen.first, $0.seen.last] },
                filter: DisplayFilter.session(first))
            let name = asset.name.visible
            let service = Wording.service(first.service)
            let clear = ServiceKind.isCleartext(first.service)
            let what =
                asset.isOT ? Phrase(ja: "制御系の機器", en: "the control device") : Phrase(ja: "工場内の機器", en: "the plant host")
            findings.append(
                Finding(
                    id: "\(id)-\(key)", rule: id, severity: asset.isOT ? .high : .medium,
                    title: Phrase(
                        ja: "外部から\(what.ja)へ直接のリモート接続（\(service)）",
                        en: "Remote session from outside straight to \(what.en) (\(service))"),
                    text: Phrase(
                        ja:
                            "外部のアドレス \(peer) が、VPNや踏み台を通らずに \(name) へ\(service)で接続し、応答を得ています（\(sessions.count)回）。\(clear ? "内容は暗号化されていません。" : "")",
                        en:
                            "The outside address \(peer) connects to \(name) by \(service), passing neither a VPN nor a jump host, "
                            + "and got answers (\(Wording.times(sessions.count))).\(clear ? " Nothing of it is encrypted." : "")"
                    ),
                    items: ["3-6"], techniques: asset.isOT ? ["T0822", "T0883"] : ["T0822"], assets: [target],
                    exhibits: [exhibit]))
        }
        return .of(findings)
    }
}
