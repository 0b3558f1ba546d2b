import Model

/// Joins conversations of remote-access protocols and tunnels into sessions.
struct RemoteSessionFinder {
    /// Conversations of one use that are further apart than this are two sessions, in nanoseconds.
    static let pause: Int64 = 30 * 60 * 1_000_000_000

    private struct Use: Hashable {
        var client: IPAddress
        var server: IPAddress
        var service: String
        var port: UInt16
        var vlan: UInt16
    }

    let inventory: InventoryBuilder
    let knowledge: Knowledge

    func sessions(
        _ results: [CaptureResult], _ traits: [[ConversationTraits]], _ asserted: AssertedObservations
    ) -> [RemoteSession] {
        var uses: [Use: [Conversation]] = [:]
        var users: [ConversationKey: WireText] = [:]
        var named: [ConversationKey: String] = [:]
        for result in results {
            for observation in result.observations where observation.attribute == .user {
                if case .conversation(let key) = observation.subject { users[key] = users[key] ?? observation.value }
            }
        }
        asserted.each("remote_service", results) { service, observation, _ in
            if case .conversation(let key) = observation.subject { named[key] = named[key] ?? service }
        }
        for (result, traits) in zip(results, traits) {
            for (conversation, traits) in zip(result.conversations, traits)
            where traits.contains(.unicast)
                && (!named.isEmpty || !traits.isDisjoint(with: [.remoteAccess, .tunnel]))
            {
                let name = named[conversation.key]
                guard name != nil || !traits.isDisjoint(with: [.remoteAccess, .tunnel]),
                    let name = name ?? conversation.service, let client = conversation.client.ip,
                    let server = conversation.server.ip
                else { continue }
                let use = Use(
                    client: client, server: server, service: name, port: conversation.serverPort,
                    vlan: conversation.key.vlan)
                uses[use, default: []].append(conversation)
            }
        }
        var sessions: [RemoteSession] = []
        for (use, conversations) in uses {
            for group in split(conversations) { sessions.append(session(use, group, users)) }
        }
        sessions.sort { ($0.seen.first.time, $0.id) < ($1.seen.first.time, $1.id) }
        return withoutSecondSight(sessions)
    }

    private func split(_ conversations: [Conversation]) -> [[Conversation]] {
        var groups: [[Conversation]] = []
        var end: Timestamp?
        for conversation in conversations.sorted(by: { $0.first.time < $1.first.time }) {
            if let last = end, conversation.first.time.elapsed(since: last) <= RemoteSessionFinder.pause,
                !groups.isEmpty
            {
                groups[groups.count - 1].append(conversation)
                end = max(last, conversation.last.time)
            } else {
                groups.append([conversation])
                end = conversation.last.time
            }
        }
        return groups
    }

    private func session(_ use: Use, _ group: [Conversation], _ users: [ConversationKey: WireText]) -> RemoteSession {
        let first = group[0]
        var seen = Seen(first: first.first, last: first.last)
        var fromClient = Volume()
        var fromServer = Volume()
        for conversation in group {
            seen.include(Seen(first: conversation.first, last: conversation.last))
            fromClient.add(conversation.fromClient)
            fromServer.add(conversation.fromServer)
        }
        let clientAsset = inventory.asset(of: first.client)
        let serverAsset = inventory.asset(of: first.server)
        let origin: RemoteSession.Origin =
            knowledge.isOutside(use.client) ? .outside : knowledge.isOutside(use.server) ? .outbound : .inside
        let isOT = [clientAsset, serverAsset].contains { $0.map { inventory.assets[$0].isOT } ?? false }
        return RemoteSession(
            id:
                "remote-\(use.service)-\(use.client)-\(use.server)-\(use.port)-\(seen.first.time.nanoseconds / 1_000_000)",
            service: use.service, origin: origin, client: first.client, clientPort: first.clientPort,
            server: first.server,
            serverPort: use.port, clientAsset: clientAsset.map { inventory.assets[$0].id },
            serverAsset: serverAsset.map { inventory.assets[$0].id }, user: group.compactMap { users[$0.key] }.first,
            isTunnel: ServiceKind.isTunnel(first.service), reachesOT: isOT,
            isEstablished: fromClient.payload > 0 && fromServer.payload > 0, seen: seen, fromClient: fromClient,
            fromServer: fromServer, conversations: group.count,
            character: character(group, seen, fromClient, fromServer))
    }

    /// Even gaps between this many uses are a timer's.
    private static let usesOfATimer = 5
    /// Bytes a second below which a long session only keeps its line open.
    private static let idleRate = 20.0

    private func character(
        _ group: [Conversation], _ seen: Seen, _ fromClient: Volume, _ fromServer: Volume
    ) -> RemoteSession.Character? {
        guard fromClient.payload > 0, fromServer.payload > 0 else { return nil }
        let starts = group.map(\.first.time).sorted()
        if starts.count >= RemoteSessionFinder.usesOfATimer {
            let gaps = zip(starts.dropFirst(), starts).map { Double($0.elapsed(since: $1)) / 1e9 }
            let mean = gaps.reduce(0, +) / Double(gaps.count)
            let spread = (gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)).squareRoot()
            if mean >= 1, spread < mean * 0.2 { return .periodic }
        }
        let seconds = Double(seen.last.time.elapsed(since: seen.first.time)) / 1e9
        let payload = Double(fromClient.payload) + Double(fromServer.payload)
        if seconds >= 600, payload / seconds < RemoteSessionFinder.idleRate { return .periodic }
        let (more, less) = (max(fromClient.payload, fromServer.payload), min(fromClient.payload, fromServer.payload))
        // A picture of a desktop is large, too: only where no desktop is shown do many bytes one way mean a file.
        let service = group.first?.service
        if service == "ssh" || ServiceKind.isTunnel(service), more >= 5_000_000, more / max(1, less) >= 20 {
            return .transfer
        }
        // Who works through a tunnel shows in what comes out of it.
        return seconds >= 5 && !ServiceKind.isTunnel(service) ? .interactive : nil
    }

    /// A session captured on both sides of a router shows in two VLANs: one of them is enough.
    private func withoutSecondSight(_ sessions: [RemoteSession]) -> [RemoteSession] {
        struct Sight: Hashable {
            var service: String
            var client: IPAddress?
            var server: IPAddress?
            var clientPort: UInt16
            var serverPort: UInt16
        }
        var vlans: [Sight: Set<UInt16>] = [:]
        return sessions.filter { session in
            let sight = Sight(
                service: session.service, client: session.client.ip, server: session.server.ip,
                clientPort: session.clientPort, serverPort: session.serverPort)
            let others = vlans[sight, default: []]
            if others.contains(where: { $0 != session.client.vlan }) { return false }
            vlans[sight, default: []].insert(session.client.vlan)
            return true
        }
    }
}
