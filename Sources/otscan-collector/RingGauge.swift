/// How full the kernel's ring is, which only the kernel knows: what was taken out of it since it was last empty, and that
/// is at least what lay in it when the taking began.
struct RingGauge {
    /// Octets that a frame takes in the ring more than in the stream: its header there (TPACKET_V3) is 92 octets and the
    /// gaps around it, in the stream 32.
    private static let difference = 64
    /// The reading is worth telling at once each time it grew by this many thousandths.
    private static let step: UInt64 = 250

    private let capacity: Int
    private var octets = 0
    private var frames: UInt64 = 0
    private var told: UInt64 = 0

    /// - Parameter capacity: octets of the ring.
    init(capacity: Int32) { self.capacity = max(1, Int(capacity)) }

    /// The taking begins.
    mutating func begin(_ stream: borrowing FrameStream) {
        octets = stream.octets
        frames = stream.frames
        told = 0
    }

    /// Reads the gauge, in thousandths, and says whether that should be told at once.
    mutating func read(_ stream: borrowing FrameStream) -> (fill: UInt64, isUrgent: Bool) {
        let taken =
            (stream.octets &- octets) &+ Int(truncatingIfNeeded: stream.frames &- frames) &* RingGauge.difference
        let thousandths = UInt64(max(0, taken)) &* 1000 / UInt64(capacity)
        let isUrgent = thousandths >= told &+ RingGauge.step
        if isUrgent { told = thousandths }
        return (min(thousandths, 1000), isUrgent)
    }
}
