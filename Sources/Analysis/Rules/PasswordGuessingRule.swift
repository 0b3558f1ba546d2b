import Model

/// Checklist 3-7 and 2-10: login after login is refused.
struct PasswordGuessingRule: FindingRule {
    static let id = "password-guessing"
    /// Refused logins of one client at one server.
    static let refusals = 8
    /// Short connections to a login service whose answers are encrypted.
    static let connections = 8

    var about: RuleDescription {
        RuleDescription(
            severity: "medium", items: ["3-7", "2-10"], techniques: ["T0859"],
            takes:
                "one client has \(Self.refusals) logins refused by one server (FTP, Telnet, VNC, MELSOFT, mail and others that say so), or opens \(Self.connections) short SSH connections to it within minutes",
            limits:
                "a program with an old password looks alike; refusals inside encryption do not show, except by the rhythm of SSH connections"
        )
    }

    private struct Pair: Hashable {
        var client: String
        var server: String
    }
    private struct Guess {
        var client: Party
        var server: Party
        var refused: UInt64 = 0
        var short: [Conversation] = []
        var services: Set<String> = []
        var frames: [FrameRef] = []
        var conversations: [Conversation] = []
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        var refused: [ConversationKey: (count: UInt64, frames: [FrameRef])] = [:]
        for attribute in [Attribute.authentication, .cleartextCredential] {
            situation.eachObservation(of: attribute) { observation, sighting in
                guard case .conversation(let key) = observation.subject, Self.isRefusal(observation) else { return }
                refused[key, default: (0, [])].count &+= sighting.count
                refused[key]?.frames += [sighting.first, sighting.last]
            }
        }
        var guesses: [Pair: Guess] = [:]
        situation.eachConversation(.unicast) { conversation in
            let isShort = conversation.service == "ssh" && Self.isShort(conversation)
            guard isShort || !refused.isEmpty else { return }
            let refusal = refused.removeValue(forKey: conversation.key)
            guard refusal != nil || isShort else { return }
            let client = Party(conversation.client, situation)
            let server = Party(conversation.server, situation)
            let pair = Pair(client: client.key, server: server.key)
            var guess = guesses[pair] ?? Guess(client: client, server: server)
            guess.refused &+= refusal?.count ?? 0
            if let service = conversation.service { guess.services.insert(service) }
            guess.frames += refusal?.frames ?? [conversation.first]
            if isShort { guess.short.append(conversation) }
            if guess.conversations.count < 20 { guess.conversations.append(conversation) }
            guesses[pair] = guess
        }
        let found = guesses.values.filter { $0.refused >= UInt64(Self.refusals) || Self.isBurst($0.short) }
        return .of(
            found.sorted { ($0.client.key, $0.server.key) < ($1.client.key, $1.server.key) }.map { guess in
                let exhibit = exhibits.add(
                    "\(id)-\(guess.client.key)-\(guess.server.key)",
                    title: Phrase(ja: "\(guess.server.name)へのログインの試行", en: "Logins tried at \(guess.server.name)"),
                    frames: guess.frames,
                    filter: DisplayFilter.any(of: guess.conversations))
                let service = guess.services.sorted().map(Wording.service).joined(separator: ", ")
                let times = max(Int(clamping: guess.refused), guess.short.count)
                return Finding(
                    id: "\(id)-\(guess.client.key)-\(guess.server.key)", rule: id, severity: .medium,
                    title: Phrase(
                        ja: "\(guess.server.name) へのログインの総当たり（\(service)）",
                        en: "Password guessing at \(guess.server.name) (\(service))"),
                    text: Phrase(
                        ja:
                            "\(guess.client.name) が \(guess.server.name) へ\(service)で\(times)回ログインを試み、続けて拒否されています。パスワードの推測か、古い設定のままのプログラムかを確認してください。",
                        en:
                            "\(guess.client.name) tried to log in at \(guess.server.name) by \(service) \(Wording.times(times)) and was refused again and again. Find out whether somebody guesses passwords or a program holds an old one."
                    ),
                    items: ["3-7", "2-10"], techniques: ["T0859"], assets: [guess.client, guess.server].assets,
                    exhibits: [exhibit])
            })
    }

    /// A refused password. A server's refusal of a kind of login, or a switch port's, is no guess.
    private static func isRefusal(_ observation: Observation) -> Bool {
        let source = observation.source
        if observation.attribute == .authentication {
            return observation.value.raw == "rejected" && !source.hasPrefix("radius.") && !source.hasPrefix("rdp.")
                && !source.hasPrefix("http") && !source.hasPrefix("eap")
        }
        // Telnet does not say refused; who is asked for the password again was.
        return observation.attribute == .cleartextCredential && source.hasPrefix("telnet.")
    }

    /// As much as greeting, keys and a few refusals take.
    private static func isShort(_ conversation: Conversation) -> Bool {
        conversation.fromClient.payload > 0 && conversation.fromServer.payload > 0
            && conversation.fromServer.payload < 8_000 && conversation.fromClient.payload < 8_000
            && conversation.openingSeen
    }

    /// Many within a time in which no timer would start that many.
    private static func isBurst(_ conversations: [Conversation]) -> Bool {
        let starts = conversations.map(\.first.time).sorted()
        guard starts.count >= connections else { return false }
        return starts.indices.dropFirst(connections - 1).contains { index in
            starts[index].elapsed(since: starts[index - connections + 1]) < 120_000_000_000
        }
    }
}
