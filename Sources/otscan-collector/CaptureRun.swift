import CLinux
import CPcap
import Glibc

/// One run: frames from the kernel's ring into the stream, with counters now and then, until it is told to end.
final class CaptureRun {
    /// Milliseconds between two statistics blocks.
    private static let statisticsInterval: Int64 = 500
    /// Attempts to read, each a little later, before an interface that is up but cannot be read is given up.
    private static let failureLimit = 100
    /// Frames moved before the gauge is read.
    private static let batch: Int32 = 1 << 13
    /// Batches before statistics and the control pipe are looked at again.
    private static let batches = 64

    private let handle: CaptureHandle
    private let files: InterfaceFiles
    private let arguments: CollectorArguments
    private let stream: UnsafeMutablePointer<FrameStream>
    private var counters = CollectorCounters()
    private var gauge: RingGauge
    private var link = InterfaceFiles.Link.unknown

    init(_ handle: CaptureHandle, _ files: InterfaceFiles, _ arguments: CollectorArguments) {
        self.handle = handle
        self.files = files
        self.arguments = arguments
        gauge = RingGauge(capacity: arguments.bufferSize)
        stream = .allocate(capacity: 1)
        stream.initialize(to: FrameStream(descriptor: STDOUT_FILENO))
    }

    deinit {
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// - Returns: the exit status.
    func run() -> Int32 {
        stream.pointee.begin(
            interface: arguments.interface, linkType: handle.linkType, snapLength: handle.snapLength,
            filter: arguments.filter)
        var due: Int64 = 0
        var isStopping = false
        var failures = 0
        while !isStopping {
            let now = CaptureRun.milliseconds()
            if now >= due {
                due = now + CaptureRun.statisticsInterval
                if let status = watch() {
                    // What the ring holds was received all the same; its last block is handed on only after the time-out.
                    _ = poll(nil, 0, 2 * arguments.timeout)
                    if empty() == .failed { _ = empty() }
                    tell()
                    return status
                }
                tell()
                if stream.pointee.isBroken { return Exit.done }
            }
            var descriptors = [
                pollfd(fd: handle.socket, events: Int16(POLLIN), revents: 0),
                pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
                // Tells when nobody reads the stream any more.
                pollfd(fd: STDOUT_FILENO, events: 0, revents: 0),
            ]
            _ = poll(&descriptors, 3, Int32(clamping: max(0, due - now)))
            if descriptors[2].revents != 0 { return Exit.done }
            if descriptors[1].revents != 0 { isStopping = CaptureRun.isControlClosed() }
            if descriptors[0].revents & Int16(POLLERR) != 0 { _ = linux_socket_error(handle.socket) }
            // On stopping, too: what the ring holds was received.
            if descriptors[0].revents & Int16(POLLIN) != 0 || isStopping {
                switch empty() {
                case .emptied: failures = 0
                case .counted: isStopping = true
                case .failed:
                    // An interface that went down is waited for; one that is gone is noticed by its files.
                    if failures == 0 { Log.say("warning: \(handle.error)") }
                    failures += 1
                    if failures > CaptureRun.failureLimit, files.link != .down { return Exit.failure }
                    _ = poll(nil, 0, 20)
                }
                if stream.pointee.isBroken { return Exit.done }
            }
        }
        tell()
        return Exit.done
    }

    private enum Emptying { case emptied, counted, failed }

    /// Moves everything that the ring holds into the stream; a ring that is filled all the time is left after a while.
    private func empty() -> Emptying {
        let count = arguments.count
        gauge.begin(stream.pointee)
        for _ in 0..<CaptureRun.batches {
            var limit = CaptureRun.batch
            if count > 0 {
                guard stream.pointee.frames < count else { break }
                limit = Int32(clamping: min(count - stream.pointee.frames, UInt64(limit)))
            }
            guard let moved = handle.dispatch(into: stream, limit: limit) else {
                stream.pointee.flush()
                return .failed
            }
            if moved == 0 || stream.pointee.isBroken { break }
            let reading = gauge.read(stream.pointee)
            counters.fullest = max(counters.fullest, reading.fill)
            if reading.isUrgent { tell() }
            // Fewer than asked for: the ring was empty.
            if moved < limit { gauge.begin(stream.pointee) }
        }
        stream.pointee.flush()
        return count > 0 && stream.pointee.frames >= count ? .counted : .emptied
    }

    /// True when the supervisor closed the control pipe; what it may write there has no meaning.
    private static func isControlClosed() -> Bool {
        var byte: UInt8 = 0
        return read(STDIN_FILENO, &byte, 1) <= 0
    }

    /// Tells changes of the link; the exit status when the interface is gone for good.
    private func watch() -> Int32? {
        let now = files.link
        guard now != link else { return nil }
        link = now
        switch now {
        case .up: Log.say("link: up")
        case .down: Log.say("link: down")
        case .gone:
            Log.say("link: gone")
            return Exit.unavailable
        case .unknown: break
        }
        return nil
    }

    /// Puts the counters into the stream.
    private func tell() {
        var packets: UInt32 = 0
        var drops: UInt32 = 0
        // The kernel counts from the last question on.
        if linux_packet_statistics(handle.socket, &packets, &drops) == 0 {
            counters.received &+= UInt64(packets)
            counters.droppedBySystem &+= UInt64(drops)
        }
        counters.droppedByInterface = files.droppedByInterface
        stream.pointee.add(counters, nanoseconds: CaptureRun.wallClock())
        counters.fullest = 0
    }

    private static func milliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) &* 1000 &+ Int64(time.tv_nsec) / 1_000_000
    }

    private static func wallClock() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(max(0, time.tv_sec)) &* 1_000_000_000 &+ UInt64(max(0, time.tv_nsec))
    }
}
