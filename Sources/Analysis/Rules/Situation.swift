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

    /// IT and OT hosts that talk directly.
    private(set) lazy var direct = DirectPairs(self)
    /// What the remote sessions amount to.
    private(set) lazy var remote = RemotePicture(self)
    /// What shows of wireless LAN.
    private(set) lazy var wireless = WirelessPicture(self)

    init(
        results: [CaptureResult], inventory: InventoryBuilder, topology: TopologyBuilder, sessions: [RemoteSession],
        outside: OutsideTraffic, coverage: Coverage, ledger: LedgerMatch?, knowledge: Knowledge
    ) {
        self.results = results
        self.inventory = inventory
        self.topology = topology
        self.sessions = sessions
        self.outside = outside
        self.coverage = coverage
        self.ledger = ledger
        self.knowledge = knowledge
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

    /// Every observation with its sighting.
    func eachObservation(_ body: (Observation, Sighting) -> Void) {
        for result in results {
            for (observation, sighting) in zip(result.observations, result.sightings) { body(observation, sighting) }
        }
    }
}

/// One judgement: reads the situation, states what it found. One file and one line in `FindingRules.all`.
protocol FindingRule: SendableMetatype {
    /// `flat-network` and the like: the first part of its findings' ids.
    static var id: String { get }
    static func evaluate(_ situation: Situation, _ exhibits: inout ExhibitBook) -> [Finding]
}

/// All rules, in the order of their findings' importance.
enum FindingRules {
    static let all: [any FindingRule.Type] = [
        FlatNetworkRule.self,
        OutsideIntoPlantRule.self,
        RemoteToolRule.self,
        UnexplainedOutsideRule.self,
        WeakWirelessRule.self,
        HomeAccessPointRule.self,
        UnlistedDeviceRule.self,
        CleartextOutsideRule.self,
        CleartextCredentialRule.self,
        BoundaryRefusalRule.self,
    ]

    static func evaluate(_ situation: Situation, _ exhibits: inout ExhibitBook) -> [Finding] {
        var findings: [Finding] = []
        for rule in all { findings += rule.evaluate(situation, &exhibits) }
        return findings
    }
}

/// Collects exhibits under stable ids.
struct ExhibitBook {
    private(set) var exhibits: [Exhibit] = []
    private var places: [String: Int] = [:]

    /// Adds an exhibit and answers its id; frames are sorted, made unique and cut to the limit.
    mutating func add(_ id: String, title: Phrase, frames: [FrameRef], filter: String) -> String {
        var kept: [FrameRef] = []
        for frame in frames.sorted() where kept.last != frame { kept.append(frame) }
        let exhibit = Exhibit(
            id: id, title: title, frames: Array(kept.prefix(Exhibit.frameLimit)), displayFilter: filter)
        if let known = places[id] {
            exhibits[known] = exhibit
        } else {
            places[id] = exhibits.count
            exhibits.append(exhibit)
        }
        return id
    }
}

/// Wireshark display filters.
enum DisplayFilter {
    static func conversation(_ conversation: Conversation) -> String {
        guard let a = conversation.client.ip, let b = conversation.server.ip else {
            let macs = [conversation.client.mac, conversation.server.mac].compactMap { $0 }.map { "eth.addr == \($0)" }
            return macs.joined(separator: " && ")
        }
        var parts = [address(a), address(b)]
        switch conversation.key.transport {
        case .tcp: parts.append("tcp.port == \(conversation.serverPort)")
        case .udp: parts.append("udp.port == \(conversation.serverPort)")
        case .ip: parts.append("ip.proto == \(conversation.key.code)")
        case .ethernet: break
        }
        return parts.joined(separator: " && ")
    }

    /// All traffic of a session's service between its two ends.
    static func session(_ session: RemoteSession) -> String {
        var parts = [session.client.ip, session.server.ip].compactMap { $0.map(address) }
        if session.serverPort != 0 {
            parts.append("(tcp.port == \(session.serverPort) || udp.port == \(session.serverPort))")
        }
        return parts.joined(separator: " && ")
    }

    /// Everything from or to an address.
    static func address(_ address: IPAddress) -> String { "\(address.isV4 ? "ip" : "ipv6").addr == \(address)" }

    /// These frames, by number; as many as a filter line bears.
    static func frames(_ frames: [FrameRef]) -> String {
        let numbers = Set(frames.map(\.number)).sorted().prefix(Exhibit.frameLimit)
        return numbers.isEmpty ? "frame" : "frame.number in {\(numbers.map(String.init).joined(separator: ", "))}"
    }

    static func any(_ filters: [String]) -> String {
        var unique: [String] = []
        for filter in filters where !unique.contains(filter) {
            unique.append(filter)
            if unique.count == 20 { break }
        }
        return unique.count == 1 ? unique[0] : unique.map { "(\($0))" }.joined(separator: " || ")
    }
}
