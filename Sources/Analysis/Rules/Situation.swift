import Model

/// Everything that a rule may look at. Rules read it and state findings; they change nothing. A class, so that the pictures
/// which several rules share are made once, when the first of them asks.
final class Situation {
    let results: [CaptureResult]
    let inventory: InventoryBuilder
    let topology: TopologyBuilder
    let sessions: [RemoteSession]
    let outside: OutsideTraffic
    let coverage: Coverage
    let ledger: LedgerMatch?
    let knowledge: Knowledge
    let declarations: Declarations
    /// MACs of the imported ledger; nil without one.
    let listedMACs: Set<MACAddress>?
    /// What the rules found, once they were asked; proposals may read it.
    var findings: [Finding] = []
    /// When it is judged: what is expired or out of support is so at this time.
    let time: Timestamp

    /// IT and OT hosts that talk directly.
    private(set) lazy var direct = DirectPairs(self)
    /// What the remote sessions amount to.
    private(set) lazy var remote = RemotePicture(self)
    /// The sessions with the ways that led to them.
    private(set) lazy var ways = RemoteWays(self)
    /// The zones that the plant declares; nil when it does not.
    private(set) lazy var declaredZones = declarations.zones.map(ZoneBook.init)
    /// Devices that were there for a short while.
    private(set) lazy var visitors = TransientDeviceRule.visitors(self)
    private(set) lazy var transients = Set(visitors.map(\.id))
    /// What shows of wireless LAN.
    private(set) lazy var wireless = WirelessPicture(self)

    init(
        results: [CaptureResult], inventory: InventoryBuilder, topology: TopologyBuilder, sessions: [RemoteSession],
        outside: OutsideTraffic, coverage: Coverage, ledger: LedgerMatch?, knowledge: Knowledge,
        declarations: Declarations = Declarations(), listedMACs: Set<MACAddress>? = nil, time: Timestamp
    ) {
        self.results = results
        self.inventory = inventory
        self.topology = topology
        self.sessions = sessions
        self.outside = outside
        self.coverage = coverage
        self.ledger = ledger
        self.knowledge = knowledge
        self.declarations = declarations
        self.listedMACs = listedMACs
        self.time = time
    }

    var assets: [Asset] { inventory.assets }

    private lazy var indexOfAsset: [String: Int] = Dictionary(
        inventory.assets.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { first, _ in first })

    /// The asset with this id.
    func asset(_ id: String) -> Asset? { indexOfAsset[id].map { inventory.assets[$0] } }

    /// Every conversation of every capture.
    func eachConversation(_ body: (Conversation) -> Void) {
        for result in results {
            for conversation in result.conversations { body(conversation) }
        }
    }

    /// The same without the second sight of one that a mirror of all ports shows on both sides of a router.
    func eachConversationOnce(_ body: (Conversation) -> Void) {
        for (position, result) in results.enumerated() {
            let repeated = secondSights[position]
            for (index, conversation) in result.conversations.enumerated() {
                if !repeated.isEmpty, repeated[index] { continue }
                body(conversation)
            }
        }
    }

    /// By capture, which of its conversations were seen before under another VLAN; empty where none can have been.
    private lazy var secondSights: [[Bool]] = results.map { result in
        guard coverage.hasVLANTags else { return [] }
        var vlans: [ConversationKey: UInt16] = [:]
        return result.conversations.map { conversation in
            guard conversation.key.transport != .ethernet else { return false }
            var key = conversation.key
            key.vlan = 0
            if let first = vlans[key], first != conversation.key.vlan { return true }
            vlans[key] = conversation.key.vlan
            return false
        }
    }

    /// Ids of the assets at both ends of these conversations.
    func assets(in keys: Set<ConversationKey>) -> [ConversationKey: [String]] {
        var found: [ConversationKey: [String]] = [:]
        guard !keys.isEmpty else { return found }
        eachConversation { conversation in
            guard keys.contains(conversation.key), found[conversation.key] == nil else { return }
            found[conversation.key] = [conversation.client, conversation.server].compactMap { inventory.asset(of: $0) }
                .map { assets[$0].id }
        }
        return found
    }

    /// Every observation with its sighting.
    func eachObservation(_ body: (Observation, Sighting) -> Void) {
        for result in results {
            for (observation, sighting) in zip(result.observations, result.sightings) { body(observation, sighting) }
        }
    }
}
