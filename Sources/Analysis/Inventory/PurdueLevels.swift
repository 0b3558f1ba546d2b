import Model

/// The level of the Purdue model that an asset belongs to, with what says so.
enum PurdueLevels {
    struct Claim {
        var level: PurdueLevel
        var confidence: Confidence
        /// What it follows from, as the sources of an asset's attributes are named.
        var ground: String
    }

    /// Nil for network gear, which carries all levels, and where nothing tells.
    static func level(of asset: Asset, declared: (zone: String, level: PurdueLevel)? = nil) -> Claim? {
        if let declared { return Claim(level: declared.level, confidence: .high, ground: "zone \(declared.zone)") }
        if let role = asset.roles.first, let level = level(of: role.role, asset) {
            return Claim(level: level, confidence: role.confidence, ground: "role \(role.role.rawValue)")
        }
        if asset.services.contains(where: { ServiceKind.isIndustrial($0) }) {
            return Claim(level: .control, confidence: .low, ground: "answers an industrial protocol")
        }
        if asset.isOT { return Claim(level: .supervision, confidence: .low, ground: "asks by an industrial protocol") }
        if asset.isIT { return Claim(level: .enterprise, confidence: .low, ground: "uses office services only") }
        return nil
    }

    private static func level(of role: Role, _ asset: Asset) -> PurdueLevel? {
        switch role {
        case .sensor, .meter, .io, .drive: .field
        case .plc, .safetyController, .robot, .buildingController, .gateway: .control
        case .hmi, .scada: .supervision
        case .engineeringStation, .historian, .opcServer: .operations
        case .jumpHost, .vpnGateway: .boundary
        case .server, .domainController, .dhcpServer, .dnsServer, .fileServer, .radiusServer, .logServer, .timeServer:
            asset.isOT ? .operations : .enterprise
        case .workstation, .printer, .camera, .phone, .mobile: asset.isOT ? .supervision : .enterprise
        case .switch, .router, .firewall, .accessPoint, .wirelessController, .unknown: nil
        }
    }
}
