import Model

/// Checklist 3-7: a host tries many ports of one host, one port of many hosts, or asks for every address of its link.
struct NetworkScanRule: FindingRule {
    static let id = "network-scan"
    /// Ports of one host that came to nothing, and their share of all that were tried there.
    static let ports = 30
    /// Hosts that did not accept one and the same port.
    static let hosts = 15
    static let shareThatFails = 0.7
    /// Neighbours asked for by ARP within one capture.
    static let neighbours = 100

    var about: RuleDescription {
        RuleDescription(
            severity: "medium", items: ["3-7"], techniques: ["T0846"],
            takes:
                "one host tries \(Self.ports) ports of another, or the same port of \(Self.hosts) hosts, and at least \(Int(Self.shareThatFails * 100)) % come to nothing; or asks by ARP for \(Self.neighbours) neighbours; or sends TCP flags that only port scanners send (FIN, PSH and URG alone)",
            limits:
                "slow scans that stay below these figures; discovery tools of the plant's own look alike; asking by SNMP or ping is no scan"
        )
    }

    private struct Pair: Hashable {
        var client: IPAddress
        var server: IPAddress
    }
    private struct Aim: Hashable {
        var client: IPAddress
        var port: UInt16
    }
    private struct Count {
        var tried = 0
        var failures = 0
        /// Ports or hosts that did not accept.
        var failed: Set<UInt64> = []
    }
    private struct Scan {
        var who: Party
        var targets: [Party] = []
        var frames: [FrameRef] = []
        var how: [Phrase] = []
        var filter = ""
    }

    /// Limits what one flood may make the rule hold.
    private static let limit = 100_000

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        var byPair: [Pair: Count] = [:]
        var byAim: [Aim: Count] = [:]
        var forged: Set<Pair> = []
        situation.eachConversation([.unicast, .tcp]) { conversation in
            guard let client = conversation.client.ip, let server = conversation.server.ip, byPair.count < Self.limit
            else { return }
            let pair = Pair(client: client, server: server)
            if Self.isForged(conversation) { forged.insert(pair) }
            guard conversation.clientTCPFlags & 0x02 != 0 else { return }
            let isFailed = conversation.fromClient.payload == 0 && conversation.fromServer.payload == 0
            let aim = Aim(client: client, port: conversation.serverPort)
            byPair[pair, default: Count()].tried += 1
            byAim[aim, default: Count()].tried += 1
            guard isFailed else { return }
            byPair[pair]?.failures += 1
            byAim[aim]?.failures += 1
            byPair[pair]?.failed.insert(UInt64(conversation.serverPort))
            // An open port that is merely knocked at counts for a host, a refused one as well.
            byAim[aim]?.failed.insert(server.high &* 31 &+ server.low)
        }
        let pairs = Set(byPair.filter { Self.isScan($0.value, Self.ports) }.keys).union(forged)
        let aims = Set(byAim.filter { Self.isScan($0.value, Self.hosts) }.keys)
        var scans: [String: Scan] = [:]
        if !pairs.isEmpty || !aims.isEmpty {
            situation.eachConversation(.tcp) { conversation in
                guard let client = conversation.client.ip, let server = conversation.server.ip else { return }
                let isVertical = pairs.contains(Pair(client: client, server: server))
                let isHorizontal = aims.contains(Aim(client: client, port: conversation.serverPort))
                guard isVertical || isHorizontal else { return }
                let who = Party(conversation.client, situation)
                var scan = scans[who.key] ?? Scan(who: who)
                scan.filter = DisplayFilter.address(client) + " && tcp.flags.syn == 1"
                if scan.frames.count < 200 { scan.frames.append(conversation.first) }
                if scan.targets.count < 300 { scan.targets.append(Party(conversation.server, situation)) }
                scans[who.key] = scan
            }
        }
        for pair in pairs { note(pair, byPair[pair], forged.contains(pair), situation, &scans) }
        for aim in aims {
            let who = Party(Endpoint(mac: nil, ip: aim.client), situation)
            let count = byAim[aim]?.failed.count ?? 0
            scans[who.key]?.how.append(
                Phrase(ja: "\(count)台のポート \(aim.port)", en: "port \(aim.port) of \(count) hosts"))
        }
        sweeps(situation, &scans)
        return .of(
            scans.sorted { $0.key < $1.key }.map { key, scan in finding(key, scan, &exhibits) })
    }

    private static func isScan(_ count: Count, _ least: Int) -> Bool {
        count.failed.count >= least && Double(count.failures) >= Self.shareThatFails * Double(count.tried)
    }

    /// FIN, PSH and URG without ACK, or no flag at all: no TCP sends these (nmap -sX, -sN).
    private static func isForged(_ conversation: Conversation) -> Bool {
        conversation.clientTCPFlags & 0x3f == 0x29 && conversation.fromClient.payload == 0
    }

    private func note(
        _ pair: Pair, _ count: Count?, _ isForged: Bool, _ situation: Situation, _ scans: inout [String: Scan]
    ) {
        let who = Party(Endpoint(mac: nil, ip: pair.client), situation)
        let target = Party(Endpoint(mac: nil, ip: pair.server), situation).name
        let ports = count?.failed.count ?? 0
        scans[who.key]?.how.append(
            isForged
                ? Phrase(ja: "\(target) への異常なTCPフラグ", en: "impossible TCP flags to \(target)")
                : Phrase(ja: "\(target) の\(ports)ポート", en: "\(ports) ports of \(target)"))
    }

    /// Neighbours asked for one after the other.
    private func sweeps(_ situation: Situation, _ scans: inout [String: Scan]) {
        var asked: [MACAddress: (targets: Set<String>, frames: [FrameRef])] = [:]
        situation.eachObservation(of: "arp_target") { observation, sighting in
            guard case .mac(let mac) = observation.subject, !situation.inventory.routerMACs.contains(mac) else {
                return
            }
            asked[mac, default: ([], [])].targets.insert(observation.value.raw)
            if asked[mac]?.frames.count ?? 0 < Exhibit.frameLimit { asked[mac]?.frames.append(sighting.first) }
        }
        for (mac, sweep) in asked where sweep.targets.count >= Self.neighbours {
            let who = Party(Endpoint(mac: mac, ip: nil), situation)
            var scan = scans[who.key] ?? Scan(who: who)
            scan.how.append(
                Phrase(
                    ja: "ARPで\(sweep.targets.count)個のアドレス", en: "\(sweep.targets.count) addresses by ARP"))
            scan.frames += sweep.frames
            if scan.filter.isEmpty { scan.filter = "arp && eth.src == \(mac)" }
            scans[who.key] = scan
        }
    }

    private func finding(_ key: String, _ scan: Scan, _ exhibits: inout ExhibitBook) -> Finding {
        let exhibit = exhibits.add(
            "\(id)-\(key)", title: Phrase(ja: "\(scan.who.name)による探索", en: "Scan by \(scan.who.name)"),
            frames: scan.frames, filter: scan.filter)
        let how = scan.how.sorted { $0.en < $1.en }
        let shown = (
            ja: how.prefix(3).map(\.ja).joined(separator: "、"), en: how.prefix(3).map(\.en).joined(separator: ", ")
        )
        return Finding(
            id: "\(id)-\(key)", rule: id, severity: .medium,
            title: Phrase(ja: "\(scan.who.name) がネットワークを探索", en: "\(scan.who.name) scans the network"),
            text: Phrase(
                ja: "\(scan.who.name) が応答のない宛先やポートを次々に試しています（\(shown.ja)）。検査の計画がなければ、感染や侵入の兆候です。",
                en:
                    "\(scan.who.name) tries one address or port after the other, most in vain (\(shown.en)). Unless a test was planned, it is a sign of an infection or an intruder."
            ),
            items: ["3-7"], techniques: ["T0846"], assets: [scan.who].assets, exhibits: [exhibit])
    }
}
