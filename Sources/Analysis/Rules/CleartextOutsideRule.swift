import Model

/// Checklist 3-7 and 2-3: content crosses the plant's boundary in clear. Remote access is judged by its own rules.
struct CleartextOutsideRule: FindingRule {
    static let id = "cleartext-outside"

    var about: RuleDescription {
        RuleDescription(
            severity: "high for industrial protocols, else low", items: ["3-7", "2-3"], techniques: ["T0883"],
            takes:
                "content crosses the boundary unencrypted, both ways",
            limits: "remote access is judged by its own rules")
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        var byService: [String: [Conversation]] = [:]
        situation.eachConversation([.cleartext, .dataBothWays, .crossesBoundary]) { conversation in
            guard let service = conversation.service, !ServiceKind.isRemoteAccess(service) else { return }
            byService[service, default: []].append(conversation)
        }
        let findings = byService.sorted { $0.key < $1.key }.map { service, conversations in
            let title = Wording.service(service)
            let hosts = conversations.compactMap { conversation -> String? in
                let inside =
                    situation.knowledge.isOutside(conversation.client.ip ?? IPAddress(v4: 0))
                    ? conversation.server : conversation.client
                return situation.assetID(of: inside)
            }
            let exhibit = exhibits.add(
                "\(id)-\(service)",
                title: Phrase(ja: "外部との平文通信（\(title)）", en: "Cleartext \(title) with the outside"),
                frames: conversations.map(\.first),
                filter: DisplayFilter.any(of: conversations))
            let isIndustrial = ServiceKind.isIndustrial(service)
            let count = unique(hosts).count
            return Finding(
                id: "\(id)-\(service)", rule: id, severity: isIndustrial ? .high : .low,
                title: Phrase(
                    ja: "外部と平文で通信（\(title)）",
                    en: "Cleartext traffic with the outside (\(title))"),
                text: Phrase(
                    ja:
                        "工場内の\(count)台が、暗号化されない\(title)で外部と\(conversations.count)回通信しています。内容の盗み見や改ざんが可能です。",
                    en:
                        "\(Wording.count(count, "plant host")) exchanged unencrypted \(title) with the outside in \(Wording.count(conversations.count, "conversation")); "
                        + "it can be read and altered on the way."),
                items: ["3-7", "2-3"], techniques: isIndustrial ? ["T0883"] : [], assets: unique(hosts),
                exhibits: [exhibit])
        }
        return .of(findings)
    }
}
