import Model

/// What an asset does in its conversations, as far as that tells what it is there for.
struct Behaviour {
    /// What it asks of one industrial device.
    private struct Target {
        var services: Set<String> = []
        var effects: Set<MessageEffect> = []
        /// Requests that read or write process values.
        var polls: UInt64 = 0
    }

    /// A remote session that it took part in.
    private struct Session {
        var peer: IPAddress
        var seen: Seen
    }

    private var targets: [IPAddress: Target] = [:]
    /// TCP ports on which it answered requests.
    private var answeredPorts: Set<UInt16> = []
    /// Services that it answered, with how many asked.
    private var clients: [(service: String, peers: Set<IPAddress>)] = []
    private var sessionsIn: [Session] = []
    private var sessionsOut: [Session] = []

    /// Enough to judge by; more peers than these change nothing.
    private static let limit = 256

    mutating func asks(_ conversation: Conversation) {
        guard conversation.isUnicastIP, let peer = conversation.server.ip, conversation.fromServer.frames > 0 else {
            return
        }
        if ServiceKind.isIndustrial(conversation.service), let service = conversation.service {
            guard targets[peer] != nil || targets.count < Behaviour.limit else { return }
            var target = targets[peer] ?? Target()
            target.services.insert(service)
            for message in conversation.messages where message.fromClient {
                target.effects.insert(message.effect)
                if message.effect == .read || message.effect == .write { target.polls &+= message.count }
            }
            targets[peer] = target
        }
        if Behaviour.isInteractive(conversation), sessionsOut.count < Behaviour.limit {
            sessionsOut.append(Session(peer: peer, seen: Behaviour.span(conversation)))
        }
    }

    mutating func answers(_ conversation: Conversation) {
        guard conversation.isUnicastIP, let peer = conversation.client.ip else { return }
        if Behaviour.isInteractive(conversation), sessionsIn.count < Behaviour.limit {
            sessionsIn.append(Session(peer: peer, seen: Behaviour.span(conversation)))
        }
        if let service = conversation.service, conversation.fromServer.payload > 0 {
            // A host answers by few protocols: looking through them is faster than hashing their names.
            if let place = clients.firstIndex(where: { $0.service == service }) {
                if clients[place].peers.count < Behaviour.limit { clients[place].peers.insert(peer) }
            } else if clients.count < Behaviour.limit {
                clients.append((service, [peer]))
            }
        }
        // Both ends sent data after a handshake, or the side is sure because the opening was seen.
        if conversation.key.transport == .tcp, conversation.openingSeen, conversation.serverTCPFlags & 0x12 == 0x12,
            conversation.fromClient.payload > 0
        {
            answeredPorts.insert(conversation.serverPort)
        }
    }

    private static func isInteractive(_ conversation: Conversation) -> Bool {
        guard ServiceKind.isRemoteAccess(conversation.service) else { return false }
        return conversation.fromClient.payload > 0 && conversation.fromServer.payload > 0
    }

    private static func span(_ conversation: Conversation) -> Seen {
        Seen(first: conversation.first, last: conversation.last)
    }

    // MARK: What follows from it

    func vote(_ votes: inout RoleVotes, _ asset: Asset) {
        voteAsIndustrialClient(&votes, asset)
        voteByPorts(&votes)
        voteAsServer(&votes)
        voteAsJumpHost(&votes)
        voteAsOfficeHost(&votes, asset)
    }

    /// BACnet devices ask and answer each other; other protocols have sides.
    private static func isDevice(_ asset: Asset) -> Bool {
        asset.services.contains { ServiceKind.isIndustrial($0) && !($0 == "bacnet" && asset.uses.contains($0)) }
    }

    private func voteAsIndustrialClient(_ votes: inout RoleVotes, _ asset: Asset) {
        let isDevice = Behaviour.isDevice(asset)
        if isDevice {
            for service in asset.services where ServiceKind.isIndustrial(service) {
                votes.add(.plc, .low, "answers \(service)")
            }
        }
        guard !targets.isEmpty else {
            if !isDevice {
                for service in asset.uses where ServiceKind.isIndustrial(service) && ServiceKind.isAsked(service) {
                    votes.add(.hmi, .low, "asks by \(service)")
                }
            }
            return
        }
        // A controller may poll its neighbours; that makes it no operator's station.
        let most: Confidence = isDevice ? .low : .medium
        let services = targets.values.reduce(into: Set<String>()) { $0.formUnion($1.services) }
        let effects = targets.values.reduce(into: Set<MessageEffect>()) { $0.formUnion($1.effects) }
        let identified = targets.values.filter { $0.effects.contains(.identity) }.count
        let polled = targets.values.filter { $0.polls > 0 }.count
        if !effects.isDisjoint(with: [.upload, .download, .firmware]) {
            votes.add(.engineeringStation, most, "reads or writes programs")
        }
        if effects.contains(.control) { votes.add(.engineeringStation, .low, "starts or stops controllers") }
        let browses = identified >= 2 && identified * 2 >= targets.count && services.count >= 2
        if browses { votes.add(.engineeringStation, most, "identifies \(identified) devices") }
        if polled >= 3, !browses { votes.add(.scada, most, "polls \(polled) devices") }
        let writes = effects.contains(.write)
        if services.isSubset(of: ["opcua"]), !writes {
            votes.add(.historian, .low, "collects by opcua, writes nothing")
        }
        if polled >= 1 {
            votes.add(.hmi, polled <= 2 && writes ? most : .low, "polls \(polled) devices")
        } else if !browses {
            votes.add(.hmi, .low, "asks by \(services.sorted().joined(separator: ", "))")
        }
    }

    /// Ports that are registered for one purpose, for protocols whose content was not read.
    private func voteByPorts(_ votes: inout RoleVotes) {
        for port in answeredPorts.sorted() {
            switch port {
            case 515, 631, 9100: votes.add(.printer, .medium, "answers on the printing port \(port)")
            case 554, 8554: votes.add(.camera, .medium, "answers on the streaming port \(port)")
            case 1433, 1521, 3306, 5432: votes.add(.server, .low, "answers on the database port \(port)")
            case 5450: votes.add(.historian, .medium, "answers on the historian port \(port)")
            case 2049: votes.add(.fileServer, .medium, "answers on the file service port \(port)")
            default: break
            }
        }
        if answeredPorts.isSuperset(of: [88, 389]) {
            votes.add(.domainController, .medium, "answers on ports 88 and 389")
        }
    }

    private func voteAsServer(_ votes: inout RoleVotes) {
        func asked(_ service: String) -> Int { clients.first { $0.service == service }?.peers.count ?? 0 }
        if asked("smb") > 0 {
            votes.add(.fileServer, asked("smb") >= 3 ? .medium : .low, "serves files to \(asked("smb")) hosts")
        }
        if asked("dns") > 0, asked("kerberos") + asked("ldap") > 0 {
            votes.add(.domainController, .high, "answers dns and kerberos or ldap")
        }
        if asked("dns") > 0 { votes.add(.dnsServer, .medium, "answers dns") }
        if asked("ntp") > 0 { votes.add(.timeServer, .low, "answers ntp") }
        for service in ["lpd", "ipp", "jetdirect"] where asked(service) > 0 {
            votes.add(.printer, .medium, "answers \(service)")
        }
        if asked("rtsp") > 0 { votes.add(.camera, .medium, "answers rtsp") }
        if ["http", "tls", "ssh", "wsus"].contains(where: { asked($0) > 0 }) {
            votes.add(.server, .low, "answers web or shell")
        }
    }

    /// A step further within this time after being reached counts as one way, in nanoseconds.
    private static let pause: Int64 = 10 * 60 * 1_000_000_000

    /// Reached by a remote session, and from there on to other hosts by sessions of its own.
    private func voteAsJumpHost(_ votes: inout RoleVotes) {
        var during: Set<IPAddress> = []
        var after: Set<IPAddress> = []
        for out in sessionsOut {
            for into in sessionsIn where into.peer != out.peer && into.seen.first.time <= out.seen.first.time {
                let late = out.seen.first.time.elapsed(since: into.seen.last.time)
                if late <= 0 { during.insert(out.peer) }
                if late <= Behaviour.pause { after.insert(out.peer) }
            }
        }
        if !during.isEmpty {
            votes.add(.jumpHost, .medium, "goes on to another host during a remote session")
        } else if after.count >= 2 {
            votes.add(.jumpHost, .medium, "goes on to \(after.count) hosts right after a remote session")
        } else if !after.isEmpty {
            votes.add(.jumpHost, .low, "goes on to another host right after a remote session")
        }
    }

    /// Telephones and tablets make up an address for each wireless network; machine emulators and containers keep to
    /// these blocks.
    private static func isRandomised(_ mac: MACAddress) -> Bool {
        mac.isLocallyAdministered && mac.oui != 0x525400 && mac.bits >> 32 != 0x0242
    }

    /// What a person at a desk uses. Announcing oneself to the Windows neighbourhood is no such use: servers do it too.
    private func voteAsOfficeHost(_ votes: inout RoleVotes, _ asset: Asset) {
        guard targets.isEmpty, !Behaviour.isDevice(asset) else { return }
        let kinds: [(name: String, services: Set<String>)] = [
            ("web", ["http", "tls", "quic", "wsus"]), ("mail", ["smtp", "pop3", "imap"]), ("files", ["smb"]),
            ("directory", ["ldap", "kerberos"]), ("printing", ["ipp", "lpd", "jetdirect"]),
        ]
        let used = kinds.filter { !$0.services.isDisjoint(with: asset.uses) }.map(\.name)
        guard !used.isEmpty else { return }
        votes.add(.workstation, used.count >= 2 ? .medium : .low, "uses \(used.joined(separator: ", "))")
        if asset.uses.contains("mdns") || used.contains("web"), !asset.macs.isEmpty,
            asset.macs.allSatisfy(Behaviour.isRandomised)
        {
            votes.add(.mobile, .low, "has a randomised address")
        }
    }
}
