/// How the network bears its traffic, over all captures.
package struct NetworkHealth: Hashable, Sendable, Codable {
    /// Bytes on the wire of all conversations.
    package var bytes: UInt64
    package var frames: UInt64
    /// Frames and bytes to the broadcast address and to groups.
    package var groupFrames: UInt64
    package var groupBytes: UInt64
    /// The same addresses at two hosts, as text.
    package var duplicateAddresses: [String]
    /// Mean bits per second over the seconds watched; nil when no time was told.
    package var meanBitsPerSecond: Double?
    /// Bits per second in the busiest second and the busiest minute of the clock; nil where no capture told the time.
    package var busiestSecond: Peak?
    package var busiestMinute: Peak?
    /// Of the capture that the busiest minute is of, in bits per second; nil when the capture does not tell.
    package var linkSpeed: UInt64?
    /// TCP segments with data, and those of them that had been sent before.
    package var dataSegments: UInt64?
    package var repeatedSegments: UInt64?
    /// What is sent in a fixed rhythm, the least steady first.
    package var cycles: [CaptureHealth.Cycle]?

    package struct Peak: Hashable, Sendable, Codable {
        package var bitsPerSecond: Double
        package var begin: Timestamp

        package init(bitsPerSecond: Double, begin: Timestamp) {
            self.bitsPerSecond = bitsPerSecond
            self.begin = begin
        }
    }

    package init(
        bytes: UInt64 = 0, frames: UInt64 = 0, groupFrames: UInt64 = 0, groupBytes: UInt64 = 0,
        duplicateAddresses: [String] = [], meanBitsPerSecond: Double? = nil
    ) {
        self.bytes = bytes
        self.frames = frames
        self.groupFrames = groupFrames
        self.groupBytes = groupBytes
        self.duplicateAddresses = duplicateAddresses
        self.meanBitsPerSecond = meanBitsPerSecond
    }

    /// How much of the link's speed the busiest minute took, in per cent; nil where the speed is not known.
    package var busiestMinutePercent: Double? {
        guard let linkSpeed, linkSpeed > 0, let peak = busiestMinute else { return nil }
        return peak.bitsPerSecond / Double(linkSpeed) * 100
    }

    /// Repeated segments per mille of all with data; nil while there are too few to say.
    package var repeatedPerMille: Double? {
        guard let segments = dataSegments, segments >= NetworkHealth.enoughSegments, let repeated = repeatedSegments
        else { return nil }
        return Double(repeated) / Double(segments) * 1000
    }
    package static let enoughSegments: UInt64 = 1000

    /// Frames to groups per mille of all.
    package var groupPerMille: Int { frames == 0 ? 0 : Int(Double(groupFrames) / Double(frames) * 1000) }
}
