import Model

/// What the remote sessions amount to: who comes in from outside, by which way, and how far.
struct RemotePicture {
    /// Sessions from outside straight to an OT asset, answered.
    let outsideIntoOT: [RemoteSession]
    /// Sessions from outside to any asset, answered, tunnels apart.
    let outsideIn: [RemoteSession]
    let tunnels: [RemoteSession]
    /// Remote tools that a plant host opened towards the outside.
    let outbound: [RemoteSession]
    /// Sessions inside that come out of a tunnel: their client sends by the MAC of the host at which the tunnel ends.
    let fromTunnel: [RemoteSession]
    /// Sessions to OT assets from a host that itself was reached from a tunnel, from outside, or that is a known jump host.
    let jumps: [RemoteSession]

    /// Conversations both ways between an outside address and an OT asset in which no protocol was recognised, because
    /// the capture began in the middle of them or they are encrypted.
    let unexplained: [(asset: String, conversation: Conversation)]

    /// How long after a tunnel's or a session's last frame one that follows from it may still begin, in nanoseconds.
    private static let grace: Int64 = 60_000_000_000

    init(_ situation: Situation) {
        let established = situation.sessions.filter(\.isEstablished)
        outsideIn = established.filter { $0.origin == .outside && !$0.isTunnel && $0.serverAsset != nil }
        outsideIntoOT = outsideIn.filter { RemotePicture.isOT($0.serverAsset, situation) }
        tunnels = established.filter { $0.isTunnel && $0.origin != .inside }
        outbound = established.filter { $0.origin == .outbound && !$0.isTunnel && $0.service != "ssh" }
        let inside = established.filter { $0.origin == .inside && !$0.isTunnel }
        let tunnels = tunnels
        fromTunnel = inside.filter { session in
            tunnels.contains { RemotePicture.comes(session, outOf: $0, situation) }
        }
        var ways = outsideIn + fromTunnel
        var found: [RemoteSession] = []
        var known = Set(ways.map(\.id))
        // A jump may follow a jump: each round adds the sessions that start at a host reached so far.
        var open = inside
        while !ways.isEmpty || !open.isEmpty {
            let byHost = Dictionary(grouping: ways.filter { $0.serverAsset != nil }, by: { $0.serverAsset ?? "" })
            let next = open.filter { session in
                !known.contains(session.id)
                    && (RemotePicture.isBastion(session.clientAsset, situation)
                        || session.clientAsset.flatMap { byHost[$0] }?.contains {
                            RemotePicture.goesOn(from: $0, by: session)
                        } ?? false)
            }
            if next.isEmpty { break }
            found += next
            known.formUnion(next.map(\.id))
            open.removeAll { known.contains($0.id) }
            // Who follows from an earlier round's was found in that round.
            ways = next
        }
        var unexplained: [(asset: String, conversation: Conversation)] = []
        situation.eachConversation([.crossesBoundary, .dataBothWays]) { conversation in
            guard conversation.service == nil else { return }
            let ends = [conversation.client, conversation.server].compactMap { situation.inventory.asset(of: $0) }
            guard let index = ends.first(where: { situation.assets[$0].isOT }) else { return }
            unexplained.append((situation.assets[index].id, conversation))
        }
        self.unexplained = unexplained
        jumps = found.filter { RemotePicture.isOT($0.serverAsset, situation) }
    }

    /// Hosts from which OT assets are reached by a jump.
    var bastions: Set<String> { Set(jumps.compactMap(\.clientAsset)) }
    /// OT assets reached by a jump.
    var targets: Set<String> { Set(jumps.compactMap(\.serverAsset)) }
    /// Sessions out of a tunnel that reach an OT asset with no jump host between.
    func tunnelIntoOT(_ situation: Situation) -> [RemoteSession] {
        fromTunnel.filter { RemotePicture.isOT($0.serverAsset, situation) }
    }

    private static func isOT(_ id: String?, _ situation: Situation) -> Bool {
        id.flatMap(situation.asset)?.isOT ?? false
    }

    private static func isBastion(_ id: String?, _ situation: Situation) -> Bool {
        id.flatMap(situation.asset)?.roles.contains { $0.role == .jumpHost || $0.role == .vpnGateway } ?? false
    }

    /// True when the session's frames leave the host at which the tunnel ends, while the tunnel is up.
    private static func comes(_ session: RemoteSession, outOf tunnel: RemoteSession, _ situation: Situation) -> Bool {
        guard let end = tunnel.origin == .outside ? tunnel.serverAsset : tunnel.clientAsset, during(session, tunnel)
        else { return false }
        if session.clientAsset == end { return true }
        guard let mac = session.client.mac, let gateway = situation.asset(end) else { return false }
        // A router's MAC carries everybody's traffic: only where the tunnel ends at no router does it tell the tunnel's.
        return gateway.macs.contains(mac) && (gateway.role == .vpnGateway || isStranger(session, situation))
    }

    /// True when the client is known only from behind another host: an address of the tunnel's own.
    private static func isStranger(_ session: RemoteSession, _ situation: Situation) -> Bool {
        session.clientAsset.flatMap(situation.asset)?.isBehindRouter ?? true
    }

    private static func goesOn(from way: RemoteSession, by session: RemoteSession) -> Bool {
        guard let host = way.serverAsset, session.clientAsset == host else { return false }
        return during(session, way)
    }

    private static func during(_ session: RemoteSession, _ way: RemoteSession) -> Bool {
        session.seen.first.time >= way.seen.first.time
            && session.seen.first.time.elapsed(since: way.seen.last.time) <= grace
    }
}
