import Model

/// Decides whose an IP address is. A router sends with its own MAC and everybody's addresses; a host sends its own.
struct AddressOwnership {
    struct Place: Hashable {
        var mac: MACAddress
        var ip: IPAddress
    }

    /// How an address appeared behind a MAC.
    private struct Use {
        var seen: Seen
        var vlans: Set<UInt16>
        /// TTLs of frames it sent this way.
        var ttls: Set<UInt8>
        var frames: UInt64
    }

    private var uses: [Place: Use] = [:]
    private var strangers: Set<Place> = []
    private var claims: [Place: Seen] = [:]
    private var ipsByMAC: [MACAddress: Set<IPAddress>] = [:]
    private var claimants: [IPAddress: Set<MACAddress>] = [:]
    /// Who answered for an address, or announced it, by itself.
    private var answers: [IPAddress: [MACAddress: Seen]] = [:]
    /// Of addresses that several answer for at the same time, the one that is taken for the owner.
    private var contested: [IPAddress: MACAddress] = [:]
    private(set) var conflicts: [AddressConflict] = []
    private(set) var routers: Set<MACAddress> = []
    private let isOutside: (IPAddress) -> Bool

    init(isOutside: @escaping (IPAddress) -> Bool) {
        self.isOutside = isOutside
    }

    /// `ip` was the source of frames that `mac` sent.
    mutating func sent(_ mac: MACAddress, _ ip: IPAddress, vlan: UInt16, ttls: Set<UInt8>, seen: Seen, frames: UInt64) {
        guard mac.isUnicast, ip.isUnicast, !ip.isLoopback else { return }
        let place = Place(mac: mac, ip: ip)
        if var use = uses[place] {
            use.seen.include(seen)
            use.vlans.insert(vlan)
            use.ttls.formUnion(ttls)
            use.frames &+= frames
            uses[place] = use
        } else {
            uses[place] = Use(seen: seen, vlans: [vlan], ttls: ttls, frames: frames)
            ipsByMAC[mac, default: []].insert(ip)
        }
    }

    /// `ip` is public, and talks with an inside address: it came through `mac`, unless somebody claims it for `mac`.
    mutating func isStranger(_ ip: IPAddress, behind mac: MACAddress) { strangers.insert(Place(mac: mac, ip: ip)) }

    /// `mac` itself, or a server that leases addresses, said that `ip` is at `mac` (ARP, NDP, DHCP).
    mutating func claimed(_ mac: MACAddress, _ ip: IPAddress, seen: Seen) {
        guard mac.isUnicast, ip.isUnicast, !ip.isLoopback else { return }
        let place = Place(mac: mac, ip: ip)
        if claims[place] == nil {
            claims[place] = seen
            claimants[ip, default: []].insert(mac)
        } else {
            claims[place]?.include(seen)
        }
    }

    /// `mac` answered a question for `ip`, or announced it.
    mutating func answered(_ mac: MACAddress, _ ip: IPAddress, seen: Seen) {
        guard mac.isUnicast, ip.isUnicast, !ip.isLoopback, !VirtualMAC.isRouter(mac) else { return }
        if answers[ip]?[mac] == nil { answers[ip, default: [:]][mac] = seen } else { answers[ip]?[mac]?.include(seen) }
    }

    /// `mac` forwards: it says so itself, or owns a virtual router address.
    mutating func isRouter(_ mac: MACAddress) { routers.insert(mac) }

    /// Call once everything is told: finds the routers that only their forwarding betrays.
    mutating func settle() {
        dropProxyClaims()
        settleConflicts()
        for (mac, ips) in ipsByMAC where !routers.contains(mac) {
            let unclaimed = ips.filter { claims[Place(mac: mac, ip: $0)] == nil }
            let foreign = unclaimed.filter { ip in
                if ip.isLinkLocal { return false }
                if strangers.contains(Place(mac: mac, ip: ip)) { return true }
                // Somebody else answers for it, or it is a stranger's address beside a known own one.
                if let others = claimants[ip], !others.contains(mac) { return true }
                if isOutside(ip),
                    unclaimed.count < ips.count || unclaimed.contains(where: { !isOutside($0) && !$0.isLinkLocal })
                {
                    return true
                }
                return wasForwarded(Place(mac: mac, ip: ip))
            }
            // One foreign address may be a mistake in the capture (a reused address); two or a decremented TTL is a router.
            let decremented = foreign.contains { wasForwarded(Place(mac: mac, ip: $0)) }
            let outside = foreign.filter(isOutside).count
            if foreign.count >= 2 || decremented || outside > 0 { routers.insert(mac) }
            let loose = unclaimed.filter { !$0.isLinkLocal && $0.isV4 }
            if loose.count > 8 { routers.insert(mac) }
        }
    }

    /// Who answers for an address that it only forwards, while another host sends from it with an undiminished TTL, answers
    /// in that host's place (proxy ARP, or a forger who passes on).
    private mutating func dropProxyClaims() {
        var users: [IPAddress: [MACAddress]] = [:]
        for place in uses.keys where claimants[place.ip] != nil { users[place.ip, default: []].append(place.mac) }
        var dropped: [Place] = []
        var unused: [MACAddress: [Place]] = [:]
        for (ip, macs) in claimants {
            for mac in macs where !VirtualMAC.isRouter(mac) {
                let place = Place(mac: mac, ip: ip)
                guard users[ip]?.contains(where: { $0 != mac && !wasForwarded(Place(mac: $0, ip: ip)) }) == true else {
                    continue
                }
                if wasForwarded(place) {
                    dropped.append(place)
                } else if uses[place] == nil {
                    unused[mac, default: []].append(place)
                }
            }
        }
        // One such address may be a station's behind a bridge that has the frames sent from an address of its own.
        for places in unused.values where places.count > 1 { dropped += places }
        for place in dropped {
            claims[place] = nil
            claimants[place.ip]?.remove(place.mac)
            // Where nobody is left who claims it, whoever sends from it owns it.
            if claimants[place.ip]?.isEmpty == true { claimants[place.ip] = nil }
        }
    }

    /// Answers of two hosts no further apart than this were to one question, in nanoseconds.
    private static let simultaneous: Int64 = 2_000_000_000

    private mutating func settleConflicts() {
        for (ip, byMAC) in answers where byMAC.count > 1 {
            let sorted = byMAC.sorted { $0.key < $1.key }
            let rivals = sorted.filter { one in
                sorted.contains { other in
                    one.key != other.key && AddressOwnership.areSimultaneous(one.value, other.value)
                }
            }
            guard rivals.count > 1 else { continue }
            // A forger comes later, and passes on what it does not answer itself.
            let owner = rivals.min { left, right in
                let (a, b) = (Place(mac: left.key, ip: ip), Place(mac: right.key, ip: ip))
                let (forwardsA, forwardsB) = (wasForwarded(a) ? 1 : 0, wasForwarded(b) ? 1 : 0)
                if forwardsA != forwardsB { return forwardsA < forwardsB }
                return (claims[a]?.first ?? left.value.first) < (claims[b]?.first ?? right.value.first)
            }
            contested[ip] = owner?.key
            conflicts.append(
                AddressConflict(
                    ip: ip, macs: rivals.map(\.key), frames: rivals.flatMap { [$0.value.first, $0.value.last] }))
        }
        conflicts.sort { $0.ip < $1.ip }
    }

    /// One answered while the other did, or right after.
    private static func areSimultaneous(_ a: Seen, _ b: Seen) -> Bool {
        let (early, late) = a.first.time <= b.first.time ? (a, b) : (b, a)
        return late.first.time <= early.last.time || late.first.time.elapsed(since: early.last.time) <= simultaneous
    }

    /// True when every TTL it came with is below an initial value that systems use.
    private func wasForwarded(_ place: Place) -> Bool {
        guard let ttls = uses[place]?.ttls, !ttls.isEmpty else { return false }
        return ttls.allSatisfy { !AddressOwnership.initialTTLs.contains($0) }
    }

    /// Initial TTLs and hop limits in use; 0 where unknown, 1 and 2 for link-scope multicast.
    private static let initialTTLs: Set<UInt8> = [
        0, 1, 2, 4, 8, 10, 16, 20, 30, 32, 60, 64, 100, 128, 150, 200, 250, 254, 255,
    ]

    /// True when `ip` is an address of the host that owns `mac`.
    func owns(_ mac: MACAddress, _ ip: IPAddress) -> Bool {
        let place = Place(mac: mac, ip: ip)
        if let owner = contested[ip] { return owner == mac }
        if claims[place] != nil { return true }
        if ip.isLinkLocal { return uses[place] != nil }
        if let others = claimants[ip], !others.contains(mac) { return false }
        if routers.contains(mac) {
            // A router's own traffic leaves with an undiminished TTL and an inside address, and is rare beside the rest.
            return !isOutside(ip) && uses[place] != nil && !wasForwarded(place) && hasOnlyOneInside(mac)
        }
        return uses[place] != nil
    }

    private func hasOnlyOneInside(_ mac: MACAddress) -> Bool { withOneInside.contains(mac) }

    /// Routers that sent from just one inside IPv4 address by an undiminished TTL. Filled by `index()`: counting anew for each address would make
    /// a router with many behind it cost their square.
    private var withOneInside: Set<MACAddress> = []

    private func countInside(_ mac: MACAddress) -> Int {
        (ipsByMAC[mac] ?? []).count {
            !isOutside($0) && !$0.isLinkLocal && $0.isV4 && !wasForwarded(Place(mac: mac, ip: $0))
        }
    }

    var macs: Set<MACAddress> { Set(ipsByMAC.keys).union(claims.keys.map(\.mac)) }

    /// The addresses of a MAC's host with when they were used.
    func addresses(of mac: MACAddress) -> [AddressUse] {
        var found: [IPAddress: Seen] = [:]
        for ip in ipsByMAC[mac] ?? [] where owns(mac, ip) {
            if let use = uses[Place(mac: mac, ip: ip)] { found[ip] = use.seen }
        }
        for ip in claimedAddresses(of: mac) where contested[ip].map({ $0 == mac }) ?? true {
            guard let seen = claims[Place(mac: mac, ip: ip)] else { continue }
            if found[ip] == nil { found[ip] = seen } else { found[ip]?.include(seen) }
        }
        return found.map { AddressUse(address: $0.key, seen: $0.value) }.sorted { $0.address < $1.address }
    }

    private var claimsByMAC: [MACAddress: [IPAddress]] {
        Dictionary(grouping: claims.keys, by: \.mac).mapValues { $0.map(\.ip) }
    }

    private func claimedAddresses(of mac: MACAddress) -> [IPAddress] { claimIndex[mac] ?? [] }

    /// Filled by `index()`.
    private var claimIndex: [MACAddress: [IPAddress]] = [:]
    /// Whose an address is, for addresses that some MAC owns.
    private(set) var owner: [IPAddress: MACAddress] = [:]
    /// Inside addresses that only routers were seen to send for, with when, and which routers.
    private(set) var behindRouters: [IPAddress: (seen: Seen, by: Set<MACAddress>)] = [:]

    /// Call after `settle()`: makes the look-ups below fast.
    mutating func index() {
        claimIndex = claimsByMAC
        withOneInside = routers.filter { countInside($0) == 1 }
        var behind: [IPAddress: (seen: Seen, by: Set<MACAddress>)] = [:]
        for place in claims.keys.sorted(by: { ($0.ip, $0.mac) < ($1.ip, $1.mac) }) {
            owner[place.ip] = contested[place.ip] ?? owner[place.ip] ?? place.mac
        }
        for (place, use) in uses.sorted(by: { ($0.key.ip, $0.key.mac) < ($1.key.ip, $1.key.mac) }) {
            if owns(place.mac, place.ip) {
                owner[place.ip] = owner[place.ip] ?? place.mac
            } else if !isOutside(place.ip), !place.ip.isLinkLocal {
                if behind[place.ip] == nil {
                    behind[place.ip] = (use.seen, [place.mac])
                } else {
                    behind[place.ip]?.seen.include(use.seen)
                    behind[place.ip]?.by.insert(place.mac)
                }
            }
        }
        behindRouters = behind.filter { owner[$0.key] == nil }
    }

    /// VLANs in which `mac` sent from an address.
    func vlans(of mac: MACAddress, _ ip: IPAddress) -> Set<UInt16> { uses[Place(mac: mac, ip: ip)]?.vlans ?? [] }

    func vlans(of mac: MACAddress) -> Set<UInt16> {
        var all: Set<UInt16> = []
        for ip in ipsByMAC[mac] ?? [] { all.formUnion(uses[Place(mac: mac, ip: ip)]?.vlans ?? []) }
        return all
    }
}

/// Several hosts that answer for one address at the same time.
struct AddressConflict {
    var ip: IPAddress
    var macs: [MACAddress]
    var frames: [FrameRef]
}
