import Assessment
import Evidence
import Model
import Wording

/// An exhibit as JSON tells it.
struct ExhibitRecord: Encodable, Sendable {
    struct Kept: Encodable, Sendable {
        var frame: FrameRecord
        var linkType: UInt16
        var originalLength: UInt32
        var keptLength: Int
        var isRedacted: Bool
        var sha256Original: String
        var sha256Kept: String

        init(_ kept: KeptFrame, _ reading: StoreReading) {
            frame = reading.frame(kept.frame)
            linkType = kept.linkType
            originalLength = kept.originalLength
            keptLength = kept.bytes.count
            isRedacted = kept.isRedacted
            sha256Original = kept.sha256Original
            sha256Kept = kept.sha256Kept
        }
    }

    var id: String
    var title: Phrase
    var displayFilter: String
    var frames: [FrameRecord]
    var kept: [Kept]

    init(_ exhibit: Exhibit, _ reading: StoreReading) throws {
        id = exhibit.id
        title = exhibit.title
        displayFilter = exhibit.displayFilter
        frames = exhibit.frames.map(reading.frame)
        kept = try reading.store.keptFrames(of: exhibit).map { Kept($0, reading) }
    }
}

struct ExhibitLine: Encodable, Sendable {
    let exhibit: Exhibit
    let record: ExhibitRecord

    func encode(to encoder: any Encoder) throws { try record.encode(to: encoder) }
}

enum ExhibitList {
    static func listing(_ reading: StoreReading, language: Language) throws -> Listing<ExhibitLine> {
        try listing(try reading.store.exhibits(), reading, language: language)
    }

    static func listing(
        _ exhibits: [Exhibit], _ reading: StoreReading, language: Language
    ) throws -> Listing<ExhibitLine> {
        Listing(
            kind: "exhibits", columns: columns(language),
            records: try exhibits.map {
                ExhibitLine(exhibit: $0, record: try ExhibitRecord($0, reading))
            },
            whenEmpty: Bilingual(ja: "証拠はまだない。", en: "No exhibits."))
    }

    /// The exhibit with this id, or the only one whose id begins so.
    static func find(_ id: String, _ reading: StoreReading) throws -> Exhibit {
        let all = try reading.store.exhibits()
        if let exact = all.first(where: { $0.id == id }) { return exact }
        let similar = all.filter { $0.id.hasPrefix(id) }
        if similar.count == 1, let only = similar.first { return only }
        let advice =
            similar.isEmpty
            ? "otscan exhibits \(reading.store.path) lists them"
            : "did you mean \(similar.prefix(3).map(\.id).joined(separator: ", "))?"
        throw CommandError("\(reading.store.path): no exhibit \(WireText(id).visible); \(advice)")
    }

    static func text(_ exhibit: Exhibit, _ reading: StoreReading, _ style: TerminalStyle) throws -> String {
        let record = try ExhibitRecord(exhibit, reading)
        var lines = [style.paint(exhibit.title.text(in: style.language), .strong), ""]
        var facts = FactSheet()
        facts.add("ID", exhibit.id)
        facts.add(style.say("表示フィルタ", "Display filter"), exhibit.displayFilter, .cyan)
        facts.add(
            style.say("保存フレーム", "Kept frames"),
            style.say(
                "\(exhibit.frames.count)件中\(record.kept.count)件", "\(record.kept.count) of \(exhibit.frames.count)"))
        lines += facts.lines(style)
        let kept = Dictionary(
            try reading.store.keptFrames(of: exhibit).map { ($0.frame, $0) }, uniquingKeysWith: { first, _ in first })
        let table = Table(
            columns: [
                Table.Column(title: style.say("フレーム", "FRAME"), minimum: 12),
                Table.Column(title: style.say("時刻", "TIME")),
                Table.Column(title: style.say("長さ", "LENGTH"), isNumber: true, importance: 1),
                Table.Column(title: style.say("伏字", "REDACTED"), importance: 2),
                Table.Column(title: style.say("SHA-256(原フレーム)", "SHA-256 (ORIGINAL)"), minimum: 16, importance: 3),
            ],
            rows: exhibit.frames.map { reference in
                let frame = kept[reference]
                return [
                    Cell(reading.label(reference)), Cell(Figures.time(reference.time)),
                    frame.map { Cell(String($0.originalLength)) } ?? Cell("-", .faint),
                    frame.map { Cell($0.isRedacted ? style.say("あり", "yes") : style.say("なし", "no")) }
                        ?? Cell(style.say("保存なし", "not kept"), .faint),
                    frame.map { Cell($0.sha256Original) } ?? Cell("-", .faint),
                ]
            })
        lines += [""] + table.lines(style).lines
        return lines.joined(separator: "\n") + "\n"
    }

    private static func columns(_ language: Language) -> [Listing<ExhibitLine>.Column] {
        [
            Listing.Column("id", Bilingual(ja: "ID", en: "ID"), minimum: 20) { $0.exhibit.id },
            Listing.Column("title", Bilingual(ja: "内容", en: "SHOWS"), minimum: 20) {
                $0.exhibit.title.text(in: language)
            },
            Listing.Column("frames", Bilingual(ja: "フレーム", en: "FRAMES"), isNumber: true) {
                String($0.exhibit.frames.count)
            },
            Listing.Column("kept", Bilingual(ja: "保存", en: "KEPT"), isNumber: true, importance: 1) {
                String($0.record.kept.count)
            },
            Listing.Column("display_filter", Bilingual(ja: "表示フィルタ", en: "DISPLAY FILTER"), minimum: 16, importance: 2)
            {
                $0.exhibit.displayFilter
            },
        ]
    }
}
