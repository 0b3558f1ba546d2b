import Model

/// Weighs everything that suggests a role. One clear statement of the device beats many hints.
struct RoleVotes {
    private struct Vote {
        var weight = 0
        var best = Confidence.low
        var grounds: [String] = []
    }

    private var votes: [Role: Vote] = [:]

    mutating func add(_ role: Role, _ confidence: Confidence, _ ground: String) {
        var vote = votes[role] ?? Vote()
        guard !vote.grounds.contains(ground) else { return }
        vote.weight += RoleVotes.weight(confidence)
        vote.best = max(vote.best, confidence)
        if vote.grounds.count < 16 { vote.grounds.append(ground) }
        votes[role] = vote
    }

    private static func weight(_ confidence: Confidence) -> Int {
        switch confidence {
        case .low: 3
        case .medium: 12
        case .high: 40
        }
    }

    private func best(_ role: Role) -> Confidence? { votes[role]?.best }

    /// Most likely first: by the surest ground, then the more telling role, then by the weight of all grounds.
    func ranked() -> [RoleClaim] {
        let preferred = preferred()
        func order(_ entry: (key: Role, value: Vote)) -> (Int, UInt8, Int, Int) {
            (
                preferred == entry.key ? 1 : 0, entry.value.best.rawValue, RoleVotes.specificity(entry.key),
                entry.value.weight
            )
        }
        return votes.sorted { left, right in
            let (a, b) = (order(left), order(right))
            return a != b ? a > b : left.key.rawValue < right.key.rawValue
        }.map { RoleClaim(role: $0.key, confidence: $0.value.best, grounds: $0.value.grounds) }
    }

    /// The role that comes first whatever the weights, because the others are part of its work.
    private func preferred() -> Role? {
        // Whoever forwards also leases addresses, answers names and keeps the time.
        if let router = best(.router), router >= .medium {
            for special in [Role.wirelessController, .firewall, .vpnGateway, .accessPoint] {
                if let confidence = best(special), confidence >= .medium { return special }
            }
            let device = votes.filter { $0.key != .router && !RoleVotes.isNetworkService($0.key) }
            return device.values.contains { $0.best >= router } ? nil : .router
        }
        // A desk computer that shares a folder is still a desk computer.
        if best(.workstation) == .medium, best(.domainController) == nil, best(.fileServer) == .medium,
            votes[.fileServer]?.grounds.contains(where: { $0.hasPrefix("serves files to") }) == true,
            (votes[.fileServer]?.weight ?? 0) < (votes[.workstation]?.weight ?? 0) + RoleVotes.weight(.medium)
        {
            return .workstation
        }
        return nil
    }

    private static func isNetworkService(_ role: Role) -> Bool {
        switch role {
        case .dhcpServer, .dnsServer, .timeServer, .logServer, .server, .workstation, .radiusServer: true
        default: false
        }
    }

    /// How much a role says beyond what half of all devices do. A plain controller or panel is what a protocol's side
    /// suggests before the device tells what it is.
    private static func specificity(_ role: Role) -> Int {
        switch role {
        case .unknown: 0
        case .server, .workstation: 1
        case .plc, .hmi, .switch, .router: 2
        default: 3
        }
    }
}
