import Model

/// Checklist 2-3: a control device uses mail or the web outside.
struct ControlHostOnlineRule: FindingRule {
    static let id = "control-host-online"

    var about: RuleDescription {
        RuleDescription(
            severity: "low", items: ["2-3"], techniques: ["T0865"],
            takes:
                "a device with an OT role, or one that answers an industrial protocol, uses mail or web services outside the plant and gets answers",
            limits: "updates and licences look like browsing; hosts of both office and plant are left out")
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        var evidence = SupportingEvidence(id, items: ["2-3"], techniques: ["T0865"], severity: .low)
        let services: Set<String> = ["http", "http2", "tls", "quic", "smtp", "pop3", "imap", "wsus"]
        situation.eachConversation([.recognised, .dataBothWays, .crossesBoundary]) { conversation in
            guard let service = conversation.service, services.contains(service),
                conversation.server.ip.map({ situation.knowledge.isOutside($0) }) == true,
                let index = situation.inventory.asset(of: conversation.client)
            else { return }
            let asset = situation.assets[index]
            let hasRole = asset.roles.first.map { $0.role.isOT && $0.confidence >= .medium } ?? false
            guard hasRole || asset.services.contains(where: { ServiceKind.isIndustrial($0) }) else { return }
            evidence.add(asset.id, conversation.first, Wording.service(service))
        }
        guard !evidence.isEmpty else { return .meets }
        return .fails([
            evidence.finding(
                Phrase(
                    ja: "制御系の機器が外部のウェブやメールを使っている（\(evidence.list)）",
                    en: "Control devices use web or mail outside (\(evidence.list))"),
                Phrase(
                    ja:
                        "制御系の機器\(evidence.count)台が、工場の外のウェブやメール（\(evidence.list)）と通信しています。方針で禁止しているなら守られていません。更新や保守の通信かどうかも確認してください。",
                    en:
                        "\(Wording.count(evidence.count, "control device talks", "control devices talk")) to web or mail services outside (\(evidence.list)). If the policy forbids that, it is not kept; find out whether it is for updates or maintenance."
                ), &exhibits)
        ])
    }
}
