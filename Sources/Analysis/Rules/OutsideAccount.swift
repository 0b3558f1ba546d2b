import Model

/// Traffic between the plant and the outside, summed.
enum OutsideAccount {
    static func crosses(_ conversation: Conversation, _ knowledge: Knowledge) -> Bool {
        guard let a = conversation.client.ip, let b = conversation.server.ip, conversation.isUnicastIP else {
            return false
        }
        return knowledge.isOutside(a) != knowledge.isOutside(b)
    }

    static func sum(_ results: [CaptureResult], _ knowledge: Knowledge) -> OutsideTraffic {
        var total = OutsideTraffic()
        for result in results {
            for conversation in result.conversations where crosses(conversation, knowledge) {
                let bytes = conversation.fromClient.bytes &+ conversation.fromServer.bytes
                total.conversations += 1
                total.bytes &+= bytes
                if conversation.service == "tls" || conversation.service == "quic" {
                    total.encryptedWebConversations += 1
                    total.encryptedWebBytes &+= bytes
                } else if ServiceKind.isCleartext(conversation.service) {
                    total.cleartextConversations += 1
                    total.cleartextBytes &+= bytes
                }
            }
        }
        return total
    }
}
