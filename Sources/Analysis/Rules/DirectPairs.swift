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
        let isIT = assets.map(DirectPairs.isIT)
        let isOT = assets.map(DirectPairs.isOT)
        situation.eachConversation([.unicast, .answered]) { conversation, clientEnd, serverEnd in
            guard let client = clientEnd.asset, let server = serverEnd.asset, client != server else { return }
            let key: Key
            if isIT[client], isOT[server] {
                key = Key(it: client, ot: server)
            } else if isOT[client], isIT[server] {
                key = Key(it: server, ot: client)
            } else {
                return
            }
            if DirectTalk.isDirect(conversation, clientEnd, serverEnd) {
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
