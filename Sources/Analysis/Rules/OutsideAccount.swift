import Model

/// Traffic between the plant and the outside, summed.
enum OutsideAccount {
    /// Assets of which the share is told.
    private static let hosts = 200

    static func sum(
        _ results: [CaptureResult], _ traits: [[ConversationTraits]], _ inventory: InventoryBuilder
    ) -> OutsideTraffic {
        var total = OutsideTraffic()
        var sent = OutsideTraffic.Share()
        var received = OutsideTraffic.Share()
        var byHost: [Int: OutsideTraffic.Host] = [:]
        for (position, result) in results.enumerated() {
            let conversations = result.conversations.span
            let pairs = inventory.ends.pairs[position]
            for index in conversations.indices where traits[position][index].contains(.crossesBoundary) {
                let fromClient = conversations[index].fromClient.bytes
                let fromServer = conversations[index].fromServer.bytes
                let client = inventory.facts[pairs[index].client]
                let out = client.isOutside ? fromServer : fromClient
                let back = client.isOutside ? fromClient : fromServer
                let bytes = out &+ back
                let service = conversations[index].service
                let isEncryptedWeb = service == "tls" || service == "quic"
                total.conversations += 1
                total.bytes &+= bytes
                if isEncryptedWeb {
                    total.encryptedWebConversations += 1
                    total.encryptedWebBytes &+= bytes
                } else if traits[position][index].contains(.cleartext) {
                    total.cleartextConversations += 1
                    total.cleartextBytes &+= bytes
                }
                sent.add(out, isEncryptedWeb)
                received.add(back, isEncryptedWeb)
                let inside = client.isOutside ? inventory.facts[pairs[index].server] : client
                guard let asset = inside.asset else { continue }
                var host = byHost[asset] ?? OutsideTraffic.Host(asset: inventory.assets[asset].id)
                host.conversations += 1
                if isEncryptedWeb { host.encryptedWebConversations += 1 }
                host.sent.add(out, isEncryptedWeb)
                host.received.add(back, isEncryptedWeb)
                byHost[asset] = host
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
