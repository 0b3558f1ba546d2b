/// A moment in nanoseconds since 1970-01-01T00:00:00Z; captures may lie about it, so it is never trusted as a duration's sign.
package struct Timestamp: Hashable, Sendable, Comparable {
    package let nanoseconds: Int64
    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    package static let zero = Timestamp(nanoseconds: 0)
    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.nanoseconds < b.nanoseconds }

    /// Seconds since the epoch, for display and rough arithmetic.
    package var seconds: Double { Double(nanoseconds) / 1e9 }

    /// Nanoseconds from `earlier` to here, never negative and never trapping: clocks jump.
    package func elapsed(since earlier: Timestamp) -> Int64 {
        let (difference, overflow) = nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
        return overflow ? 0 : max(0, difference)
    }
}

/// Where a fact was read: frame number as Wireshark counts (from 1 within a capture segment), and its time.
package struct FrameRef: Hashable, Sendable, Comparable, Codable {
    /// Index of the capture segment within the run or store.
    package let capture: UInt32
    package let number: UInt64
    package let time: Timestamp

    package init(capture: UInt32, number: UInt64, time: Timestamp) {
        self.capture = capture
        self.number = number
        self.time = time
    }

    /// Earlier; of frames of one moment by number, then capture. Captures are numbered as they come, which says nothing of their content.
    package static func < (a: FrameRef, b: FrameRef) -> Bool {
        if a.time != b.time { return a.time < b.time }
        return a.number == b.number ? a.capture < b.capture : a.number < b.number
    }
}
