import CLinux
import Captures
import Glibc
import Model

/// A collector that runs, and the pipes to it.
final class CollectorLink {
    let process: ChildProcess
    /// Its pcapng stream.
    let stream: Int32
    private(set) var log: Int32
    private var control: Int32
    let intake: Intake
    private var lines = LineReader()
    /// True once something came from it.
    var hasBegun = false
    /// The last thing it complained of.
    var lastError: String?

    init(_ arguments: [String], _ chunk: Chunk) throws(SupervisionError) {
        let control = try Pipe()
        let stream = try Pipe()
        let log = try Pipe()
        linux_set_pipe_size(stream.writing, 1 << 20)
        linux_set_nonblocking(stream.reading)
        linux_set_nonblocking(log.reading)
        defer { for end in [control.reading, stream.writing, log.writing] { close(end) } }
        guard let path = arguments.first else { throw SupervisionError("no collector") }
        process = try ChildProcess(
            path: path, arguments: Array(arguments.dropFirst()),
            descriptors: [control.reading, stream.writing, log.writing])
        self.stream = stream.reading
        self.log = log.reading
        self.control = control.writing
        intake = Intake(chunk)
    }

    deinit { for descriptor in [stream, log, control] where descriptor >= 0 { close(descriptor) } }

    /// Asks it to end, after handing on what it received.
    func closeControl() {
        if control >= 0 { close(control) }
        control = -1
    }

    func readLog() -> [String] {
        guard let lines = lines.read(log) else {
            close(log)
            log = -1
            return []
        }
        return lines
    }
}

extension Supervisor: IntakeConsumer {
    /// How the collector ends when there is no such interface, or no more, and when it has no permission.
    private static let unavailable: Int32 = 69
    private static let usage: Int32 = 64

    func startCollector() {
        var arguments = options.collector
        if options.count > 0 {
            arguments += ["--count", String(options.count - min(counters.delivered, options.count))]
        }
        do throws(SupervisionError) {
            collector = try CollectorLink(arguments, backlog.pool.chunk())
        } catch {
            failure = error
        }
    }

    func readCollector() {
        guard let collector else { return }
        // A few reads at a time, so that everything else gets its turn.
        for _ in 0..<4 {
            switch collector.intake.read(collector.stream, self) {
            case .some:
                if !collector.hasBegun { collectorHasBegun(collector) }
                noteRing(collector.intake.takeRingFill())
            case .nothing:
                feed()
                return
            case .closed:
                feed()
                endCollector(collector)
                return
            case .broken:
                collector.lastError = "what it sent is no pcapng stream"
                collector.process.kill()
                endCollector(collector)
                return
            }
            feed()
        }
    }

    private func collectorHasBegun(_ collector: CollectorLink) {
        collector.hasBegun = true
        collectorDelay = 0.2
        handler(.collectorStarted)
        endGap()
    }

    func readCollectorLog() {
        guard let collector else { return }
        for line in collector.readLog() {
            switch line {
            case "link: up": linkIs(up: true)
            case "link: down", "link: gone": linkIs(up: false)
            default:
                if line.hasPrefix("error: ") {
                    collector.lastError = String(line.dropFirst(7))
                } else {
                    handler(.message(from: .collector, line))
                }
            }
        }
    }

    private func linkIs(up: Bool) {
        if up {
            guard let since = linkDownSince else { return }
            linkDownSince = nil
            handler(.link(isUp: true))
            addGap(since, .link)
        } else if linkDownSince == nil {
            linkDownSince = Clock.wall
            handler(.link(isUp: false))
        }
    }

    func collectorEnded(_ ending: ProcessEnding) {
        guard let collector else { return }
        // What is still in the pipes was received.
        while true {
            let reading = collector.intake.read(collector.stream, self)
            guard case .some = reading else { break }
            feed()
        }
        endCollector(collector, ending)
    }

    /// The stream of a collector has ended; how it ended itself may come out only now.
    private func endCollector(_ link: CollectorLink, _ known: ProcessEnding? = nil) {
        let ending = known ?? link.process.wait()
        readCollectorLog()
        var last = link.intake.counters
        let accepted = last.delivered &+ last.droppedBySystem
        // One that was killed had no time to count what it last handed on.
        last.received = max(last.received, accepted)
        earlier.add(last)
        collector = nil
        counters.leftInRing &+= last.received > accepted ? last.received &- accepted : 0
        updateCounters()
        guard !isStopping else { return finish() }
        if options.count > 0, counters.delivered >= options.count { return stop() }
        if !link.hasBegun, captures.isEmpty || ending == .exited(Supervisor.usage), segments.index == 0 {
            failure = SupervisionError(link.lastError ?? "the collector ended at once: \(ending)")
            return
        }
        if gapSince == nil {
            gapSince = (
                Clock.wall, linkDownSince != nil || ending == .exited(Supervisor.unavailable) ? .link : .collector
            )
            handler(.collectorEnded(ending, link.lastError))
        }
        collectorDue = Clock.monotonic + collectorDelay
        tickDue = min(tickDue, collectorDue)
        collectorDelay = min(collectorDelay * 1.5, 1)
    }

    private func endGap() {
        guard let gap = gapSince else { return }
        gapSince = nil
        // A link that was down when the interface went is up again in the new one, or the new collector says otherwise.
        linkDownSince = nil
        addGap(gap.time, gap.reason)
    }

    private func addGap(_ since: Int64, _ reason: CaptureGap.Reason) {
        backlog.append(
            .gap(
                CaptureGap(
                    interface: options.interface, start: Timestamp(nanoseconds: since),
                    end: Timestamp(nanoseconds: max(since, Clock.wall)), reason: reason)))
    }

    // MARK: What the intake hands on

    func chunk() -> Chunk? { backlog.hasRoom() ? backlog.pool.chunk() : nil }

    func take(preamble bytes: [UInt8]) {
        preamble = bytes
        backlog.append(preamble: bytes)
        if segments.index == 0 { beginSegment() } else { segments.write(preamble: bytes) }
    }

    func take(_ chunk: Chunk, _ range: Range<Int>, frames: UInt64, isKept: Bool) {
        segments.write(
            chunk, range, frames: frames, hashing: !isKept ? .now : isHurrying ? .later : .soon)
        counters.delivered &+= frames
        if isKept {
            backlog.append(chunk, range, frames: frames)
        } else if frames > 0 {
            backlog.turnAway(frames, as: "queue")
        }
    }

    func room(next: Int) -> Int {
        if next > 0, segments.room < UInt64(next) { cut() }
        return Int(clamping: segments.room)
    }
}
