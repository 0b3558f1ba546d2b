import Model

/// What is asked of conversations again and again, found once for each.
struct ConversationTraits: OptionSet, BitwiseCopyable {
    let rawValue: UInt16

    /// IP between two single hosts.
    static let unicast = ConversationTraits(rawValue: 1 << 0)
    static let tcp = ConversationTraits(rawValue: 1 << 1)
    /// To a group of hosts, or to all.
    static let group = ConversationTraits(rawValue: 1 << 2)
    /// Frames both ways.
    static let answered = ConversationTraits(rawValue: 1 << 3)
    /// Payload both ways.
    static let dataBothWays = ConversationTraits(rawValue: 1 << 4)
    /// One end inside and one outside; `unicast`, too.
    static let crossesBoundary = ConversationTraits(rawValue: 1 << 5)
    /// Its protocol is known.
    static let recognised = ConversationTraits(rawValue: 1 << 6)
    static let industrial = ConversationTraits(rawValue: 1 << 7)
    static let cleartext = ConversationTraits(rawValue: 1 << 8)
    static let remoteAccess = ConversationTraits(rawValue: 1 << 9)
    static let tunnel = ConversationTraits(rawValue: 1 << 10)

    /// By capture, then by conversation.
    static func all(_ results: [CaptureResult], _ inventory: InventoryBuilder) -> [[ConversationTraits]] {
        var services: [String: ConversationTraits] = [:]
        return results.enumerated().map { position, result in
            let conversations = result.conversations.span
            let pairs = inventory.ends.pairs[position]
            var traits: [ConversationTraits] = []
            traits.reserveCapacity(conversations.count)
            for index in conversations.indices {
                var found = ConversationTraits(conversations[index])
                if found.contains(.unicast),
                    inventory.facts[pairs[index].client].isOutside != inventory.facts[pairs[index].server].isOutside
                {
                    found.insert(.crossesBoundary)
                }
                if let service = conversations[index].service {
                    if let known = services[service] {
                        found.formUnion(known)
                    } else {
                        let kind = ConversationTraits(service: service)
                        services[service] = kind
                        found.formUnion(kind)
                    }
                }
                traits.append(found)
            }
            return traits
        }
    }

    /// What follows of its ends and counts.
    private init(_ conversation: borrowing Conversation) {
        var found: ConversationTraits = []
        if conversation.isUnicastIP { found.insert(.unicast) }
        if conversation.key.transport == .tcp { found.insert(.tcp) }
        if conversation.isToGroup { found.insert(.group) }
        if conversation.fromClient.frames > 0, conversation.fromServer.frames > 0 { found.insert(.answered) }
        if conversation.fromClient.payload > 0, conversation.fromServer.payload > 0 { found.insert(.dataBothWays) }
        self = found
    }

    private init(service: String) {
        var found: ConversationTraits = .recognised
        if ServiceKind.isIndustrial(service) { found.insert(.industrial) }
        if ServiceKind.isCleartext(service) { found.insert(.cleartext) }
        if ServiceKind.isRemoteAccess(service) { found.insert(.remoteAccess) }
        if ServiceKind.isTunnel(service) { found.insert(.tunnel) }
        self = found
    }

    init(rawValue: UInt16) { self.rawValue = rawValue }
}
