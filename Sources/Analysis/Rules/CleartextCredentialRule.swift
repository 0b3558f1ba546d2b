import Model

/// Checklist 2-10: a credential crossed the wire in clear. Only its kind is known here.
struct CleartextCredentialRule: FindingRule {
    static let id = "cleartext-credential"

    var about: RuleDescription {
        RuleDescription(
            severity: "medium", items: ["2-10"], techniques: ["T0859"],
            takes:
                "a credential crosses in clear; its kind is stored, never its value",
            limits: "whether the credential is right, and who uses it")
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        struct Use {
            var frames: [FrameRef] = []
            var assets: [String] = []
            var conversations: Set<ConversationKey> = []
        }
        var byKind: [String: Use] = [:]
        situation.eachObservation(of: .cleartextCredential) { observation, sighting in
            // A remark in brackets (a default value) does not make it another credential.
            let value = observation.value.visible
            let kind = value.firstRange(of: " (").map { String(value[..<$0.lowerBound]) } ?? value
            var use = byKind[kind] ?? Use()
            use.frames.append(sighting.first)
            if case .conversation(let key) = observation.subject {
                use.conversations.insert(key)
            } else if let index = situation.inventory.asset(of: observation.subject) {
                use.assets.append(situation.assets[index].id)
            }
            byKind[kind] = use
        }
        let ends = situation.assets(in: byKind.values.reduce(into: Set()) { $0.formUnion($1.conversations) })
        for (kind, use) in byKind {
            byKind[kind]?.assets += use.conversations.flatMap { ends[$0] ?? [] }.sorted()
        }
        let findings = byKind.sorted { $0.key < $1.key }.map { kind, use in
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
        return .of(findings)
    }
}
