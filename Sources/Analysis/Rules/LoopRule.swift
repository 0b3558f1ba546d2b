import Model

/// Checklist 2-3: one frame or packet goes round and round: switches wired to a ring, or routers that point at each other.
struct LoopRule: FindingRule {
    static let id = "forwarding-loop"

    var about: RuleDescription {
        RuleDescription(
            severity: "medium", items: ["2-3"], techniques: ["T0814"],
            takes:
                "the same broadcast or multicast frame of ARP or IP comes \(HealthMeter.copiesOfLoop) times within a tenth of a second, or one packet comes nine times with less and less time to live",
            limits:
                "a loop beyond the mirror; copies of the mirror itself are far fewer; frames of fieldbuses repeat by design and are left out"
        )
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        guard situation.results.contains(where: { $0.capture.health != nil }) else {
            return .cannotTell(Phrase.notCounted)
        }
        struct Key: Hashable {
            var kind: CaptureHealth.Loop.Kind
            var party: Party
        }
        var loops: [Key: (copies: UInt64, frames: [FrameRef], filter: String)] = [:]
        for result in situation.results {
            guard let number = result.number else { continue }
            for loop in result.capture.health?.loops ?? [] {
                // A loop of routers is told by whom cannot be reached.
                let key = Key(
                    kind: loop.kind, party: Party(loop.kind == .frames ? loop.sender : loop.receiver, situation))
                var account = loops[key] ?? (0, [], Self.filter(loop))
                account.copies = max(account.copies, loop.copies)
                account.frames += [loop.first.reference(in: number), loop.last.reference(in: number)]
                loops[key] = account
            }
        }
        let sorted = loops.sorted {
            ($0.key.kind.rawValue, $0.key.party.key) < ($1.key.kind.rawValue, $1.key.party.key)
        }
        return .of(
            sorted.map { key, loop in
                let name = key.party.name
                let exhibit = exhibits.add(
                    "\(id)-\(key.kind.rawValue)-\(key.party.key)",
                    title: Phrase(ja: "回り続けるフレーム", en: "Frames that go round"), frames: loop.frames,
                    filter: loop.filter)
                let isFrames = key.kind == .frames
                return Finding(
                    id: "\(id)-\(key.kind.rawValue)-\(key.party.key)", rule: id, severity: .medium,
                    title: isFrames
                        ? Phrase(ja: "スイッチの配線にループがある", en: "Switches are wired in a loop")
                        : Phrase(
                            ja: "\(name) 宛てのパケットがルーター間を回り続けている", en: "Packets for \(name) go round between routers"),
                    text: isFrames
                        ? Phrase(
                            ja:
                                "\(name) が一度送った同報フレームが、0.1秒の間に同じ内容で\(HealthMeter.copiesOfLoop)回以上（最多\(loop.copies)回）流れています。スイッチの配線がループになっており、帯域が尽きて制御の通信が止まるおそれがあります。",
                            en:
                                "A broadcast that \(name) sent comes \(HealthMeter.copiesOfLoop) times and more within a tenth of a second (\(loop.copies) at most). The switches are wired in a loop, which may use up the network and stop the control traffic."
                        )
                        : Phrase(
                            ja: "\(name) 宛ての同じパケットが、TTLを減らしながら\(loop.copies)回流れています。ルーターの経路設定が互いを指しており、宛先には届いていません。",
                            en:
                                "The same packet for \(name) comes \(loop.copies) times with less and less time to live: the routers point at each other, and it never arrives."
                        ),
                    items: ["2-3"], techniques: isFrames ? ["T0814"] : [], assets: [key.party].assets,
                    exhibits: [exhibit])
            })
    }

    private static func filter(_ loop: CaptureHealth.Loop) -> String {
        switch loop.kind {
        case .frames: loop.sender.mac.map { "eth.src == \($0) && eth.dst.ig == 1" } ?? "eth.dst.ig == 1"
        case .packets: loop.receiver.ip.map(DisplayFilter.address) ?? "ip"
        }
    }
}
