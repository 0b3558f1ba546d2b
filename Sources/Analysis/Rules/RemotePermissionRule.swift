import Model

/// Checklist 3-6: a permitted vendor uses a protocol or reaches a device that the declaration does not grant it.
struct RemotePermissionRule: FindingRule {
    static let id = "remote-beyond-permission"

    var about: RuleDescription {
        RuleDescription(
            severity: "high at control devices, else medium", items: ["3-6"], techniques: ["T0822", "T0886"],
            takes: "a declared vendor uses a protocol or reaches a control device that its declaration does not name",
            limits: "needs services or targets in the declaration")
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        guard let remote = situation.declarations.remote,
            remote.vendors.contains(where: { !$0.services.isEmpty || !$0.targets.isEmpty })
        else {
            return .cannotTell(
                Phrase(ja: "ベンダーごとの接続先や方式が登録されていません。", en: "No targets or protocols were declared for vendors."))
        }
        return .of(
            RemoteDeviation.findings(id, .beyondPermission, situation, &exhibits) { who, hosts in
                (
                    Phrase(ja: "許可の範囲を超えたリモート接続（\(who)）", en: "Remote access beyond its permission (\(who))"),
                    Phrase(
                        ja: "\(who) のリモート接続が、許可された接続先または方式を超えて \(hosts) に届いています。",
                        en:
                            "Remote access by \(who) reaches \(hosts) beyond the targets or protocols that it was granted."
                    )
                )
            })
    }
}
