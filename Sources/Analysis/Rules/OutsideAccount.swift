import Model

/// Traffic between the plant and the outside, summed.
enum OutsideAccount {
    static func crosses(_ conversation: Conversation, _ knowledge: Knowledge) -> Bool {
        guard let a = conversation.client.ip, let b = conversation.server.ip, conversation.isUnicastIP else {
            return false
        }
        return knowledge.isOutside(a) != knowledge.isOutside(b)
    }

    /// Assets of which the share is told.
    private static let hosts = 200

    static func sum(
        _ results: [CaptureResult], _ knowledge: Knowledge, asset: (Endpoint) -> String? = { _ in nil }
    ) -> OutsideTraffic {
        var total = OutsideTraffic()
        var sent = OutsideTraffic.Share()
        var received = OutsideTraffic.Share()
        var byHost: [String: OutsideTraffic.Host] = [:]
        for result in results {
            for conversation in result.conversations where crosses(conversation, knowledge) {
                let isFromInside = conversation.client.ip.map { !knowledge.isOutside($0) } ?? true
                let out = isFromInside ? conversation.fromClient.bytes : conversation.fromServer.bytes
                let back = isFromInside ? conversation.fromServer.bytes : conversation.fromClient.bytes
                let bytes = out &+ back
                let isEncryptedWeb = conversation.service == "tls" || conversation.service == "quic"
                total.conversations += 1
                total.bytes &+= bytes
                if isEncryptedWeb {
                    total.encryptedWebConversations += 1
                    total.encryptedWebBytes &+= bytes
                } else if ServiceKind.isCleartext(conversation.service) {
                    total.cleartextConversations += 1
                    total.cleartextBytes &+= bytes
                }
                sent.add(out, isEncryptedWeb)
                received.add(back, isEncryptedWeb)
                guard let inside = asset(isFromInside ? conversation.client : conversation.server) else { continue }
                var host = byHost[inside] ?? OutsideTraffic.Host(asset: inside)
                host.conversations += 1
                if isEncryptedWeb { host.encryptedWebConversations += 1 }
                host.sent.add(out, isEncryptedWeb)
                host.received.add(back, isEncryptedWeb)
                byHost[inside] = host
            }
        }
        total.sent = sent
        total.received = received
        total.hosts = Array(
            byHost.values.sorted { ($1.both.bytes, $0.asset) < ($0.both.bytes, $1.asset) }.prefix(hosts))
        return total
    }
}

extension OutsideTraffic.Share {
    fileprivate mutating func add(_ count: UInt64, _ isEncryptedWeb: Bool) {
        bytes &+= count
        if isEncryptedWeb { encryptedWeb &+= count }
    }
}
