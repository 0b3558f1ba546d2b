import Model

/// Checklist 3-7: data carried out in names that are asked for.
struct DNSTunnelRule: FindingRule {
    static let id = "dns-tunnel"
    /// Distinct long names under one domain.
    static let names = 20
    /// Characters before the domain from which a name is long.
    static let longName = 24

    var about: RuleDescription {
        RuleDescription(
            severity: "medium", items: ["3-7"], techniques: ["T0869"],
            takes:
                "one client asks for \(Self.names) different names under one domain, each with \(Self.longName) or more characters before it that read like no words",
            limits:
                "names asked inside encryption; services that look up files by their hash in DNS (some virus scanners) are known by name and left out, others are not"
        )
    }

    /// Virus scanners and lists of senders ask about hashes and addresses by name.
    private static let lookups = [
        "arpa", "mcafee.com", "sophosxl.net", "avast.com", "spamhaus.org", "barracudabrts.com", "senderbase.org",
        "trendmicro.com", "local",
    ]

    private struct Channel: Hashable {
        var client: IPAddress
        var domain: String
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        var channels: [Channel: (names: Set<String>, frames: [FrameRef], server: IPAddress?)] = [:]
        situation.eachObservation(of: "query") { observation, sighting in
            guard observation.source.hasPrefix("dns."), case .conversation(let key) = observation.subject else {
                return
            }
            // Most names are shorter than a long one with a domain behind it.
            guard observation.value.raw.utf8.count > Self.longName else { return }
            let name = observation.value.raw.lowercased()
            guard let (hidden, domain) = Self.split(name), hidden.count >= Self.longName, Self.looksCoded(hidden) else {
                return
            }
            // The client's port is not 53; where both are, nothing tells who asked.
            let client = key.aPort == 53 ? key.b : key.a
            let channel = Channel(client: client, domain: domain)
            channels[channel, default: ([], [], nil)].names.insert(hidden)
            channels[channel]?.frames.append(sighting.first)
            channels[channel]?.server = key.aPort == 53 ? key.a : key.b
        }
        let found = channels.filter { $0.value.names.count >= Self.names }
        return .of(
            found.sorted { ($0.key.client, $0.key.domain) < ($1.key.client, $1.key.domain) }.map { channel, use in
                let who = Party(Endpoint(mac: nil, ip: channel.client), situation)
                let domain = WireText(channel.domain).visible
                let exhibit = exhibits.add(
                    "\(id)-\(who.key)-\(domain)",
                    title: Phrase(ja: "\(domain)への多数の問い合わせ", en: "Queries under \(domain)"), frames: use.frames,
                    filter: DisplayFilter.address(channel.client) + " && dns.flags.response == 0")
                return Finding(
                    id: "\(id)-\(who.key)-\(domain)", rule: id, severity: .medium,
                    title: Phrase(
                        ja: "\(who.name) がDNSの名前でデータを送っている疑い（\(domain)）",
                        en: "\(who.name) seems to send data in DNS names (\(domain))"),
                    text: Phrase(
                        ja:
                            "\(who.name) が「\(domain)」の下の符号化されたような長い名前を\(use.names.count)種類以上問い合わせています。DNSトンネル（情報の持ち出しや遠隔操作）の典型的な形です。",
                        en:
                            "\(who.name) asks for \(use.names.count) or more different long names under “\(domain)” that look coded: the usual form of a DNS tunnel, by which data leaves or commands come in."
                    ),
                    items: ["3-7"], techniques: ["T0869"], assets: [who].assets, exhibits: [exhibit])
            })
    }

    /// What stands before the domain that somebody registered, and that domain.
    private static func split(_ name: String) -> (hidden: String, domain: String)? {
        let labels = name.split(separator: ".")
        guard labels.count >= 2, !lookups.contains(where: { name == $0 || name.hasSuffix(".\($0)") }) else {
            return nil
        }
        // No top-level domain is that long or has digits: the end of the name is data, too.
        if let last = labels.last, last.count > 24 || last.contains(where: \.isNumber) {
            return (labels.dropFirst().joined(), String(labels[0]))
        }
        // example.co.jp and the like: a country's second level belongs to the country.
        let isCountry = labels.count >= 3 && labels[labels.count - 1].count == 2 && labels[labels.count - 2].count <= 3
        let kept = isCountry ? 3 : 2
        guard labels.count > kept else { return nil }
        return (labels.dropLast(kept).joined(), labels.suffix(kept).joined(separator: "."))
    }

    /// Digits among the letters, or bytes that no host name has.
    private static func looksCoded(_ text: String) -> Bool {
        let digits = text.count { $0.isNumber }
        return digits * 12 >= text.count || text.contains { !$0.isASCII }
    }
}
