import Model

/// A conversation that goes on in the next capture of a ring has its opening in the one before: who opened it and which
/// protocol it is are known there only.
enum ConversationThreads {
    /// Silence after which ports may be used anew, in nanoseconds.
    private static let pause: Int64 = 30 * 60 * 1_000_000_000

    private struct Thread {
        var service: String?
        var client: Endpoint
        var clientPort: UInt16
        var last: Timestamp
    }

    /// The same captures, with what an earlier one knows told to the later. They come in the order of their times.
    static func join(_ results: [CaptureResult]) -> [CaptureResult] {
        guard results.count > 1 else { return results }
        var results = results
        var threads: [ConversationKey: Thread] = [:]
        for result in results.indices {
            let conversations = results[result].conversations
            for (index, conversation) in conversations.enumerated()
            where conversation.key.transport == .tcp || conversation.key.transport == .udp {
                if !conversation.openingSeen, let thread = threads[conversation.key],
                    conversation.first.time.elapsed(since: thread.last) <= pause
                {
                    results[result].conversations[index].goOn(
                        as: thread.service, client: thread.client, clientPort: thread.clientPort)
                }
                let known = results[result].conversations[index]
                if known.service != nil || known.openingSeen {
                    threads[known.key] = Thread(
                        service: known.service, client: known.client, clientPort: known.clientPort,
                        last: known.last.time)
                }
            }
        }
        return results
    }
}

extension Conversation {
    /// Takes over what its beginning told.
    fileprivate mutating func goOn(as service: String?, client: Endpoint, clientPort: UInt16) {
        if self.service == nil { self.service = service }
        guard self.client.ip != client.ip || self.clientPort != clientPort else { return }
        swap(&self.client, &server)
        swap(&self.clientPort, &serverPort)
        swap(&fromClient, &fromServer)
        swap(&clientTCPFlags, &serverTCPFlags)
        swap(&clientTTL, &serverTTL)
        for index in messages.indices { messages[index].fromClient.toggle() }
    }
}
