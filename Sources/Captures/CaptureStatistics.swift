package import Model

/// What a capture tells about itself. Every list is bounded; what is beyond a bound is counted, not kept.
package struct CaptureStatistics: Hashable, Sendable {
    /// More interfaces than this in one file are an error.
    package static let interfaceLimit = 65_536
    /// Sections, comments and names kept at most.
    package static let keptSections = 256
    package static let keptComments = 256
    package static let keptNames = 4096

    /// Frames delivered.
    package var frames: UInt64 = 0
    /// Records that Wireshark numbers as frames though no link carried them: systemd journal entries,
    /// sysdig events and custom blocks.
    package var recordsWithoutFrame: UInt64 = 0
    /// Bytes of the frames delivered, as captured.
    package var capturedBytes: UInt64 = 0
    /// Interfaces of all sections, in the order of the file; `Frame.interface` is an index into it.
    package var interfaces: [CaptureInterface] = []
    package var sections: [CaptureSection] = []
    package var sectionCount: UInt64 = 0
    package var comments: [CaptureComment] = []
    package var commentCount: UInt64 = 0
    /// Names from name resolution blocks: what the capturing host believed, not what the wire said.
    package var names: [CaptureName] = []
    package var nameCount: UInt64 = 0
    /// Blocks with TLS or other keys; they are skipped and never kept.
    package var secretsBlocks: UInt64 = 0
    /// Blocks of types that are not read.
    package var skippedBlocks: UInt64 = 0
    /// Frames that packet blocks report lost just before them (epb_dropcount, and the obsolete block's drops field).
    package var dropsReported: UInt64 = 0

    mutating func keep(comment text: WireText, at place: CaptureComment.Place) {
        commentCount &+= 1
        if comments.count < CaptureStatistics.keptComments { comments.append(CaptureComment(place: place, text: text)) }
    }

    mutating func keep(_ section: CaptureSection) {
        sectionCount &+= 1
        if sections.count < CaptureStatistics.keptSections { sections.append(section) }
    }

    mutating func keep(_ name: CaptureName) {
        nameCount &+= 1
        if names.count < CaptureStatistics.keptNames { names.append(name) }
    }
}

/// One interface on which a capture was taken (pcapng interface description block; in a pcap file the only one).
package struct CaptureInterface: Hashable, Sendable {
    package var linkType: LinkType
    /// Longest frame kept, in octets; 0 means no limit.
    package var snapLength: UInt32
    package var name = WireText("")
    package var description = WireText("")
    /// The capture filter that was in force; frames it excluded are not in the file.
    package var filter = WireText("")
    package var hardware = WireText("")
    package var operatingSystem = WireText("")
    /// The capturing interface's own hardware address (if_MACaddr).
    package var macAddress: MACAddress?
    /// Bits per second; 0 when not told.
    package var speed: UInt64 = 0
    package var timeResolution = TimeResolution.microseconds
    package var fcsLength: UInt8 = 0
    /// Frames read from this interface.
    package var frames: UInt64 = 0
    /// The last interface statistics block about it.
    package var counters: CaptureCounters?
}

/// An interface statistics block's counters; each is nil when not told.
package struct CaptureCounters: Hashable, Sendable {
    package var start: Timestamp?
    package var end: Timestamp?
    /// Received by the interface (isb_ifrecv).
    package var received: UInt64?
    /// Dropped by the interface for lack of resources (isb_ifdrop).
    package var droppedByInterface: UInt64?
    /// Accepted by the capture filter (isb_filteraccept).
    package var accepted: UInt64?
    /// Dropped by the operating system (isb_osdrop).
    package var droppedBySystem: UInt64?
    /// Delivered to the capturing program (isb_usrdeliv).
    package var delivered: UInt64?

    package init(
        start: Timestamp? = nil, end: Timestamp? = nil, received: UInt64? = nil, droppedByInterface: UInt64? = nil,
        accepted: UInt64? = nil, droppedBySystem: UInt64? = nil, delivered: UInt64? = nil
    ) {
        self.start = start
        self.end = end
        self.received = received
        self.droppedByInterface = droppedByInterface
        self.accepted = accepted
        self.droppedBySystem = droppedBySystem
        self.delivered = delivered
    }
}

/// A pcapng section header.
package struct CaptureSection: Hashable, Sendable {
    package var byteOrder: CaptureByteOrder
    package var hardware = WireText("")
    package var operatingSystem = WireText("")
    package var application = WireText("")
}

package struct CaptureComment: Hashable, Sendable {
    package enum Place: Hashable, Sendable {
        case section
        /// Index into `CaptureStatistics.interfaces`.
        case interface(UInt32)
        case frame(UInt64)
        /// Names, statistics and other blocks.
        case other
    }
    package let place: Place
    package let text: WireText
}

/// An entry of a name resolution block.
package struct CaptureName: Hashable, Sendable {
    package let address: IPAddress
    package let name: WireText
}
