import Model

/// Lays the declared zones beside what was seen.
enum DeclaredDivisionView {
    private struct Key: Hashable {
        var from: String
        var to: String
        var service: String
    }

    /// Nil when no zones are declared.
    static func make(_ situation: Situation) -> DeclaredDivision? {
        guard let book = situation.declaredZones, let declared = situation.declarations.zones else { return nil }
        var members: [String: [String]] = [:]
        var unplaced: [String] = []
        for asset in situation.assets {
            if let zone = book.zone(of: asset) {
                members[zone, default: []].append(asset.id)
            } else if !asset.isBehindRouter {
                unplaced.append(asset.id)
            }
        }
        var crossings: [Key: DeclaredDivision.Crossing] = [:]
        situation.eachConversationOnce([.unicast, .answered]) { conversation, _, _ in
            guard NeededTalk.isUse(conversation), let from = book.zone(of: conversation.client, situation),
                let to = book.zone(of: conversation.server, situation), from != to
            else { return }
            let key = Key(from: from, to: to, service: conversation.service ?? Wording.port(conversation))
            let bytes = conversation.fromClient.bytes &+ conversation.fromServer.bytes
            let isPermitted = book.permits(from, to, conversation)
            if var known = crossings[key] {
                known.conversations += 1
                known.bytes &+= bytes
                known.isPermitted = known.isPermitted && isPermitted
                known.first = min(known.first, conversation.first)
                crossings[key] = known
            } else {
                crossings[key] = DeclaredDivision.Crossing(
                    from: from, to: to, service: key.service, conversations: 1, bytes: bytes,
                    isPermitted: isPermitted, first: conversation.first)
            }
        }
        return DeclaredDivision(
            zones: declared.zones.map {
                DeclaredDivision.Zone(name: $0.name, level: $0.level, members: members[$0.name] ?? [])
            }, unplaced: unplaced,
            crossings: crossings.values.sorted {
                ($0.isPermitted ? 1 : 0, $0.from, $0.to, $0.service) < (
                    $1.isPermitted ? 1 : 0, $1.from, $1.to, $1.service
                )
            })
    }
}
