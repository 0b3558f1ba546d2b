import Assessment
import Evidence
import Model
import Wording

/// A capture as JSON tells it.
struct CaptureEntry: Encodable, Sendable {
    var name: String
    var sha256: String
    var format: String
    var frames: UInt64
    var bytes: UInt64
    var first: String
    var last: String
    /// Frames by class; they add up to `frames`.
    var accounting: [String: UInt64]
    var reportedDrops: UInt64?
    var damage: String?
    var limitsReached: [String: UInt64]
    var malformedMessages: UInt64
    /// Of a live capture: the interface, whether it goes on or ended without closing, and when it was last committed.
    var interface: String?
    var isOpen: Bool?
    var committed: String?

    init(_ capture: CaptureRecord) {
        name = WireText(capture.name).visible
        sha256 = capture.sha256
        format = capture.format
        frames = capture.frames
        bytes = capture.bytes
        first = capture.first.rfc3339
        last = capture.last.rfc3339
        accounting = capture.accounting
        reportedDrops = capture.reportedDrops
        damage = capture.damage
        limitsReached = capture.limitsReached
        malformedMessages = capture.malformedMessages
        interface = capture.live.map { WireText($0.interface).visible }
        isOpen = capture.live?.isOpen
        committed = capture.live?.committed.rfc3339
    }
}

struct CaptureLine: Encodable, Sendable {
    let capture: CaptureRecord

    func encode(to encoder: any Encoder) throws { try CaptureEntry(capture).encode(to: encoder) }

    var analysed: UInt64 { capture.accounting["analysed"] ?? 0 }
    var notAnalysed: UInt64 { capture.frames >= analysed ? capture.frames - analysed : 0 }
}

/// How long and how well the network was watched, as JSON tells it.
struct CoverageEntry: Encodable, Sendable {
    var first: String
    var last: String
    var seconds: Double
    var frames: UInt64
    var isFullShift: Bool
    var isTwoWay: Bool
    var isMirror: Bool
    var hasVlanTags: Bool
    var reportedDrops: UInt64?
    var estimate: EstimateEntry?

    /// Devices likely still unseen (Chao2 over slots of time); absent while too little was watched.
    struct EstimateEntry: Encodable, Sendable {
        var slotSeconds: Int
        var slots: Int
        var seen: Int
        var seenOnce: Int
        var seenTwice: Int
        var unseen: Double
        var addedByAnotherDay: Double
    }

    init(_ coverage: Coverage) {
        first = coverage.first.rfc3339
        last = coverage.last.rfc3339
        seconds = coverage.seconds
        frames = coverage.frames
        isFullShift = coverage.isFullShift
        isTwoWay = coverage.isTwoWay
        isMirror = coverage.isMirror
        hasVlanTags = coverage.hasVLANTags
        reportedDrops = coverage.reportedDrops
        estimate = coverage.estimate.flatMap {
            guard $0.isEnough else { return nil }
            return EstimateEntry(
                slotSeconds: $0.slotSeconds, slots: $0.slots, seen: $0.seen, seenOnce: $0.once, seenTwice: $0.twice,
                unseen: $0.unseen, addedByAnotherDay: $0.added(by: 86_400))
        }
    }
}

/// `otscan-coverage/1`.
struct CoverageDocument: Encodable, Sendable {
    var format = "otscan-coverage/1"
    var coverage: CoverageEntry?
    var outside: OutsideEntry
    /// Bytes and frames of all conversations, those to groups, mean load, and addresses that two hosts claim.
    var health: NetworkHealth?
    var captures: [CaptureEntry]
    /// Times in which nobody watched though a capture was meant to.
    var gaps: [CaptureSummaryText.Gap]
    /// Hours watched on each day of the week in local time, Monday first.
    var hoursByWeekday: [Double]
    /// Devices that were new, by hour.
    var newDevices: [NewEntry]

    struct NewEntry: Encodable, Sendable {
        var hour: String
        var count: Int
    }

    init(_ reading: StoreReading) throws {
        coverage = try reading.store.coverage().map(CoverageEntry.init)
        outside = OutsideEntry(try reading.store.outside())
        health = try reading.store.health()
        captures = CaptureList.listing(reading).records.map { CaptureEntry($0.capture) }
        gaps = try reading.store.gaps().map(CaptureSummaryText.Gap.init)
        hoursByWeekday = WatchedHours(Array(reading.captures.values)).hoursByDay.map { ($0 * 1000).rounded() / 1000 }
        newDevices = NewDevices(try reading.store.assets()).hours.map {
            NewEntry(hour: $0.start.rfc3339, count: $0.count)
        }
    }

    struct OutsideEntry: Encodable, Sendable {
        var conversations: Int
        var bytes: UInt64
        var encryptedWebConversations: Int
        var encryptedWebBytes: UInt64
        var cleartextConversations: Int
        var cleartextBytes: UInt64
        var isEnoughForShare: Bool
        /// By direction and by asset, the most traffic first; absent where an earlier version summed it.
        var sent: ShareEntry?
        var received: ShareEntry?
        var hosts: [HostEntry]?

        struct ShareEntry: Encodable, Sendable {
            var bytes: UInt64
            var encryptedWebBytes: UInt64

            init(_ share: OutsideTraffic.Share) {
                bytes = share.bytes
                encryptedWebBytes = share.encryptedWeb
            }
        }

        struct HostEntry: Encodable, Sendable {
            var asset: String
            var conversations: Int
            var encryptedWebConversations: Int
            var sent: ShareEntry
            var received: ShareEntry

            init(_ host: OutsideTraffic.Host) {
                asset = host.asset
                conversations = host.conversations
                encryptedWebConversations = host.encryptedWebConversations
                sent = ShareEntry(host.sent)
                received = ShareEntry(host.received)
            }
        }

        init(_ outside: OutsideTraffic) {
            conversations = outside.conversations
            bytes = outside.bytes
            encryptedWebConversations = outside.encryptedWebConversations
            encryptedWebBytes = outside.encryptedWebBytes
            cleartextConversations = outside.cleartextConversations
            cleartextBytes = outside.cleartextBytes
            isEnoughForShare = outside.isEnough
            sent = outside.sent.map(ShareEntry.init)
            received = outside.received.map(ShareEntry.init)
            hosts = outside.hosts?.map(HostEntry.init)
        }
    }
}

enum CaptureList {
    static func listing(_ reading: StoreReading) -> Listing<CaptureLine> {
        Listing(
            kind: "captures", columns: columns,
            records: reading.captures.keys.sorted().compactMap { reading.captures[$0].map(CaptureLine.init) },
            whenEmpty: Bilingual(
                ja: "キャプチャはまだない。otscan analyze で読み込む。", en: "No captures yet; otscan analyze reads them into the store."
            ))
    }

    private static let columns: [Listing<CaptureLine>.Column] = [
        Listing.Column("name", Bilingual(ja: "キャプチャ", en: "CAPTURE"), minimum: 14) {
            WireText($0.capture.name).visible
        },
        Listing.Column(
            "first", Bilingual(ja: "開始", en: "START"), importance: 2, value: { $0.capture.first.rfc3339 },
            cell: { line, _ in Cell(Figures.time(line.capture.first)) }),
        Listing.Column(
            "last", Bilingual(ja: "長さ", en: "LENGTH"), isNumber: true, value: { $0.capture.last.rfc3339 },
            cell: { line, style in
                Cell(
                    Figures.duration(
                        Double(line.capture.last.elapsed(since: line.capture.first)) / 1e9, in: style.language))
            }),
        Listing.Column(
            "frames", Bilingual(ja: "フレーム", en: "FRAMES"), isNumber: true, value: { String($0.capture.frames) },
            cell: { line, _ in Cell(Figures.count(line.capture.frames)) }),
        Listing.Column(
            "analysed", Bilingual(ja: "解析済み", en: "ANALYSED"), isNumber: true, importance: 3,
            value: { String($0.analysed) }, cell: { line, _ in Cell(Figures.count(line.analysed)) }),
        Listing.Column(
            "not_analysed", Bilingual(ja: "未解析", en: "NOT ANALYSED"), isNumber: true, importance: 1,
            value: { String($0.notAnalysed) },
            cell: { line, _ in Cell(Figures.count(line.notAnalysed), line.notAnalysed > 0 ? .yellow : .plain) }),
        Listing.Column(
            "reported_drops", Bilingual(ja: "取りこぼし", en: "DROPS"), isNumber: true, importance: 4,
            value: { $0.capture.reportedDrops.map(String.init) ?? "" },
            cell: { line, style in
                line.capture.reportedDrops.map { Cell(Figures.count($0), $0 > 0 ? .yellow : .plain) }
                    ?? Cell(style.say("記録なし", "not told"), .faint)
            }),
        Listing.Column("format", Bilingual(ja: "形式", en: "FORMAT"), minimum: 8, importance: 5) { $0.capture.format },
        Listing.Column("sha256") { $0.capture.sha256 },
        Listing.Column("bytes") { String($0.capture.bytes) },
        Listing.Column("malformed_messages") { String($0.capture.malformedMessages) },
        Listing.Column("limits_reached") { line in
            line.capture.limitsReached.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        },
        Listing.Column("damage") { $0.capture.damage ?? "" },
    ]
}
