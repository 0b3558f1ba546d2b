/// How a capture is to be made.
package struct SupervisionOptions: Sendable {
    package var interface: String
    /// The collector's program and arguments; that for a count of frames is added.
    package var collector: [String]
    /// The analyser's program and arguments. Its descriptors: 0 the stream, 2 messages, 3 where it tells what it committed,
    /// 4 a page of memory in which it notes what it is at.
    package var analyser: [String]
    /// Program and arguments of what derives assets and findings from the store, now and then; empty for nothing.
    package var deriver: [String]
    package var ring = RingOptions()
    /// Frames after which the capture ends; 0 for never.
    package var count: UInt64 = 0
    /// Seconds after which it ends; 0 for never.
    package var duration: Double = 0
    /// Bytes of memory for frames that are not committed yet.
    package var backlog = 256 << 20
    /// Seconds between two derivations, at least.
    package var deriveInterval = 30.0
    /// Tells this capture's segments from all others.
    package var capture: String
    /// Where frames go that an analyser could not bear.
    package var quarantine: String

    package init(
        interface: String, collector: [String], analyser: [String], deriver: [String], capture: String,
        quarantine: String
    ) {
        self.interface = interface
        self.collector = collector
        self.analyser = analyser
        self.deriver = deriver
        self.capture = capture
        self.quarantine = quarantine
    }
}

/// Where the frames of a capture went so far. `received` is the sum of `delivered` and the drops before it, and `delivered`
/// that of `committed`, `pending` and the classes that were not analysed.
package struct SupervisionCounters: Hashable, Sendable {
    /// Frames that passed the filter, as the kernel counts, and those the interface had no room for.
    package var received: UInt64 = 0
    /// No room in the kernel's ring.
    package var droppedByKernel: UInt64 = 0
    package var droppedByInterface: UInt64 = 0
    /// Left in the ring of a collector that ended.
    package var leftInRing: UInt64 = 0
    /// Came to the supervisor.
    package var delivered: UInt64 = 0
    /// No room in the supervisor's memory because the analyser was behind.
    package var droppedByQueue: UInt64 = 0
    /// Killed an analyser, and were set aside.
    package var quarantined: UInt64 = 0
    /// Were with an analyser that ended, and could not be given to another.
    package var lostWithAnalyser: UInt64 = 0
    /// Raw frames that are in no file though `-w` asked for files.
    package var unwritten: UInt64 = 0

    package init() {}
}

/// What happened that somebody may want to know.
package enum SupervisionEvent: Sendable {
    /// A line that a child wrote.
    case message(from: Child, String)
    /// How the collector ended, and what it said about that.
    case collectorEnded(ProcessEnding, String?)
    case collectorStarted
    case link(isUp: Bool)
    /// An analyser ended before its time, and what it said about that; the number of the frame it was at, 0 when it was
    /// at none.
    case analyserEnded(ProcessEnding, String?, frame: UInt64)
    case analyserStarted
    /// Raw frames are not written any more, and why; nil when they are again.
    case rawSuspended(String?)
    /// What the analyser has to show, in its own words.
    case view(String)
    /// The analyser could not commit, and why; nil when it can again.
    case storeProblem(String?)
    case derived(seconds: Double)
    /// SIGUSR1.
    case statisticsAsked
    case stopping

    package enum Child: String, Sendable { case collector, analyser, deriver }
}
