extension CaptureRecord {
    /// A live network is never this long without a single frame (spanning tree, ARP, discovery): a longer silence is a
    /// pause of the capture or a jump of its clock. In nanoseconds.
    @inline(__always) package static var longestSilence: Int64 { 600_000_000_000 }

    /// Key in `limitsReached` of the frames that the capture's own snap length cut.
    package static let snapLength = "snap_length"

    /// True when the two hold the same frames in two files: as many frames and bytes of the same link types in the same
    /// span of time, as far as the coarser of their clocks (microseconds) tells.
    package func repeats(_ other: CaptureRecord) -> Bool {
        func microseconds(_ time: Timestamp) -> Int64 { time.nanoseconds / 1000 }
        return frames > 0 && sha256 != other.sha256 && frames == other.frames && bytes == other.bytes
            && linkTypes == other.linkTypes && microseconds(first) == microseconds(other.first)
            && microseconds(last) == microseconds(other.last)
    }
}

/// One capture segment as it was read: what it was, and where every frame went.
package struct CaptureRecord: Hashable, Sendable, Codable {
    /// The file's name as given, without its folder; `-` for standard input.
    package var name: String
    /// SHA-256 of the uncompressed stream, lower-case hexadecimal: the segment's identity in a store.
    package var sha256: String
    /// "pcapng, little-endian", "pcap (gzip)", …
    package var format: String
    package var frames: UInt64
    /// Captured bytes of all frames.
    package var bytes: UInt64
    package var first: Timestamp
    package var last: Timestamp
    /// Seconds from `first` to `last` without silences longer than `CaptureRecord.longestSilence`, in which nobody may
    /// have listened; nil when they were not told apart.
    package var watchedSeconds: Double?
    /// Frames by link type number.
    package var linkTypes: [UInt16: UInt64]
    /// Where the frames went, by class; the values add up to `frames`. `analysed` is the class of those fully read.
    package var accounting: [String: UInt64]
    /// Drops that the capture's own statistics tell (pcapng interface statistics); nil when they tell nothing.
    package var reportedDrops: UInt64?
    /// Why reading ended before the end of the file; nil when it did not.
    package var damage: String?
    /// Limits that were reached, with how often.
    package var limitsReached: [String: UInt64]
    /// Messages that a dissector could not read, over all protocols.
    package var malformedMessages: UInt64
    /// Of a segment that otscan captured itself; nil for a file.
    package var live: LiveRecord?
    /// How the network bore its traffic; nil where an earlier version read the capture.
    package var health: CaptureHealth?

    package init(
        name: String, sha256: String, format: String, frames: UInt64, bytes: UInt64, first: Timestamp, last: Timestamp,
        linkTypes: [UInt16: UInt64], accounting: [String: UInt64], watchedSeconds: Double? = nil,
        reportedDrops: UInt64? = nil, damage: String? = nil,
        limitsReached: [String: UInt64] = [:], malformedMessages: UInt64 = 0, live: LiveRecord? = nil,
        health: CaptureHealth? = nil
    ) {
        self.name = name
        self.sha256 = sha256
        self.format = format
        self.frames = frames
        self.bytes = bytes
        self.first = first
        self.last = last
        self.watchedSeconds = watchedSeconds
        self.linkTypes = linkTypes
        self.accounting = accounting
        self.reportedDrops = reportedDrops
        self.damage = damage
        self.limitsReached = limitsReached
        self.malformedMessages = malformedMessages
        self.live = live
        self.health = health
    }
}

/// Everything that reading one capture segment gave.
package struct CaptureResult: Sendable {
    package var capture: CaptureRecord
    package var conversations: [Conversation]
    /// Parallel arrays: observation and when it was made.
    package var observations: [Observation]
    package var sightings: [Sighting]

    package init(
        capture: CaptureRecord, conversations: [Conversation], observations: [Observation], sightings: [Sighting]
    ) {
        self.capture = capture
        self.conversations = conversations
        self.observations = observations
        self.sightings = sightings
    }
}

extension FrameRef {
    /// The same frame under another number of its capture.
    package func numbered(as capture: UInt32) -> FrameRef { FrameRef(capture: capture, number: number, time: time) }
}

extension CaptureResult {
    /// The same result under the number that a store gave its capture.
    package func numbered(as capture: UInt32) -> CaptureResult {
        var copy = self
        for index in copy.conversations.indices {
            copy.conversations[index].first = copy.conversations[index].first.numbered(as: capture)
            copy.conversations[index].last = copy.conversations[index].last.numbered(as: capture)
            for message in copy.conversations[index].messages.indices {
                let tally = copy.conversations[index].messages[message]
                copy.conversations[index].messages[message].first = tally.first.numbered(as: capture)
                copy.conversations[index].messages[message].last = tally.last.numbered(as: capture)
            }
        }
        for index in copy.sightings.indices {
            copy.sightings[index].first = copy.sightings[index].first.numbered(as: capture)
            copy.sightings[index].last = copy.sightings[index].last.numbered(as: capture)
        }
        return copy
    }
}
