import Assessment
import Model

/// 3-5: the plant network is divided into segments by security level.
enum SegmentationProposal: ProposalRule {
    static let item = "3-5"
    static let highest = Level.partly

    static func propose(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Suggestion {
        let direct = situation.direct
        let cannotTell = Bilingual(
            ja: "区分けの方針、ファイアウォールの規則、ミラーに含まれないVLANは通信からは分かりません。",
            en: "The zoning policy, firewall rules, and VLANs that were not mirrored do not show in traffic.")
        let questions = [
            Bilingual(ja: "ネットワークをどのような基準で区分けしていますか。", en: "By what criteria is the network divided?"),
            Bilingual(
                ja: "区分け間の通信はどの機器の、どの規則で制限していますか。",
                en: "Which device restricts traffic between the parts, by which rules?"),
            Bilingual(ja: "今回のミラーに含まれていないVLANはありますか。", en: "Are there VLANs that this mirror did not include?"),
        ]
        if direct.isFlat {
            return Suggestion(
                levels: .notDone ... .notDone, verdict: .contradicts, confidence: .high,
                reason: Bilingual(
                    ja: "事務系と制御系の\(direct.pairs.count)組の機器がルーターを介さず直接通信しており、ネットワークは分けられていません。",
                    en:
                        "\(Wording.count(direct.pairs.count, "pair")) of office and control devices \(direct.pairs.count == 1 ? "talks" : "talk") to each other with no router between them: the network is flat."
                ),
                wouldChange: Bilingual(
                    ja: "挙げた機器の役割が実際と違うと確認できれば変わります。",
                    en: "Showing that the devices named have other roles would change it."),
                cannotTell: cannotTell, questions: questions, exhibits: [FlatNetworkRule.id])
        }
        let ot = situation.topology.segments.filter { $0.otCount > 0 && $0.itCount == 0 && $0.prefix != nil }
        let it = situation.topology.segments.filter { $0.itCount > 0 && $0.otCount == 0 && $0.prefix != nil }
        let routers = situation.inventory.routerMACs.count
        if direct.pairs.isEmpty, !ot.isEmpty, !it.isEmpty, routers > 0,
            direct.routedPairs > 0 || hasRoutedTraffic(situation, ot)
        {
            let conversations = direct.routedConversations.isEmpty ? routed(situation, ot) : direct.routedConversations
            let exhibit = exhibits.add(
                "segmented", title: Phrase(ja: "ルーターを介した区画間の通信", en: "Traffic between segments through a router"),
                frames: conversations.map(\.first),
                filter: DisplayFilter.any(of: conversations))
            let refused = BoundaryRefusalRule.refusals(situation).keys.sorted().map {
                "\(BoundaryRefusalRule.id)-\($0)"
            }
            let crossings = situation.findings.filter { $0.rule == ZoneCrossingRule.id }
            if let first = crossings.first {
                return Suggestion(
                    levels: .notDone ... .partly, verdict: .contradicts, confidence: .medium,
                    reason: Bilingual(
                        ja: "制御系と事務系は別々の区画にありますが、登録した区分けで許可されていない通信が\(crossings.count)件の区間にあります（\(first.title.ja)）。",
                        en:
                            "Control and office devices live in separate segments, but traffic crosses that the declared zones do not allow, over \(Wording.count(crossings.count, "boundary", "boundaries")) (\(first.title.en))."
                    ),
                    wouldChange: Bilingual(
                        ja: "その通信を止めるか、区分けの規則に加えれば変わります。",
                        en: "Stopping that traffic, or adding it to the declared rules, would change it."),
                    cannotTell: cannotTell, questions: questions,
                    exhibits: [exhibit] + unique(crossings.flatMap(\.exhibits)))
            }
            let names = (ot + it).prefix(4).map(name).joined(separator: ", ")
            return Suggestion(
                levels: .partly ... .partly, verdict: .supports, confidence: .medium,
                reason: Bilingual(
                    ja: "制御系と事務系は別々の区画（\(names)）にあり、その間の通信はルーターを経由しています。\(refused.isEmpty ? "" : "境界で拒否された通信もあります。")",
                    en:
                        "Control and office devices live in separate segments (\(names)), and traffic between them passes a router.\(refused.isEmpty ? "" : " Some of it was refused there.")"
                ),
                wouldChange: Bilingual(
                    ja: "区分けの方針と境界の規則を文書で確認できれば、3以上を選べます。",
                    en: "Seeing the zoning policy and the rules at the boundary would allow 3 or more."),
                cannotTell: cannotTell,
                questions: questions, exhibits: [exhibit] + refused)
        }
        let reason: Bilingual
        if direct.pairs.isEmpty {
            reason = Bilingual(
                ja: "事務系と制御系の機器の間の通信が十分に見えておらず、分かれているかどうかは判断できません。",
                en: "Too little traffic between office and control devices was seen to tell whether they are separated."
            )
        } else {
            reason = Bilingual(
                ja: "事務系と制御系の機器の直接の通信が\(direct.pairs.count)組だけ見えており、フラットと言い切るには足りません。",
                en:
                    "Only \(Wording.count(direct.pairs.count, "pair")) of office and control devices talked directly: too little to call the network flat."
            )
        }
        return Suggestion(
            levels: .notDone ... .partly, verdict: .undetermined, confidence: .low, reason: reason,
            wouldChange: Bilingual(
                ja: "基幹スイッチのミラーポートで一つの勤務帯以上を観測すると判断しやすくなります。",
                en: "A capture at the core switch's mirror port over a whole shift would help."),
            cannotTell: cannotTell,
            questions: questions)
    }

    private static func name(_ segment: Segment) -> String {
        let prefix = segment.prefix.map(\.description) ?? segment.id
        return segment.vlan == 0 ? prefix : "VLAN \(segment.vlan) \(prefix)"
    }

    private static func hasRoutedTraffic(_ situation: Situation, _ segments: [Segment]) -> Bool {
        !routed(situation, segments).isEmpty
    }

    /// Conversations that reach the given segments through a router.
    private static func routed(_ situation: Situation, _ segments: [Segment]) -> [Conversation] {
        let ids = Set(segments.map(\.id))
        var found: [Conversation] = []
        let place = situation.topology.segmentOfEnd
        let isGiven = situation.topology.segments.map { ids.contains($0.id) }
        situation.eachConversation([.unicast, .answered]) { conversation, client, server in
            let (from, to) = (place[client.number], place[server.number])
            guard found.count < 8, from != to, [from, to].contains(where: { $0.map { isGiven[$0] } ?? false }),
                [conversation.client, conversation.server].contains(where: { end in
                    end.mac.map { situation.inventory.routerMACs.contains($0) } ?? false
                })
            else { return }
            found.append(conversation)
        }
        return found
    }
}
