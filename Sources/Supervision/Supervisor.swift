import CLinux
import Captures
import Glibc
import Model

/// Runs a live capture: starts the collector, which has a privilege, and the analyser, which reads what hostile devices
/// sent; passes frames from one to the other, keeps those that are not committed yet, and starts either again when it ends.
/// It looks at no frame itself.
package final class Supervisor {
    let options: SupervisionOptions
    let handler: (SupervisionEvent) -> Void
    var backlog: Backlog
    var segments: SegmentFiles
    package internal(set) var counters = SupervisionCounters()
    /// Counters of collectors that ended.
    var earlier = Intake.Counters()
    /// The kernel's count when the present segment began.
    var atSegmentStart = Intake.Counters()
    var collector: CollectorLink?
    var analyser: AnalyserLink?
    var deriver: (process: ChildProcess, log: Int32, lines: LineReader, began: Double)?
    var preamble: [UInt8] = []
    let page: InProgressPage
    let signals: Int32
    let began = Clock.monotonic
    var isStopping = false
    var isFinishing = false
    var stopDeadline = Double.infinity
    /// When an analyser that does not come to its end is waited for no more.
    var finishDeadline = Double.infinity
    var failure: SupervisionError?

    // When to try what again, in monotonic seconds.
    var collectorDue = 0.0
    var collectorDelay = 0.2
    var analyserDue = 0.0
    var analyserDelay = 0.1
    var tickDue = 0.0
    private var trimDue = 0.0
    /// Until when frames have to get out of the kernel first.
    var hurriesUntil = 0.0
    var deriveDue: Double
    var wantsDerivation = false
    var gapSince: (time: Int64, reason: CaptureGap.Reason)?
    var linkDownSince: Int64?
    var storeProblem: String?
    var wasHung = false
    /// Numbers of the store's captures that this run wrote.
    package internal(set) var captures: Set<UInt32> = []
    /// True when the analyser ended its work in order, at the end.
    package internal(set) var isComplete = false

    package init(
        _ options: SupervisionOptions, handler: @escaping (SupervisionEvent) -> Void
    ) throws(SupervisionError) {
        Supervisor.limitPrivileges()
        self.options = options
        self.handler = handler
        backlog = Backlog(limit: options.backlog)
        segments = SegmentFiles(options.ring, capture: options.capture, interface: options.interface)
        page = try InProgressPage()
        let wanted = [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGCHLD]
        signals = linux_signal_descriptor(wanted, wanted.count)
        guard signals >= 0 else { throw SupervisionError("cannot wait for signals") }
        signal(SIGPIPE, SIG_IGN)
        deriveDue = Clock.monotonic + min(10, options.deriveInterval)
    }

    /// Of root's capabilities those stay that files and children need: CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_KILL. A
    /// CAP_NET_RAW that came with the user (systemd's ambient set) is kept for the collector to inherit, and not in force here.
    private static func limitPrivileges() {
        linux_close_on_exec_from(3)
        let files: UInt64 = 1 << 0 | 1 << 1 | 1 << 3 | 1 << 5
        let capturing: UInt64 = 1 << 13
        linux_limit_capabilities(geteuid() == 0 ? files : capturing, files)
    }

    /// Seconds since the start.
    package var elapsed: Double { Clock.monotonic - began }
    /// Memory that holds frames, in bytes.
    package var memory: Int { backlog.pool.inUse * Chunk.size }

    /// Captures until it is told to end, or nothing can be done any more. `tick` is called several times a second.
    package func run(tick: () -> Void) throws(SupervisionError) {
        try startAnalyser()
        while true {
            let now = Clock.monotonic
            if now >= tickDue {
                tickDue = now + 0.25
                keepTime(now)
                tick()
            }
            if isFinishing, analyser == nil, deriver == nil, isComplete && !wantsDerivation || now >= finishDeadline {
                break
            }
            waitForSomething()
            if let failure {
                stopAll()
                throw failure
            }
        }
        updateCounters()
    }

    /// Begins the orderly end: the collector stops, what it received is analysed, and the last segment is closed.
    package func stop() {
        guard !isStopping else { return }
        isStopping = true
        stopDeadline = Clock.monotonic + 3
        handler(.stopping)
        if let collector { collector.closeControl() } else { finish() }
    }

    // MARK: Waiting

    private func waitForSomething() {
        var descriptors = [pollfd(fd: signals, events: Int16(POLLIN), revents: 0)]
        if let collector {
            descriptors.append(pollfd(fd: collector.stream, events: Int16(POLLIN), revents: 0))
            descriptors.append(pollfd(fd: collector.log, events: Int16(POLLIN), revents: 0))
        }
        if let analyser {
            let events = backlog.hasUnsent && analyser.isReady && !isHurrying ? Int16(POLLOUT) : 0
            if analyser.stream >= 0 {
                descriptors.append(pollfd(fd: analyser.stream, events: events, revents: 0))
            }
            descriptors.append(pollfd(fd: analyser.status, events: Int16(POLLIN), revents: 0))
            descriptors.append(pollfd(fd: analyser.log, events: Int16(POLLIN), revents: 0))
        }
        if let deriver { descriptors.append(pollfd(fd: deriver.log, events: Int16(POLLIN), revents: 0)) }
        let patience = max(0, min(0.25, tickDue - Clock.monotonic))
        guard poll(&descriptors, nfds_t(descriptors.count), Int32(patience * 1000) + 1) > 0 else { return }
        for descriptor in descriptors where descriptor.revents != 0 { serve(descriptor.fd) }
    }

    private func serve(_ descriptor: Int32) {
        if descriptor == signals { return takeSignals() }
        if descriptor == collector?.stream { return readCollector() }
        if descriptor == collector?.log { return readCollectorLog() }
        if descriptor == analyser?.status { return readAnalyser() }
        if descriptor == analyser?.log {
            guard let lines = analyser?.readLog() else { return analyser?.closeLog() ?? () }
            for line in lines { handler(.message(from: .analyser, line)) }
            return
        }
        if descriptor == analyser?.stream { return feed() }
        if descriptor == deriver?.log { readDeriver() }
    }

    private func takeSignals() {
        while true {
            switch linux_next_signal(signals) {
            case 0: return
            case SIGINT, SIGTERM:
                if isStopping { wantsDerivation = false }
                stop()
            case SIGHUP: cut()
            case SIGUSR1:
                updateCounters()
                handler(.statisticsAsked)
            case SIGCHLD: reap()
            default: break
            }
        }
    }

    private func reap() {
        if let ending = collector?.process.ending() { collectorEnded(ending) }
        if let ending = analyser?.process.ending() { analyserEnded(ending) }
        if let ending = deriver?.process.ending() { deriverEnded(ending) }
    }

    // MARK: Several times a second

    private func keepTime(_ now: Double) {
        reap()
        if collector == nil, !isStopping, now >= collectorDue, analyser?.isReady == true || captures.isEmpty == false {
            startCollector()
        }
        if analyser == nil, !(isFinishing && isComplete), now >= analyserDue, failure == nil {
            do throws(SupervisionError) { try startAnalyser() } catch { failure = error }
        }
        if segments.checkRoom() { cut() }
        tellSuspension()
        if segments.isDue { cut() }
        if options.duration > 0, elapsed >= options.duration { stop() }
        if isStopping, !isFinishing, now >= stopDeadline { collector?.process.kill() }
        if !isFinishing { account() }
        backlog.append(.tick)
        feed(atOnce: true)
        if !isHurrying { segments.hashSome() }
        if now >= trimDue {
            trimDue = now + 10
            backlog.pool.trim()
        }
        watchAnalyser(now)
        deriveWhenDue(now)
        updateCounters()
    }

    private var toldSuspension: String?

    private func tellSuspension() {
        guard segments.suspension != toldSuspension else { return }
        toldSuspension = segments.suspension
        handler(.rawSuspended(toldSuspension))
    }

    func updateCounters() {
        let now = totals
        counters.droppedByKernel = now.droppedBySystem
        counters.droppedByInterface = now.droppedByInterface
        counters.received = now.received &+ now.droppedByInterface
        counters.droppedByQueue = backlog.turnedAway
        counters.lostWithAnalyser = backlog.lost
        counters.unwritten = segments.unwritten
    }

    /// Of all collectors so far.
    var totals: Intake.Counters {
        var sum = earlier
        if let now = collector?.intake.counters { sum.add(now) }
        return sum
    }

    private func account() {
        guard segments.index > 0 else { return }
        let now = totals
        let kernel = now.droppedBySystem &- atSegmentStart.droppedBySystem
        let interface = now.droppedByInterface &- atSegmentStart.droppedByInterface
        backlog.append(
            .account(received: segments.frames &+ kernel &+ interface, kernel: kernel, interface: interface))
    }

    // MARK: Segments

    /// Ends the present segment and begins the next.
    func cut() {
        guard segments.index > 0, !isFinishing else { return }
        endSegment()
        if segments.isComplete { return stop() }
        beginSegment()
        tellSuspension()
    }

    func beginSegment() {
        guard !preamble.isEmpty else { return }
        atSegmentStart = totals
        let start = segments.begin(preamble, base: backlog.next)
        backlog.append(.begin(start))
        tellSuspension()
    }

    func endSegment() {
        account()
        backlog.append(.end(sha256: segments.end()))
        wantsDerivation = true
    }

    /// Nothing more comes from the collector.
    func finish() {
        guard !isFinishing else { return }
        if segments.index > 0 { endSegment() }
        isFinishing = true
        finishDeadline = Clock.monotonic + 120
        if options.deriver.isEmpty { wantsDerivation = false }
        backlog.append(.finish)
        feed()
    }

    private func stopAll() {
        collector?.process.kill()
        analyser?.process.kill()
        deriver?.process.kill()
    }
}

extension Intake.Counters {
    mutating func add(_ other: Intake.Counters) {
        received &+= other.received
        droppedByInterface &+= other.droppedByInterface
        droppedBySystem &+= other.droppedBySystem
        delivered &+= other.delivered
    }
}
