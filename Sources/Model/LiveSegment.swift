/// What a live capture knows of a segment beside what its frames say.
package struct LiveRecord: Hashable, Sendable, Codable {
    /// Begins what stands in place of a segment's SHA-256 while it has none, and for good where no raw frames are kept:
    /// `live:CAPTURE:N`, segment N of a capture.
    package static let namePrefix = "live:"

    /// The interface on which it was captured.
    package var interface: String
    /// Frames that the kernel received for it or that the interface dropped: those of the segment, and each class of drop.
    package var received: UInt64
    /// Lost before they became frames of the segment, by class: `kernel`, `interface`.
    package var drops: [String: UInt64]
    /// Wall clock of the last commit: what came after it may be missing where the capture ended without closing.
    package var committed: Timestamp
    /// True while it is being captured, and for good where the capture ended without closing it.
    package var isOpen: Bool
    /// SHA-256 of the segment before, and of the segments up to that one; empty for the first of a capture.
    package var previous: String

    package init(
        interface: String, received: UInt64 = 0, drops: [String: UInt64] = [:], committed: Timestamp,
        isOpen: Bool = true, previous: String = ""
    ) {
        self.interface = interface
        self.received = received
        self.drops = drops
        self.committed = committed
        self.isOpen = isOpen
        self.previous = previous
    }
}

/// A time in which nobody watched though a capture was meant to.
package struct CaptureGap: Hashable, Sendable, Codable {
    package enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
        /// The capture ended without closing (killed, power lost) and was started anew.
        case stopped
        /// The collector ended and was started anew.
        case collector
        /// The interface was down or gone.
        case link
    }

    package var interface: String
    package var start: Timestamp
    package var end: Timestamp
    package var reason: Reason

    package init(interface: String, start: Timestamp, end: Timestamp, reason: Reason) {
        self.interface = interface
        self.start = start
        self.end = end
        self.reason = reason
    }
}

/// What is new or other in a segment since the commit before.
package struct SegmentChanges: Sendable {
    /// The segment as a whole, up to now.
    package var capture: CaptureRecord
    package var conversations: [Conversation]
    /// For each conversation its place in the analyser's table: the same place is the same conversation.
    package var positions: [Int]
    package var observations: [Observation]
    package var sightings: [Sighting]
    /// Frames to keep, redacted.
    package var frames: [KeptFrame]
    package var gaps: [CaptureGap]

    package init(
        capture: CaptureRecord, conversations: [Conversation] = [], positions: [Int] = [],
        observations: [Observation] = [], sightings: [Sighting] = [], frames: [KeptFrame] = [],
        gaps: [CaptureGap] = []
    ) {
        self.capture = capture
        self.conversations = conversations
        self.positions = positions
        self.observations = observations
        self.sightings = sightings
        self.frames = frames
        self.gaps = gaps
    }
}

extension CaptureRecord {
    /// The record of a segment that was read in two goes, this one first.
    package func continued(by later: CaptureRecord) -> CaptureRecord {
        guard frames > 0 else { return later }
        guard later.frames > 0 else { return self }
        var whole = self
        whole.frames &+= later.frames
        whole.bytes &+= later.bytes
        if later.last > .zero {
            whole.first = last > .zero ? min(first, later.first) : later.first
            whole.last = max(last, later.last)
        }
        if watchedSeconds != nil || later.watchedSeconds != nil {
            whole.watchedSeconds = (watchedSeconds ?? 0) + (later.watchedSeconds ?? 0)
        }
        whole.linkTypes.merge(later.linkTypes, uniquingKeysWith: &+)
        whole.accounting.merge(later.accounting, uniquingKeysWith: &+)
        whole.limitsReached.merge(later.limitsReached, uniquingKeysWith: &+)
        whole.malformedMessages &+= later.malformedMessages
        return whole
    }
}
