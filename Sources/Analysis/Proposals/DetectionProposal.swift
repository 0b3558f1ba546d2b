import Assessment
import Model

/// 3-7: systems detect or stop suspicious traffic inside the plant, at its boundary and on remote access.
enum DetectionProposal: ProposalRule {
    static let item = "3-7"
    static let highest = Level.partly

    static func propose(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Suggestion {
        let cannotTell = Bilingual(
            ja: "ミラーで聴くだけの検知装置は通信に現れません。導入の有無、監視の範囲、誰が見ているかは現地での確認が必要です。",
            en:
                "A sensor that only listens on its own mirror does not show in traffic; products, coverage and who watches must be asked."
        )
        let questions = [
            Bilingual(
                ja: "IDS・IPSなどの検知や防御の仕組みはありますか。どこを見ていますか。",
                en: "Are there intrusion detection or prevention systems, and what do they watch?"),
            Bilingual(ja: "警報は誰が、どの時間帯に確認していますか。", en: "Who looks at the alarms, and at which hours?"),
            Bilingual(ja: "暗号化された通信の検査は行っていますか。", en: "Is encrypted traffic inspected?"),
        ]
        let share = httpsShare(situation.outside)
        let hints = hints(situation)
        let attacks = unblocked(situation)
        if !attacks.isEmpty {
            let exhibit = exhibits.add(
                "unblocked", title: Phrase(ja: "遮断されずに境界を通った不審な通信", en: "Suspicious traffic that passed the boundary"),
                frames: attacks.map(\.first), filter: DisplayFilter.any(of: attacks))
            return Suggestion(
                levels: .notDone ... .notDone, verdict: .contradicts, confidence: .medium,
                reason: Bilingual(
                    ja: "外部からの探索とみられる通信が境界で遮断されず、内部の機器が応答しています。\(share.ja)",
                    en: "Probing from outside passed the boundary unblocked and inside hosts answered. \(share.en)"),
                wouldChange: Bilingual(
                    ja: "その通信が許可されたものだと確認できれば変わります。", en: "Showing that this traffic is permitted would change it."),
                cannotTell: cannotTell, questions: questions, exhibits: [exhibit])
        }
        let incoming = situation.findings.filter(isFromOutside)
        if let first = incoming.first {
            return Suggestion(
                levels: .notDone ... .notDone, verdict: .contradicts, confidence: .medium,
                reason: Bilingual(
                    ja: "外部からの攻撃とみられる通信（\(first.title.ja)）が境界で遮断されずに届いています。\(share.ja)",
                    en:
                        "Traffic from outside that looks like an attack (\(first.title.en)) was not stopped at the boundary. \(share.en)"
                ),
                wouldChange: Bilingual(
                    ja: "その通信が許可されたものだと確認できれば変わります。", en: "Showing that this traffic is permitted would change it."),
                cannotTell: cannotTell, questions: questions, exhibits: unique(incoming.flatMap(\.exhibits)))
        }
        if !hints.frames.isEmpty {
            let exhibit = exhibits.add(
                "detection-hints",
                title: Phrase(ja: "検知・防御の仕組みをうかがわせる通信", en: "Traffic that hints at detection or protection"),
                frames: hints.frames,
                filter: DisplayFilter.frames(hints.frames))
            return Suggestion(
                levels: .partly ... .partly, verdict: .supports, confidence: .low,
                reason: Bilingual(
                    ja: "検知や防御の仕組みをうかがわせる通信（\(hints.names.ja)）が見えます。\(share.ja)",
                    en: "Traffic hints at detection or protection (\(hints.names.en)). \(share.en)"),
                wouldChange: Bilingual(
                    ja: "製品、監視の範囲、運用の体制を確認できれば、3以上を選べます。",
                    en: "Seeing the products, what they cover and who runs them would allow 3 or more."),
                cannotTell: cannotTell,
                questions: questions, exhibits: [exhibit])
        }
        return Suggestion(
            levels: .notDone ... .partly, verdict: .undetermined, confidence: .low,
            reason: Bilingual(
                ja: "検知や防御の仕組みを示す通信は見えていません。\(share.ja)",
                en: "Nothing in the traffic hints at detection or protection. \(share.en)"),
            wouldChange: Bilingual(
                ja: "検知装置の設置場所と記録を確認できれば変わります。", en: "Seeing where sensors sit and what they recorded would change it."),
            cannotTell: cannotTell, questions: questions)
    }

    /// The HTTPS share by bytes decides, by conversations it is printed beside; it proposes a countermeasure, never a level.
    static func httpsShare(_ outside: OutsideTraffic) -> Bilingual {
        guard outside.isEnough else {
            return Bilingual(
                ja: "外部との通信は\(outside.conversations)件・\(outside.bytes / 1000)kBで、HTTPSの割合を言うには少なすぎます。",
                en:
                    "With \(Wording.count(outside.conversations, "conversation")) and \(outside.bytes / 1000) kB, traffic with the outside is too little to state an HTTPS share."
            )
        }
        let bytes = Double(outside.encryptedWebPerMille) / 10
        let flows = Int(Double(outside.encryptedWebConversations) / Double(outside.conversations) * 1000)
        let percent = "\(Int(bytes)).\(outside.encryptedWebPerMille % 10)"
        let flowPercent = "\(flows / 10).\(flows % 10)"
        let inspection =
            outside.exceedsSeventyPercent
            ? Bilingual(
                ja: "70％を超えるため、SSLインスペクションの導入を検討する対象です。", en: "Being over 70 %, SSL inspection should be considered.")
            : Bilingual(ja: "70％を超えていません。", en: "It is not over 70 %.")
        return Bilingual(
            ja: "外部との通信に占めるHTTPSの割合はバイト数で\(percent)％（件数で\(flowPercent)％）です。\(inspection.ja)",
            en:
                "HTTPS makes up \(percent) % of the bytes with the outside (\(flowPercent) % of conversations). \(inspection.en)"
        )
    }

    private static func hints(_ situation: Situation) -> (frames: [FrameRef], names: Bilingual) {
        var frames: [FrameRef] = []
        var ja: Set<String> = []
        var en: Set<String> = []
        situation.eachObservation { observation, sighting in
            // CEF and LEEF are what security products write; any syslog message may carry them.
            guard observation.source == "syslog.event_vendor" else { return }
            let maker = observation.value.visible
            frames.append(sighting.first)
            ja.insert("セキュリティ製品（\(maker)）のログ送信")
            en.insert("a security product (\(maker)) sending logs")
        }
        situation.asserted.each("protection_service", situation.results) { product, _, sighting in
            frames.append(sighting.first)
            ja.insert("検知定義の更新（\(product)）")
            en.insert("detection updates (\(product))")
        }
        return (frames, Bilingual(ja: ja.sorted().joined(separator: "、"), en: en.sorted().joined(separator: ", ")))
    }

    /// Attacks of which the sender is no asset of the plant: the finding's id names its address.
    private static func isFromOutside(_ finding: Finding) -> Bool {
        let rules: Set<String> = [
            NetworkScanRule.id, PasswordGuessingRule.id, ExploitRule.id, WebAttackRule.id, ControlCommandRule.id,
        ]
        guard rules.contains(finding.rule), finding.severity >= .medium else { return false }
        return IPAddress(senderName(finding)).map(\.isGlobal) ?? false
    }

    /// What follows the rule in a finding's id: the sender's asset or address, and for some rules the target's.
    private static func senderName(_ finding: Finding) -> String {
        let rest = finding.id.dropFirst(finding.rule.count + 1)
        for mark in ["-mac-", "-ip-"] {
            if let range = rest.firstRange(of: mark) { return String(rest[..<range.lowerBound]) }
        }
        return String(rest)
    }

    /// One outside address that many inside ports or hosts answered with an open port.
    private static func unblocked(_ situation: Situation) -> [Conversation] {
        var answered: [IPAddress: [Conversation]] = [:]
        situation.eachConversation([.tcp, .crossesBoundary]) { conversation in
            guard conversation.openingSeen, let client = conversation.client.ip,
                situation.knowledge.isOutside(client), conversation.serverTCPFlags & 0x12 == 0x12,
                conversation.fromClient.payload == 0
            else { return }
            answered[client, default: []].append(conversation)
        }
        for (_, conversations) in answered.sorted(by: { $0.key < $1.key }) {
            let places = Set(conversations.map { "\($0.server.ip?.description ?? ""):\($0.serverPort)" })
            if places.count >= 10 { return conversations }
        }
        return []
    }
}
