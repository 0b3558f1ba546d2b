package import Analysis
import Captures
package import Evidence
import Glibc
package import Model
package import Protocols

/// The analyser's work of a live capture: reads the stream segment by segment, and commits to the store every second what
/// became of it.
package struct LiveAnalyzer: ~Copyable {
    private let store: Store
    private let interface: String
    private let capture: String
    private let knowledge: Knowledge
    private let protocols: [ProtocolEntry]
    private var stream: LiveStream
    private let status: StatusLine
    /// Where the number of the frame at hand is noted for the supervisor.
    private let page: UnsafeMutablePointer<UInt64>
    /// Number in the sequence of what comes next.
    private var next: UInt64 = 1
    private var devices: DeviceBook
    private var mirror: MirrorWatch
    private var problem: String?

    /// Limits of one segment; what is beyond them is counted. A flood of made-up senders fills tables here, not the store.
    private static var limits: CaptureAnalyzer.Limits {
        var limits = CaptureAnalyzer.Limits()
        limits.observations = 131_072
        return limits
    }
    /// A segment ends before its tables are full, but not sooner than this many seconds after it began.
    private static let shortestSegment = 600.0

    /// Seconds between two commits: at least the first, at most the second, in between four times what one takes.
    private static let commitInterval = (least: 0.5, most: 1.0)
    /// Frames kept of one segment, and between two commits.
    private static let keptPerSegment = 20_000
    private static let keptPerCommit = 2_000

    /// How the reading of a segment ended.
    private enum SegmentEnd {
        case ended
        case next(LiveSegmentStart)
        case finished
    }

    package init(
        store: Store, interface: String, capture: String, knowledge: Knowledge, own: MACAddress?,
        protocols: [ProtocolEntry] = ProtocolRegistry.all, stream: Int32, status: StatusLine,
        page: UnsafeMutablePointer<UInt64>
    ) throws {
        self.store = store
        self.interface = interface
        self.capture = capture
        self.knowledge = knowledge
        self.protocols = protocols
        self.stream = LiveStream(descriptor: stream, name: "the capture")
        self.status = status
        self.page = page
        devices = DeviceBook(known: try store.assets().flatMap(\.macs))
        mirror = MirrorWatch(own: own)
    }

    /// Closes what captures before this one left open, and says what was missed since.
    package func closeAbandoned() throws {
        for (id, record) in try store.openSegments() {
            guard let live = record.live, !record.sha256.hasPrefix("\(LiveRecord.namePrefix)\(capture):") else {
                continue
            }
            let gap = CaptureGap(
                interface: live.interface, start: live.committed, end: max(live.committed, LiveAnalyzer.now),
                reason: .stopped)
            try store.closeAbandoned(id, record, gap: gap)
        }
    }

    /// Reads to the end of the stream.
    package mutating func run() throws {
        var begun: LiveSegmentStart?
        while true {
            if let start = begun {
                begun = nil
                switch try read(start) {
                case .ended: continue
                case .next(let other): begun = other
                case .finished: return
                }
                continue
            }
            page.pointee = 0
            switch stream.next() {
            case .frame, .other: continue
            case .control(let message):
                switch message {
                case .at(let number): next = number
                case .begin(let start):
                    // One that is begun is numbered; one that is taken up again is followed by where to go on.
                    next = max(next, start.base) &+ 1
                    begun = start
                case .finish:
                    status.committed(next &- 1, 0)
                    return
                default: next &+= message.numbered
                }
            case .end(let error):
                if let error { throw error }
                return
            }
        }
    }

    // MARK: One segment

    private mutating func read(_ start: LiveSegmentStart) throws -> SegmentEnd {
        var account = SegmentAccount(start, interface)
        var segment = try open(start, &account)
        var analyzer = CaptureAnalyzer(capture: segment.id, protocols: protocols, limits: LiveAnalyzer.limits)
        var committed = CaptureAnalyzer.Committed()
        var pending = SegmentChanges(capture: account.record)
        var novelty = 0
        var keptCount = 0
        let began = LiveAnalyzer.seconds
        var lastCommit = began
        // What was fed again after another analyser died is committed as soon as it was read.
        var interval = 0.0
        var oneSided = OneSidedLimit()
        var countdown = 1024
        var hasAskedToCut = false

        while true {
            var isDue = false
            var ending: SegmentEnd?
            var isFrame = stream.takeFrame()
            if !isFrame {
                switch stream.next() {
                case .frame: isFrame = true
                case .other: page.pointee = 0
                case .control(let message):
                    page.pointee = message.numbered > 0 ? next : 0
                    switch message {
                    case .at(let number): next = number
                    case .skip(let count, let name):
                        account.skip(count, as: name)
                        next &+= count
                    case .gap(let gap):
                        pending.gaps.append(gap)
                        next &+= 1
                    case .account(let received, let kernel, let interface):
                        account.set(received: received, kernel: kernel, interface: interface)
                    case .commit: isDue = true
                    case .end(let sha256):
                        next &+= 1
                        account.close(sha256)
                        ending = .ended
                    case .begin(let other):
                        next &+= 1
                        account.close("")
                        ending = .next(other)
                    case .finish:
                        account.close("")
                        ending = .finished
                    case .tick: break
                    }
                case .end:
                    // The supervisor is gone: what is there is kept, and the segment stays open for whoever comes next.
                    ending = .finished
                }
            }
            if isFrame {
                page.pointee = next
                var frame = stream.frame
                frame.number = next &- start.base
                next &+= 1
                analyzer.read(stream.bytes, frame)
                if mirror.isLooking { mirror.look(at: stream.bytes, frame) }
                if analyzer.novelty != novelty {
                    novelty = analyzer.novelty
                    if pending.frames.count < LiveAnalyzer.keptPerCommit, keptCount < LiveAnalyzer.keptPerSegment {
                        keptCount += 1
                        pending.frames.append(ExhibitFrames.keep(stream.bytes, frame, of: segment.id))
                    }
                }
                countdown &-= 1
                guard countdown == 0 else { continue }
                countdown = 1024
            }
            let now = LiveAnalyzer.seconds
            guard isDue || ending != nil || now - lastCommit >= interval else { continue }
            page.pointee = 0
            lastCommit = now
            let isCommitted = commit(
                analyzer, &segment, &committed, &pending, &oneSided, account, upTo: next &- 1 &- start.base,
                patience: ending == nil ? 0 : 10)
            let took = LiveAnalyzer.seconds - now
            interval = min(max(4 * took, LiveAnalyzer.commitInterval.least), LiveAnalyzer.commitInterval.most)
            if isCommitted { status.committed(next &- 1, segment.id) }
            tell(analyzer, account)
            if analyzer.isNearLimit, !hasAskedToCut, ending == nil, now - began >= LiveAnalyzer.shortestSegment {
                hasAskedToCut = true
                status.write("full")
            }
            if let ending { return ending }
        }
    }

    /// Begins the segment in the store, or takes it up again; waits while the disk is full.
    private mutating func open(_ start: LiveSegmentStart, _ account: inout SegmentAccount) throws -> LiveSegment {
        while true {
            do throws(StoreError) {
                let (segment, before) = try LiveSegment.open(account.record, in: store)
                account.before = before
                tell(problem: nil)
                return segment
            } catch {
                tell(problem: error.description)
                sleep(1)
            }
        }
    }

    /// Writes what changed; what cannot be written now is tried again the next time. `patience`: seconds in which to try.
    private mutating func commit(
        _ analyzer: borrowing CaptureAnalyzer, _ segment: inout LiveSegment,
        _ committed: inout CaptureAnalyzer.Committed,
        _ pending: inout SegmentChanges, _ oneSided: inout OneSidedLimit, _ account: SegmentAccount,
        upTo frame: UInt64, patience: Double
    ) -> Bool {
        var reached = committed
        var changes = analyzer.changes(since: &reached, account.summary, upTo: frame)
        var limit = oneSided
        limit.apply(to: &changes)
        changes.capture = account.whole(changes.capture)
        changes.frames = pending.frames
        changes.gaps = pending.gaps
        devices.note(changes.conversations, knowledge)
        let deadline = LiveAnalyzer.seconds + patience
        while true {
            do throws(StoreError) {
                try segment.commit(changes)
                committed = reached
                oneSided = limit
                pending.frames.removeAll(keepingCapacity: true)
                pending.gaps.removeAll()
                tell(problem: nil)
                return true
            } catch {
                tell(problem: error.description)
                guard LiveAnalyzer.seconds < deadline else { return false }
                usleep(500_000)
            }
        }
    }

    private mutating func tell(problem text: String?) {
        guard text != problem else { return }
        problem = text
        if let text { status.write("problem \(text)") }
    }

    // MARK: What there is to see

    private mutating func tell(_ analyzer: borrowing CaptureAnalyzer, _ account: SegmentAccount) {
        mirror.keepTime()
        let activity = analyzer.activity(since: Timestamp(nanoseconds: LiveAnalyzer.now.nanoseconds - 60_000_000_000))
        var view = LiveView()
        view.frames = analyzer.framesRead
        view.devices = devices.count
        view.conversations = analyzer.conversationCount
        view.newest = devices.newest
        view.protocols = activity.protocols.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(8).map {
            LiveView.Share(name: $0.key, frames: $0.value)
        }
        view.remote = activity.remote.prefix(8).map {
            LiveView.Remote(
                service: $0.service ?? "", client: LiveAnalyzer.text($0.client), server: LiveAnalyzer.text($0.server),
                first: $0.first.time.nanoseconds)
        }
        view.isFlooded = analyzer.isFlooded
        view.mirror = mirror.result
        if let text = view.line { status.write("view \(text)") }
    }

    private static func text(_ end: Endpoint) -> String { end.ip?.description ?? end.mac?.description ?? "" }

    /// Monotonic.
    static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
    }
}
