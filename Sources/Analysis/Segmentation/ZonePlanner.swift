import Model

/// Puts every asset into a zone: by what it is there for, and control devices by whom they talk with.
struct ZonePlanner {
    /// Assets by zone id, with level and title.
    private(set) var zones: [SegmentationPlan.Zone] = []
    /// Zone of each asset; nil for routers, which stand between zones.
    private(set) var zone: [Int?]

    private enum Kind: Hashable {
        case network, cell, operations, shared, boundary, office, open
        /// Stands between zones, in none.
        case router
    }

    private let assets: [Asset]
    private var kinds: [Kind]
    private var parent: [Int]

    init(_ assets: [Asset], _ talk: NeededTalk) {
        self.assets = assets
        kinds = assets.map(ZonePlanner.kind)
        parent = Array(assets.indices)
        zone = Array(repeating: nil, count: assets.count)
        share(talk)
        makeCells(talk)
        placeOpen(talk)
        makeZones()
    }

    // MARK: What an asset is there for

    private static func kind(_ asset: Asset) -> Kind {
        switch asset.role {
        case .router, .firewall: return .router
        case .switch, .accessPoint, .wirelessController: return .network
        case .plc, .io, .drive, .robot, .safetyController, .gateway, .buildingController, .meter, .sensor, .hmi:
            return .cell
        case .scada, .historian, .opcServer, .engineeringStation: return .operations
        case .jumpHost, .vpnGateway: return .boundary
        default: break
        }
        if asset.services.contains(where: { ServiceKind.isIndustrial($0) }) { return .cell }
        if asset.isOT { return .operations }
        if asset.isIT { return .office }
        switch asset.role {
        case .workstation, .printer, .mobile, .phone: return .office
        default: return .open
        }
    }

    private static func servesNetwork(_ role: Role) -> Bool {
        switch role {
        case .logServer, .timeServer, .dnsServer, .dhcpServer, .radiusServer, .domainController: true
        default: false
        }
    }

    /// Servers that both the office and the plant ask belong to neither.
    private mutating func share(_ talk: NeededTalk) {
        var office: Set<Int> = []
        var plant: Set<Int> = []
        for link in talk.links.keys {
            guard let client = link.client, let server = link.server else { continue }
            switch kinds[client] {
            case .office: office.insert(server)
            case .cell, .operations, .network: plant.insert(server)
            default: break
            }
        }
        for server in office.intersection(plant) where kinds[server] == .office || kinds[server] == .open {
            kinds[server] = .shared
        }
        // What serves the network as a whole (time, names, logs, logins) and not the office alone belongs there, too.
        for server in plant where ZonePlanner.servesNetwork(assets[server].role) && kinds[server] != .operations {
            kinds[server] = .shared
        }
    }

    // MARK: Cells

    private func root(_ index: Int) -> Int {
        var current = index
        while parent[current] != current { current = parent[current] }
        return current
    }

    private mutating func unite(_ a: Int, _ b: Int) {
        let (left, right) = (root(a), root(b))
        parent[a] = min(left, right)
        parent[b] = min(left, right)
        parent[max(left, right)] = min(left, right)
    }

    /// Control devices and panels that talk with each other are one cell; those that only the same stations ask, another.
    private mutating func makeCells(_ talk: NeededTalk) {
        var askedBy: [Int: Set<Int>] = [:]
        var talks: Set<Int> = []
        for link in talk.links.keys {
            guard let client = link.client, let server = link.server else { continue }
            if kinds[client] == .cell, kinds[server] == .cell {
                unite(client, server)
                talks.formUnion([client, server])
            } else if kinds[server] == .cell {
                askedBy[server, default: []].insert(client)
            }
        }
        // Frames without IP pass no router: who needs them stays together.
        for pair in talk.onLink where pair.count == 2 {
            // Whoever has no address exchanges cyclic data and nothing else: it is part of the cell.
            for (one, other) in [(pair[0], pair[1]), (pair[1], pair[0])]
            where kinds[one] == .cell && assets[other].addresses.allSatisfy(\.isLinkLocal) {
                if kinds[other] == .operations || kinds[other] == .open { kinds[other] = .cell }
            }
            guard kinds[pair[0]] == .cell, kinds[pair[1]] == .cell else { continue }
            unite(pair[0], pair[1])
            talks.formUnion(pair)
        }
        var byClients: [Set<Int>: Int] = [:]
        for index in assets.indices where kinds[index] == .cell && !talks.contains(index) {
            let clients = askedBy[index] ?? []
            if let first = byClients[clients] { unite(first, index) } else { byClients[clients] = index }
        }
    }

    /// Of what nothing tells, the zone with which it talks by the most different services; else a place of its own.
    private mutating func placeOpen(_ talk: NeededTalk) {
        var votes: [Int: [Int: Int]] = [:]
        for (link, _) in talk.links {
            guard let client = link.client, let server = link.server else { continue }
            if kinds[client] == .open, kinds[server] != .open { votes[client, default: [:]][server, default: 0] += 1 }
            if kinds[server] == .open, kinds[client] != .open { votes[server, default: [:]][client, default: 0] += 1 }
        }
        for (index, peers) in votes {
            var byKind: [Kind: Int] = [:]
            for (peer, count) in peers where kinds[peer] != .router && kinds[peer] != .network {
                byKind[kinds[peer], default: 0] += count
            }
            guard
                let best = byKind.max(by: {
                    ($0.value, ZonePlanner.name($1.key)) < ($1.value, ZonePlanner.name($0.key))
                })
            else { continue }
            kinds[index] = best.key
            guard best.key == .cell else { continue }
            let cells = peers.filter { kinds[$0.key] == .cell }
            if let peer = cells.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key { unite(peer, index) }
        }
    }

    // MARK: Zones

    private static func name(_ kind: Kind) -> String {
        switch kind {
        case .network: "network"
        case .cell: "cell"
        case .operations: "operations"
        case .shared: "plant-servers"
        case .boundary: "remote-access"
        case .office: "office"
        case .open: "unclassified"
        case .router: "router"
        }
    }

    private static func title(_ kind: Kind) -> (Phrase, PurdueLevel) {
        switch kind {
        case .network: (Phrase(ja: "ネットワーク機器", en: "Network equipment"), .operations)
        case .cell: (Phrase(ja: "セル", en: "Cell"), .control)
        case .operations: (Phrase(ja: "監視・エンジニアリング", en: "Supervision and engineering"), .operations)
        case .shared: (Phrase(ja: "共用サーバー", en: "Servers for plant and office"), .boundary)
        case .boundary: (Phrase(ja: "リモート接続の入口", en: "Remote access"), .boundary)
        case .office: (Phrase(ja: "事務", en: "Office"), .enterprise)
        case .open: (Phrase(ja: "分類できない機器", en: "Not classified"), .enterprise)
        case .router: (Phrase(ja: "ルーター", en: "Routers"), .boundary)
        }
    }

    private mutating func makeZones() {
        for kind in [Kind.office, .shared, .boundary, .operations, .network, .open] {
            let members = assets.indices.filter { kinds[$0] == kind }
            guard !members.isEmpty else { continue }
            let (title, level) = ZonePlanner.title(kind)
            add(ZonePlanner.name(kind), title, level, members)
        }
        var cells: [Int: [Int]] = [:]
        for index in assets.indices where kinds[index] == .cell { cells[root(index), default: []].append(index) }
        for (number, cell) in cells.sorted(by: { $0.key < $1.key }).enumerated() {
            let (title, level) = ZonePlanner.title(.cell)
            add(
                "cell-\(number + 1)", Phrase(ja: "\(title.ja)\(number + 1)", en: "\(title.en) \(number + 1)"), level,
                cell.value)
        }
    }

    private mutating func add(_ id: String, _ title: Phrase, _ level: PurdueLevel, _ members: [Int]) {
        for member in members { zone[member] = zones.count }
        zones.append(
            SegmentationPlan.Zone(id: id, title: title, level: level, members: members.map { assets[$0].id }.sorted()))
    }
}
