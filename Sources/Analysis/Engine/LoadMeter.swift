import Model

/// Bytes by second and by minute of the clock, of which the most is kept.
struct LoadMeter: BitwiseCopyable, Sendable {
    private static let second: Int64 = 1_000_000_000
    private static let minute: Int64 = 60_000_000_000

    /// When the current second began, and what has passed in it.
    private var begin: Int64 = .min
    private var bytes: UInt64 = 0
    private var minuteBegin: Int64 = .min
    private var minuteBytes: UInt64 = 0
    private var mostInSecond: (bytes: UInt64, begin: Int64) = (0, 0)
    private var mostInMinute: (bytes: UInt64, begin: Int64) = (0, 0)

    @inline(__always)
    mutating func add(_ time: Int64, wire: UInt64) {
        let age = time &- begin
        // Frames that come a little late count where they come.
        if age >= LoadMeter.second || age < -LoadMeter.second { next(time) }
        bytes &+= wire
    }

    @inline(never)
    private mutating func next(_ time: Int64) {
        close()
        begin = LoadMeter.floor(time, LoadMeter.second)
        let minute = LoadMeter.floor(time, LoadMeter.minute)
        if minute != minuteBegin {
            closeMinute()
            minuteBegin = minute
        }
    }

    private mutating func close() {
        if bytes > mostInSecond.bytes { mostInSecond = (bytes, begin) }
        minuteBytes &+= bytes
        bytes = 0
    }

    private mutating func closeMinute() {
        if minuteBytes > mostInMinute.bytes { mostInMinute = (minuteBytes, minuteBegin) }
        minuteBytes = 0
    }

    /// The beginning of the second or minute that a time lies in.
    private static func floor(_ time: Int64, _ step: Int64) -> Int64 {
        let rest = time % step
        return time &- (rest < 0 ? rest &+ step : rest)
    }

    /// The busiest second and minute so far, the current ones included.
    var peaks: (second: CaptureHealth.Peak?, minute: CaptureHealth.Peak?) {
        var whole = self
        whole.close()
        whole.closeMinute()
        func peak(_ most: (bytes: UInt64, begin: Int64)) -> CaptureHealth.Peak? {
            most.bytes == 0
                ? nil : CaptureHealth.Peak(bytes: most.bytes, begin: Timestamp(nanoseconds: most.begin))
        }
        return (peak(whole.mostInSecond), peak(whole.mostInMinute))
    }
}
