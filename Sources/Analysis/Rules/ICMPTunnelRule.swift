import Model
import Protocols

/// Checklist 3-7: data carried in echo requests and replies.
struct ICMPTunnelRule: FindingRule {
    static let id = "icmp-tunnel"
    /// Replies that bring something else than they were asked with.
    static let least: UInt64 = 20

    var about: RuleDescription {
        RuleDescription(
            severity: "medium", items: ["3-7"], techniques: ["T0869", "T0885"],
            takes:
                "\(Self.least) or more echo replies between two hosts bring other data than the request with their identifier and sequence number, which they have to return unchanged",
            limits:
                "tunnels that use requests alone, and captures of one direction or of cut frames: nothing can be compared there"
        )
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        var found: [String: (parties: [Party], conversations: [Conversation])] = [:]
        situation.eachConversationOnce(.unicast) { conversation, _, _ in
            guard Self.isTunnel(conversation) else { return }
            let parties = [Party(conversation.client, situation), Party(conversation.server, situation)]
            let key = parties.map(\.key).sorted().joined(separator: "-")
            found[key, default: (parties, [])].conversations.append(conversation)
        }
        return .of(
            found.sorted { $0.key < $1.key }.map { key, use in
                let (client, server) = (use.parties[0].name, use.parties[1].name)
                let exhibit = exhibits.add(
                    "\(id)-\(key)",
                    title: Phrase(ja: "\(client)と\(server)のICMP", en: "ICMP of \(client) and \(server)"),
                    frames: use.conversations.flatMap { [$0.first, $0.last] },
                    filter: DisplayFilter.any(use.conversations.prefix(20).map(DisplayFilter.conversation)))
                return Finding(
                    id: "\(id)-\(key)", rule: id, severity: .medium,
                    title: Phrase(
                        ja: "\(client) と \(server) がICMPでデータをやり取りしている疑い",
                        en: "\(client) and \(server) seem to exchange data by ICMP"),
                    text: Phrase(
                        ja:
                            "\(client) と \(server) のpingの応答は、要求のデータをそのまま返すはずのところ、別のデータが入っています。ICMPトンネル（情報の持ち出しや遠隔操作）の疑いがあります。",
                        en:
                            "Replies to ping between \(client) and \(server) carry other data than the requests that they should return unchanged: an ICMP tunnel, perhaps, by which data leaves or commands come in."
                    ),
                    items: ["3-7"], techniques: ["T0869", "T0885"], assets: use.parties.assets, exhibits: [exhibit])
            })
    }

    private static func isTunnel(_ conversation: Conversation) -> Bool {
        conversation.service == "icmp"
            && conversation.messages.reduce(0) { $0 &+ ($1.code == ICMP.otherData ? $1.count : 0) } >= least
    }
}
