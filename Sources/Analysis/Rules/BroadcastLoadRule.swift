import Model

/// Checklist 2-3: frames to everybody take so much of the network that a loop or a failing device is likely.
struct BroadcastLoadRule: FindingRule {
    static let id = "broadcast-storm"
    /// Broadcast frames a second, by one sender, over ten seconds or more.
    static let rate = 500.0
    static let leastSeconds = 10.0

    var about: RuleDescription {
        RuleDescription(
            severity: "medium", items: ["2-3"], techniques: ["T0814"],
            takes:
                "one sender's broadcast frames of one kind come at \(Int(Self.rate)) or more a second over \(Int(Self.leastSeconds)) seconds",
            limits:
                "cyclic protocols that use groups by design are no broadcasts; a loop beyond the mirror does not show")
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        var storms: [String: (who: Party, rate: Double, conversation: Conversation)] = [:]
        situation.eachConversation(.group) { conversation in
            let isBroadcast =
                conversation.server.mac?.isBroadcast == true || conversation.client.mac?.isBroadcast == true
            guard isBroadcast else { return }
            let seconds = Double(conversation.last.time.elapsed(since: conversation.first.time)) / 1e9
            guard seconds >= Self.leastSeconds else { return }
            let rate = Double(conversation.fromClient.frames &+ conversation.fromServer.frames) / seconds
            guard rate >= Self.rate else { return }
            let sender = conversation.client.mac?.isBroadcast == true ? conversation.server : conversation.client
            let who = Party(sender, situation)
            if storms[who.key].map({ $0.rate < rate }) ?? true { storms[who.key] = (who, rate, conversation) }
        }
        return .of(
            storms.sorted { $0.key < $1.key }.map { key, storm in
                let exhibit = exhibits.add(
                    "\(id)-\(key)", title: Phrase(ja: "\(storm.who.name)からの同報", en: "Broadcasts of \(storm.who.name)"),
                    frames: [storm.conversation.first, storm.conversation.last], filter: "eth.dst == ff:ff:ff:ff:ff:ff")
                return Finding(
                    id: "\(id)-\(key)", rule: id, severity: .medium,
                    title: Phrase(ja: "\(storm.who.name) の同報が多すぎる", en: "\(storm.who.name) broadcasts too much"),
                    text: Phrase(
                        ja: "\(storm.who.name) が毎秒およそ\(Int(storm.rate))件の同報を送っています。配線のループや機器の故障により、制御の通信が滞るおそれがあります。",
                        en:
                            "\(storm.who.name) sends about \(Int(storm.rate)) broadcasts a second. A loop or a failing device may hold up the control traffic."
                    ),
                    items: ["2-3"], techniques: ["T0814"], assets: [storm.who].assets, exhibits: [exhibit])
            })
    }
}
