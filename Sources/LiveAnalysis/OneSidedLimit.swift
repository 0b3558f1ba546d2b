import Model

/// Keeps conversations that nobody answered from filling the store: of one segment the first so many are written, the
/// others are counted until somebody answers.
struct OneSidedLimit {
    static let limit = 8192

    /// Places of those that are written though nobody answered.
    private var written: Set<Int> = []
    /// Places of those that are not.
    private var held: Set<Int> = []

    mutating func apply(to changes: inout SegmentChanges) {
        var conversations: [Conversation] = []
        var positions: [Int] = []
        for (conversation, position) in zip(changes.conversations, changes.positions) {
            if conversation.fromClient.frames > 0, conversation.fromServer.frames > 0 {
                held.remove(position)
            } else if !written.contains(position) {
                guard written.count < OneSidedLimit.limit else {
                    held.insert(position)
                    continue
                }
                written.insert(position)
            }
            conversations.append(conversation)
            positions.append(position)
        }
        changes.conversations = conversations
        changes.positions = positions
        if !held.isEmpty { changes.capture.limitsReached["one_sided"] = UInt64(held.count) }
    }
}
