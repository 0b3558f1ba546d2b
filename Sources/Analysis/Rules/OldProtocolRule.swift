import Model

/// Checklist 3-2: versions of protocols that are no longer safe are still in use.
struct OldProtocolRule: FindingRule {
    static let id = "old-protocols"

    var about: RuleDescription {
        RuleDescription(
            severity: "low", items: ["3-2"], techniques: ["T0866"],
            takes: "a plant host answers by SMB 1, SSL, TLS before 1.2 or SSH 1, or a login uses NTLM version 1",
            limits: "whether newer versions are offered as well")
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        var evidence = SupportingEvidence(id, items: ["3-2"], techniques: ["T0866"], severity: .low)
        var logins: [ConversationKey: FrameRef] = [:]
        situation.eachObservation(of: .security) { observation, sighting in
            guard observation.value.raw == "NTLMv1", case .conversation(let key) = observation.subject else { return }
            logins[key] = sighting.first
        }
        situation.eachObservation(of: .version) { observation, sighting in
            guard let name = Self.oldName(observation),
                let index = situation.inventory.asset(of: observation.subject)
            else { return }
            evidence.add(situation.assets[index].id, sighting.first, name)
        }
        for (key, assets) in situation.assets(in: Set(logins.keys)).sorted(by: {
            $0.value.last ?? "" < $1.value.last ?? ""
        }) {
            if let frame = logins[key], let server = assets.last { evidence.add(server, frame, "NTLMv1") }
        }
        guard !evidence.isEmpty else { return .meets }
        return .fails([
            evidence.finding(
                Phrase(
                    ja: "古い版のプロトコルが使われている（\(evidence.list)）",
                    en: "Old versions of protocols are in use (\(evidence.list))"),
                Phrase(
                    ja:
                        "\(evidence.count)台の機器が、既知の弱点がある古い版のプロトコル（\(evidence.list)）で応答しています。更新できない機器は、区分けや仮想パッチで守る必要があります。",
                    en:
                        "\(Wording.count(evidence.count, "device answers", "devices answer")) by versions of protocols that have known weaknesses (\(evidence.list)). What cannot be updated needs to be protected by segmentation or virtual patching."
                ), &exhibits)
        ])
    }

    static let oldTLS: Set<String> = ["SSL 2.0", "SSL 3.0", "TLS 1.0", "TLS 1.1"]

    private static func oldName(_ observation: Observation) -> String? {
        let value = observation.value.raw
        let source = observation.source
        if source.hasPrefix("smb."), value.hasPrefix("SMB 1") { return "SMB 1" }
        if source == "tls.version", oldTLS.contains(value) { return value }
        if source == "ssh.protocol", value.hasPrefix("SSH-1."), !value.hasPrefix("SSH-1.99") { return "SSH 1" }
        return nil
    }
}
