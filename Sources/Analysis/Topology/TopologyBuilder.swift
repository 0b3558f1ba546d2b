import Model

/// Finds broadcast domains, what forwards between them, and what crosses.
struct TopologyBuilder {
    /// An address block within a VLAN: the unit that direct talk joins into segments.
    private struct Block: Hashable, Comparable {
        var vlan: UInt16
        var prefix: IPPrefix
        static func < (a: Block, b: Block) -> Bool {
            (a.vlan, a.prefix.address, a.prefix.length) < (b.vlan, b.prefix.address, b.prefix.length)
        }
    }

    private let inventory: InventoryBuilder
    private let knowledge: Knowledge
    private var declared: Set<IPPrefix> = []
    private var parent: [Block: Block] = [:]
    private var members: [Block: Set<Int>] = [:]
    private var linkOnly: [UInt16: Set<Int>] = [:]
    private(set) var segments: [Segment] = []
    private var segmentOfBlock: [Block: Int] = [:]
    private var segmentOfLinkOnly: [UInt16: Int] = [:]

    init(inventory: InventoryBuilder, knowledge: Knowledge) {
        self.inventory = inventory
        self.knowledge = knowledge
    }

    mutating func build(_ results: [CaptureResult]) {
        readDeclarations(results)
        place()
        join(results)
        makeSegments()
    }

    // MARK: Masks that the network itself states

    private mutating func readDeclarations(_ results: [CaptureResult]) {
        for result in results {
            for observation in result.observations where observation.attribute == .subnet {
                // Written as a prefix by protocols that state address and mask together.
                if let prefix = IPPrefix(observation.value.raw), observation.value.raw.contains("/") {
                    declared.insert(prefix)
                }
            }
        }
    }

    /// The declared subnet that holds an address, else its /24 or /64, by custom and only as a beginning.
    private func block(_ ip: IPAddress, vlan: UInt16) -> Block? {
        if let prefix = declared.filter({ $0.contains(ip) }).max(by: { $0.length < $1.length }) {
            return Block(vlan: vlan, prefix: prefix)
        }
        return IPPrefix(address: ip, length: ip.isV4 ? 24 : 64).map { Block(vlan: vlan, prefix: $0) }
    }

    private mutating func place() {
        for (index, asset) in inventory.assets.enumerated() {
            for interface in asset.interfaces {
                let vlans = interface.vlans.isEmpty ? [0] : interface.vlans
                let addresses = interface.addresses.map(\.address).filter { !$0.isLinkLocal }
                for vlan in vlans {
                    if addresses.isEmpty, interface.mac != nil { linkOnly[vlan, default: []].insert(index) }
                    for ip in addresses {
                        guard let block = block(ip, vlan: asset.isBehindRouter ? 0 : vlan) else { continue }
                        members[block, default: []].insert(index)
                        parent[block] = parent[block] ?? block
                    }
                }
            }
        }
    }

    // MARK: Direct talk joins blocks

    private func root(_ block: Block) -> Block {
        var current = block
        while let next = parent[current], next != current { current = next }
        return current
    }

    /// Two hosts that exchange unicast frames with each other's own MACs share a broadcast domain, whatever their addresses.
    private mutating func join(_ results: [CaptureResult]) {
        for result in results {
            for conversation in result.conversations where DirectTalk.isDirect(conversation, inventory) {
                guard let a = conversation.client.ip, let b = conversation.server.ip,
                    let left = block(a, vlan: conversation.key.vlan), let right = block(b, vlan: conversation.key.vlan),
                    parent[left] != nil, parent[right] != nil
                else { continue }
                let (low, high) = root(left) < root(right) ? (root(left), root(right)) : (root(right), root(left))
                if low != high { parent[high] = low }
            }
        }
    }

    private mutating func makeSegments() {
        var groups: [Block: [Block]] = [:]
        for block in parent.keys.sorted() { groups[root(block), default: []].append(block) }
        for (_, blocks) in groups.sorted(by: { $0.key < $1.key }) {
            let inside = blocks.reduce(into: Set<Int>()) { $0.formUnion(members[$1] ?? []) }
            let v4 = blocks.filter { $0.prefix.address.isV4 }
            let prefix = TopologyBuilder.cover((v4.isEmpty ? blocks : v4).map(\.prefix))
            add(blocks[0].vlan, prefix, inside)
            for block in blocks { segmentOfBlock[block] = segments.count - 1 }
        }
        for (vlan, indices) in linkOnly.sorted(by: { $0.key < $1.key }) {
            // Stations without an address belong to their VLAN's only segment, where it has one.
            let sameVLAN = segments.indices.filter { segments[$0].vlan == vlan && !isRouted($0) }
            if let only = sameVLAN.first, sameVLAN.count == 1 || vlan != 0 {
                let more = indices.map { inventory.assets[$0].id }.filter { !segments[only].members.contains($0) }
                segments[only].members += more.sorted()
                segments[only].otCount += indices.filter { inventory.assets[$0].isOT }.count
                segmentOfLinkOnly[vlan] = only
            } else {
                add(vlan, nil, indices)
                segmentOfLinkOnly[vlan] = segments.count - 1
            }
        }
    }

    private func isRouted(_ segment: Int) -> Bool {
        let ids = Set(segments[segment].members)
        return inventory.assets.contains { ids.contains($0.id) && $0.isBehindRouter }
    }

    private mutating func add(_ vlan: UInt16, _ prefix: IPPrefix?, _ inside: Set<Int>) {
        let assets = inventory.assets
        let ids = inside.map { assets[$0].id }.sorted()
        let gateways = inside.filter { assets[$0].macs.contains { inventory.routerMACs.contains($0) } }
        let name = prefix.map(\.description) ?? "link"
        segments.append(
            Segment(
                id: vlan == 0 ? "segment-\(name)" : "segment-vlan\(vlan)-\(name)", vlan: vlan, prefix: prefix,
                prefixIsDeclared: prefix.map { declared.contains($0) } ?? false, members: ids,
                gateways: gateways.map { assets[$0].id }.sorted(), otCount: inside.filter { assets[$0].isOT }.count,
                itCount: inside.filter { assets[$0].isIT }.count))
    }

    /// The longest prefix that covers all.
    private static func cover(_ prefixes: [IPPrefix]) -> IPPrefix? {
        guard var cover = prefixes.first else { return nil }
        for prefix in prefixes.dropFirst() {
            while !(cover.contains(prefix.address) && cover.length <= prefix.length) {
                guard cover.length > 0, let wider = IPPrefix(address: cover.address, length: cover.length - 1) else {
                    return cover
                }
                cover = wider
            }
        }
        return cover
    }

    /// The segment that an end of a conversation belongs to.
    func segment(of end: Endpoint) -> Int? {
        guard let ip = end.ip else { return segmentOfLinkOnly[end.vlan] }
        if let index = inventory.asset(of: end), inventory.assets[index].isBehindRouter {
            return block(ip, vlan: 0).flatMap { segmentOfBlock[$0] }
        }
        if let block = block(ip, vlan: end.vlan), let segment = segmentOfBlock[block] { return segment }
        // Seen in another VLAN than its own: crossing a router. Take the one where it lives.
        if let index = inventory.asset(of: Endpoint(mac: nil, ip: ip)) {
            for interface in inventory.assets[index].interfaces {
                for vlan in interface.vlans {
                    if let segment = block(ip, vlan: vlan).flatMap({ segmentOfBlock[$0] }) { return segment }
                }
            }
        }
        return nil
    }

    // MARK: Conduits

    func conduits(_ results: [CaptureResult]) -> [Conduit] {
        struct Pair: Hashable {
            var from: String
            var to: String
        }
        var found: [Pair: Conduit] = [:]
        for result in results {
            for conversation in result.conversations where conversation.isUnicastIP {
                guard conversation.fromClient.frames > 0, let client = conversation.client.ip,
                    let server = conversation.server.ip
                else { continue }
                let from =
                    segment(of: conversation.client).map { segments[$0].id }
                    ?? (knowledge.isOutside(client) ? "outside" : nil)
                let to =
                    segment(of: conversation.server).map { segments[$0].id }
                    ?? (knowledge.isOutside(server) ? "outside" : nil)
                guard let from, let to, from != to else { continue }
                let pair = Pair(from: from, to: to)
                var conduit =
                    found[pair] ?? Conduit(from: from, to: to, services: [], conversations: 0, bytes: 0, via: [])
                conduit.conversations += 1
                conduit.bytes = conduit.bytes &+ conversation.fromClient.bytes &+ conversation.fromServer.bytes
                let service = conversation.service ?? "\(conversation.key.transport)/\(conversation.serverPort)"
                if !conduit.services.contains(service), conduit.services.count < 32 { conduit.services.append(service) }
                for mac in [conversation.client.mac, conversation.server.mac].compactMap({ $0 })
                where inventory.routerMACs.contains(mac) {
                    guard let index = inventory.asset(of: Endpoint(mac: mac, ip: nil)) else { continue }
                    let id = inventory.assets[index].id
                    if !conduit.via.contains(id) { conduit.via.append(id) }
                }
                found[pair] = conduit
            }
        }
        return found.values.map { conduit in
            var sorted = conduit
            sorted.services.sort()
            sorted.via.sort()
            return sorted
        }.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
    }
}
