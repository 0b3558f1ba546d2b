import Model

/// Checklist 3-8: logs are sent to a server of the plant.
struct LogCollectionRule: FindingRule {
    static let id = "log-collection"

    var about: RuleDescription {
        RuleDescription(
            severity: "info", items: ["3-8"], techniques: [],
            takes: "a plant host sends syslog messages to another",
            limits: "whether anybody reads them, and how long they are kept; collection by agents inside encryption")
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        var evidence = SupportingEvidence(id, items: ["3-8"])
        situation.eachConversation([.unicast, .recognised]) { conversation in
            guard conversation.service == "syslog",
                let sender = situation.inventory.asset(of: conversation.client)
            else { return }
            evidence.add(
                situation.assets[sender].id, conversation.first, Party(conversation.server, situation).name)
        }
        guard !evidence.isEmpty else { return .meets }
        return .fails([
            evidence.finding(
                Phrase(ja: "ログがサーバーに集められている（\(evidence.list)）", en: "Logs are collected (\(evidence.list))"),
                Phrase(
                    ja: "\(evidence.count)台の機器が \(evidence.list) へログ（syslog）を送っています。分析と保存期間は、聞き取りで確認してください。",
                    en:
                        "\(Wording.count(evidence.count, "device sends", "devices send")) logs (syslog) to \(evidence.list). Whether they are analysed, and how long they are kept, has to be asked."
                ), &exhibits)
        ])
    }
}
