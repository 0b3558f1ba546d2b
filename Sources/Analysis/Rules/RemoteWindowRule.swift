import Model

/// Checklist 3-6: a permitted vendor is there at another time than the one declared.
struct RemoteWindowRule: FindingRule {
    static let id = "remote-outside-window"

    var about: RuleDescription {
        RuleDescription(
            severity: "high at control devices, else medium", items: ["3-6"], techniques: ["T0822"],
            takes:
                "a session from outside, or one that follows from it, begins or ends outside every declared maintenance window",
            limits: "needs a declaration of maintenance windows; the capture's clock is taken for right")
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        guard let remote = situation.declarations.remote, !remote.windows.isEmpty else {
            return .cannotTell(
                Phrase(ja: "保守の時間帯が登録されていません。", en: "No maintenance windows were declared."))
        }
        return .of(
            RemoteDeviation.findings(id, .outsideWindow, situation, &exhibits) { who, hosts in
                (
                    Phrase(ja: "保守の時間帯の外のリモート接続（\(who)）", en: "Remote access outside the maintenance window (\(who))"),
                    Phrase(
                        ja: "\(who) のリモート接続が、登録された保守の時間帯の外に \(hosts) に届いています。予定外の作業か、不正な利用かを確認してください。",
                        en:
                            "Remote access by \(who) reaches \(hosts) outside the declared maintenance windows. Find out whether it was unplanned work or misuse."
                    )
                )
            })
    }
}
