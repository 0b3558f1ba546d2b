import Captures
import Glibc
import Model

/// A collector that makes its frames up, as `OTSCAN_STAND_IN` says: `plain:COUNT[:RATE]`, `spoof:COUNT`, `trap:COUNT:RATE`,
/// `clock`, `garbage`, `die:COUNT:RATE` (ends after so many frames each time).
enum StandIn {
    static func run(_ arguments: [String]) throws {
        let script = getenv("OTSCAN_STAND_IN").map { String(cString: $0) } ?? "plain:1000"
        let words = script.split(separator: ":").map(String.init)
        let count = words.count > 1 ? UInt64(words[1]) ?? 0 : 0
        let rate = words.count > 2 ? Double(words[2]) ?? 0 : 0
        var writer = try PcapngWriter(descriptor: STDOUT_FILENO, name: "the stream", application: "stand-in")
        let interface = try writer.interface(linkType: .ethernet, snapLength: 262_144)
        try writer.flush()
        var stream = Stream(writer, interface)
        switch words.first {
        case "plain", "spoof", "trap", "vlan", "twice", "subnets", "broadcast":
            var traffic = MadeTraffic(MadeTraffic.Kind(rawValue: words[0]) ?? .plain)
            try stream.send(&traffic, count, rate)
        case "die":
            var traffic = MadeTraffic(.plain)
            try stream.send(&traffic, count, rate)
            try stream.finish()
            exit(1)
        case "clock":
            // One hour and ten years to and fro, the epoch, beyond 2038, and back.
            let hour: Int64 = 3600
            let steps = [
                0, hour, -hour, 10 * 365 * 24 * hour, -10 * 365 * 24 * hour, Int64.min, 70 * 365 * 24 * hour, 0,
            ]
            var traffic = MadeTraffic(.plain)
            for step in steps {
                stream.shift = step
                try stream.send(&traffic, 500, 5000)
            }
        case "garbage":
            var traffic = MadeTraffic(.plain)
            try stream.send(&traffic, 100, 0)
            try stream.finish()
            _ = write(1, "this is no pcapng block", 23)
            sleep(1)
            exit(0)
        default: LiveHelper.fail("OTSCAN_STAND_IN=\(script)?")
        }
        // Nothing more; the supervisor says when to end.
        while !stream.isAskedToEnd(wait: 500) { try stream.account() }
        try stream.finish()
    }

    private struct Stream: ~Copyable {
        private var writer: PcapngWriter
        private let interface: UInt32
        private var sent: UInt64 = 0
        private var accounted = 0.0
        /// Seconds by which the clock is wrong; the least there is for a clock at the epoch.
        var shift: Int64 = 0

        init(_ writer: consuming PcapngWriter, _ interface: UInt32) {
            self.writer = writer
            self.interface = interface
        }

        mutating func send(_ traffic: inout MadeTraffic, _ count: UInt64, _ rate: Double) throws {
            var bytes: [UInt8] = []
            let began = Pace.now
            for number in 1...max(count, 1) {
                traffic.next(&bytes)
                let frame = Frame(
                    number: number, time: time, originalLength: UInt32(bytes.count),
                    capturedLength: UInt32(bytes.count),
                    linkType: .ethernet)
                try writer.write(bytes.span.bytes, frame, on: interface)
                sent += 1
                if rate > 0, number % 16 == 0 {
                    try writer.flush()
                    Pace.wait(until: began + Double(number) / rate)
                }
                if number % 256 == 0, Pace.now - accounted > 0.3 {
                    try account()
                    if isAskedToEnd(wait: 0) { break }
                }
            }
            try account()
        }

        private var time: Timestamp {
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            let seconds = shift == .min ? Int64(1) : Int64(now.tv_sec) + shift
            return Timestamp(nanoseconds: seconds * 1_000_000_000 + Int64(now.tv_nsec))
        }

        mutating func account() throws {
            accounted = Pace.now
            var counters = CaptureCounters()
            counters.received = sent
            counters.droppedByInterface = 0
            counters.droppedBySystem = 0
            counters.delivered = sent
            try writer.write(counters, of: interface, at: time)
            try writer.flush()
        }

        mutating func finish() throws { try account() }

        func isAskedToEnd(wait: Int32) -> Bool {
            var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            return poll(&request, 1, wait) > 0
        }
    }
}
