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
                let (client, server) = (inventory.facts[pairs[index].client], inventory.facts[pairs[index].server])
                let toServer = conversations[index].fromClient.bytes
                let toClient = conversations[index].fromServer.bytes
                let (out, back) = client.isOutside ? (toClient, toServer) : (toServer, toClient)
                let service = conversations[index].service
                let isEncryptedWeb = service == "tls" || service == "quic"
                total.conversations += 1
                total.bytes &+= out &+ back
                if isEncryptedWeb {
                    total.encryptedWebConversations += 1
                    total.encryptedWebBytes &+= out &+ back
                } else if traits[position][index].contains(.cleartext) {
                    total.cleartextConversations += 1
                    total.cleartextBytes &+= out &+ back
                }
                sent.add(out, isEncryptedWeb)
                received.add(back, isEncryptedWeb)
                guard let inside = client.isOutside ? server.asset : client.asset else { continue }
                byHost[inside, default: OutsideTraffic.Host(asset: inventory.assets[inside].id)].add(
                    out, back, isEncryptedWeb)
            }
        }
        total.sent = sent
        total.received = received
        total.hosts = Array(
            byHost.values.sorted { ($1.both.bytes, $0.asset) < ($0.both.bytes, $1.asset) }.prefix(hosts))
        return total
    }
}

extension OutsideTraffic.Host {
    fileprivate mutating func add(_ out: UInt64, _ back: UInt64, _ isEncryptedWeb: Bool) {
        conversations += 1
        if isEncryptedWeb { encryptedWebConversations += 1 }
        sent.add(out, isEncryptedWeb)
        received.add(back, isEncryptedWeb)
    }
}

extension OutsideTraffic.Share {
    fileprivate mutating func add(_ count: UInt64, _ isEncryptedWeb: Bool) {
        bytes &+= count
        if isEncryptedWeb { encryptedWeb &+= count }
    }
}
