import Model

/// Checklist 3-7: a certificate proves nothing: it has expired, or somebody outside wrote it for himself.
struct CertificateRule: FindingRule {
    static let id = "doubtful-certificate"

    var about: RuleDescription {
        RuleDescription(
            severity: "low for servers outside, else info", items: ["3-7", "3-2"], techniques: ["T0869"],
            takes:
                "a server outside shows a plant host a certificate that it issued itself, or any server shows one that had expired, or was not valid yet, when it was seen",
            limits:
                "TLS 1.3 hides certificates; signatures and names are not checked; devices inside write certificates for themselves by design, so that this alone is left out"
        )
    }

    private struct Account {
        var word: Set<Phrase> = []
        var frames: [FrameRef] = []
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        var outside: [IPAddress: Account] = [:]
        var inside = SupportingEvidence(id, items: ["3-2"])
        var anySeen = false
        let read = { (observation: Observation, sighting: Sighting) in
            guard case .endpoint(let end) = observation.subject, let ip = end.ip
            else { return }
            anySeen = true
            let isOutside = situation.knowledge.isOutside(ip)
            guard let word = Self.doubt(observation, seen: sighting.first.time, isOutside: isOutside) else { return }
            if isOutside {
                outside[ip, default: Account()].word.insert(word)
                outside[ip]?.frames.append(sighting.first)
            } else if let index = situation.inventory.asset(of: end) {
                inside.add(situation.assets[index].id, sighting.first, observation.value.visible)
            }
        }
        for attribute in ["certificate_trust", "certificate_not_after", "certificate_not_before"] as [Attribute] {
            situation.eachObservation(of: attribute, read)
        }
        guard anySeen else {
            return .cannotTell(Phrase(ja: "証明書は観測されていません。", en: "No certificate was seen."))
        }
        var findings = outside.sorted { $0.key < $1.key }.prefix(50).map { ip, account in
            let words = account.word.sorted { $0.en < $1.en }
            let exhibit = exhibits.add(
                "\(id)-\(ip)", title: Phrase(ja: "\(ip)の証明書", en: "Certificate of \(ip)"), frames: account.frames,
                filter: DisplayFilter.address(ip) + " && tls.handshake.type == 11")
            return Finding(
                id: "\(id)-\(ip)", rule: id, severity: .low,
                title: Phrase(ja: "外部のサーバー \(ip) の証明書が信頼できない", en: "The certificate of \(ip) outside proves nothing"),
                text: Phrase(
                    ja: "外部のサーバー \(ip) が、\(words.map(\.ja).joined(separator: "、"))証明書を示しました。接続先が本物か、何の通信かを確認してください。",
                    en:
                        "The server \(ip) outside showed a certificate that \(words.map(\.en).joined(separator: " and ")). Find out whether it is the real one and what the connection is for."
                ),
                items: ["3-7"], techniques: ["T0869"], assets: [], exhibits: [exhibit])
        }
        if !inside.isEmpty {
            findings.append(
                inside.finding(
                    Phrase(ja: "有効期間外の証明書を使う機器がある", en: "Devices show certificates outside their validity"),
                    Phrase(
                        ja:
                            "\(inside.count)台の機器が、有効期間から外れた証明書で応答しています（期限など: \(inside.list)）。警告を無視する習慣がつくと、なりすましに気付けません。",
                        en:
                            "\(Wording.count(inside.count, "device answers", "devices answer")) with certificates that were not valid when seen (dates: \(inside.list)). Who is used to the warning does not notice an impostor."
                    ), &exhibits))
        }
        return .of(findings)
    }

    private static func doubt(_ observation: Observation, seen: Timestamp, isOutside: Bool) -> Phrase? {
        // A clock that was never set dates nothing.
        let day = String(seen.rfc3339.prefix(10))
        let isDated = seen.seconds > 946_684_800
        switch observation.attribute {
        case "certificate_trust":
            return isOutside ? Phrase(ja: "自らが発行した", en: "it issued itself") : nil
        case "certificate_not_after":
            return isDated && observation.value.raw.count == 10 && observation.value.raw < day
                ? Phrase(ja: "期限の切れた", en: "had expired") : nil
        case "certificate_not_before":
            return isDated && observation.value.raw.count == 10 && observation.value.raw > day
                ? Phrase(ja: "まだ有効になっていない", en: "was not valid yet") : nil
        default: return nil
        }
    }
}
