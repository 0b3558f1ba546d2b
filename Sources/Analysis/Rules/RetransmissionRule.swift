import Model

/// Checklist 2-3: a control device's conversations lose segments, so that data comes late: a congested or a bad line.
struct RetransmissionRule: FindingRule {
    static let id = "retransmissions"
    /// Repeated segments in one conversation, and how many of a hundred of its frames they are.
    static let least: UInt64 = 20
    static let percent = 3.0

    var about: RuleDescription {
        RuleDescription(
            severity: "low", items: ["2-3"], techniques: [],
            takes:
                "in a TCP conversation with a control device, \(Self.least) or more segments bring data that had been sent before, and these are \(Int(Self.percent)) % or more of its frames",
            limits:
                "segments that were lost before the mirror show no more than those lost behind it; frames that a mirror delivers twice or late are told by their packets' numbers, and where these are missing by time alone"
        )
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        guard situation.results.contains(where: { $0.capture.health != nil }) else {
            return .cannotTell(Phrase.notCounted)
        }
        var servers: [String: (asset: Asset, peers: [Party], repeated: UInt64, frames: UInt64, shown: [FrameRef])] = [:]
        for result in situation.results {
            guard let number = result.number else { continue }
            for found in result.capture.health?.repeats ?? [] {
                guard found.repeated >= Self.least,
                    Double(found.repeated) * 100 >= Self.percent * Double(found.frames),
                    let (device, peer) = controlDevice(found, situation)
                else { continue }
                var account = servers[device.id] ?? (device, [], 0, 0, [])
                account.peers.append(peer)
                account.repeated &+= found.repeated
                account.frames &+= found.frames
                account.shown += [found.first.reference(in: number), found.last.reference(in: number)]
                servers[device.id] = account
            }
        }
        return .of(
            servers.sorted { $0.key < $1.key }.map { key, account in
                let name = account.asset.name.visible
                let share = Double(account.repeated) * 100 / Double(max(1, account.frames))
                let percent = Double(Int(share * 10)) / 10
                let exhibit = exhibits.add(
                    "\(id)-\(key)", title: Phrase(ja: "\(name)との再送", en: "Segments sent again, \(name)"),
                    frames: account.shown,
                    filter: account.asset.addresses.first.map {
                        DisplayFilter.address($0) + " && tcp.analysis.retransmission"
                    } ?? "tcp.analysis.retransmission")
                return Finding(
                    id: "\(id)-\(key)", rule: id, severity: .low,
                    title: Phrase(ja: "\(name) との通信に再送が多い", en: "Much is sent again to or from \(name)"),
                    text: Phrase(
                        ja:
                            "\(name) と \(account.peers.names()) の通信で、フレームの\(percent)％（\(account.repeated)件）が再送です。回線の混雑、ケーブルや接続の不良、機器の過負荷が考えられ、制御の応答が遅れるおそれがあります。",
                        en:
                            "Between \(name) and \(account.peers.names()) \(percent) % of the frames (\(account.repeated)) bring data a second time. A congested line, a bad cable or contact, or an overloaded device may delay the control."
                    ),
                    items: ["2-3"], techniques: [], assets: unique([key] + account.peers.assets), exhibits: [exhibit])
            })
    }

    private func controlDevice(_ found: CaptureHealth.Repeats, _ situation: Situation) -> (Asset, Party)? {
        for (end, peer) in [(found.server, found.client), (found.client, found.server)] {
            guard let index = situation.inventory.asset(of: end), situation.assets[index].isOT else { continue }
            return (situation.assets[index], Party(peer, situation))
        }
        return nil
    }
}

extension Phrase {
    /// Where an earlier version read the captures.
    static let notCounted = Phrase(
        ja: "この記録では数えられていません。キャプチャをもう一度解析してください。", en: "Not counted in this store: read the captures again.")
}
