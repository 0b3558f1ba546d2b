import Model

/// Everything that a rule may look at. Rules read it and state findings; they change nothing. A class, so that the pictures
/// which several rules share are made once, when the first of them asks.
final class Situation {
    let results: [CaptureResult]
    /// By capture, then by conversation.
    let traits: [[ConversationTraits]]
    /// What the catalogue asserts of the observed values.
    let asserted: AssertedObservations
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
        results: [CaptureResult], traits: [[ConversationTraits]], asserted: AssertedObservations,
        inventory: InventoryBuilder, topology: TopologyBuilder, sessions: [RemoteSession],
        outside: OutsideTraffic, coverage: Coverage, ledger: LedgerMatch?, knowledge: Knowledge,
        declarations: Declarations = Declarations(), listedMACs: Set<MACAddress>? = nil, time: Timestamp
    ) {
        self.results = results
        self.traits = traits
        self.asserted = asserted
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

    /// Id of the asset of an end; nil when it lies outside or never sent.
    func assetID(of end: Endpoint) -> String? { inventory.asset(of: end).map { assets[$0].id } }

    /// Every conversation of every capture that has the traits.
    func eachConversation(_ traits: ConversationTraits = [], _ body: (Conversation) -> Void) {
        eachSight(traits) { conversation, _, _, _ in body(conversation) }
    }

    /// Every conversation that has the traits, with what is known of its ends, and whether a mirror of all ports already
    /// showed it on the other side of a router.
    func eachSight(
        _ traits: ConversationTraits = [],
        _ body: (_ conversation: Conversation, _ client: EndFacts, _ server: EndFacts, _ isRepeated: Bool) -> Void
    ) {
        for (position, result) in results.enumerated() {
            let repeated = secondSights[position]
            let conversations = result.conversations.span
            let pairs = inventory.ends.pairs[position]
            let found = self.traits[position]
            for index in conversations.indices where found[index].isSuperset(of: traits) {
                body(
                    conversations[index], inventory.facts[pairs[index].client], inventory.facts[pairs[index].server],
                    !repeated.isEmpty && repeated[index])
            }
        }
    }

    /// Every conversation that has the traits, with what is known of its ends.
    func eachConversation(
        _ traits: ConversationTraits = [],
        _ body: (_ conversation: Conversation, _ client: EndFacts, _ server: EndFacts) -> Void
    ) {
        eachSight(traits) { conversation, client, server, _ in body(conversation, client, server) }
    }

    /// The same without the second sights.
    func eachConversationOnce(
        _ traits: ConversationTraits = [],
        _ body: (_ conversation: Conversation, _ client: EndFacts, _ server: EndFacts) -> Void
    ) {
        eachSight(traits) { conversation, client, server, isRepeated in
            if !isRepeated { body(conversation, client, server) }
        }
    }

    /// By capture, which of its conversations were seen before under another VLAN; empty where none can have been.
    private lazy var secondSights: [[Bool]] =
        coverage.hasVLANTags ? SecondSights.find(results, inventory.ends) : results.map { _ in [] }

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
            let observations = result.observations.span
            for index in observations.indices { body(observations[index], result.sightings[index]) }
        }
    }

    /// Every observation of one attribute with its sighting.
    func eachObservation(of attribute: Attribute, _ body: (Observation, Sighting) -> Void) {
        for place in observationsByAttribute[attribute] ?? [] {
            let result = results[place.capture]
            body(result.observations[place.observation], result.sightings[place.observation])
        }
    }

    private lazy var observationsByAttribute: [Attribute: [(capture: Int, observation: Int)]] = {
        var places: [Attribute: [(capture: Int, observation: Int)]] = [:]
        for (capture, result) in results.enumerated() {
            let observations = result.observations.span
            for index in observations.indices {
                places[observations[index].attribute, default: []].append((capture, index))
            }
        }
        return places
    }()
}
