import CLinux
import CPcap
import Confinement
import Glibc

/// The only program of otscan with a privilege. It opens an interface for listening, gives up every privilege before
/// the first frame is looked at, and copies frames into a pipe. It reads nothing of what the frames say.
@main
enum Collector {
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        guard let arguments = CollectorArguments(CommandLine.arguments) else { exit(Exit.usage) }
        do throws(CaptureHandle.Failure) {
            let handle = try CaptureHandle(arguments)
            let files = InterfaceFiles(arguments.interface)
            do throws(ConfinementError) {
                try Confinement.dropPrivileges(user: arguments.user, group: arguments.group)
            } catch {
                fail(error.description, Exit.failure)
            }
            try handle.prepare(arguments)
            do throws(ConfinementError) {
                _ = try Confinement.confineCollector(
                    socket: handle.socket, stream: STDOUT_FILENO, log: STDERR_FILENO, control: STDIN_FILENO,
                    counters: files.descriptors)
            } catch {
                fail(error.description, Exit.failure)
            }
            exit(run(handle, files, arguments))
        } catch {
            fail(error.text, error.exit)
        }
    }

    private static func fail(_ text: String, _ status: Int32) -> Never {
        Log.say("error: \(text)")
        exit(status)
    }

    /// Milliseconds between two statistics blocks.
    private static let statisticsInterval: Int64 = 500
    /// Attempts to read, each a little later, before an interface that is up but cannot be read is given up.
    private static let failureLimit = 100
    /// Frames moved before statistics and the control pipe are looked at again.
    private static let batch: Int32 = 1 << 16

    private static func run(
        _ handle: CaptureHandle, _ files: InterfaceFiles, _ arguments: CollectorArguments
    ) -> Int32 {
        let stream = UnsafeMutablePointer<FrameStream>.allocate(capacity: 1)
        stream.initialize(to: FrameStream(descriptor: STDOUT_FILENO))
        defer {
            stream.deinitialize(count: 1)
            stream.deallocate()
        }
        stream.pointee.begin(
            interface: arguments.interface, linkType: handle.linkType, snapLength: handle.snapLength,
            filter: arguments.filter)
        var counters = CollectorCounters()
        var link = InterfaceFiles.Link.unknown
        var due: Int64 = 0
        var isStopping = false
        var failures = 0
        while !isStopping {
            let now = milliseconds()
            if now >= due {
                due = now + statisticsInterval
                if let status = watch(files, &link) {
                    // What the ring holds was received all the same; its last block is handed on only after the time-out.
                    _ = poll(nil, 0, 2 * arguments.timeout)
                    if empty(handle, into: stream, arguments.count) == .failed {
                        _ = empty(handle, into: stream, arguments.count)
                    }
                    account(handle.socket, files, &counters)
                    stream.pointee.add(counters, nanoseconds: wallClock())
                    return status
                }
                account(handle.socket, files, &counters)
                stream.pointee.add(counters, nanoseconds: wallClock())
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
            if descriptors[1].revents != 0 { isStopping = isControlClosed() }
            if descriptors[0].revents & Int16(POLLERR) != 0 { _ = linux_socket_error(handle.socket) }
            // On stopping, too: what the ring holds was received.
            if descriptors[0].revents & Int16(POLLIN) != 0 || isStopping {
                switch empty(handle, into: stream, arguments.count) {
                case .emptied: failures = 0
                case .counted: isStopping = true
                case .failed:
                    // An interface that went down is waited for; one that is gone is noticed by its files.
                    if failures == 0 { Log.say("warning: \(handle.error)") }
                    failures += 1
                    if failures > failureLimit, files.link != .down { return Exit.failure }
                    _ = poll(nil, 0, 20)
                }
                if stream.pointee.isBroken { return Exit.done }
            }
        }
        account(handle.socket, files, &counters)
        stream.pointee.add(counters, nanoseconds: wallClock())
        return Exit.done
    }

    private enum Emptying { case emptied, counted, failed }

    /// Moves everything that the ring holds into the stream; a ring that is filled all the time is left after a while.
    private static func empty(
        _ handle: CaptureHandle, into stream: UnsafeMutablePointer<FrameStream>, _ count: UInt64
    ) -> Emptying {
        for _ in 0..<8 {
            var limit = batch
            if count > 0 {
                guard stream.pointee.frames < count else { break }
                limit = Int32(clamping: min(count - stream.pointee.frames, UInt64(batch)))
            }
            guard let moved = handle.dispatch(into: stream, limit: limit) else {
                stream.pointee.flush()
                return .failed
            }
            if moved == 0 || stream.pointee.isBroken { break }
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
    private static func watch(_ files: InterfaceFiles, _ link: inout InterfaceFiles.Link) -> Int32? {
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

    private static func account(_ socket: Int32, _ files: InterfaceFiles, _ counters: inout CollectorCounters) {
        var packets: UInt32 = 0
        var drops: UInt32 = 0
        // The kernel counts from the last question on.
        if linux_packet_statistics(socket, &packets, &drops) == 0 {
            counters.received &+= UInt64(packets)
            counters.droppedBySystem &+= UInt64(drops)
        }
        counters.droppedByInterface = files.droppedByInterface
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
