import Model
import Wire

/// What is counted beside volumes, of frames that are already known to be worth it: few of a capture's.
struct HealthMeter: Sendable {
    var load = LoadMeter()
    var dataSegments: UInt64 = 0
    /// By conversation (index in the flow table), what was sent again in it.
    private(set) var repeats: [Int32: Repeats] = [:]
    private(set) var sinking: [Int32: Sinking] = [:]
    private(set) var frameLoops: [FrameLoop] = []
    var rhythms: [Rhythm] = []
    private var groupFrames = [GroupFrame](repeating: GroupFrame(), count: 256)

    static let rhythmLimit = 4096
    private static let repeatLimit = 16_384
    private static let sinkingLimit = 256
    private static let loopLimit = 20

    struct Repeats: BitwiseCopyable, Sendable {
        var repeated: UInt64 = 0
        /// The same frame a second time at once, as mirrors deliver it.
        var copies: UInt64 = 0
        var first: (number: UInt64, time: Int64) = (0, 0)
        var last: (number: UInt64, time: Int64) = (0, 0)
    }

    /// Packets of a conversation whose time to live is less than it was at first.
    struct Sinking: BitwiseCopyable, Sendable {
        var identification: UInt32 = 0
        var ttl: UInt8 = 0
        var streak: UInt64 = 0
        var longest: UInt64 = 0
        var fromA = true
        var first: (number: UInt64, time: Int64) = (0, 0)
        var last: (number: UInt64, time: Int64) = (0, 0)
    }

    private struct GroupFrame: BitwiseCopyable, Sendable {
        var hash: UInt64 = 0
        var number: UInt64 = 0
        var time: Int64 = 0
        var count: UInt64 = 0
        /// Place in `frameLoops`; -1 while it is none.
        var loop: Int32 = -1
    }

    struct FrameLoop: Sendable {
        var sender: MACAddress
        var receiver: MACAddress
        var count: UInt64
        var first: (number: UInt64, time: Int64)
        var last: (number: UInt64, time: Int64)
    }

    // MARK: Repeated segments

    /// A segment whose data was there before: sent again, or delivered twice by the mirror.
    mutating func note(repeatIn flow: Int32, isCopy: Bool, _ number: UInt64, _ time: Int64) {
        guard repeats.count < HealthMeter.repeatLimit || repeats[flow] != nil else { return }
        var account = repeats[flow] ?? Repeats()
        if isCopy {
            account.copies &+= 1
        } else {
            if account.repeated == 0 { account.first = (number, time) }
            account.last = (number, time)
            account.repeated &+= 1
        }
        repeats[flow] = account
    }

    // MARK: Loops of routers

    /// A packet with less time to live than its conversation began with.
    mutating func note(
        sinkingIn flow: Int32, fromA: Bool, identification: UInt32, ttl: UInt8, _ number: UInt64, _ time: Int64
    ) {
        guard sinking.count < HealthMeter.sinkingLimit || sinking[flow] != nil else { return }
        var account = sinking[flow] ?? Sinking()
        if account.identification == identification, ttl < account.ttl, account.fromA == fromA {
            if account.streak == 0 { account.first = account.last }
            account.streak &+= 1
            if account.streak >= account.longest { account.longest = account.streak }
        } else {
            account.streak = 0
        }
        account.identification = identification
        account.ttl = ttl
        account.fromA = fromA
        account.last = (number, time)
        sinking[flow] = account
    }

    // MARK: Loops of switches

    /// As many of one frame within a tenth of a second, and a loop is at work: mirrors make two or three of one.
    static let copiesOfLoop: UInt64 = 100
    private static let loopSpan: Int64 = 100_000_000

    /// A frame to a group, by what tells it from others.
    mutating func note(
        groupFrame hash: UInt64, from sender: MACAddress, to receiver: MACAddress, _ number: UInt64, _ time: Int64
    ) {
        let slot = Int(truncatingIfNeeded: hash & 255)
        let age = time &- groupFrames[slot].time
        guard groupFrames[slot].hash == hash, age >= 0, age <= HealthMeter.loopSpan else {
            groupFrames[slot] = GroupFrame(hash: hash, number: number, time: time, count: 1)
            return
        }
        groupFrames[slot].count &+= 1
        let loop = Int(groupFrames[slot].loop)
        if loop >= 0, loop < frameLoops.count {
            frameLoops[loop].count &+= 1
            frameLoops[loop].last = (number, time)
        } else if groupFrames[slot].count == HealthMeter.copiesOfLoop, frameLoops.count < HealthMeter.loopLimit {
            groupFrames[slot].loop = Int32(truncatingIfNeeded: frameLoops.count)
            frameLoops.append(
                FrameLoop(
                    sender: sender, receiver: receiver, count: HealthMeter.copiesOfLoop,
                    first: (groupFrames[slot].number, groupFrames[slot].time), last: (number, time)))
        }
    }
}

/// When one end of a cyclic conversation sends.
struct Rhythm: BitwiseCopyable, Sendable {
    struct Side: BitwiseCopyable, Sendable {
        /// Frame or connection id of the data that is followed; a conversation may carry several.
        var stream: UInt32 = 0
        var lastTime: Int64 = .min
        var intervals: UInt64 = 0
        var sum: Double = 0
        var squares: Double = 0
        var missed: UInt64 = 0
        var longest: Int64 = 0
        var longestEnd: (number: UInt64, time: Int64) = (0, 0)

        /// Pauses are no intervals: in nanoseconds.
        private static let pause: Int64 = 1_000_000_000
        /// Intervals before anything is missed.
        private static let settled: UInt64 = 100
        /// Times the mean interval after which a receiver's watchdog may run out: three with PROFINET IO unless configured
        /// otherwise, four with CIP.
        private static let watchdog = 3.0

        @inline(__always)
        mutating func beat(_ stream: UInt32, _ number: UInt64, _ time: Int64) {
            guard lastTime != .min else {
                self.stream = stream
                lastTime = time
                return
            }
            guard stream == self.stream else { return }
            let step = time.subtractingReportingOverflow(lastTime)
            lastTime = time
            guard !step.overflow, step.partialValue > 0, step.partialValue < Side.pause else { return }
            let interval = Double(step.partialValue)
            if intervals >= Side.settled, interval * Double(intervals) >= sum * Side.watchdog { missed &+= 1 }
            intervals &+= 1
            sum += interval
            squares += interval * interval
            if step.partialValue > longest {
                longest = step.partialValue
                longestEnd = (number, time)
            }
        }
    }

    let flow: Int32
    var a = Side()
    var b = Side()
}
