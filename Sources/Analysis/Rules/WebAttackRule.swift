import Model

/// Checklist 3-7: requests that try out the holes of web applications.
struct WebAttackRule: FindingRule {
    static let id = "web-attack"

    var about: RuleDescription {
        RuleDescription(
            severity: "medium", items: ["3-7"], techniques: ["T0819", "T0866"],
            takes:
                "a request's target holds SQL, script, paths that climb out of the site, or commands, as tries at web applications do",
            limits: "requests inside TLS, and what is sent in bodies; whether it succeeded")
    }

    private struct Try {
        var kinds: Set<String> = []
        var keys: Set<ConversationKey> = []
        var frames: [FrameRef] = []
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        var byConversation: [ConversationKey: Try] = [:]
        situation.eachObservation(of: "attack_pattern") { observation, sighting in
            guard case .conversation(let key) = observation.subject else { return }
            byConversation[key, default: Try()].kinds.insert(observation.value.raw)
            byConversation[key]?.frames.append(sighting.first)
        }
        guard !byConversation.isEmpty else { return .meets }
        struct Pair: Hashable {
            var client: Party
            var server: Party
        }
        var tries: [Pair: Try] = [:]
        situation.eachConversation { conversation in
            guard !byConversation.isEmpty, let found = byConversation.removeValue(forKey: conversation.key) else {
                return
            }
            let pair = Pair(
                client: Party(conversation.client, situation), server: Party(conversation.server, situation))
            tries[pair, default: Try()].kinds.formUnion(found.kinds)
            tries[pair]?.frames += found.frames
            tries[pair]?.keys.insert(conversation.key)
        }
        return .of(
            tries.sorted { ($0.key.client.key, $0.key.server.key) < ($1.key.client.key, $1.key.server.key) }.map {
                pair, found in
                let (client, server) = (pair.client, pair.server)
                let exhibit = exhibits.add(
                    "\(id)-\(client.key)-\(server.key)",
                    title: Phrase(
                        ja: "\(server.name)への攻撃とみられる要求", en: "Requests to \(server.name) that look like attacks"),
                    frames: found.frames, filter: DisplayFilter.frames(found.frames))
                let kinds = found.kinds.sorted()
                return Finding(
                    id: "\(id)-\(client.key)-\(server.key)", rule: id, severity: .medium,
                    title: Phrase(
                        ja: "\(server.name) のウェブ機能への攻撃とみられる要求",
                        en: "Requests that look like attacks on \(server.name)'s web pages"),
                    text: Phrase(
                        ja:
                            "\(client.name) から \(server.name) へ、ウェブアプリケーションの弱点を試す要求（\(kinds.map(Self.name).joined(separator: "、"))）が送られています。検査の計画がなければ、攻撃の兆候です。",
                        en:
                            "\(client.name) sends \(server.name) requests that try out weaknesses of web applications (\(kinds.joined(separator: ", "))). Unless a test was planned, it is a sign of an attack."
                    ),
                    items: ["3-7"], techniques: ["T0819", "T0866"], assets: [client, server].assets,
                    exhibits: [exhibit])
            })
    }

    private static func name(_ kind: String) -> String {
        switch kind {
        case "SQL injection": "SQLインジェクション"
        case "script injection": "スクリプトの埋め込み"
        case "path traversal": "パスの遡り"
        case "command injection": "コマンドの埋め込み"
        default: kind
        }
    }
}
