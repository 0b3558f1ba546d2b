import Model

/// Wireshark display filters.
enum DisplayFilter {
    static func conversation(_ conversation: Conversation) -> String {
        guard let a = conversation.client.ip, let b = conversation.server.ip else {
            let macs = [conversation.client.mac, conversation.server.mac].compactMap { $0 }.map { "eth.addr == \($0)" }
            return macs.joined(separator: " && ")
        }
        var parts = [address(a), address(b)]
        switch conversation.key.transport {
        case .tcp: parts.append("tcp.port == \(conversation.serverPort)")
        case .udp: parts.append("udp.port == \(conversation.serverPort)")
        case .ip: parts.append("ip.proto == \(conversation.key.code)")
        case .ethernet: break
        }
        return parts.joined(separator: " && ")
    }

    /// All traffic of a session's service between its two ends.
    static func session(_ session: RemoteSession) -> String {
        var parts = [session.client.ip, session.server.ip].compactMap { $0.map(address) }
        if session.serverPort != 0 {
            parts.append("(tcp.port == \(session.serverPort) || udp.port == \(session.serverPort))")
        }
        return parts.joined(separator: " && ")
    }

    /// Everything from or to an address.
    static func address(_ address: IPAddress) -> String { "\(address.isV4 ? "ip" : "ipv6").addr == \(address)" }

    /// These frames, by number; as many as a filter line bears.
    static func frames(_ frames: [FrameRef]) -> String {
        let numbers = Set(frames.map(\.number)).sorted().prefix(Exhibit.frameLimit)
        return numbers.isEmpty ? "frame" : "frame.number in {\(numbers.map(String.init).joined(separator: ", "))}"
    }

    private struct Talk: Hashable {
        var client: Endpoint
        var server: Endpoint
        var carrier: Transport
        var code: UInt16
        var port: UInt16
    }

    /// All of these conversations, as far as a filter line bears them.
    static func any(of conversations: [Conversation]) -> String {
        // Thousands that one filter shows are written once.
        var seen: Set<Talk> = []
        var filters: [String] = []
        for conversation in conversations {
            let talk = Talk(
                client: conversation.client, server: conversation.server, carrier: conversation.key.transport,
                code: conversation.key.code, port: conversation.serverPort)
            guard seen.insert(talk).inserted else { continue }
            filters.append(DisplayFilter.conversation(conversation))
            // Two ends may come with several MACs or VLANs.
            if filters.count == 100 { break }
        }
        return any(filters)
    }

    static func any(_ filters: [String]) -> String {
        var unique: [String] = []
        for filter in filters where !unique.contains(filter) {
            unique.append(filter)
            if unique.count == 20 { break }
        }
        return unique.count == 1 ? unique[0] : unique.map { "(\($0))" }.joined(separator: " || ")
    }
}
