import Model

/// Checklist 3-7 and 2-3: content crosses the plant's boundary in clear. Remote access is judged by its own rules.
enum CleartextOutsideRule: FindingRule {
    static let id = "cleartext-outside"

    static func evaluate(_ situation: Situation, _ exhibits: inout ExhibitBook) -> [Finding] {
        var byService: [String: [Conversation]] = [:]
        situation.eachConversation { conversation in
            guard conversation.isUnicastIP, ServiceKind.isCleartext(conversation.service),
                let service = conversation.service, !ServiceKind.isRemoteAccess(service),
                conversation.fromClient.payload > 0, conversation.fromServer.payload > 0,
                OutsideAccount.crosses(conversation, situation.knowledge)
            else { return }
            byService[service, default: []].append(conversation)
        }
        return byService.sorted { $0.key < $1.key }.map { service, conversations in
            let title = Wording.service(service)
            let hosts = conversations.compactMap { conversation -> String? in
                let inside =
                    situation.knowledge.isOutside(conversation.client.ip ?? IPAddress(v4: 0))
                    ? conversation.server : conversation.client
                return situation.inventory.asset(of: inside).map { situation.assets[$0].id }
            }
            let exhibit = exhibits.add(
                "\(id)-\(service)",
                title: Phrase(ja: "外部との平文通信（\(title)）", en: "Cleartext \(title) with the outside"),
                frames: conversations.map(\.first),
                filter: DisplayFilter.any(conversations.map(DisplayFilter.conversation)))
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
    }
}

/// Checklist 2-10: a credential crossed the wire in clear. Only its kind is known here.
enum CleartextCredentialRule: FindingRule {
    static let id = "cleartext-credential"

    static func evaluate(_ situation: Situation, _ exhibits: inout ExhibitBook) -> [Finding] {
        struct Use {
            var frames: [FrameRef] = []
            var assets: [String] = []
        }
        var byKind: [String: Use] = [:]
        situation.eachObservation { observation, sighting in
            guard observation.attribute == .cleartextCredential else { return }
            // A remark in brackets (a default value) does not make it another credential.
            let value = observation.value.visible
            let kind = value.firstRange(of: " (").map { String(value[..<$0.lowerBound]) } ?? value
            var use = byKind[kind] ?? Use()
            use.frames.append(sighting.first)
            if let index = situation.inventory.asset(of: observation.subject) {
                use.assets.append(situation.assets[index].id)
            }
            byKind[kind] = use
        }
        return byKind.sorted { $0.key < $1.key }.map { kind, use in
            let name = "\(id)-\(kind.lowercased().replacing(" ", with: "-"))"
            let exhibit = exhibits.add(
                name, title: Phrase(ja: "平文の認証情報（\(kind)）", en: "Credential in clear (\(kind))"),
                frames: use.frames,
                filter: DisplayFilter.frames(use.frames))
            return Finding(
                id: name, rule: id, severity: .medium,
                title: Phrase(ja: "認証情報が平文で流れている（\(kind)）", en: "Credentials cross the wire in clear (\(kind))"),
                text: Phrase(
                    ja: "\(kind)の認証情報が暗号化されずに流れています。値は保存していません。盗聴されれば誰でも使えます。",
                    en:
                        "Credentials of \(kind) cross the wire unencrypted. Their values were not stored; whoever listens can use them."
                ),
                items: ["2-10"], techniques: ["T0859"], assets: unique(use.assets), exhibits: [exhibit])
        }
    }
}

/// Traffic between the plant and the outside, summed.
enum OutsideAccount {
    static func crosses(_ conversation: Conversation, _ knowledge: Knowledge) -> Bool {
        guard let a = conversation.client.ip, let b = conversation.server.ip, conversation.isUnicastIP else {
            return false
        }
        return knowledge.isOutside(a) != knowledge.isOutside(b)
    }

    static func sum(_ results: [CaptureResult], _ knowledge: Knowledge) -> OutsideTraffic {
        var total = OutsideTraffic()
        for result in results {
            for conversation in result.conversations where crosses(conversation, knowledge) {
                let bytes = conversation.fromClient.bytes &+ conversation.fromServer.bytes
                total.conversations += 1
                total.bytes &+= bytes
                if conversation.service == "tls" || conversation.service == "quic" {
                    total.encryptedWebConversations += 1
                    total.encryptedWebBytes &+= bytes
                } else if ServiceKind.isCleartext(conversation.service) {
                    total.cleartextConversations += 1
                    total.cleartextBytes &+= bytes
                }
            }
        }
        return total
    }
}
