import Model

/// Findings about sessions that the declaration does not cover, one for each party that came in.
enum RemoteDeviation {
    static func findings(
        _ rule: String, _ kind: RemoteSession.Permission, _ situation: Situation, _ exhibits: inout ExhibitBook,
        words: (_ who: String, _ hosts: String) -> (title: Phrase, text: Phrase)
    ) -> [Finding] {
        let ways = situation.ways
        let places = Dictionary(
            ways.sessions.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { first, _ in first })
        var byUser: [String: [RemoteSession]] = [:]
        for session in ways.sessions where session.permission == kind && session.isEstablished {
            let origin = session.way?.first.flatMap { places[$0] }.map { ways.sessions[$0] } ?? session
            let end = origin.origin == .outbound ? origin.server : origin.client
            let who = ways.vendors[session.id] ?? end.ip.map(\.description) ?? "?"
            byUser[who, default: []].append(session)
        }
        return byUser.sorted { $0.key < $1.key }.map { who, sessions in
            let parties = sessions.map { Party($0.origin == .outbound ? $0.client : $0.server, situation) }
            let name = WireText(who).visible
            let exhibit = exhibits.add(
                "\(rule)-\(name)", title: Phrase(ja: "\(name)のリモート接続", en: "Remote access by \(name)"),
                frames: sessions.flatMap { [$0.seen.first, $0.seen.last] },
                filter: DisplayFilter.any(sessions.map(DisplayFilter.session)))
            let (title, text) = words(name, parties.names())
            return Finding(
                id: "\(rule)-\(name)", rule: rule, severity: sessions.contains(where: \.reachesOT) ? .high : .medium,
                title: title, text: text, items: ["3-6"], techniques: ["T0822"], assets: parties.assets,
                exhibits: [exhibit])
        }
    }
}
