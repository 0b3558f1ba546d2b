import Model

/// How the network bears its traffic.
enum HealthAccount {
    static func sum(_ situation: Situation) -> NetworkHealth {
        var health = NetworkHealth()
        situation.eachConversation { conversation in
            let frames = conversation.fromClient.frames &+ conversation.fromServer.frames
            let bytes = conversation.fromClient.bytes &+ conversation.fromServer.bytes
            health.frames &+= frames
            health.bytes &+= bytes
            guard conversation.client.mac?.isMulticast == true || conversation.server.mac?.isMulticast == true else {
                return
            }
            health.groupFrames &+= frames
            health.groupBytes &+= bytes
        }
        health.duplicateAddresses = situation.inventory.addressConflicts.prefix(100).map(\.ip.description)
        let seconds = situation.coverage.seconds
        if seconds > 0 { health.meanBitsPerSecond = Double(health.bytes) * 8 / seconds }
        return health
    }
}
