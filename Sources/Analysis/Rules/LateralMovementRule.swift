import Model

/// Checklist 3-7: a host goes on to others by file share and remote control together, as malware spreads.
struct LateralMovementRule: FindingRule {
    static let id = "lateral-movement"
    static let targets = 3
    /// Time within which it happens, in nanoseconds.
    static let span: Int64 = 3_600_000_000_000

    var about: RuleDescription {
        RuleDescription(
            severity: "medium", items: ["3-7", "3-5"], techniques: ["T0867", "T0886"],
            takes:
                "within an hour one inside host opens a file share (SMB) and a remote control (remote desktop, WinRM, shell, service control) at each of \(Self.targets) other inside hosts",
            limits:
                "software distribution and administrators at work look alike; spreading by one protocol alone is left out"
        )
    }

    private struct Pair: Hashable {
        var client: Int
        var server: Int
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        var shares: [Pair: Conversation] = [:]
        var controls: [Pair: Conversation] = [:]
        situation.eachConversation([.unicast, .dataBothWays, .recognised]) { conversation in
            guard let service = conversation.service, service == "smb" || Self.isControl(service),
                let client = situation.inventory.asset(of: conversation.client),
                let server = situation.inventory.asset(of: conversation.server), client != server
            else { return }
            let pair = Pair(client: client, server: server)
            if service == "smb" {
                shares[pair] = shares[pair] ?? conversation
            } else {
                controls[pair] = controls[pair] ?? conversation
            }
        }
        var byClient: [Int: [(server: Int, share: Conversation, control: Conversation)]] = [:]
        for (pair, share) in shares {
            guard let control = controls[pair] else { continue }
            byClient[pair.client, default: []].append((pair.server, share, control))
        }
        let findings = byClient.sorted { $0.key < $1.key }.compactMap { client, steps -> Finding? in
            let steps = steps.sorted { $0.control.first < $1.control.first }
            guard let first = steps.first, let last = steps.last, steps.count >= Self.targets,
                last.control.first.time.elapsed(since: first.control.first.time) <= Self.span
            else { return nil }
            let asset = situation.assets[client]
            let names = unique(steps.map { situation.assets[$0.server].name.visible })
            let exhibit = exhibits.add(
                "\(id)-\(asset.id)",
                title: Phrase(
                    ja: "\(asset.name.visible)から次々に開かれた接続",
                    en: "Connections from \(asset.name.visible) to host after host"),
                frames: steps.flatMap { [$0.share.first, $0.control.first] },
                filter: DisplayFilter.any(
                    steps.flatMap { [DisplayFilter.conversation($0.share), DisplayFilter.conversation($0.control)] }))
            let shown = names.prefix(3).joined(separator: ", ")
            return Finding(
                id: "\(id)-\(asset.id)", rule: id, severity: .medium,
                title: Phrase(
                    ja: "\(asset.name.visible) が\(names.count)台へ次々に広がる動き",
                    en: "\(asset.name.visible) moves on to \(names.count) hosts"),
                text: Phrase(
                    ja:
                        "\(asset.name.visible) が1時間以内に\(names.count)台（\(shown) など）へ、ファイル共有と遠隔操作の両方を開いています。管理作業でなければ、感染の拡大が疑われます。",
                    en:
                        "Within an hour \(asset.name.visible) opened both a file share and a remote control at \(names.count) hosts (\(shown) among them). Unless it is administration, malware may be spreading."
                ),
                items: ["3-7", "3-5"], techniques: ["T0867", "T0886"], assets: [asset.id], exhibits: [exhibit])
        }
        return .of(findings)
    }

    private static func isControl(_ service: String) -> Bool {
        ServiceKind.isRemoteAccess(service) || service == "winrm"
    }
}
