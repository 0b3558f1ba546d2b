import Model

/// What the traffic shows of wireless LAN.
struct WirelessPicture {
    struct Network {
        var ssid: String
        var securities: Set<String>
        var frames: [FrameRef]
        /// BSSIDs that announce it open or with WEP, and whether others protect it.
        var weakRadios: [MACAddress] = []
        var hasStrongRadios = false

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

    init(_ situation: Situation) {
        var names: [MACAddress: (ssid: String, frame: FrameRef)] = [:]
        var security: [MACAddress: Set<String>] = [:]
        var wirelessLogins: Set<ConversationKey> = []
        var decisions: [(key: ConversationKey, accepted: Bool, frame: FrameRef)] = []
        var signs: [FrameRef] = []
        situation.eachObservation { observation, sighting in
            let isAir = observation.source.hasPrefix("wlan.")
            switch observation.attribute {
            case .ssid where isAir && WirelessPicture.isAnnouncement(observation.source):
                guard let mac = observation.subject.mac else { return }
                if names[mac] == nil { names[mac] = (observation.value.raw, sighting.first) }
            case .security where isAir:
                guard let mac = observation.subject.mac else { return }
                security[mac, default: []].insert(observation.value.raw)
            case .authentication where observation.source.hasPrefix("radius."):
                guard case .conversation(let key) = observation.subject else { return }
                decisions.append((key, observation.value.raw == "accepted", sighting.first))
            case "nas_port_type"
            where observation.value.raw == "19" || observation.value.raw.lowercased().contains("wireless"):
                if case .conversation(let key) = observation.subject { wirelessLogins.insert(key) }
                signs.append(sighting.first)
            case .role
            where [Role.accessPoint.rawValue, Role.wirelessController.rawValue].contains(observation.value.raw)
                && observation.confidence >= .medium && !isAir:
                signs.append(sighting.first)
            default: break
            }
        }
        situation.eachConversation { conversation in
            if conversation.service == "capwap" || conversation.service == "lwapp" { signs.append(conversation.first) }
        }
        var bySSID: [String: Network] = [:]
        for (mac, announced) in names.sorted(by: { $0.key < $1.key }) {
            var network = bySSID[announced.ssid] ?? Network(ssid: announced.ssid, securities: [], frames: [])
            let securities = security[mac] ?? []
            network.securities.formUnion(securities)
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

/// Checklist 2-7: a wireless network that anybody can join.
enum WeakWirelessRule: FindingRule {
    static let id = "weak-wireless"

    static func evaluate(_ situation: Situation, _ exhibits: inout ExhibitBook) -> [Finding] {
        situation.wireless.weakNetworks.map { network in
            let ssid = WireText(network.ssid).visible
            let kind =
                network.securities.contains("open")
                ? Phrase(ja: "暗号化なし", en: "no encryption") : Phrase(ja: "WEP", en: "WEP")
            let exhibit = exhibits.add(
                "\(id)-\(ssid)", title: Phrase(ja: "SSID「\(ssid)」のビーコン", en: "Beacons of SSID “\(ssid)”"),
                frames: network.frames,
                filter:
                    "wlan.fc.type == 0 && wlan.ssid == \"\(network.ssid.filter { $0.isASCII && $0 != "\"" && $0 != "\\" })\""
            )
            return Finding(
                id: "\(id)-\(ssid)", rule: id, severity: .medium,
                title: network.isPerhapsImpersonated
                    ? Phrase(
                        ja: "無線LAN「\(ssid)」を名乗る保護の弱い電波（\(kind.ja)）",
                        en: "A weakly protected radio calls itself “\(ssid)” (\(kind.en))")
                    : Phrase(
                        ja: "保護の弱い無線LAN「\(ssid)」（\(kind.ja)）",
                        en: "Weakly protected wireless network “\(ssid)” (\(kind.en))"),
                text: text(network, ssid, kind),
                items: ["2-7"], techniques: ["T0860", "T0887"], exhibits: [exhibit])
        }
    }
    private static func text(_ network: WirelessPicture.Network, _ ssid: String, _ kind: Phrase) -> Phrase {
        let radios = network.weakNames
        if network.isPerhapsImpersonated {
            return Phrase(
                ja:
                    "SSID「\(ssid)」はほかのアクセスポイントでは保護されていますが、BSSID \(radios) は\(kind.ja)で同じ名前を名乗っています。なりすまし（偽のアクセスポイント）か設定の誤りかを確認してください。",
                en:
                    "SSID “\(ssid)” is protected by other access points, but BSSID \(radios) announces the same name with \(kind.en). Find out whether it is an impostor (evil twin) or a wrong setting."
            )
        }
        return Phrase(
            ja: "SSID「\(ssid)」（BSSID \(radios)）は\(kind.ja)で、許可されていない機器も接続できます。工場のネットワークにつながっているかを確認してください。",
            en:
                "SSID “\(ssid)” (BSSID \(radios)) uses \(kind.en), so that any device can join. Find out whether it leads to the plant network."
        )
    }
}
