import Assessment
import Evidence
import Model
import Supervision
import Wording

/// What `capture` says at its end.
struct CaptureSummaryText {
    /// `otscan-capture/1`
    struct Document: Encodable {
        var format = "otscan-capture/1"
        var store: String
        var seconds: Double
        /// Frames that passed the filter, as kernel and interface count: the sum of `analysed`, `not_analysed` and `drops`.
        var received: UInt64
        var analysed: UInt64
        /// Frames that were read but not to their transport layer, by class.
        var notAnalysed: [String: UInt64]
        var drops: Drops
        /// Raw frames that are in no file though files were asked for.
        var unwritten: UInt64
        var captures: [CaptureEntry]
        var gaps: [Gap]
        var counts: [String: Int]

        struct Drops: Encodable {
            var kernel: UInt64
            var interface: UInt64
            var queue: UInt64
            var parser: UInt64
            var store: UInt64
            var ring: UInt64
        }
    }

    struct Gap: Encodable, Sendable {
        var interface: String
        var start: String
        var end: String
        var reason: String

        init(_ gap: CaptureGap) {
            interface = WireText(gap.interface).visible
            start = gap.start.rfc3339
            end = gap.end.rfc3339
            reason = gap.reason.rawValue
        }
    }

    let document: Document

    init(
        storePath: String, captures ids: Set<UInt32>, counters: SupervisionCounters, seconds: Double, problem: String?
    ) throws {
        let store = try StoreReading.open(storePath)
        let captures = try store.captures().filter { ids.contains($0.id) }.map(\.record)
        var classes: [String: UInt64] = [:]
        for capture in captures { classes.merge(capture.accounting, uniquingKeysWith: &+) }
        let analysed = classes.removeValue(forKey: "analysed") ?? 0
        let queue = classes.removeValue(forKey: "queue") ?? 0
        let parser = (classes.removeValue(forKey: "quarantined") ?? 0) &+ (classes.removeValue(forKey: "parser") ?? 0)
        let stored = analysed &+ queue &+ parser &+ classes.values.reduce(0, &+)
        document = Document(
            store: storePath, seconds: seconds, received: counters.received, analysed: analysed, notAnalysed: classes,
            drops: Document.Drops(
                kernel: counters.droppedByKernel, interface: counters.droppedByInterface, queue: queue, parser: parser,
                store: counters.delivered > stored ? counters.delivered - stored : 0, ring: counters.leftInRing),
            unwritten: counters.unwritten, captures: captures.map(CaptureEntry.init),
            gaps: try store.gaps().map(Gap.init),
            counts: [
                "assets": try store.assets().count, "findings": try store.findings().count,
                "remote_sessions": try store.remoteSessions().count, "segments": try store.segments().count,
            ])
    }

    func text(_ style: TerminalStyle) -> String {
        var facts = FactSheet()
        facts.add(style.say("期間", "Listened for"), Figures.duration(document.seconds.rounded(), in: style.language))
        facts.add(
            style.say("受信", "Received"),
            style.say("\(Figures.count(document.received))フレーム", Figures.count(document.received, "frame")))
        facts.add(style.say("解析", "Analysed"), Figures.count(document.analysed))
        if !document.notAnalysed.isEmpty {
            facts.add(
                style.say("未解析", "Not analysed"),
                document.notAnalysed.sorted { $0.key < $1.key }.map {
                    "\(AccountWords.frameClass($0.key, in: style.language)) \(Figures.count($0.value))"
                }, separator: style.say("、", ", "))
        }
        let drops = document.drops
        let classes: [(String, String, UInt64)] = [
            ("カーネル", "kernel", drops.kernel), ("NIC", "interface", drops.interface), ("待ち行列", "queue", drops.queue),
            ("解析異常", "parser", drops.parser), ("保存不能", "store", drops.store),
            ("終了時に未読", "unread at the end", drops.ring),
        ]
        let told = classes.filter { $0.2 > 0 }.map { "\(style.say($0.0, $0.1)) \(Figures.count($0.2))" }
        facts.add(
            style.say("取りこぼし", "Dropped"), told.isEmpty ? ["0"] : told, separator: style.say("、", ", "))
        if document.unwritten > 0 {
            facts.add(
                style.say("生フレーム", "Raw frames"),
                style.say(
                    "\(Figures.count(document.unwritten))フレームはファイルに書けなかった",
                    "\(Figures.count(document.unwritten)) are in no file"), .yellow)
        }
        let counts = document.counts
        facts.add(style.say("機器", "Assets"), "\(counts["assets"] ?? 0)")
        facts.add(style.say("指摘", "Findings"), "\(counts["findings"] ?? 0)")
        if !document.gaps.isEmpty {
            facts.add(style.say("欠測", "Gaps"), "\(document.gaps.count)", .yellow)
        }
        let path = WireText(document.store).visible
        let next = ["assets", "findings", "answers", "coverage"].map { "otscan \($0) \(path)" }
        let lines = facts.lines(style)
        return (lines + ["", style.say("次は: ", "next: ") + next.joined(separator: " · ")]).joined(separator: "\n")
            + "\n"
    }
}
