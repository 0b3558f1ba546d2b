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
    /// Of each segment, whether it has members behind a router.
    private var isRouted: [Bool] = []
    private var segmentOfBlock: [Block: Int] = [:]
    private var segmentOfLinkOnly: [UInt16: Int] = [:]
    /// The segment that an end of conversations belongs to, by the end's number.
    private(set) var segmentOfEnd: [Int?] = []

    init(inventory: InventoryBuilder, knowledge: Knowledge) {
        self.inventory = inventory
        self.knowledge = knowledge
    }

    mutating func build(_ results: [CaptureResult]) {
        readDeclarations(results)
        place()
        join(results)
        makeSegments()
        segmentOfEnd = inventory.ends.ends.map(segment)
    }

    // MARK: Masks that the network itself states

    private mutating func readDeclarations(_ results: [CaptureResult]) {
        for result in results {
            for observation in result.observations {
                switch observation.attribute {
                case "prefix":
                    // Address and mask in one: DHCP with its router option, IPv6 router advertisements.
                    if let prefix = IPPrefix(observation.value.raw), TopologyBuilder.isSubnet(prefix) {
                        declared.insert(prefix)
                    }
                case .subnet:
                    // A mask alone, told to or by a host: it holds for the host's address where it has just one.
                    guard let length = Int(observation.value.raw),
                        let index = inventory.asset(of: observation.subject)
                    else { continue }
                    let addresses = inventory.assets[index].addresses.filter { $0.isV4 && !$0.isLinkLocal }
                    guard addresses.count == 1, let prefix = IPPrefix(address: addresses[0], length: length),
                        TopologyBuilder.isSubnet(prefix)
                    else { continue }
                    declared.insert(prefix)
                default: continue
                }
            }
        }
    }

    /// A mask that a network segment may have; 0 and host masks are mistakes or point-to-point links.
    private static func isSubnet(_ prefix: IPPrefix) -> Bool {
        prefix.address.isV4 ? (8...31).contains(prefix.length) : (32...127).contains(prefix.length)
    }

    /// The declared subnet that holds an address, else its /24 or /64, by custom and only as a beginning.
    private func block(_ ip: IPAddress, vlan: UInt16) -> Block? {
        if let prefix = declared.filter({ $0.contains(ip) }).max(by: { $0.length < $1.length }) {
            return Block(vlan: vlan, prefix: prefix)
        }
        return IPPrefix(address: ip, length: ip.isV4 ? 24 : 64).map { Block(vlan: vlan, prefix: $0) }
    }

    private mutating func place() {
        // Routers last: where their addresses belong shows by who else is there.
        let order = inventory.assets.indices.sorted {
            let (a, b) = (isRouter($0), isRouter($1))
            return a != b ? !a : $0 < $1
        }
        for index in order {
            let asset = inventory.assets[index]
            for interface in asset.interfaces {
                let addresses = interface.addresses.map(\.address).filter { !$0.isLinkLocal }
                if addresses.isEmpty, interface.mac != nil {
                    for vlan in interface.vlans.isEmpty ? [0] : interface.vlans {
                        linkOnly[vlan, default: []].insert(index)
                    }
                }
                var blocks: [UInt16: [Block]] = [:]
                for ip in addresses {
                    for vlan in vlans(of: ip, interface, asset) {
                        guard let block = block(ip, vlan: vlan) else { continue }
                        members[block, default: []].insert(index)
                        parent[block] = parent[block] ?? block
                        blocks[vlan, default: []].append(block)
                    }
                }
                // One interface's addresses lie on one link: IPv4 beside IPv6, or two subnets on one wire.
                guard let mac = interface.mac, !inventory.routerMACs.contains(mac) else { continue }
                for (_, blocks) in blocks {
                    for block in blocks.dropFirst() { unite(blocks[0], block) }
                }
            }
        }
        uniteUntagged()
    }

    private func vlans(of ip: IPAddress, _ interface: AssetInterface, _ asset: Asset) -> [UInt16] {
        guard !asset.isBehindRouter, let mac = interface.mac else { return [0] }
        let seen = inventory.vlans(of: mac, ip)
        let used = seen.isEmpty ? (interface.vlans.isEmpty ? [0] : interface.vlans) : seen.sorted()
        // A router sends from its address of one VLAN into others, too.
        guard used.count > 1, inventory.routerMACs.contains(mac) else { return used }
        let shared = used.filter { vlan in block(ip, vlan: vlan).map { members[$0] != nil } ?? false }
        return shared.isEmpty ? used : shared
    }

    private func isRouter(_ index: Int) -> Bool {
        inventory.assets[index].macs.contains { inventory.routerMACs.contains($0) }
    }

    /// Some mirrors strip the tag of one direction. Where everybody of an untagged block is also in the same block of
    /// just one VLAN, it is that VLAN.
    private mutating func uniteUntagged() {
        let taggedBlocks = Dictionary(grouping: members.keys.filter { $0.vlan != 0 }, by: \.prefix)
        for (block, inside) in members.sorted(by: { $0.key < $1.key }) where block.vlan == 0 {
            let local = inside.filter { !inventory.assets[$0].isBehindRouter }
            let tagged = (taggedBlocks[block.prefix] ?? []).filter { local.isSubset(of: members[$0] ?? []) }
            if !local.isEmpty, tagged.count == 1, let only = tagged.first { unite(only, block) }
        }
    }

    private mutating func unite(_ a: Block, _ b: Block) {
        let (left, right) = (root(a), root(b))
        // Each block's next way is short, however long the chain has become.
        parent[a] = min(left, right)
        parent[b] = min(left, right)
        guard left != right else { return }
        parent[max(left, right)] = min(left, right)
    }

    // MARK: Direct talk joins blocks

    private func root(_ block: Block) -> Block {
        var current = block
        while let next = parent[current], next != current { current = next }
        return current
    }

    /// Two hosts that exchange unicast frames with each other's own MACs share a broadcast domain, whatever their addresses.
    private mutating func join(_ results: [CaptureResult]) {
        // Each two ends are joined once, however often they talk.
        var talks: Set<Talk> = []
        for (position, result) in results.enumerated() {
            let conversations = result.conversations.span
            let pairs = inventory.ends.pairs[position]
            for index in conversations.indices {
                let (client, server) = (inventory.facts[pairs[index].client], inventory.facts[pairs[index].server])
                guard DirectTalk.isDirect(conversations[index], client, server) else { continue }
                talks.insert(
                    Talk(client: client.number, server: server.number, vlan: conversations[index].key.vlan))
            }
        }
        for talk in talks {
            guard let a = inventory.ends.ends[talk.client].ip, let b = inventory.ends.ends[talk.server].ip,
                let left = block(a, vlan: talk.vlan), let right = block(b, vlan: talk.vlan),
                parent[left] != nil, parent[right] != nil
            else { continue }
            unite(left, right)
        }
    }

    private struct Talk: Hashable {
        var client: Int
        var server: Int
        var vlan: UInt16
    }

    private mutating func makeSegments() {
        // From the lowest on, each leads at once to where the one before it leads.
        for block in parent.keys.sorted() {
            if let next = parent[block], let top = parent[next] { parent[block] = top }
        }
        var groups: [Block: [Block]] = [:]
        for block in parent.keys.sorted() { groups[root(block), default: []].append(block) }
        for (_, blocks) in groups.sorted(by: { $0.key < $1.key }) {
            let inside = blocks.reduce(into: Set<Int>()) { $0.formUnion(members[$1] ?? []) }
            let v4 = blocks.filter { $0.prefix.address.isV4 }
            let prefix = name(of: v4.isEmpty ? blocks : v4)
            add(blocks.map(\.vlan).max() ?? 0, prefix, inside)
            for block in blocks { segmentOfBlock[block] = segments.count - 1 }
        }
        for (vlan, indices) in linkOnly.sorted(by: { $0.key < $1.key }) {
            // Stations without an address belong to their VLAN's only segment, where it has one.
            let sameVLAN = segments.indices.filter { segments[$0].vlan == vlan && !isRouted[$0] }
            if let only = sameVLAN.first, sameVLAN.count == 1 || vlan != 0 {
                let present = Set(segments[only].members)
                let more = indices.map { inventory.assets[$0].id }.filter { !present.contains($0) }
                segments[only].members += more.sorted()
                segments[only].otCount += indices.filter { inventory.assets[$0].isOT }.count
                segmentOfLinkOnly[vlan] = only
            } else {
                add(vlan, nil, indices)
                segmentOfLinkOnly[vlan] = segments.count - 1
            }
        }
    }

    private mutating func add(_ vlan: UInt16, _ prefix: IPPrefix?, _ inside: Set<Int>) {
        let assets = inventory.assets
        let ids = inside.map { assets[$0].id }.sorted()
        let gateways = inside.filter(isRouter)
        isRouted.append(inside.contains { assets[$0].isBehindRouter })
        let name = prefix.map(\.description) ?? "link"
        segments.append(
            Segment(
                id: vlan == 0 ? "segment-\(name)" : "segment-vlan\(vlan)-\(name)", vlan: vlan, prefix: prefix,
                prefixIsDeclared: prefix.map { declared.contains($0) } ?? false, members: ids,
                gateways: gateways.map { assets[$0].id }.sorted(), otCount: inside.filter { assets[$0].isOT }.count,
                itCount: inside.filter { assets[$0].isIT }.count))
    }

    /// The prefix that covers all, unless it would cover half the world: then the one with the most members.
    private func name(of blocks: [Block]) -> IPPrefix? {
        guard let cover = TopologyBuilder.cover(blocks.map(\.prefix)) else { return nil }
        if cover.length >= (cover.address.isV4 ? 16 : 32) || blocks.count == 1 { return cover }
        let largest = blocks.max { a, b in
            let (left, right) = (members[a]?.count ?? 0, members[b]?.count ?? 0)
            return left != right ? left < right : a > b
        }
        return largest?.prefix
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

    private func segment(of end: Endpoint) -> Int? {
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
}
