package import Model

/// One direction of a TCP stream being put in order for a dissector: what is unread, and what came too early.
package struct StreamDirection: Sendable {
    /// Unread bytes kept while a dissector waits for more.
    package static let pendingLimit = 256 << 10
    /// Bytes and segments kept ahead of a hole before it is given up as lost.
    package static let aheadLimit = 128 << 10
    package static let aheadSegments = 64

    package struct Early: Sendable {
        package var sequence: UInt32
        package var bytes: [UInt8]
        package var frame: FrameRef
        /// Payload bytes that the snap length cut from the end.
        package var missing: Int
    }

    package var isStarted = false
    /// True when the SYN was seen, so the first byte is the stream's first.
    package var isFromStart = false
    package var isDone = false
    /// The next delivery follows a hole.
    package var afterGap = false
    package var next: UInt32 = 0
    /// In-order bytes not yet consumed.
    package var pending: [UInt8] = []
    /// How many bytes the dissector asked for before it is called again.
    package var wanted = 0
    /// How often a dissector asked for more since it last used any.
    package var stalls: UInt8 = 0
    /// Bytes that the dissector said to pass over unread.
    package var skip = 0
    package var early: [Early] = []
    package var earlyBytes = 0

    package init() {}

    /// Where a segment stands against what was read: bytes to drop from its front because they were seen, nil when it is
    /// wholly old, negative never; `ahead` when there is a hole before it.
    package enum Place: Sendable, Equatable {
        case inOrder(overlap: Int)
        case old
        case ahead
    }

    // Of the two numbers alone: a call on the whole value would count references to its buffers for every segment.
    package static func place(_ sequence: UInt32, count: Int, next: UInt32) -> Place {
        let distance = Int(Int32(bitPattern: sequence &- next))
        if distance > 0 { return .ahead }
        let overlap = -distance
        return overlap >= count ? .old : .inOrder(overlap: overlap)
    }

    /// Notes that the dissector, having `count` unread bytes, asked for `wanted`. One that keeps asking for a little more
    /// is called again only when the bytes have grown by a sixteenth, so that tiny segments cost no more than long ones.
    package mutating func wait(for wanted: Int, having count: Int) {
        let patience = stalls < 16 ? 0 : count >> 4
        if stalls < .max { stalls &+= 1 }
        self.wanted = min(max(wanted, count &+ 1 &+ patience), max(wanted, StreamDirection.pendingLimit))
    }

    /// Keeps an early segment; answers true when the hole before it must be given up.
    package mutating func keep(_ payload: RawSpan, sequence: UInt32, frame: FrameRef, missing: Int) -> Bool {
        if early.contains(where: { $0.sequence == sequence && $0.bytes.count >= payload.byteCount }) { return false }
        let bytes = payload.bytes(limit: StreamDirection.aheadLimit)
        earlyBytes &+= bytes.count
        early.append(Early(sequence: sequence, bytes: bytes, frame: frame, missing: missing))
        return earlyBytes > StreamDirection.aheadLimit || early.count > StreamDirection.aheadSegments
    }

    /// Takes the earliest kept segment that now fits; old ones are dropped on the way.
    package mutating func takeReady() -> Early? {
        var index = 0
        while index < early.count {
            switch StreamDirection.place(early[index].sequence, count: early[index].bytes.count, next: next) {
            case .old: earlyBytes &-= early.remove(at: index).bytes.count
            case .inOrder:
                let segment = early.remove(at: index)
                earlyBytes &-= segment.bytes.count
                return segment
            case .ahead: index &+= 1
            }
        }
        return nil
    }

    /// Gives up the hole before the earliest kept segment.
    package mutating func passHole() {
        var nearest: UInt32?
        for segment in early {
            let distance = segment.sequence &- next
            if nearest.map({ distance < $0 }) ?? true { nearest = distance }
        }
        guard let nearest else { return }
        lose(Int(nearest))
    }

    /// `count` bytes are lost: what was unread is worthless.
    package mutating func lose(_ count: Int) {
        next = next &+ UInt32(truncatingIfNeeded: count)
        pending.removeAll(keepingCapacity: false)
        wanted = 0
        if skip >= count {
            skip &-= count
        } else {
            skip = 0
            afterGap = true
        }
    }

    /// Frees everything; nothing more will be delivered.
    package mutating func close() {
        isDone = true
        pending = []
        early = []
        earlyBytes = 0
    }
}
