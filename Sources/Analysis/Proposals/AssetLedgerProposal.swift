import Assessment
import Model

/// 2-6: a ledger of everything on the plant network, kept with a discovery tool, and a system diagram.
enum AssetLedgerProposal: ProposalRule {
    static let item = "2-6"
    static let highest = Level.done
    /// Days of watching before a ledger without gaps may count as kept.
    private static let enoughSeconds: Double = 7 * 86_400

    static func propose(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Suggestion {
        let count = situation.assets.count
        let identified = situation.assets.filter { $0.model != nil || $0.hostname != nil }.count
        let tool = discoveryTool(situation, &exhibits)
        let cannotTell = Bilingual(
            ja: "台帳や構成図そのものの有無、管理責任者、更新の周期は通信からは分かりません。",
            en:
                "Whether a ledger and a diagram exist, who owns them and how often they are updated does not show in traffic."
        )
        let questions = [
            Bilingual(ja: "機器の台帳はありますか。最後に更新したのはいつですか。", en: "Is there a device ledger, and when was it last updated?"),
            Bilingual(
                ja: "ネットワーク構成図はありますか。現場の変更は反映されていますか。",
                en: "Is there a network diagram, and does it follow changes on the floor?"),
            Bilingual(
                ja: "台帳の責任者と更新の手順は決まっていますか。", en: "Who owns the ledger, and what is the procedure for updating it?"),
        ]
        guard let ledger = situation.ledger else {
            let reason =
                tool == nil
                ? Bilingual(
                    ja: "\(count)台の機器が通信しています（うち\(identified)台は名前か型式が判明）が、台帳が取り込まれていないため突き合わせはしていません。",
                    en:
                        "\(Wording.count(count, "device talks", "devices talk")) on the network (\(identified) of them told their name or model); no ledger was imported to compare them with."
                )
                : Bilingual(
                    ja: "\(count)台の機器が通信しており、機器を自動的に探索するツールらしい通信も見られますが、台帳との突き合わせはしていません。",
                    en:
                        "\(Wording.count(count, "device talks", "devices talk")) on the network and one host sweeps it as a discovery tool does; no ledger was imported to compare them with."
                )
            return Suggestion(
                levels: tool == nil ? .notDone ... .partly : .partly ... .partly,
                verdict: tool == nil ? .undetermined : .supports,
                confidence: .low, reason: withUnseen(reason, situation.coverage.estimate),
                wouldChange: Bilingual(
                    ja: "台帳を取り込むと、載っていない機器の有無で判断できます。",
                    en: "Importing the ledger would show whether devices are missing from it."),
                cannotTell: cannotTell, questions: questions, exhibits: tool.map { [$0] } ?? [])
        }
        let listed = ledger.seenLines + ledger.notSeen.count
        let seenShare = listed == 0 ? 0 : Double(ledger.seenLines) / Double(listed)
        let unlistedExhibits = ledger.unlisted.prefix(20).map { "\(UnlistedDeviceRule.id)-\($0)" }
        let wouldChange = Bilingual(
            ja: "7日以上の観測で台帳にない機器がなく、台帳の95％以上が見えれば3を提案できます。",
            en: "Seven days without an unlisted device and with 95 % of the ledger seen would allow proposing 3.")
        if !ledger.unlisted.isEmpty {
            return Suggestion(
                levels: .notDone ... .partly, verdict: .contradicts, confidence: .high,
                reason: withUnseen(
                    Bilingual(
                        ja:
                            "通信していた\(count)台のうち\(ledger.unlisted.count)台が台帳になく、台帳は網羅されていません（台帳の\(listed)件中\(ledger.seenLines)件を確認）。",
                        en:
                            "Of \(Wording.count(count, "device")) seen, \(Wording.count(ledger.unlisted.count, "is", "are")) missing from the ledger, so it is not complete (\(ledger.seenLines) of its \(listed) entries were seen)."
                    ), situation.coverage.estimate), wouldChange: wouldChange, cannotTell: cannotTell,
                questions: questions,
                exhibits: Array(unlistedExhibits))
        }
        let isLong = situation.coverage.seconds >= enoughSeconds
        let complete = isLong && seenShare >= 0.95
        return Suggestion(
            levels: complete ? .done ... .done : .partly ... .partly, verdict: .supports,
            confidence: isLong ? .medium : .low,
            reason: withUnseen(
                Bilingual(
                    ja: "通信していた\(count)台に台帳から漏れた機器はなく、台帳の\(listed)件中\(ledger.seenLines)件を確認しました。",
                    en:
                        "None of the \(Wording.count(count, "device")) seen is missing from the ledger; \(ledger.seenLines) of its \(listed) entries were seen."
                ), situation.coverage.estimate),
            wouldChange: wouldChange, cannotTell: cannotTell, questions: questions)
    }

    /// Adds how many devices are likely still unseen, once enough was watched to tell.
    private static func withUnseen(_ reason: Bilingual, _ estimate: AssetEstimate?) -> Bilingual {
        guard let estimate, estimate.isEnough else { return reason }
        let unseen = Int(min(estimate.unseen, 1e6).rounded())
        let added = Int(min(estimate.added(by: 86_400), 1e6).rounded())
        guard unseen > 0 else {
            return Bilingual(
                ja: reason.ja + "見え方から推定すると、まだ見えていない機器はほとんどありません。",
                en: reason.en + " Judging by how often each was seen, hardly any device is likely still unseen.")
        }
        return Bilingual(
            ja: reason.ja + "見え方から推定すると、まだ見えていない機器が約\(unseen)台あり、あと1日の観測で約\(added)台増える見込みです。",
            en: reason.en
                + " Judging by how rarely some were seen, about \(unseen) more are likely still unseen; one more day of watching would likely add about \(added)."
        )
    }

    /// One inside host that asks many others by SNMP or ping: a hint at a discovery tool, no more.
    private static func discoveryTool(_ situation: Situation, _ exhibits: inout ExhibitBook) -> String? {
        var targets: [IPAddress: Set<IPAddress>] = [:]
        var frames: [IPAddress: [FrameRef]] = [:]
        situation.eachConversation(.unicast) { conversation in
            let isPing =
                conversation.key.transport == .ip && (conversation.key.code == 1 || conversation.key.code == 58)
            guard conversation.service == "snmp" || isPing, let client = conversation.client.ip,
                let server = conversation.server.ip,
                !situation.knowledge.isOutside(client),
                !situation.knowledge.isOutside(server)
            else { return }
            targets[client, default: []].insert(server)
            if frames[client, default: []].count < Exhibit.frameLimit {
                frames[client, default: []].append(conversation.first)
            }
        }
        guard
            let sweep = targets.filter({ $0.value.count >= 10 }).max(by: {
                ($0.value.count, $1.key) < ($1.value.count, $0.key)
            })
        else { return nil }
        return exhibits.add(
            "discovery-tool", title: Phrase(ja: "\(sweep.key)による機器の探索", en: "Device sweep by \(sweep.key)"),
            frames: frames[sweep.key] ?? [], filter: "ip.src == \(sweep.key) && (snmp || icmp)")
    }
}
