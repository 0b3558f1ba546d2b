import Model

/// IT- and OT-class hosts that exchange frames with each other's own MACs.
struct DirectPairs {
    struct Pair {
        var it: Int
        var ot: Int
        var fromIT: UInt64
        var fromOT: UInt64
        var conversations: [Conversation]
    }

    /// Pairs that talk directly, most frames first.
    let pairs: [Pair]
    /// IT–OT pairs that meet only through a router.
    let routedPairs: Int
    let routedConversations: [Conversation]

    /// Frames each way from which one pair is proof enough.
    static let strongFrames: UInt64 = 10
    static let enoughPairs = 3

    init(_ situation: Situation) {
        struct Key: Hashable {
            var it: Int
            var ot: Int
        }
        let assets = situation.assets
        var found: [Key: Pair] = [:]
        var routed: Set<Key> = []
        var routedConversations: [Conversation] = []
        situation.eachConversation { conversation in
            guard conversation.isUnicastIP, conversation.fromClient.frames > 0, conversation.fromServer.frames > 0,
                let client = situation.inventory.asset(of: conversation.client),
                let server = situation.inventory.asset(of: conversation.server), client != server
            else { return }
            let key: Key
            if DirectPairs.isIT(assets[client]), DirectPairs.isOT(assets[server]) {
                key = Key(it: client, ot: server)
            } else if DirectPairs.isOT(assets[client]), DirectPairs.isIT(assets[server]) {
                key = Key(it: server, ot: client)
            } else {
                return
            }
            if DirectTalk.isDirect(conversation, situation.inventory) {
                var pair = found[key] ?? Pair(it: key.it, ot: key.ot, fromIT: 0, fromOT: 0, conversations: [])
                let clientIsIT = key.it == client
                pair.fromIT &+= clientIsIT ? conversation.fromClient.frames : conversation.fromServer.frames
                pair.fromOT &+= clientIsIT ? conversation.fromServer.frames : conversation.fromClient.frames
                if pair.conversations.count < 8 { pair.conversations.append(conversation) }
                found[key] = pair
            } else {
                routed.insert(key)
                if routedConversations.count < 8 { routedConversations.append(conversation) }
            }
        }
        pairs = found.values.sorted {
            let left = $0.fromIT &+ $0.fromOT
            let right = $1.fromIT &+ $1.fromOT
            return left != right ? left > right : ($0.it, $0.ot) < ($1.it, $1.ot)
        }
        routedPairs = routed.subtracting(found.keys).count
        self.routedConversations = routedConversations
    }

    /// Mixed and unknown hosts never prove flatness: a host counts on one side only.
    private static func isIT(_ asset: Asset) -> Bool { asset.isIT && !asset.isOT }
    private static func isOT(_ asset: Asset) -> Bool {
        guard asset.isOT, !asset.isIT else { return false }
        let isClear =
            asset.services.contains { ServiceKind.isIndustrial($0) }
            || asset.roles.first.map { $0.role.isOT && $0.confidence >= .medium } ?? false
        // Who only asks by an industrial protocol, and serves or uses the office as well, belongs to both.
        return isClear || !(asset.services + asset.uses).contains { ServiceKind.isOffice($0) }
    }

    var isFlat: Bool {
        pairs.count >= DirectPairs.enoughPairs
            || pairs.contains { $0.fromIT >= DirectPairs.strongFrames && $0.fromOT >= DirectPairs.strongFrames }
    }
}
