import Model

/// Checklist 3-3: control devices answer services that they may not need.
struct ExposedServiceRule: FindingRule {
    static let id = "exposed-services"
    private static let services: Set<String> = [
        "telnet", "rfc2217", "ftp", "tftp", "rlogin", "rsh", "x11", "vnc", "smb",
    ]

    var about: RuleDescription {
        RuleDescription(
            severity: "info", items: ["3-3"], techniques: ["T0885", "T0886"],
            takes:
                "a device that answers an industrial protocol also answers Telnet, serial ports over Telnet (RFC 2217), FTP, TFTP, remote shells, X11, VNC or file shares",
            limits: "services that nobody asked for while somebody looked; whether they are needed")
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        var evidence = SupportingEvidence(id, items: ["3-3"], techniques: ["T0885", "T0886"])
        situation.eachConversation([.unicast, .recognised]) { conversation in
            guard let service = conversation.service, Self.services.contains(service),
                conversation.fromServer.payload > 0, let index = situation.inventory.asset(of: conversation.server),
                situation.assets[index].services.contains(where: { ServiceKind.isIndustrial($0) && $0 != service })
            else { return }
            evidence.add(situation.assets[index].id, conversation.first, Wording.service(service))
        }
        guard !evidence.isEmpty else { return .meets }
        return .fails([
            evidence.finding(
                Phrase(
                    ja: "制御機器がほかのサービスにも応答（\(evidence.list)）",
                    en: "Control devices answer further services (\(evidence.list))"),
                Phrase(
                    ja: "制御機器\(evidence.count)台が、制御用のプロトコルのほかに \(evidence.list) に応答しています。使っていなければ停止できます。",
                    en:
                        "\(Wording.count(evidence.count, "control device answers", "control devices answer")) \(evidence.list) beside industrial protocols. What is not used can be turned off."
                ), &exhibits)
        ])
    }
}
