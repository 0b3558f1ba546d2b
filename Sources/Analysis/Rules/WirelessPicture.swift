import Model

/// What the traffic shows of wireless LAN.
struct WirelessPicture {
    struct Network {
        var ssid: String
        var securities: Set<String>
        var frames: [FrameRef]
        /// BSSIDs that announce it.
        var radios: [MACAddress] = []
        /// BSSIDs that announce it open or with WEP, and whether others protect it.
        var weakRadios: [MACAddress] = []
        var hasStrongRadios = false
        /// What each radio announces.
        var securityOfRadio: [MACAddress: Set<String>] = [:]

        /// It asks everybody for a login of his own (802.1X).
        func usesLogin(_ radio: MACAddress) -> Bool {
            securityOfRadio[radio]?.contains { $0.hasSuffix("-eap") || $0 == "802.1x" } ?? false
        }
        /// It asks for a shared password and nothing else.
        func usesPasswordAlone(_ radio: MACAddress) -> Bool {
            guard let kinds = securityOfRadio[radio], !kinds.isEmpty else { return false }
            return kinds.allSatisfy { $0.hasSuffix("-psk") || $0.hasSuffix("-sae") }
        }

        /// A network that is protected elsewhere and open here: perhaps somebody else's radio under its name.
        var isPerhapsImpersonated: Bool { hasStrongRadios && !weakRadios.isEmpty }
        /// BSSIDs of the weak radios, as many as a sentence bears.
        var weakNames: String {
            let shown = weakRadios.prefix(3).map(\.description).joined(separator: ", ")
            return weakRadios.count > 3 ? shown + " …" : shown
        }
    }

    /// SSIDs read from the air, with the security each access point announces.
    let networks: [Network]
    /// 802.1X over wireless, as RADIUS tells.
    let accepted: [FrameRef]
    let rejected: [FrameRef]
    /// Signs on the wire that wireless exists.
    let wiredSigns: [FrameRef]

    static let weak: Set<String> = ["open", "wep"]
    var weakNetworks: [Network] { networks.filter { !$0.securities.isDisjoint(with: WirelessPicture.weak) } }
    var isPresent: Bool { !networks.isEmpty || !accepted.isEmpty || !rejected.isEmpty || !wiredSigns.isEmpty }

    /// A station that an access point let in.
    struct Association {
        var station: MACAddress
        /// BSSID.
        var radio: MACAddress
        var frame: FrameRef
    }

    let associations: [Association]

    init(_ situation: Situation) {
        var names: [MACAddress: (ssid: String, frame: FrameRef)] = [:]
        var security: [MACAddress: Set<String>] = [:]
        var wirelessLogins: Set<ConversationKey> = []
        var decisions: [(key: ConversationKey, accepted: Bool, frame: FrameRef)] = []
        var signs: [FrameRef] = []
        situation.eachObservation(of: .ssid) { observation, sighting in
            guard WirelessPicture.isAnnouncement(observation.source), let mac = observation.subject.mac else { return }
            if names[mac] == nil { names[mac] = (observation.value.raw, sighting.first) }
        }
        var associations: [Association] = []
        situation.eachObservation(of: .bssid) { observation, sighting in
            guard observation.source == "wlan.associated", case .mac(let station) = observation.subject,
                let radio = MACAddress(observation.value.raw)
            else { return }
            associations.append(Association(station: station, radio: radio, frame: sighting.first))
        }
        self.associations = associations
        situation.eachObservation(of: .security) { observation, _ in
            guard WirelessPicture.isAir(observation), let mac = observation.subject.mac else { return }
            security[mac, default: []].insert(observation.value.raw)
        }
        situation.eachObservation(of: .authentication) { observation, sighting in
            guard observation.source.hasPrefix("radius."), case .conversation(let key) = observation.subject else {
                return
            }
            decisions.append((key, observation.value.raw == "accepted", sighting.first))
        }
        situation.eachObservation(of: "nas_port_type") { observation, sighting in
            guard observation.value.raw == "19" || observation.value.raw.lowercased().contains("wireless") else {
                return
            }
            if case .conversation(let key) = observation.subject { wirelessLogins.insert(key) }
            signs.append(sighting.first)
        }
        situation.eachObservation(of: .role) { observation, sighting in
            guard [Role.accessPoint.rawValue, Role.wirelessController.rawValue].contains(observation.value.raw),
                observation.confidence >= .medium, !WirelessPicture.isAir(observation)
            else { return }
            signs.append(sighting.first)
        }
        situation.eachConversation(.recognised) { conversation in
            if conversation.service == "capwap" || conversation.service == "lwapp" { signs.append(conversation.first) }
        }
        var bySSID: [String: Network] = [:]
        for (mac, announced) in names.sorted(by: { $0.key < $1.key }) {
            var network = bySSID[announced.ssid] ?? Network(ssid: announced.ssid, securities: [], frames: [])
            let securities = security[mac] ?? []
            network.securities.formUnion(securities)
            network.radios.append(mac)
            network.securityOfRadio[mac] = securities
            if !securities.isDisjoint(with: WirelessPicture.weak) {
                network.weakRadios.append(mac)
            } else if !securities.isEmpty {
                network.hasStrongRadios = true
            }
            network.frames.append(announced.frame)
            bySSID[announced.ssid] = network
        }
        networks = bySSID.values.sorted { $0.ssid < $1.ssid }
        accepted = decisions.filter { $0.accepted && wirelessLogins.contains($0.key) }.map(\.frame)
        rejected = decisions.filter { !$0.accepted && wirelessLogins.contains($0.key) }.map(\.frame)
        wiredSigns = signs
    }

    private static func isAir(_ observation: Observation) -> Bool { observation.source.hasPrefix("wlan.") }

    /// Only an access point's own frames announce a network, and for a hidden one the client that joins it; a client's
    /// probe request merely asks.
    private static func isAnnouncement(_ source: String) -> Bool {
        source == "wlan.ssid" || source == "wlan.requested_ssid"
    }
}

extension Subject {
    /// The MAC that a subject names, when it does.
    var mac: MACAddress? {
        switch self {
        case .mac(let mac): mac
        case .endpoint(let end): end.mac
        case .address, .conversation, .network: nil
        }
    }
}
