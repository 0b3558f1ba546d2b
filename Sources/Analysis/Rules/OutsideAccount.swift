import Model

/// Traffic between the plant and the outside, summed.
enum OutsideAccount {
    static func sum(_ results: [CaptureResult], _ traits: [[ConversationTraits]]) -> OutsideTraffic {
        var total = OutsideTraffic()
        for (result, traits) in zip(results, traits) {
            for (conversation, traits) in zip(result.conversations, traits) where traits.contains(.crossesBoundary) {
                let bytes = conversation.fromClient.bytes &+ conversation.fromServer.bytes
                total.conversations += 1
                total.bytes &+= bytes
                if conversation.service == "tls" || conversation.service == "quic" {
                    total.encryptedWebConversations += 1
                    total.encryptedWebBytes &+= bytes
                } else if traits.contains(.cleartext) {
                    total.cleartextConversations += 1
                    total.cleartextBytes &+= bytes
                }
            }
        }
        return total
    }
}
