import Model

/// Checklist 3-6: somebody comes in who is not declared as permitted.
struct RemoteUserRule: FindingRule {
    static let id = "remote-unknown-user"

    var about: RuleDescription {
        RuleDescription(
            severity: "high at control devices, else medium", items: ["3-6"], techniques: ["T0822", "T0859"],
            takes: "an address that no permitted vendor was declared with comes in from outside",
            limits: "needs a declaration of permitted vendors; a vendor on the move has another address")
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        guard let remote = situation.declarations.remote, !remote.vendors.isEmpty else {
            return .cannotTell(
                Phrase(ja: "許可したベンダーが登録されていません。", en: "No permitted vendors were declared."))
        }
        let findings = RemoteDeviation.findings(id, .unknownVendor, situation, &exhibits) { who, hosts in
            (
                Phrase(ja: "登録のない相手からのリモート接続（\(who)）", en: "Remote access by somebody not declared (\(who))"),
                Phrase(
                    ja: "許可したベンダーに登録されていない \(who) が、\(hosts) に届いています。誰の接続かを確認してください。",
                    en:
                        "\(who), which is none of the permitted vendors' addresses, reaches \(hosts). Find out whose it is."
                )
            )
        }
        return .of(findings)
    }
}
