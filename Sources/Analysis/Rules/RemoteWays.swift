import Model

/// Sessions in the order in which somebody went from host to host, and what the plant's declaration says of them.
struct RemoteWays {
    /// All sessions, each with its way and its permission.
    private(set) var sessions: [RemoteSession]
    /// Vendors by session id, where one was recognised.
    private(set) var vendors: [String: String] = [:]

    /// How long after a session's last frame one that follows from it may still begin, in nanoseconds.
    private static let grace: Int64 = 60_000_000_000

    init(_ situation: Situation) {
        sessions = situation.sessions
        let order = sessions.indices.sorted { sessions[$0].seen.first < sessions[$1].seen.first }
        let enteredByTunnel = Set(situation.remote.fromTunnel.map(\.id))
        var ending: [String: [Int]] = [:]
        var tunnels: [Int] = []
        for index in order where sessions[index].isEstablished {
            let session = sessions[index]
            if session.origin == .inside, !session.isTunnel {
                let before =
                    enteredByTunnel.contains(session.id)
                    ? tunnels.last { RemoteWays.follows(session, sessions[$0]) }
                    : session.clientAsset.flatMap { ending[$0] }?.last { RemoteWays.follows(session, sessions[$0]) }
                if let before { sessions[index].way = (sessions[before].way ?? []) + [sessions[before].id] }
            }
            if session.isTunnel, session.origin != .inside {
                tunnels.append(index)
            } else if let host = session.serverAsset {
                ending[host, default: []].append(index)
            }
        }
        if let remote = situation.declarations.remote { permit(remote) }
    }

    private static func follows(_ session: RemoteSession, _ earlier: RemoteSession) -> Bool {
        session.id != earlier.id && session.client.ip != earlier.client.ip
            && session.seen.first.time >= earlier.seen.first.time
            && session.seen.first.time.elapsed(since: earlier.seen.last.time) <= grace
    }

    private mutating func permit(_ remote: DeclaredRemoteAccess) {
        let places = Dictionary(
            sessions.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { first, _ in first })
        for index in sessions.indices {
            let session = sessions[index]
            let origin = session.way?.first.flatMap { places[$0] }.map { sessions[$0] } ?? session
            // Who only works within the plant needs no permission to come in; nor does a program that calls out by itself.
            guard origin.origin == .outside || origin.isTunnel else { continue }
            let outer = origin.origin == .outbound ? origin.server.ip : origin.client.ip
            let vendor = remote.vendors.first { vendor in
                [outer, session.client.ip].compactMap { $0 }.contains { address in
                    vendor.prefixes.contains { $0.contains(address) }
                }
                    && outer.map { address in
                        origin.origin == .inside || vendor.prefixes.contains { $0.contains(address) }
                    }
                        ?? true
            }
            guard let vendor else {
                sessions[index].permission = .unknownVendor
                continue
            }
            vendors[session.id] = vendor.name
            let isInTime =
                remote.windows.isEmpty
                || remote.windows.contains { window in
                    (window.vendors.isEmpty || window.vendors.contains(vendor.name))
                        && window.contains(session.seen.first.time, offset: remote.offset)
                        && window.contains(session.seen.last.time, offset: remote.offset)
                }
            let isAllowed =
                (vendor.services.isEmpty || vendor.services.contains(session.service) || session.isTunnel)
                && (vendor.targets.isEmpty || !session.reachesOT
                    || session.server.ip.map { address in vendor.targets.contains { $0.contains(address) } } ?? true)
            sessions[index].permission = !isInTime ? .outsideWindow : isAllowed ? .permitted : .beyondPermission
        }
    }
}
