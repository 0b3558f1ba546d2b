package import Model

/// What a capture says about one frame, beside its bytes.
package struct Frame: Hashable, Sendable {
    /// Position in the capture as Wireshark counts, from 1.
    package var number: UInt64
    /// When it was captured; `Timestamp.zero` when `hasTime` is false.
    package var time: Timestamp
    /// Bytes on the wire.
    package var originalLength: UInt32
    /// Bytes kept in the capture; less than `originalLength` when a snap length cut the frame.
    package var capturedLength: UInt32
    /// Index into `CaptureStatistics.interfaces`.
    package var interface: UInt32
    package var linkType: LinkType
    /// Length in octets of the frame check sequence at the frame's end, as far as the capture declares one; else 0.
    package var fcsLength: UInt8
    package var direction: FrameDirection
    /// False for pcapng simple packet blocks, which carry no time.
    package var hasTime: Bool

    package init(
        number: UInt64, time: Timestamp, originalLength: UInt32, capturedLength: UInt32, linkType: LinkType,
        interface: UInt32 = 0, fcsLength: UInt8 = 0, direction: FrameDirection = .unknown, hasTime: Bool = true
    ) {
        self.number = number
        self.time = time
        self.originalLength = originalLength
        self.capturedLength = capturedLength
        self.interface = interface
        self.linkType = linkType
        self.fcsLength = fcsLength
        self.direction = direction
        self.hasTime = hasTime
    }

    /// True when bytes that were on the wire are missing from the capture.
    package var isCut: Bool { capturedLength < originalLength }
}

/// Which way a frame passed the capturing interface (pcapng epb_flags, bits 0–1).
package enum FrameDirection: UInt8, Sendable {
    case unknown = 0
    case inbound = 1
    case outbound = 2
}
