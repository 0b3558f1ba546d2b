import Assessment
import Evidence
import Model
import Wording

/// One line of the comparison of list and traffic, as JSON tells it.
struct LedgerRecord: Encodable, Sendable {
    struct Entry: Encodable, Sendable {
        var line: Int
        var key: String
        var name: String
        var addresses: [String]
        var macs: [String]
        var vendor: String
        var model: String
        var serial: String
        var hostname: String
        var location: String
        var owner: String
        var extra: [String: String]

        init(_ entry: LedgerEntry) {
            line = entry.line
            key = entry.key
            name = entry.name
            addresses = entry.addresses.map(\.description)
            macs = entry.macs.map(\.description)
            vendor = entry.vendor
            model = entry.model
            serial = entry.serial
            hostname = entry.hostname
            location = entry.location
            owner = entry.owner
            extra = entry.extra
        }
    }

    /// `matched`, `not_listed` or `not_seen`.
    var state: String
    var ledger: Entry?
    /// Asset id.
    var asset: String?
    /// What the match rests on: `mac`, `serial`, `hostname`, `ip` or `model`.
    var ground: String?
    /// How sure the match is: `high`, `medium` or `low`.
    var confidence: String?
    /// What differs between list and traffic.
    var changes: [String]
}

struct LedgerLine: Encodable, Sendable {
    enum State: String, Sendable {
        case notListed = "not_listed"
        case matched
        case notSeen = "not_seen"

        func cell(_ style: TerminalStyle) -> Cell {
            switch self {
            case .matched: Cell(style.say("一致", "matched"), .green)
            case .notListed: Cell(style.say("台帳にない", "not listed"), .red)
            case .notSeen: Cell(style.say("通信なし", "not seen"), .faint)
            }
        }
    }

    let state: State
    let entry: LedgerEntry?
    let asset: Asset?
    let pair: LedgerMatch.Pair?

    func encode(to encoder: any Encoder) throws {
        try LedgerRecord(
            state: state.rawValue, ledger: entry.map(LedgerRecord.Entry.init), asset: asset?.id,
            ground: pair?.ground.rawValue, confidence: pair?.ground.confidence.word,
            changes: pair?.changes ?? []
        ).encode(to: encoder)
    }

    var name: String {
        if let entry, !entry.name.isEmpty { return WireText(entry.name).visible }
        if let entry, !entry.hostname.isEmpty { return WireText(entry.hostname).visible }
        return asset?.name.visible ?? ""
    }
}

enum LedgerList {
    /// What is not listed first, then the list's lines in its order.
    static func listing(_ reading: StoreReading) throws -> Listing<LedgerLine> {
        Listing(
            kind: "ledger", columns: columns, records: try lines(reading.store),
            whenEmpty: Bilingual(
                ja: "台帳がない。otscan ledger import FILE.csv STORE で取り込む。",
                en: "No ledger; otscan ledger import FILE.csv STORE reads one."))
    }

    static func lines(_ store: Store) throws -> [LedgerLine] {
        guard let entries = try store.ledger() else { return [] }
        let assets = Dictionary(try store.assets().map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let match = try store.ledgerMatch() ?? LedgerMatch(pairs: [], unlisted: [], notSeen: [])
        let pairs = Dictionary(grouping: match.pairs, by: \.line)
        let unlisted = AssetList.sorted(match.unlisted.compactMap { assets[$0] }).map {
            LedgerLine(state: .notListed, entry: nil, asset: $0, pair: nil)
        }
        return unlisted
            + entries.flatMap { entry in
                guard let found = pairs[entry.line] else {
                    return [LedgerLine(state: .notSeen, entry: entry, asset: nil, pair: nil)]
                }
                return found.map { LedgerLine(state: .matched, entry: entry, asset: assets[$0.asset], pair: $0) }
            }
    }

    private static let columns: [Listing<LedgerLine>.Column] = [
        Listing.Column(
            "state", Bilingual(ja: "照合", en: "STATE"), value: { $0.state.rawValue }, cell: { $0.state.cell($1) }),
        Listing.Column("key", Bilingual(ja: "管理番号", en: "KEY"), minimum: 6, importance: 5) { $0.entry?.key ?? "" },
        Listing.Column(
            "name", Bilingual(ja: "名称", en: "NAME"), minimum: 14, value: { $0.name },
            cell: { line, _ in Cell(line.name, .strong) }),
        Listing.Column("listed_addresses", Bilingual(ja: "台帳のIP", en: "LISTED IP"), minimum: 15, importance: 3) {
            ($0.entry?.addresses ?? []).map(\.description).joined(separator: " ")
        },
        Listing.Column(
            "seen_addresses", Bilingual(ja: "観測したIP", en: "SEEN IP"), minimum: 15,
            value: { ($0.asset?.addresses ?? []).map(\.description).joined(separator: " ") },
            cell: { line, _ in
                line.asset.flatMap(AssetList.address).map { Cell($0.description) } ?? Cell("-", .faint)
            }),
        Listing.Column(
            "ground", Bilingual(ja: "照合の根拠", en: "MATCHED BY"), importance: 2,
            value: { $0.pair?.ground.rawValue ?? "" },
            cell: { line, style in line.pair.map { Cell($0.ground.name(in: style.language)) } ?? Cell("-", .faint) }),
        Listing.Column(
            "confidence", Bilingual(ja: "確度", en: "CONFIDENCE"), importance: 4,
            value: { $0.pair?.ground.confidence.word ?? "" },
            cell: { line, style in
                line.pair.map { Cell($0.ground.confidence.name(in: style.language)) } ?? Cell("-", .faint)
            }),
        Listing.Column(
            "why", Bilingual(ja: "根拠の説明", en: "WHY"), minimum: 20, importance: 6,
            value: { $0.pair?.ground.explanation(in: .english) ?? "" },
            cell: { line, style in
                line.pair.map { Cell($0.ground.explanation(in: style.language), .faint) } ?? Cell("")
            }),
        Listing.Column(
            "changes", Bilingual(ja: "相違", en: "DIFFERS"), importance: 1,
            value: { ($0.pair?.changes ?? []).joined(separator: " ") },
            cell: { line, style in
                let changes = (line.pair?.changes ?? []).map { LedgerMatch.changeName($0, in: style.language) }
                return Cell(changes.joined(separator: style.say("、", ", ")), .yellow)
            }),
        Listing.Column("line") { $0.entry.map { String($0.line) } ?? "" },
        Listing.Column("asset") { $0.asset?.id ?? "" },
        Listing.Column("listed_macs") { ($0.entry?.macs ?? []).map(\.description).joined(separator: " ") },
        Listing.Column("seen_macs") { ($0.asset?.macs ?? []).map(\.description).joined(separator: " ") },
        Listing.Column("location") { $0.entry?.location ?? "" },
        Listing.Column("owner") { $0.entry?.owner ?? "" },
    ]
}
