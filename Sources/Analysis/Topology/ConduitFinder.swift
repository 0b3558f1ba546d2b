import Model

/// Finds what crosses between segments, and through which routers.
struct ConduitFinder {
    /// A segment's number, or `outside`.
    private static let outside = -1

    private struct Pair: Hashable {
        var from: Int
        var to: Int
    }

    private struct Crossing {
        var services: [String] = []
        var ports: Set<Port> = []
        var conversations = 0
        var bytes: UInt64 = 0
        var via: [Int] = []

        /// Names what was spoken, as far as there is room.
        mutating func name(_ conversation: Conversation) {
            guard services.count < ConduitFinder.services else { return }
            if let service = conversation.service {
                if !services.contains(service) { services.append(service) }
            } else if ports.insert(Port(carrier: conversation.key.transport, number: conversation.serverPort)).inserted
            {
                services.append(Wording.port(conversation))
            }
        }
    }

    /// What is named where the protocol was not recognised.
    private struct Port: Hashable {
        var carrier: Transport
        var number: UInt16
    }

    /// Services of one conduit beyond which no more are named.
    private static let services = 32

    static func conduits(_ situation: Situation) -> [Conduit] {
        let inventory = situation.inventory
        let segments = situation.topology.segments
        let place = zip(situation.topology.segmentOfEnd, inventory.facts).map { segment, facts in
            segment ?? (facts.isOutside ? outside : nil)
        }
        let router = inventory.ends.ends.map { end -> Int? in
            guard let mac = end.mac, inventory.routerMACs.contains(mac) else { return nil }
            return inventory.asset(of: Endpoint(mac: mac, ip: nil))
        }
        var numbers: [Pair: Int] = [:]
        var pairs: [Pair] = []
        var crossings: [Crossing] = []
        // A mirror of all ports shows what a router passes on in both VLANs: it counts once, but names both its routers.
        situation.eachSight(.unicast) { conversation, client, server, isRepeated in
            guard let from = place[client.number], let to = place[server.number], from != to,
                conversation.fromClient.frames > 0
            else { return }
            let pair = Pair(from: from, to: to)
            let number = numbers[pair] ?? crossings.count
            if number == crossings.count {
                numbers[pair] = number
                pairs.append(pair)
                crossings.append(Crossing())
            }
            if !isRepeated {
                crossings[number].conversations += 1
                crossings[number].bytes =
                    crossings[number].bytes &+ conversation.fromClient.bytes &+ conversation.fromServer.bytes
            }
            crossings[number].name(conversation)
            for end in [client.number, server.number] {
                guard let gateway = router[end], !crossings[number].via.contains(gateway) else { continue }
                crossings[number].via.append(gateway)
            }
        }
        func name(_ place: Int) -> String { place == outside ? "outside" : segments[place].id }
        return zip(pairs, crossings).map { pair, crossing in
            Conduit(
                from: name(pair.from), to: name(pair.to), services: crossing.services.sorted(),
                conversations: crossing.conversations, bytes: crossing.bytes,
                via: crossing.via.map { situation.assets[$0].id }.sorted())
        }.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
    }
}
