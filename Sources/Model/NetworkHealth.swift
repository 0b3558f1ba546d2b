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

    /// Frames to groups per mille of all.
    package var groupPerMille: Int { frames == 0 ? 0 : Int(Double(groupFrames) / Double(frames) * 1000) }
}
