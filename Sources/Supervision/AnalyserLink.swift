import CLinux
import Glibc
import Model

/// A page of memory that the supervisor shares with the analyser: 0 the number in the sequence of what is being worked on,
/// 0 for nothing.
final class InProgressPage {
    static let size = 4096
    let descriptor: Int32
    private let memory: UnsafeMutableRawPointer

    init() throws(SupervisionError) {
        descriptor = linux_shared_memory("otscan", InProgressPage.size)
        guard descriptor >= 0,
            let memory = mmap(nil, InProgressPage.size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
            memory != MAP_FAILED
        else { throw SupervisionError("cannot share memory: \(String(cString: strerror(errno)))") }
        self.memory = memory
    }

    var number: UInt64 {
        get { memory.load(as: UInt64.self) }
        set { memory.storeBytes(of: newValue, as: UInt64.self) }
    }
}

/// An analyser that runs, and the pipes to it.
final class AnalyserLink {
    let process: ChildProcess
    private(set) var stream: Int32
    let status: Int32
    private(set) var log: Int32
    private var lines = LineReader()
    private var logLines = LineReader()
    /// True once it said that it can be fed.
    var isReady = false
    var hasCommitted = false
    /// What it was at when that was last looked at, and since when.
    var watched: (number: UInt64, since: Double) = (0, 0)
    var lastError: String?

    init(_ arguments: [String], page: Int32) throws(SupervisionError) {
        let stream = try Pipe()
        let status = try Pipe()
        let log = try Pipe()
        linux_set_pipe_size(stream.writing, 1 << 20)
        for end in [stream.writing, status.reading, log.reading] { linux_set_nonblocking(end) }
        let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer { for end in [stream.reading, status.writing, log.writing, null] { close(end) } }
        guard let path = arguments.first else { throw SupervisionError("no analyser") }
        process = try ChildProcess(
            path: path, arguments: Array(arguments.dropFirst()),
            descriptors: [stream.reading, null, log.writing, status.writing, page])
        self.stream = stream.writing
        self.status = status.reading
        self.log = log.reading
    }

    deinit { for descriptor in [stream, status, log] where descriptor >= 0 { close(descriptor) } }

    func readStatus() -> [String]? { lines.read(status) }
    /// What it said, but for the last thing it complained of, which is kept.
    func readLog() -> [String]? {
        guard let lines = logLines.read(log) else { return nil }
        for line in lines where line.hasPrefix("error: ") { lastError = String(line.dropFirst(7)) }
        return lines.filter { !$0.hasPrefix("error: ") }
    }

    func closeLog() {
        close(log)
        log = -1
    }

    func closeStream() {
        close(stream)
        stream = -1
    }
}

extension Supervisor {
    /// Seconds for which an analyser may be at one frame.
    private static let patience = 20.0

    func startAnalyser() throws(SupervisionError) {
        page.number = 0
        backlog.rewind()
        analyser = try AnalyserLink(options.analyser, page: page.descriptor)
    }

    /// Thousandths of the kernel's ring from which on it is in a hurry, and for how many seconds then.
    private static let hurry: (fill: UInt64, seconds: Double) = (250, 0.25)

    /// Where processors are short, what the collector has for us comes first: a full ring drops frames, while those that are
    /// here can wait, until three quarters of the memory for them is taken. Told by the ring, for there are shortages that priorities
    /// do not see (a quota for all three processes).
    func noteRing(_ fill: UInt64) {
        if fill >= Supervisor.hurry.fill { hurriesUntil = Clock.monotonic + Supervisor.hurry.seconds }
    }

    var isHurrying: Bool { hurriesUntil > 0 && Clock.monotonic < hurriesUntil && backlog.isRoomy }

    /// Sends it what there is, unless that has to wait; some goes several times a second all the same.
    func feed(atOnce: Bool = false) {
        guard atOnce || !isHurrying, let analyser, analyser.isReady, analyser.stream >= 0 else { return }
        if !backlog.send(to: analyser.stream) { analyser.closeStream() }
    }

    func readAnalyser() {
        guard let analyser else { return }
        guard let lines = analyser.readStatus() else {
            // It closed the pipe, as it does at its end.
            analyserEnded(analyser.process.wait())
            return
        }
        for line in lines { take(line, from: analyser) }
    }

    /// `ready` · `committed NUMBER CAPTURE` · `full` · `view …` · `problem …` · `done`
    private func take(_ line: String, from analyser: AnalyserLink) {
        let word = line.prefix { $0 != " " }
        let rest = line.dropFirst(word.count + 1)
        switch word {
        case "ready":
            analyser.isReady = true
            handler(.analyserStarted)
            tickDue = 0
            feed()
        case "committed":
            let numbers = rest.split(separator: " ")
            guard numbers.count == 2, let number = UInt64(numbers[0]), let capture = UInt32(numbers[1]) else { return }
            if capture > 0 { captures.insert(capture) }
            analyser.hasCommitted = true
            analyserDelay = 0.1
            backlog.release(upTo: number)
            tellStoreProblem(nil)
        case "full": cut()
        case "view": handler(.view(String(rest)))
        case "problem": tellStoreProblem(String(rest))
        case "done":
            if isFinishing { isComplete = true }
        default: break
        }
    }

    private func tellStoreProblem(_ problem: String?) {
        guard problem != storeProblem else { return }
        storeProblem = problem
        handler(.storeProblem(problem))
    }

    func analyserEnded(_ ending: ProcessEnding) {
        guard let ended = analyser else { return }
        while let lines = ended.readStatus(), !lines.isEmpty { for line in lines { take(line, from: ended) } }
        while let lines = ended.readLog(), !lines.isEmpty {
            for line in lines { handler(.message(from: .analyser, line)) }
        }
        analyser = nil
        if isComplete { return }
        // One that gives up before it began says why, and would say the same again; one that was killed would not.
        if !ended.isReady, captures.isEmpty, case .exited = ending {
            failure = SupervisionError(ended.lastError ?? "the analyser ended at once: \(ending)")
            return
        }
        // What it was at when it died of itself is what killed it; when somebody else killed it, it need not be.
        let number = isOwnFault(ending) ? page.number : 0
        handler(.analyserEnded(ending, ended.lastError, frame: number))
        if number > 0 {
            if let block = backlog.exclude(number, as: "quarantined") { setAside(block) }
        }
        // One that worked is replaced at once: until the next has committed, what came since is in memory alone.
        analyserDue = Clock.monotonic + (ended.hasCommitted ? 0 : analyserDelay)
        tickDue = min(tickDue, analyserDue)
        analyserDelay = ended.hasCommitted ? 0.1 : min(analyserDelay * 2, 10)
    }

    private func isOwnFault(_ ending: ProcessEnding) -> Bool {
        switch ending {
        case .signalled(let signal): wasHung || signal != SIGKILL && signal != SIGTERM
        case .exited: true
        }
    }

    /// Keeps a frame that killed an analyser, for whoever wants to know why.
    private func setAside(_ block: [UInt8]) {
        counters.quarantined &+= 1
        guard counters.quarantined <= 1000 else { return }
        let isNew = access(options.quarantine, F_OK) != 0
        let descriptor = open(options.quarantine, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        options.ring.owner?.take(descriptor)
        for bytes in (isNew ? [preamble, block] : [block]) {
            _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        }
    }

    /// Ends an analyser that does not come away from a frame.
    func watchAnalyser(_ now: Double) {
        guard let analyser else { return }
        let number = page.number
        if number == 0 || number != analyser.watched.number { analyser.watched = (number, now) }
        wasHung = now - analyser.watched.since > Supervisor.patience
        if wasHung { analyser.process.kill() }
    }
}
