import Model

/// The conversations that the plant needs, as far as traffic tells: both ends spoke, and nothing that was found speaks
/// against them.
struct NeededTalk {
    /// What one asks of the other; ends are assets, or an address outside.
    struct Link: Hashable {
        var client: Int?
        var server: Int?
        var clientIP: IPAddress
        var serverIP: IPAddress
        var transport: Transport
        /// Server port, or the IP protocol's number.
        var port: UInt16
        var service: String
    }

    /// Links over IP between two assets, or an asset and the outside, with how many conversations there were.
    private(set) var links: [Link: Int] = [:]
    /// Pairs that exchange cyclic or other unicast industrial frames without IP: they need one link.
    private(set) var onLink: Set<[Int]> = []
    /// Assets that answered by TCP or UDP, with what.
    private(set) var serving: [Int: Set<String>] = [:]
    /// Links that findings speak against.
    private(set) var unwanted: [Link: Int] = [:]
    /// Links that came to nothing: nobody answered, or no data followed.
    private(set) var idle: [Link: Int] = [:]

    init(_ situation: Situation, _ findings: [Finding]) {
        let verdict = Unwanted(situation, findings)
        situation.eachConversationOnce { conversation, client, server in
            if conversation.key.transport == .ethernet {
                onLink(conversation, client.asset, server.asset)
                return
            }
            guard let link = NeededTalk.link(conversation, client, server) else { return }
            if let server = link.server, conversation.fromServer.payload > 0, link.transport != .ip {
                serving[server, default: []].insert(NeededTalk.name(link))
            }
            if !NeededTalk.isUse(conversation) {
                idle[link, default: 0] += 1
            } else if verdict.contains(conversation, link, situation) {
                unwanted[link, default: 0] += 1
            } else {
                links[link, default: 0] += 1
            }
        }
    }

    /// Service, or carrier and port where none was recognised.
    static func name(_ link: Link) -> String {
        link.service.isEmpty ? "\(link.transport)/\(link.port)" : link.service
    }

    private static func link(_ conversation: Conversation, _ client: EndFacts, _ server: EndFacts) -> Link? {
        guard client.asset != server.asset, client.asset != nil || client.isOutside,
            server.asset != nil || server.isOutside, conversation.isUnicastIP,
            let clientIP = conversation.client.ip, let serverIP = conversation.server.ip
        else { return nil }
        return Link(
            client: client.asset, server: server.asset, clientIP: clientIP, serverIP: serverIP,
            transport: conversation.key.transport,
            port: conversation.key.transport == .ip ? conversation.key.code : conversation.serverPort,
            service: conversation.service ?? "")
    }

    /// Data over a connection that was answered; datagrams may be one-way (logs, traps).
    static func isUse(_ conversation: Conversation) -> Bool {
        let isAnswered = conversation.fromClient.frames > 0 && conversation.fromServer.frames > 0
        if conversation.key.transport == .tcp {
            return isAnswered && conversation.fromClient.payload | conversation.fromServer.payload > 0
        }
        return isAnswered || conversation.service != nil
    }

    private mutating func onLink(_ conversation: Conversation, _ client: Int?, _ server: Int?) {
        guard let client, let server, client != server, ServiceKind.isIndustrial(conversation.service),
            conversation.client.mac?.isUnicast == true, conversation.server.mac?.isUnicast == true
        else { return }
        onLink.insert([min(client, server), max(client, server)])
    }
}

/// What no division of the network should keep up.
private struct Unwanted {
    private struct Pair: Hashable {
        var client: String
        var server: String
    }
    /// Both ends of guessed passwords, web attacks and the like.
    private var pairs: Set<Pair> = []
    /// Hosts that spread.
    private var spreaders: Set<String> = []
    private var sessions: Set<String> = []

    init(_ situation: Situation, _ findings: [Finding]) {
        for finding in findings {
            switch finding.rule {
            case PasswordGuessingRule.id, WebAttackRule.id:
                if finding.assets.count == 2 {
                    pairs.insert(Pair(client: finding.assets[0], server: finding.assets[1]))
                }
            case LateralMovementRule.id: spreaders.formUnion(finding.assets)
            default: break
            }
        }
        let refused = situation.ways.sessions.filter { $0.permission.map { $0 != .permitted } ?? false }
        for session in refused + situation.remote.outsideIntoOT {
            sessions.insert(Unwanted.key(session.client.ip, session.server.ip, session.serverPort))
        }
    }

    private static func key(_ client: IPAddress?, _ server: IPAddress?, _ port: UInt16) -> String {
        "\(client?.description ?? "") \(server?.description ?? "") \(port)"
    }

    func contains(_ conversation: Conversation, _ link: NeededTalk.Link, _ situation: Situation) -> Bool {
        if !sessions.isEmpty, sessions.contains(Unwanted.key(link.clientIP, link.serverIP, conversation.serverPort)) {
            return true
        }
        if let client = link.client, let server = link.server {
            let (from, to) = (situation.assets[client].id, situation.assets[server].id)
            if pairs.contains(Pair(client: from, server: to)) { return true }
            if spreaders.contains(from), link.service == "smb" || ServiceKind.isRemoteAccess(link.service) {
                return true
            }
        }
        return ControlCommandRule.isUnusualCommand(conversation, situation)
    }
}
