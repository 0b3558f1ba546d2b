/// Everything that is derived from observations and conversations; made anew at each analysis.
package struct PlantPicture: Sendable, Codable {
    package var assets: [Asset]
    package var segments: [Segment]
    package var conduits: [Conduit]
    package var remoteSessions: [RemoteSession]
    package var findings: [Finding]
    package var exhibits: [Exhibit]
    package var outside: OutsideTraffic
    /// First and last frame time over all captures, and seconds covered by any of them.
    package var coverage: Coverage
    /// What each rule made of it.
    package var verdicts: [RuleVerdict]
    /// A division of the network that would do, and what it would change.
    package var plan: SegmentationPlan
    package var health: NetworkHealth
    /// The declared zones beside what was seen; nil when none are declared.
    package var declared: DeclaredDivision?

    package init(
        assets: [Asset], segments: [Segment], conduits: [Conduit], remoteSessions: [RemoteSession], findings: [Finding],
        exhibits: [Exhibit], outside: OutsideTraffic, coverage: Coverage, verdicts: [RuleVerdict] = [],
        plan: SegmentationPlan = SegmentationPlan(), health: NetworkHealth = NetworkHealth(),
        declared: DeclaredDivision? = nil
    ) {
        self.assets = assets
        self.segments = segments
        self.conduits = conduits
        self.remoteSessions = remoteSessions
        self.findings = findings
        self.exhibits = exhibits
        self.outside = outside
        self.coverage = coverage
        self.verdicts = verdicts
        self.plan = plan
        self.health = health
        self.declared = declared
    }
}

extension PlantPicture {
    /// Assets of which the first frame is kept beside the exhibits' frames: a ledger that is imported later may make
    /// any of them an unlisted device, when the capture is no longer at hand.
    package static let keptAssets = 1024

    /// Frames worth keeping: those that exhibits cite, and the first of each asset with a MAC of its own.
    package var citedFrames: [FrameRef] {
        let exhibited = exhibits.flatMap { $0.frames.prefix(Exhibit.frameLimit) }
        let firsts = assets.lazy.filter { !$0.isBehindRouter }.prefix(PlantPicture.keptAssets).map(\.seen.first)
        return exhibited + firsts
    }
}

/// Traffic between the plant and addresses outside it.
package struct OutsideTraffic: Hashable, Sendable, Codable {
    package var conversations: Int
    package var bytes: UInt64
    /// TLS on any port and QUIC.
    package var encryptedWebConversations: Int
    package var encryptedWebBytes: UInt64
    /// Cleartext protocols that can carry text or commands (HTTP, FTP, Telnet, …).
    package var cleartextConversations: Int
    package var cleartextBytes: UInt64
    /// The same traffic by direction; nil where an earlier version summed it.
    package var sent: Share?
    package var received: Share?
    /// By the asset inside, the most traffic first.
    package var hosts: [Host]?

    /// Bytes, and how many of them are TLS or QUIC.
    package struct Share: Hashable, Sendable, Codable {
        package var bytes: UInt64
        package var encryptedWeb: UInt64

        package init(bytes: UInt64 = 0, encryptedWeb: UInt64 = 0) {
            self.bytes = bytes
            self.encryptedWeb = encryptedWeb
        }

        /// Rounded down.
        package var perMille: Int { bytes == 0 ? 0 : Int(Double(encryptedWeb) / Double(bytes) * 1000) }
    }

    /// One asset's traffic with the outside.
    package struct Host: Hashable, Sendable, Codable {
        /// Asset id.
        package var asset: String
        package var conversations: Int
        package var encryptedWebConversations: Int
        package var sent: Share
        package var received: Share

        package init(asset: String) {
            self.asset = asset
            conversations = 0
            encryptedWebConversations = 0
            sent = Share()
            received = Share()
        }

        package var both: Share {
            Share(
                bytes: sent.bytes &+ received.bytes, encryptedWeb: sent.encryptedWeb &+ received.encryptedWeb)
        }
    }

    package init(
        conversations: Int = 0, bytes: UInt64 = 0, encryptedWebConversations: Int = 0, encryptedWebBytes: UInt64 = 0,
        cleartextConversations: Int = 0, cleartextBytes: UInt64 = 0
    ) {
        self.conversations = conversations
        self.bytes = bytes
        self.encryptedWebConversations = encryptedWebConversations
        self.encryptedWebBytes = encryptedWebBytes
        self.cleartextConversations = cleartextConversations
        self.cleartextBytes = cleartextBytes
    }

    /// Fewer conversations or bytes than these are too few to state a share.
    package static let enoughConversations = 100
    package static let enoughBytes: UInt64 = 10_000_000
    package var isEnough: Bool {
        conversations >= OutsideTraffic.enoughConversations && bytes >= OutsideTraffic.enoughBytes
    }

    /// Encrypted web traffic per mille of bytes, rounded down.
    package var encryptedWebPerMille: Int { bytes == 0 ? 0 : Int(Double(encryptedWebBytes) / Double(bytes) * 1000) }
    /// Strictly more than 70 % of bytes, without rounding.
    package var exceedsSeventyPercent: Bool {
        let (left, o1) = encryptedWebBytes.multipliedReportingOverflow(by: 10)
        let (right, o2) = bytes.multipliedReportingOverflow(by: 7)
        return !o1 && !o2 && left > right
    }
}

/// How long and how the network was watched.
package struct Coverage: Hashable, Sendable, Codable {
    package var first: Timestamp
    package var last: Timestamp
    /// Seconds covered by captures, overlaps counted once.
    package var seconds: Double
    package var frames: UInt64
    /// True when both directions of TCP conversations were seen for most of them.
    package var isTwoWay: Bool
    /// True when unicast frames between third parties were seen, as a mirror port or tap delivers.
    package var isMirror: Bool
    /// VLAN tags were present.
    package var hasVLANTags: Bool
    /// Frames that the capture's own statistics report lost; nil when they tell nothing.
    package var reportedDrops: UInt64?
    /// How many devices are likely still unseen; nil where nothing was watched.
    package var estimate: AssetEstimate?

    package init(
        first: Timestamp, last: Timestamp, seconds: Double, frames: UInt64, isTwoWay: Bool, isMirror: Bool,
        hasVLANTags: Bool,
        reportedDrops: UInt64?, estimate: AssetEstimate? = nil
    ) {
        self.first = first
        self.last = last
        self.seconds = seconds
        self.frames = frames
        self.isTwoWay = isTwoWay
        self.isMirror = isMirror
        self.hasVLANTags = hasVLANTags
        self.reportedDrops = reportedDrops
        self.estimate = estimate
    }

    /// One full shift; less leaves every proposal provisional.
    package static let fullShift: Double = 8 * 3600
    package var isFullShift: Bool { seconds >= Coverage.fullShift }
}
