import Analysis
import Captures
import Model

/// The record of a segment while it is captured.
struct SegmentAccount {
    private let start: LiveSegmentStart
    private var live: LiveRecord
    private var sha256: String
    /// Frames that did not come, by class.
    private var skipped: [String: UInt64] = [:]
    /// What was committed of it before this analyser.
    var before: CaptureRecord?

    init(_ start: LiveSegmentStart, _ interface: String) {
        self.start = start
        sha256 = start.identity
        live = LiveRecord(interface: interface, committed: LiveAnalyzer.now, previous: start.previous)
    }

    var summary: CaptureSummary {
        let drops = live.drops.values.reduce(0, &+)
        return CaptureSummary(
            name: start.name, sha256: sha256, format: "pcapng, little-endian", reportedDrops: drops)
    }

    /// Before the first frame.
    var record: CaptureRecord {
        CaptureRecord(
            name: start.name, sha256: sha256, format: "pcapng, little-endian", frames: 0, bytes: 0, first: .zero,
            last: .zero, linkTypes: [:], accounting: [:], live: live)
    }

    mutating func skip(_ count: UInt64, as name: String) { skipped[name, default: 0] &+= count }

    mutating func set(received: UInt64, kernel: UInt64, interface: UInt64) {
        live.received = received
        live.drops = ["kernel": kernel, "interface": interface].filter { $0.value > 0 }
    }

    mutating func close(_ sha256: String) {
        if !sha256.isEmpty { self.sha256 = sha256 }
        live.isOpen = false
    }

    /// With what was committed before, and what never came.
    func whole(_ read: CaptureRecord) -> CaptureRecord {
        var own = read
        for (name, count) in skipped {
            own.accounting[name, default: 0] &+= count
            own.frames &+= count
        }
        var whole = before?.continued(by: own) ?? own
        whole.name = start.name
        whole.sha256 = sha256
        whole.reportedDrops = live.drops.values.reduce(0, &+)
        whole.live = live
        whole.live?.committed = LiveAnalyzer.now
        return whole
    }
}
