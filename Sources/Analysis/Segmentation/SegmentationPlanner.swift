import Model

/// Proposes zones and the conduits that keep what is needed, and tells what the network would be like.
enum SegmentationPlanner {
    static func plan(_ situation: Situation, _ findings: [Finding]) -> SegmentationPlan {
        let talk = NeededTalk(situation, findings)
        let planner = ZonePlanner(situation.assets, talk)
        let conduits = conduits(talk, planner)
        let list = AllowList(conduits)
        return SegmentationPlan(
            zones: planner.zones, conduits: conduits, reach: reach(situation, talk, planner, list),
            replay: replay(situation, talk, planner, list))
    }

    // MARK: Conduits

    private struct Key: Hashable {
        var from: Int?
        var to: Int?
        var service: String
        var transport: Transport
        var port: UInt16
    }

    private struct Use {
        var clients: Set<IPAddress> = []
        var servers: Set<IPAddress> = []
        var conversations = 0
    }

    /// Services that hand out ports of their own choice take any high one.
    private static let portsToJoin = 8
    /// Addresses outside beyond which a conduit names none of them.
    private static let outsideAddresses = 16

    private static func conduits(_ talk: NeededTalk, _ planner: ZonePlanner) -> [SegmentationPlan.Conduit] {
        var ports: [Key: Set<UInt16>] = [:]
        for link in talk.links.keys {
            guard let key = key(link, planner), link.port >= 1024 else { continue }
            var group = key
            group.port = 0
            ports[group, default: []].insert(link.port)
        }
        var uses: [Key: Use] = [:]
        for (link, count) in talk.links {
            guard var key = key(link, planner) else { continue }
            var group = key
            group.port = 0
            if link.port >= 1024, link.transport != .ip, ports[group]?.count ?? 0 > portsToJoin { key = group }
            uses[key, default: Use()].clients.insert(link.clientIP)
            uses[key]?.servers.insert(link.serverIP)
            uses[key]?.conversations += count
        }
        return uses.map { key, use in
            SegmentationPlan.Conduit(
                from: name(key.from, planner), to: name(key.to, planner), service: key.service,
                transport: key.transport, port: key.port,
                clients: key.from == nil && use.clients.count > outsideAddresses ? [] : use.clients.sorted(),
                servers: key.to == nil ? [] : use.servers.sorted(), conversations: use.conversations)
        }.sorted {
            ($0.from, $0.to, $0.transport.rawValue, $0.port, $0.service)
                < ($1.from, $1.to, $1.transport.rawValue, $1.port, $1.service)
        }
    }

    /// Nil within a zone, and for routers, which are asked and answer from between the zones.
    private static func key(_ link: NeededTalk.Link, _ planner: ZonePlanner) -> Key? {
        let from = link.client.map { planner.zone[$0] }
        let to = link.server.map { planner.zone[$0] }
        // `.some(nil)` is a router.
        if case .some(.none) = from { return nil }
        if case .some(.none) = to { return nil }
        let key = Key(
            from: from ?? nil, to: to ?? nil, service: link.service, transport: link.transport, port: link.port)
        return key.from == key.to ? nil : key
    }

    private static func name(_ zone: Int?, _ planner: ZonePlanner) -> String {
        zone.map { planner.zones[$0].id } ?? DeclaredZones.outside
    }

    // MARK: Reach

    private static func reach(
        _ situation: Situation, _ talk: NeededTalk, _ planner: ZonePlanner, _ list: AllowList
    ) -> SegmentationPlan.Reach {
        let assets = situation.assets
        let serving = Set(talk.serving.keys)
        let spreads = assets.map(WormReach.spreads)
        let present = presentWays(situation, talk)
        let now = WormReach(
            place: places(situation), serving: serving, spreads: spreads, ways: present.ways, waysOfAsset: [:],
            waysOfPlace: present.ofPlace
        ).counts()
        var byAddress: [IPAddress: Int] = [:]
        for (index, asset) in assets.enumerated() { for ip in asset.addresses { byAddress[ip] = index } }
        let allowed = list.ways(byAddress)
        let planned = WormReach(
            place: planner.zone, serving: serving, spreads: spreads, ways: allowed.ways,
            waysOfAsset: allowed.ofAsset, waysOfPlace: [:]
        ).counts()
        var reach = SegmentationPlan.Reach(serving: Set(serving.map { assets[$0].id }))
        for (index, asset) in assets.enumerated() where planner.zone[index] != nil {
            reach.now[asset.id] = now[index]
            reach.planned[asset.id] = planned[index]
        }
        return reach
    }

    /// The segment of each asset.
    private static func places(_ situation: Situation) -> [Int?] {
        var byID: [String: Int] = [:]
        for (number, segment) in situation.topology.segments.enumerated() {
            for member in segment.members where byID[member] == nil { byID[member] = number }
        }
        return situation.assets.map { byID[$0.id] }
    }

    /// Across segments nothing is known to filter what was seen to pass: whoever answers such a service there is reached
    /// from every host of the segment that asked.
    private static func presentWays(
        _ situation: Situation, _ talk: NeededTalk
    ) -> (ways: [[Int]], ofPlace: [Int: [Int]]) {
        let place = places(situation)
        struct Crossing: Hashable {
            var from: Int
            var to: Int
            var service: String
        }
        var crossings: Set<Crossing> = []
        for link in Array(talk.links.keys) + Array(talk.unwanted.keys) {
            guard let client = link.client, let server = link.server, let from = place[client], let to = place[server],
                from != to
            else { continue }
            crossings.insert(Crossing(from: from, to: to, service: NeededTalk.name(link)))
        }
        var answering: [Int: [String: Set<Int>]] = [:]
        for (asset, services) in talk.serving {
            guard let place = place[asset] else { continue }
            for service in services { answering[place, default: [:]][service, default: []].insert(asset) }
        }
        var ways: [[Int]] = []
        var ofPlace: [Int: [Int]] = [:]
        for crossing in crossings {
            ofPlace[crossing.from, default: []].append(ways.count)
            ways.append(answering[crossing.to]?[crossing.service]?.sorted() ?? [])
        }
        return (ways, ofPlace)
    }

    // MARK: Replay

    private static func replay(
        _ situation: Situation, _ talk: NeededTalk, _ planner: ZonePlanner, _ list: AllowList
    ) -> SegmentationPlan.Replay {
        var replay = SegmentationPlan.Replay()
        var cut: [String: Int] = [:]
        func name(_ asset: Int?, _ address: IPAddress) -> String {
            asset.map { situation.assets[$0].name.visible } ?? address.description
        }
        for links in [talk.links, talk.unwanted, talk.idle] {
            for (link, count) in links {
                let from = link.client.map { planner.zone[$0] }
                let to = link.server.map { planner.zone[$0] }
                if case .some(.none) = from { continue }
                if case .some(.none) = to { continue }
                if from == to {
                    replay.within += count
                } else if list.allows(link.clientIP, link.serverIP, link.transport, link.port) {
                    replay.kept += count
                } else {
                    replay.cut += count
                    let (client, server) = (name(link.client, link.clientIP), name(link.server, link.serverIP))
                    cut["\(client) → \(server) \(NeededTalk.name(link))", default: 0] += count
                }
            }
        }
        replay.examples = cut.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(20).map(\.key)
        return replay
    }
}
