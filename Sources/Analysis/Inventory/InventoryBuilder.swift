package import Model
import Protocols

/// Builds the assets out of conversations and observations.
struct InventoryBuilder {
    let knowledge: Knowledge
    private var ownership: AddressOwnership
    private var parent: [MACAddress: MACAddress] = [:]
    private var macSeen: [MACAddress: Seen] = [:]
    private var macVLANs: [MACAddress: Set<UInt16>] = [:]
    private var tunnelled: [IPAddress: Seen] = [:]
    /// Asset index by MAC (representative) and by address.
    private(set) var assets: [Asset] = []
    private var byMAC: [MACAddress: Int] = [:]
    private var byAddress: [IPAddress: Int] = [:]
    private(set) var routerMACs: Set<MACAddress> = []
    /// Votes for roles and what was done, per asset.
    private var votes: [RoleVotes] = []
    private var behaviours: [Behaviour] = []
    /// Where in an asset's attributes a value stands.
    private var places: [AttributePlace: Int] = [:]
    private var names = NameClaims()
    /// MACs and addresses that answered as the gateway of a tunnel.
    private var tunnelGateways: Set<AddressOwnership.Place> = []
    /// Addresses that answered requests.
    private var answering: Set<IPAddress> = []
    private(set) var ends = EndTable()
    /// By number of the end.
    private(set) var facts: [EndFacts] = []

    init(knowledge: Knowledge) {
        self.knowledge = knowledge
        ownership = AddressOwnership(isOutside: { knowledge.isOutside($0) })
    }

    private struct AttributePlace: Hashable {
        var asset: Int
        var attribute: Attribute
        var value: WireText
    }

    mutating func build(_ results: [CaptureResult], _ asserted: AssertedObservations) {
        ends = EndTable(results)
        noteEnds(results)
        for result in results {
            for (observation, sighting) in zip(result.observations, result.sightings) { note(observation, sighting) }
        }
        ownership.settle()
        ownership.index()
        routerMACs = ownership.routers
        makeAssets()
        stateEnds()
        for result in results {
            for observation in result.observations where observation.attribute == .name {
                if let index = asset(of: observation.subject) {
                    names.note(observation.value, index, source: observation.source)
                }
            }
        }
        votes = Array(repeating: RoleVotes(), count: assets.count)
        behaviours = Array(repeating: Behaviour(), count: assets.count)
        for (position, result) in results.enumerated() { describe(result, asserted.byCapture[position]) }
        for (position, result) in results.enumerated() {
            let conversations = result.conversations.span
            for index in conversations.indices { count(conversations[index], ends.pairs[position][index]) }
        }
        finish()
    }

    // MARK: First pass: who is there, and whose addresses are whose

    private mutating func noteEnds(_ results: [CaptureResult]) {
        // Where one end is inside, a public address is the other side of the boundary; between two public ones nothing tells.
        let isOutside = ends.ends.map { $0.ip.map(knowledge.isOutside) == true }
        let isInside = zip(ends.ends, isOutside).map { end, isOutside in end.ip?.isUnicast == true && !isOutside }
        var activities = Array(repeating: EndActivity(), count: ends.ends.count)
        for (position, result) in results.enumerated() {
            let conversations = result.conversations.span
            let pairs = ends.pairs[position]
            for index in conversations.indices {
                let (client, server) = (pairs[index].client, pairs[index].server)
                let seen = Seen(first: conversations[index].first, last: conversations[index].last)
                if conversations[index].fromClient.frames > 0 {
                    activities[client].add(
                        seen, frames: conversations[index].fromClient.frames, ttl: conversations[index].clientTTL,
                        isStranger: isOutside[client] && isInside[server])
                }
                if conversations[index].fromServer.frames > 0 {
                    if conversations[index].fromServer.payload > 0, let ip = ends.ends[server].ip {
                        answering.insert(ip)
                    }
                    activities[server].add(
                        seen, frames: conversations[index].fromServer.frames, ttl: conversations[index].serverTTL,
                        isStranger: isOutside[server] && isInside[client])
                }
            }
        }
        for (end, activity) in zip(ends.ends, activities) { sent(end, activity) }
    }

    private mutating func sent(_ end: Endpoint, _ activity: EndActivity) {
        guard let seen = activity.seen else { return }
        if let mac = end.mac, mac.isUnicast {
            noteMAC(mac, vlan: end.vlan, seen)
            guard let ip = end.ip else { return }
            ownership.sent(mac, ip, vlan: end.vlan, ttls: activity.ttls, seen: seen, frames: activity.frames)
            if activity.isStranger { ownership.isStranger(ip, behind: mac) }
        } else if let ip = end.ip, ip.isUnicast, !ip.isLoopback, let seen = activity.seenInside {
            if tunnelled[ip] == nil { tunnelled[ip] = seen } else { tunnelled[ip]?.include(seen) }
        }
    }

    private mutating func noteMAC(_ mac: MACAddress, vlan: UInt16, _ seen: Seen) {
        if macSeen[mac] == nil { macSeen[mac] = seen } else { macSeen[mac]?.include(seen) }
        macVLANs[mac, default: []].insert(vlan)
    }

    private mutating func note(_ observation: Observation, _ sighting: Sighting) {
        let mac: MACAddress
        switch observation.subject {
        case .mac(let subject): mac = subject
        case .endpoint(let end):
            guard let sender = end.mac else { return }
            mac = sender
        case .address, .conversation, .network: return
        }
        switch observation.attribute {
        case .ip:
            guard let ip = IPAddress(observation.value.raw), InventoryBuilder.bindsAddresses(observation.source) else {
                return
            }
            let seen = Seen(first: sighting.first, last: sighting.last)
            ownership.claimed(mac, ip, seen: seen)
            if observation.source == "arp.reply_sender" || observation.source == "arp.announcement" {
                ownership.answered(mac, ip, seen: seen)
            }
            if macSeen[mac] == nil, mac.isUnicast { noteMAC(mac, vlan: 0, seen) }
        case .chassisID, .mac:
            guard let other = MACAddress(observation.value.raw), other.isUnicast, mac != other,
                InventoryBuilder.namesOwnMAC(observation.source)
            else { return }
            join(mac, other)
        // That a switch could route (LLDP, CDP) does not say that it does here.
        case .role
        where observation.confidence >= .medium && observation.value.raw == Role.router.rawValue
            && !observation.source.hasPrefix("lldp.") && !observation.source.hasPrefix("cdp."):
            ownership.isRouter(mac)
        case .role where observation.confidence >= .medium && observation.value.raw == Role.vpnGateway.rawValue:
            if case .endpoint(let end) = observation.subject, let ip = end.ip {
                tunnelGateways.insert(AddressOwnership.Place(mac: mac, ip: ip))
            }
        case .virtualRouter: ownership.isRouter(mac)
        default: break
        }
    }

    /// Protocols in which a station or a leasing server states an address binding.
    private static func bindsAddresses(_ source: String) -> Bool {
        source.hasPrefix("arp.") || source.hasPrefix("ndp.") || source.hasPrefix("icmpv6.") || source.hasPrefix("dhcp")
            || source.hasPrefix("profinet") || source.hasPrefix("lldp.")
    }

    /// Protocols in which a device states a MAC of its own other than the sending port's.
    private static func namesOwnMAC(_ source: String) -> Bool {
        source.hasPrefix("lldp.") || source.hasPrefix("stp.") || source.hasPrefix("profinet")
    }

    // MARK: Interfaces of one device

    private func root(_ mac: MACAddress) -> MACAddress {
        var current = mac
        while let next = parent[current], next != current { current = next }
        return current
    }

    private mutating func join(_ a: MACAddress, _ b: MACAddress) {
        let left = root(a)
        let right = root(b)
        // Each end's next way is short, however long the chain has become.
        parent[a] = min(left, right)
        parent[b] = min(left, right)
        guard left != right else { return }
        parent[max(left, right)] = min(left, right)
    }

    private mutating func makeAssets() {
        // From the lowest on, each leads at once to where the one before it leads.
        for mac in parent.keys.sorted() { if let next = parent[mac], let top = parent[next] { parent[mac] = top } }
        var groups: [MACAddress: [MACAddress]] = [:]
        for mac in Set(macSeen.keys).union(ownership.macs).sorted() { groups[root(mac), default: []].append(mac) }
        for (representative, macs) in groups.sorted(by: { $0.key < $1.key }) {
            add(macs: macs, representative: representative)
        }
        let gateways = Set(tunnelGateways.filter { ownership.owns($0.mac, $0.ip) }.map(\.mac))
        for (ip, behind) in ownership.behindRouters.sorted(by: { $0.key < $1.key })
        where !isTunnelClient(ip, behind.by, gateways) {
            add(behindRouter: ip, behind.seen)
        }
        for (ip, seen) in tunnelled.sorted(by: { $0.key < $1.key }) where byAddress[ip] == nil {
            add(behindRouter: ip, seen)
        }
    }

    /// Somebody at the other end of a tunnel, who only asks: a remote party, no device of the plant.
    private func isTunnelClient(
        _ ip: IPAddress, _ forwarders: Set<MACAddress>, _ gateways: Set<MACAddress>
    ) -> Bool {
        !answering.contains(ip) && !forwarders.isDisjoint(with: gateways)
    }

    /// Addresses that several hosts answer for at the same time.
    var addressConflicts: [AddressConflict] { ownership.conflicts }

    /// VLANs in which an asset used an address of its own.
    func vlans(of mac: MACAddress, _ ip: IPAddress) -> Set<UInt16> { ownership.vlans(of: mac, ip) }

    private mutating func add(macs: [MACAddress], representative: MACAddress) {
        var interfaces: [AssetInterface] = []
        var seen: Seen?
        for mac in macs {
            let addresses = ownership.addresses(of: mac)
            let vlans = (macVLANs[mac] ?? []).union(ownership.vlans(of: mac)).sorted()
            interfaces.append(
                AssetInterface(
                    mac: mac, vendor: VirtualMAC.isRouter(mac) ? nil : knowledge.vendor(mac), addresses: addresses,
                    vlans: vlans))
            for span in [macSeen[mac]].compactMap({ $0 }) + addresses.map(\.seen) {
                if seen == nil { seen = span } else { seen?.include(span) }
            }
        }
        guard let seen else { return }
        let index = assets.count
        let id = "mac-" + representative.description.filter { $0 != ":" }
        assets.append(Asset(id: id, name: WireText(""), interfaces: interfaces, seen: seen))
        for interface in interfaces {
            if let mac = interface.mac { byMAC[mac] = index }
            for use in interface.addresses where byAddress[use.address] == nil { byAddress[use.address] = index }
        }
    }

    private mutating func add(behindRouter ip: IPAddress, _ seen: Seen) {
        byAddress[ip] = assets.count
        assets.append(
            Asset(
                id: "ip-" + ip.description, name: WireText(""),
                interfaces: [
                    AssetInterface(mac: nil, vendor: nil, addresses: [AddressUse(address: ip, seen: seen)], vlans: [])
                ], seen: seen, isBehindRouter: true))
    }

    // MARK: Second pass: what is known of each

    private mutating func stateEnds() {
        facts = ends.ends.enumerated().map { number, end in
            let asset = owner(of: end)
            var isOwnPort = false
            if let asset, let mac = end.mac, !assets[asset].isBehindRouter, byMAC[mac] == asset {
                isOwnPort = !routerMACs.contains(mac) && !VirtualMAC.isRouter(mac)
            }
            return EndFacts(
                number: number, asset: asset, isOutside: end.ip.map(knowledge.isOutside) == true, isOwnPort: isOwnPort)
        }
    }

    /// The asset of an end, nil when it lies outside or never sent.
    func asset(of end: Endpoint) -> Int? {
        if let number = ends.number(of: end) { return facts[number].asset }
        return owner(of: end)
    }

    private func owner(of end: Endpoint) -> Int? {
        if let ip = end.ip, ip.isUnicast {
            if let mac = end.mac, let index = byMAC[mac], ownership.owns(mac, ip) { return index }
            if let index = byAddress[ip] { return index }
            return nil
        }
        return end.mac.flatMap { byMAC[$0] }
    }

    /// The asset that an observation's subject is.
    func asset(of subject: Subject) -> Int? {
        switch subject {
        case .endpoint(let end): asset(of: end)
        case .mac(let mac): byMAC[mac]
        case .address(let ip): byAddress[ip]
        case .conversation, .network: nil
        }
    }

    private mutating func describe(_ result: CaptureResult, _ asserted: [AssertedObservations.Entry]) {
        var entries = asserted[...]
        for (position, observation) in result.observations.enumerated() {
            let assertions = entries.first?.observation == position ? entries.removeFirst().assertions : []
            guard let index = asset(of: observation.subject) else { continue }
            if observation.attribute == .name, names.isOthers(observation.value, index) { continue }
            let sighting = result.sightings[position]
            state(
                index, observation.attribute, observation.value, observation.confidence,
                AssetAttribute.Source(name: observation.source, sighting: sighting))
            for assertion in assertions {
                state(
                    index, assertion.attribute, WireText(assertion.value),
                    min(assertion.confidence, observation.confidence),
                    AssetAttribute.Source(name: assertion.source, sighting: sighting))
            }
        }
    }

    private mutating func state(
        _ index: Int, _ attribute: Attribute, _ value: WireText, _ confidence: Confidence,
        _ source: AssetAttribute.Source
    ) {
        if attribute == .role, let role = Role(rawValue: value.raw) {
            votes[index].add(role, confidence, source.name)
        }
        let place = AttributePlace(asset: index, attribute: attribute, value: value)
        if let known = places[place] {
            assets[index].attributes[known].confidence = max(assets[index].attributes[known].confidence, confidence)
            if !assets[index].attributes[known].sources.contains(where: {
                $0.name == source.name && $0.sighting.first.capture == source.sighting.first.capture
            }) {
                assets[index].attributes[known].sources.append(source)
            }
        } else if assets[index].attributes.count < 1024 {
            places[place] = assets[index].attributes.count
            assets[index].attributes.append(
                AssetAttribute(attribute: attribute, value: value, confidence: confidence, sources: [source]))
        }
    }

    private mutating func count(_ conversation: Conversation, _ pair: EndTable.Pair) {
        let client = conversation.fromClient.frames > 0 ? facts[pair.client].asset : nil
        let server = conversation.fromServer.frames > 0 ? facts[pair.server].asset : nil
        if let client { behaviours[client].asks(conversation) }
        if let server { behaviours[server].answers(conversation) }
        if let client {
            assets[client].sent.add(conversation.fromClient)
            assets[client].received.add(conversation.fromServer)
        }
        if let server {
            assets[server].sent.add(conversation.fromServer)
            assets[server].received.add(conversation.fromClient)
        }
        guard let service = conversation.service else { return }
        let isIndustrial = ServiceKind.isIndustrial(service)
        if let server, conversation.transport != .ethernet, !assets[server].services.contains(service) {
            assets[server].services.append(service)
        }
        if let client, !assets[client].uses.contains(service) { assets[client].uses.append(service) }
        if isIndustrial {
            if let server { assets[server].isOT = true }
            // "Regularly talks as such a client": more than a probe or two.
            if let client, conversation.fromClient.frames >= 10 || conversation.transport == .ethernet {
                assets[client].isOT = true
            }
        }
        if ServiceKind.isOffice(service), conversation.transport != .ethernet {
            if let client { assets[client].isIT = true }
        }
    }

    private mutating func finish() {
        for index in assets.indices {
            stateVendors(index)
            var vote = votes[index]
            if assets[index].macs.contains(where: { routerMACs.contains($0) }) {
                vote.add(.router, .medium, "forwards other hosts' addresses")
            }
            behaviours[index].vote(&vote, assets[index])
            assets[index].roles = vote.ranked()
            AssetNaming.complete(&assets[index])
            if let role = assets[index].roles.first, role.role.isOT, role.confidence >= .medium {
                assets[index].isOT = true
            }
            if assets[index].isOT || assets[index].role.isNetworkGear { assets[index].isIT = false }
            assets[index].services.sort()
            assets[index].uses.sort()
        }
        // The attributes were put in order: the places hold no more.
        places = [:]
    }
}

extension InventoryBuilder {
    /// States the level of the Purdue model of each asset, by its declared zone or by its role.
    mutating func placeInLevels(_ declared: DeclaredZones?) {
        let book = declared.map(ZoneBook.init)
        let levels = Dictionary(
            (declared?.zones ?? []).compactMap { zone in zone.level.map { (zone.name, $0) } },
            uniquingKeysWith: { first, _ in first })
        for index in assets.indices {
            let zone = book?.zone(of: assets[index])
            let declared = zone.flatMap { name in levels[name].map { (zone: name, level: $0) } }
            guard let claim = PurdueLevels.level(of: assets[index], declared: declared) else { continue }
            let sighting = Sighting(first: assets[index].seen.first, last: assets[index].seen.last, count: 1)
            state(
                index, .purdueLevel, WireText(claim.level.rawValue), claim.confidence,
                AssetAttribute.Source(name: claim.ground, sighting: sighting))
        }
    }

    /// The holder of a MAC's block only suggests: a network card may sit in anybody's device.
    private mutating func stateVendors(_ index: Int) {
        for interface in assets[index].interfaces {
            guard let vendor = interface.vendor else { continue }
            let sighting = Sighting(first: assets[index].seen.first, last: assets[index].seen.last, count: 1)
            for assertion in knowledge.assertions("oui_vendor", vendor) {
                state(
                    index, assertion.attribute, WireText(assertion.value), .low,
                    AssetAttribute.Source(name: assertion.source, sighting: sighting))
            }
        }
    }
}

extension Volume {
    /// Adds without overflow.
    package mutating func add(_ other: Volume) {
        frames &+= other.frames
        bytes &+= other.bytes
        payload &+= other.payload
    }
}

extension Conversation {
    package var transport: Transport { key.transport }
}
