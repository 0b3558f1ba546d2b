import Model

/// Checklist 3-5: traffic between declared zones that the declaration forbids.
struct ZoneCrossingRule: FindingRule {
    static let id = "zone-crossing"

    var about: RuleDescription {
        RuleDescription(
            severity: "medium", items: ["3-5"], techniques: ["T0886"],
            takes:
                "a conversation with data, answered, between two declared zones that no allowed crossing names, or that a forbidden one does",
            limits: "needs a declaration of zones; hosts of no declared zone are left out")
    }

    private struct Crossing: Hashable {
        var from: String
        var to: String
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        guard let zones = situation.declaredZones else {
            return .cannotTell(Phrase(ja: "ゾーンが登録されていません。", en: "No zones were declared."))
        }
        var crossings: [Crossing: [Conversation]] = [:]
        situation.eachConversation(.unicast) { conversation in
            guard NeededTalk.isUse(conversation), conversation.fromServer.frames > 0,
                let from = zones.zone(of: conversation.client, situation),
                let to = zones.zone(of: conversation.server, situation), from != to,
                !zones.permits(from, to, conversation)
            else { return }
            crossings[Crossing(from: from, to: to), default: []].append(conversation)
        }
        return .of(
            crossings.sorted { ($0.key.from, $0.key.to) < ($1.key.from, $1.key.to) }.map { crossing, conversations in
                let (from, to) = (WireText(crossing.from).visible, WireText(crossing.to).visible)
                let parties = conversations.flatMap {
                    [Party($0.client, situation), Party($0.server, situation)]
                }
                let services = unique(conversations.map { $0.service.map(Wording.service) ?? Wording.port($0) })
                let shown = services.prefix(4).joined(separator: ", ")
                let exhibit = exhibits.add(
                    "\(id)-\(from)-\(to)",
                    title: Phrase(ja: "\(from)から\(to)への通信", en: "Traffic from \(from) to \(to)"),
                    frames: conversations.prefix(100).map(\.first),
                    filter: DisplayFilter.any(conversations.prefix(20).map(DisplayFilter.conversation)))
                return Finding(
                    id: "\(id)-\(from)-\(to)", rule: id, severity: .medium,
                    title: Phrase(
                        ja: "許可されていないゾーン間の通信（\(from) → \(to)）",
                        en: "Traffic between zones that is not allowed (\(from) → \(to))"),
                    text: Phrase(
                        ja:
                            "\(from) から \(to) へ、登録された区分けでは許可されていない通信（\(shown)）が\(conversations.count)件あります（\(parties.names())）。",
                        en:
                            "\(Wording.count(conversations.count, "conversation")) from \(from) to \(to) (\(shown)) that the declared zones do not allow (\(parties.names()))."
                    ),
                    items: ["3-5"], techniques: ["T0886"], assets: Array(parties.assets.prefix(100)),
                    exhibits: [exhibit])
            })
    }
}
