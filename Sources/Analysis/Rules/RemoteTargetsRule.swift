import Model

/// Checklist 3-6: who comes in from outside gets at many control devices.
struct RemoteTargetsRule: FindingRule {
    static let id = "remote-many-targets"
    /// More targets than these are no restriction.
    static let few = 3

    var about: RuleDescription {
        RuleDescription(
            severity: "medium", items: ["3-6"], techniques: ["T0886"],
            takes:
                "sessions from outside, out of a tunnel or by a jump host that was reached so get at more than \(Self.few) control devices from one address",
            limits: "whether each user is restricted does not show where several share a jump host")
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        let picture = situation.remote
        var byClient: [String: [RemoteSession]] = [:]
        for session in picture.outsideIntoOT + picture.tunnelIntoOT(situation) + picture.jumps {
            byClient[Party(session.client, situation).key, default: []].append(session)
        }
        return .of(
            byClient.sorted { $0.key < $1.key }.compactMap { key, sessions -> Finding? in
                let targets = sessions.map { Party($0.server, situation) }
                guard let first = sessions.first, Set(targets.map(\.key)).count > Self.few else { return nil }
                let who = Party(first.client, situation)
                let count = Set(targets.map(\.key)).count
                let exhibit = exhibits.add(
                    "\(id)-\(key)", title: Phrase(ja: "\(who.name)からの多数の接続先", en: "Targets of \(who.name)"),
                    frames: sessions.map(\.seen.first), filter: DisplayFilter.any(sessions.map(DisplayFilter.session)))
                return Finding(
                    id: "\(id)-\(key)", rule: id, severity: .medium,
                    title: Phrase(
                        ja: "リモート接続が制御系の機器\(count)台に届く", en: "Remote access reaches \(count) control devices"),
                    text: Phrase(
                        ja:
                            "外部からの接続が \(who.name) を通って制御系の機器\(count)台（\(targets.names())）に届いています。利用者ごとに接続先を限っているかを確認してください。",
                        en:
                            "Access from outside reaches \(count) control devices (\(targets.names())) from \(who.name). Find out whether targets are limited for each user."
                    ),
                    items: ["3-6"], techniques: ["T0886"], assets: [who].assets, exhibits: [exhibit])
            })
    }
}
