import Model

/// Checklist 3-6: remote access whose encryption or login is out of date.
struct WeakRemoteRule: FindingRule {
    static let id = "weak-remote-access"

    var about: RuleDescription {
        RuleDescription(
            severity: "medium from outside, else low", items: ["3-6", "3-2"], techniques: ["T0822", "T0859"],
            takes:
                "an answered remote session uses remote desktop without network level authentication or with its own encryption, VNC without a password, SSH 1, SSL or TLS before 1.2, IKE version 1 in aggressive mode, X11 without authorization, or IPMI cipher suite 0",
            limits: "what is agreed inside encryption; cleartext passwords have a rule of their own")
    }

    private struct Way: Hashable {
        var a: IPAddress
        var b: IPAddress
        var port: UInt16
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        var sessions: [Way: RemoteSession] = [:]
        for session in situation.sessions where session.isEstablished {
            guard let client = session.client.ip, let server = session.server.ip else { continue }
            sessions[Way(a: min(client, server), b: max(client, server), port: session.serverPort)] = session
        }
        guard !sessions.isEmpty else { return .meets }
        var servers: [IPAddress: Set<String>] = [:]
        var ways: [Way: (words: Set<String>, frames: [FrameRef])] = [:]
        let read = { (observation: Observation, sighting: Sighting) in
            guard let word = Self.weakness(observation) else { return }
            switch observation.subject {
            case .conversation(let key):
                for port in [key.aPort, key.bPort] {
                    let way = Way(a: min(key.a, key.b), b: max(key.a, key.b), port: port)
                    guard sessions[way] != nil else { continue }
                    ways[way, default: ([], [])].words.insert(word)
                    ways[way]?.frames.append(sighting.first)
                    break
                }
            case .endpoint(let end):
                if let ip = end.ip { servers[ip, default: []].insert("\(observation.source) \(word)") }
            default: break
            }
        }
        situation.eachObservation(of: .security, read)
        situation.eachObservation(of: .version, read)
        // Versions are told of the server; they count for a session of that protocol.
        for (way, session) in sessions {
            guard let ip = session.server.ip else { continue }
            for said in servers[ip] ?? [] {
                guard let blank = said.firstIndex(of: " "), said[..<blank].hasPrefix("\(session.service).") else {
                    continue
                }
                ways[way, default: ([], [])].words.insert(String(said[said.index(after: blank)...]))
                ways[way]?.frames.append(session.seen.first)
            }
        }
        var byServer:
            [String: (
                server: Party, clients: [Party], words: Set<String>, frames: [FrameRef], filters: [String],
                isOutside: Bool
            )] = [:]
        for (way, found) in ways {
            guard let session = sessions[way] else { continue }
            let server = Party(session.server, situation)
            var account = byServer[server.key] ?? (server, [], [], [], [], false)
            account.clients.append(Party(session.client, situation))
            account.words.formUnion(found.words)
            account.frames += found.frames
            account.filters.append(DisplayFilter.session(session))
            if session.origin == .outside { account.isOutside = true }
            byServer[server.key] = account
        }
        return .of(
            byServer.sorted { $0.key < $1.key }.map { key, account in
                let words = account.words.sorted().prefix(4).joined(separator: ", ")
                let clients = account.clients.sorted { $0.key < $1.key }
                let exhibit = exhibits.add(
                    "\(id)-\(key)",
                    title: Phrase(ja: "\(account.server.name)への接続の開始", en: "Sessions at \(account.server.name)"),
                    frames: account.frames, filter: DisplayFilter.any(account.filters.sorted()))
                return Finding(
                    id: "\(id)-\(key)", rule: id, severity: account.isOutside ? .medium : .low,
                    title: Phrase(
                        ja: "\(account.server.name) へのリモート接続の保護が古い（\(words)）",
                        en: "Remote access to \(account.server.name) is protected in an outdated way (\(words))"),
                    text: Phrase(
                        ja:
                            "\(clients.names()) から \(account.server.name) へのリモート接続が、弱点の知られた方式（\(words)）を使っています。新しい方式だけを受け付けるように設定してください。",
                        en:
                            "Remote access from \(clients.names()) to \(account.server.name) uses what has known weaknesses (\(words)). Let the server accept newer ways only."
                    ),
                    items: ["3-6", "3-2"], techniques: ["T0822", "T0859"],
                    assets: ([account.server] + clients).assets, exhibits: [exhibit])
            })
    }

    /// What is weak about what a protocol agreed; nil when nothing is.
    private static func weakness(_ observation: Observation) -> String? {
        let value = observation.value.raw
        switch (observation.attribute, observation.source) {
        case (.security, "rdp.selected_protocol"):
            return value == "RDP" ? "RDP encryption" : value == "TLS" ? "RDP without NLA" : nil
        case (.security, "rdp.encryption_level"):
            return ["RDP encryption none", "RDP encryption low", "RDP encryption client compatible"].contains(value)
                ? value : nil
        case (.security, "vnc.chosen_security_type"): return value == "VNC None" ? "VNC without password" : nil
        case (.security, "ike.exchange"): return value
        case (.security, "x11.authorization_protocol"): return value == "X11 without authorization" ? value : nil
        case (.security, "ipmi.authentication_algorithm"): return value
        case (.version, "ssh.protocol"):
            return value.hasPrefix("SSH-1.") && !value.hasPrefix("SSH-1.99") ? "SSH 1" : nil
        case (.version, let source) where source.hasSuffix(".version"):
            return OldProtocolRule.oldTLS.contains(value) ? value : nil
        default: return nil
        }
    }
}
