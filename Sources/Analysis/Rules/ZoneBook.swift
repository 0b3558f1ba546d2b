import Model

/// Declared zones made ready to be asked.
struct ZoneBook {
    private let declared: DeclaredZones
    private var byMAC: [MACAddress: String] = [:]
    private var byHost: [String: String] = [:]
    private var byVLAN: [UInt16: String] = [:]
    /// Longest first.
    private var byPrefix: [(prefix: IPPrefix, zone: String)] = []

    init(_ declared: DeclaredZones) {
        self.declared = declared
        for zone in declared.zones {
            for mac in zone.macs { byMAC[mac] = zone.name }
            for host in zone.hosts { byHost[HostLabel.first(of: host)] = zone.name }
            for vlan in zone.vlans { byVLAN[vlan] = zone.name }
            byPrefix += zone.prefixes.map { ($0, zone.name) }
        }
        byPrefix.sort { $0.prefix.length > $1.prefix.length }
    }

    /// The zone of an end: by what names the device itself, then by its address, then by the VLAN of its own interface.
    func zone(of end: Endpoint, _ situation: Situation) -> String? {
        guard let index = situation.inventory.asset(of: end) else {
            return end.ip.map { situation.knowledge.isOutside($0) } == true
                ? byPrefix.first { $0.prefix.contains(end.ip ?? IPAddress(v4: 0)) }?.zone ?? DeclaredZones.outside : nil
        }
        return zone(of: situation.assets[index], at: end.ip)
    }

    func zone(of asset: Asset, at address: IPAddress? = nil) -> String? {
        for mac in asset.macs { if let zone = byMAC[mac] { return zone } }
        if let name = asset.hostname?.raw, let zone = byHost[HostLabel.first(of: name)] { return zone }
        // A router has an address in each zone: where one is asked for, the others say nothing of it.
        for ip in address.map({ [$0] }) ?? asset.addresses {
            if let zone = byPrefix.first(where: { $0.prefix.contains(ip) })?.zone { return zone }
        }
        let vlans = Set(asset.interfaces.flatMap(\.vlans))
        return vlans.count == 1 ? vlans.first.flatMap { byVLAN[$0] } : nil
    }

    func permits(_ from: String, _ to: String, _ conversation: Conversation) -> Bool {
        let services = [conversation.service, Wording.port(conversation)].compactMap { $0 }
        func names(_ crossing: DeclaredZones.Crossing) -> Bool {
            crossing.from == from && crossing.to == to
                && (crossing.services.isEmpty || !Set(crossing.services).isDisjoint(with: services))
        }
        if declared.forbidden.contains(where: names) { return false }
        return declared.allowed?.contains(where: names) ?? true
    }
}
