import Model

/// What the remote sessions amount to.
struct RemotePicture {
    /// Sessions from outside straight to an OT asset, answered.
    let outsideIntoOT: [RemoteSession]
    /// Sessions from outside to any asset, answered, tunnels apart.
    let outsideIn: [RemoteSession]
    let tunnels: [RemoteSession]
    /// Remote tools that a plant host opened towards the outside.
    let outbound: [RemoteSession]
    /// Sessions inside whose client is itself reached by a tunnel or from outside: a jump.
    let jumps: [RemoteSession]

    init(_ situation: Situation) {
        let established = situation.sessions.filter(\.isEstablished)
        outsideIn = established.filter { $0.origin == .outside && !$0.isTunnel && $0.serverAsset != nil }
        outsideIntoOT = outsideIn.filter(\.reachesOT)
        tunnels = established.filter { $0.isTunnel && $0.origin != .inside }
        outbound = established.filter { $0.origin == .outbound && !$0.isTunnel && $0.service != "ssh" }
        let entries = Set((outsideIn + tunnels).compactMap(\.serverAsset))
        jumps = established.filter { session in
            guard session.origin == .inside, !session.isTunnel, session.reachesOT, let client = session.clientAsset
            else { return false }
            return entries.contains(client) || RemotePicture.isBastion(client, situation)
        }
    }

    private static func isBastion(_ id: String, _ situation: Situation) -> Bool {
        situation.assets.first { $0.id == id }?.roles.contains { $0.role == .jumpHost || $0.role == .vpnGateway }
            ?? false
    }

    var targets: Set<String> { Set(jumps.compactMap(\.serverAsset)) }
}

/// Checklist 3-6: an address outside the plant has a session at a device inside, with no tunnel between.
enum OutsideIntoPlantRule: FindingRule {
    static let id = "remote-from-outside"

    static func evaluate(_ situation: Situation, _ exhibits: inout ExhibitBook) -> [Finding] {
        let picture = situation.remote
        var findings: [Finding] = []
        var byPair: [String: [RemoteSession]] = [:]
        for session in picture.outsideIn {
            guard let peer = session.client.ip, let target = session.serverAsset else { continue }
            byPair["\(session.service)-\(peer)-\(target)", default: []].append(session)
        }
        for (key, sessions) in byPair.sorted(by: { $0.key < $1.key }) {
            let first = sessions[0]
            guard let peer = first.client.ip, let ip = first.server.ip, let target = first.serverAsset,
                let asset = situation.assets.first(where: { $0.id == target })
            else { continue }
            let exhibit = exhibits.add(
                "\(id)-\(key)",
                title: Phrase(
                    ja: "外部 \(peer) からの\(first.service.uppercased())接続",
                    en: "\(first.service.uppercased()) session from \(peer)"),
                frames: sessions.flatMap { [$0.seen.first, $0.seen.last] },
                filter: "ip.addr == \(peer) && ip.addr == \(ip) && tcp.port == \(first.serverPort)")
            let name = asset.name.visible
            let what =
                asset.isOT ? Phrase(ja: "制御系の機器", en: "the control device") : Phrase(ja: "工場内の機器", en: "the plant host")
            findings.append(
                Finding(
                    id: "\(id)-\(key)", rule: id, severity: asset.isOT ? .high : .medium,
                    title: Phrase(
                        ja: "外部から\(what.ja)へ直接のリモート接続（\(first.service.uppercased())）",
                        en: "Remote session from outside straight to \(what.en) (\(first.service.uppercased()))"),
                    text: Phrase(
                        ja:
                            "外部のアドレス \(peer) が、VPNや踏み台を通らずに \(name) へ\(first.service.uppercased())で接続し、応答を得ています（\(sessions.count)回）。",
                        en:
                            "The outside address \(peer) holds a \(first.service.uppercased()) session with \(name), passing neither a VPN "
                            + "nor a jump host, and gets answers (\(sessions.count) times)."),
                    items: ["3-6"], techniques: asset.isOT ? ["T0822", "T0883"] : ["T0822"], assets: [target],
                    exhibits: [exhibit]))
        }
        return findings
    }
}

/// Checklist 3-6: a host of the plant runs a remote-control tool through a provider outside.
enum RemoteToolRule: FindingRule {
    static let id = "remote-tool"

    static func evaluate(_ situation: Situation, _ exhibits: inout ExhibitBook) -> [Finding] {
        var byTool: [String: [RemoteSession]] = [:]
        for session in situation.remote.outbound {
            guard let host = session.clientAsset else { continue }
            byTool["\(session.service)-\(host)", default: []].append(session)
        }
        return byTool.sorted { $0.key < $1.key }.compactMap { key, sessions in
            let first = sessions[0]
            guard let host = first.clientAsset, let asset = situation.assets.first(where: { $0.id == host }),
                let ip = first.client.ip
            else { return nil }
            let exhibit = exhibits.add(
                "\(id)-\(key)", title: Phrase(ja: "\(first.service)の通信", en: "\(first.service) traffic"),
                frames: sessions.map(\.seen.first), filter: "ip.addr == \(ip) && tcp.port == \(first.serverPort)")
            return Finding(
                id: "\(id)-\(key)", rule: id, severity: asset.isOT ? .high : .medium,
                title: Phrase(
                    ja: "遠隔操作ツール \(first.service) が外部と通信",
                    en: "Remote-control tool \(first.service) talks to the outside"),
                text: Phrase(
                    ja:
                        "\(asset.name.visible) が \(first.service) で外部と\(sessions.count)回通信しています。誰がいつ使うのか、許可されているかを確認してください。",
                    en: "\(asset.name.visible) talked to the outside through \(first.service) \(sessions.count) times. "
                        + "Find out who uses it, when, and whether it is allowed."),
                items: ["3-6"], techniques: ["T0822"], assets: [host], exhibits: [exhibit])
        }
    }
}
