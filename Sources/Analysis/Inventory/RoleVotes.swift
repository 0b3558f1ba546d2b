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

    /// What its conversations say.
    mutating func addBehaviour(_ asset: Asset, isRouter: Bool) {
        if isRouter { add(.router, votes[.accessPoint] == nil ? .high : .low, "forwards other hosts' addresses") }
        let answersIndustrial = asset.services.filter { ServiceKind.isIndustrial($0) }
        let asksIndustrial = asset.uses.filter { ServiceKind.isIndustrial($0) }
        for service in answersIndustrial { add(.plc, .low, "answers \(service)") }
        if answersIndustrial.isEmpty {
            for service in asksIndustrial { add(.hmi, .low, "asks by \(service)") }
        }
        if asset.services.contains("smb") { add(.fileServer, .low, "answers smb") }
        if asset.services.contains("dns"), asset.services.contains("kerberos") || asset.services.contains("ldap") {
            add(.domainController, .high, "answers dns and kerberos or ldap")
        }
        if asset.services.contains("dns") { add(.dnsServer, .medium, "answers dns") }
        if asset.services.contains("syslog") { add(.logServer, .low, "receives syslog") }
        if asset.services.contains("ntp") { add(.timeServer, .low, "answers ntp") }
        if asset.services.contains(where: { ["http", "tls", "ssh"].contains($0) }), answersIndustrial.isEmpty {
            add(.server, .low, "answers web or shell")
        }
        let office = asset.uses.filter { ServiceKind.isOffice($0) }
        if asksIndustrial.isEmpty, answersIndustrial.isEmpty, !office.isEmpty {
            add(.workstation, office.count >= 2 ? .medium : .low, "uses \(office.sorted().joined(separator: ", "))")
        }
    }

    /// A block's holder only suggests: everybody makes more than one kind of thing.
    mutating func addVendors(_ asset: Asset, _ knowledge: Knowledge) {
        for vendor in Set(asset.interfaces.compactMap(\.vendor)).sorted() {
            for assertion in knowledge.assertions("oui_vendor", vendor) where assertion.attribute == .role {
                if let role = Role(rawValue: assertion.value) { add(role, .low, assertion.source) }
            }
        }
    }

    /// Most likely first.
    func ranked() -> [RoleClaim] {
        votes.sorted { left, right in
            if left.value.weight != right.value.weight { return left.value.weight > right.value.weight }
            let (a, b) = (RoleVotes.specificity(left.key), RoleVotes.specificity(right.key))
            return a != b ? a > b : left.key.rawValue < right.key.rawValue
        }.map { RoleClaim(role: $0.key, confidence: $0.value.best, grounds: $0.value.grounds) }
    }

    /// Among equals the more telling role wins.
    private static func specificity(_ role: Role) -> Int {
        switch role {
        case .unknown: 0
        case .server, .workstation: 1
        case .plc, .hmi, .switch, .router: 2
        default: 3
        }
    }
}
