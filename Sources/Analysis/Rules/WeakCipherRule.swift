import Model

/// Checklist 3-2: TLS that a server agrees to and that protects little.
struct WeakCipherRule: FindingRule {
    static let id = "weak-cipher"

    var about: RuleDescription {
        RuleDescription(
            severity: "low", items: ["3-2"], techniques: ["T0830"],
            takes:
                "a plant host chooses a TLS cipher suite without encryption or authentication, of export strength, or with RC4, DES or triple DES (RFC 7465; RFC 9325, 4.1)",
            limits: "what a server would accept beside what it chose")
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        var evidence = SupportingEvidence(id, items: ["3-2"], techniques: ["T0830"], severity: .low)
        var isAnySeen = false
        situation.eachObservation(of: .cipher) { observation, sighting in
            isAnySeen = true
            guard Self.isWeak(observation.value.raw),
                let index = situation.inventory.asset(of: observation.subject)
            else { return }
            evidence.add(situation.assets[index].id, sighting.first, observation.value.visible)
        }
        guard isAnySeen else { return .cannotTell(Phrase(ja: "TLSの通信は観測されていません。", en: "No TLS was seen.")) }
        guard !evidence.isEmpty else { return .meets }
        return .fails([
            evidence.finding(
                Phrase(ja: "弱い暗号が使われている（\(evidence.list)）", en: "Weak ciphers are in use (\(evidence.list))"),
                Phrase(
                    ja: "\(evidence.count)台の機器が、解読や改ざんのおそれがある暗号スイート（\(evidence.list)）を使用しています。設定または更新で無効にしてください。",
                    en:
                        "\(Wording.count(evidence.count, "device chooses", "devices choose")) cipher suites that can be broken or altered on the way (\(evidence.list)). Turn them off by setting or update."
                ), &exhibits)
        ])
    }

    private static func isWeak(_ suite: String) -> Bool {
        ["_NULL_", "_EXPORT", "_anon_", "_RC4_", "_DES_", "_DES40_", "_3DES_"].contains { suite.contains($0) }
    }
}
