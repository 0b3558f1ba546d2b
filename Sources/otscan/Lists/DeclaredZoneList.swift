import Assessment
import Evidence
import Model
import Wording

/// A declared zone as JSON tells it.
struct DeclaredZoneRecord: Encodable, Sendable {
    /// Absent for devices that no declared zone holds.
    var zone: String?
    var level: String?
    var members: [String]
}

/// Traffic between declared zones as JSON tells it.
struct DeclaredCrossingRecord: Encodable, Sendable {
    var from: String
    var to: String
    var service: String
    var conversations: Int
    var bytes: UInt64
    var isPermitted: Bool
    var first: FrameRecord
}

/// The declared zones beside what was seen.
enum DeclaredZoneList {
    static func zones(_ division: DeclaredDivision, _ assets: [Asset]) -> Listing<DeclaredZoneRecord> {
        let owners = AssetOwners(assets)
        var records = division.zones.map {
            DeclaredZoneRecord(zone: $0.name, level: $0.level?.rawValue, members: $0.members)
        }
        if !division.unplaced.isEmpty {
            records.append(DeclaredZoneRecord(zone: nil, level: nil, members: division.unplaced))
        }
        return Listing(
            kind: "declared_zones",
            columns: [
                Listing.Column(
                    "zone", Bilingual(ja: "ゾーン", en: "ZONE"), minimum: 10,
                    value: { $0.zone.map { WireText($0).visible } ?? "" },
                    cell: { record, style in
                        record.zone.map { Cell(WireText($0).visible, .strong) }
                            ?? Cell(style.say("どのゾーンにもない", "in no zone"), .yellow)
                    }),
                Listing.Column("level", Bilingual(ja: "レベル", en: "LEVEL")) { $0.level ?? "" },
                Listing.Column(
                    "count", Bilingual(ja: "機器", en: "ASSETS"), isNumber: true, value: { String($0.members.count) }),
                Listing.Column(
                    "members", Bilingual(ja: "属する機器", en: "MEMBERS"), minimum: 20, importance: 2,
                    value: { $0.members.joined(separator: " ") },
                    cell: { record, _ in Cell(record.members.map(owners.name).joined(separator: ", ")) }),
            ], records: records, whenEmpty: Bilingual(ja: "ゾーンは登録されていない。", en: "No zones are declared."))
    }

    static func crossings(_ division: DeclaredDivision, _ reading: StoreReading) -> Listing<DeclaredCrossingRecord> {
        @Sendable func place(_ zone: String, _ style: TerminalStyle) -> Cell {
            zone == DeclaredZones.outside
                ? Cell(style.say("外部", "outside"), .yellow) : Cell(WireText(zone).visible)
        }
        return Listing(
            kind: "declared_crossings",
            columns: [
                Listing.Column(
                    "is_permitted", Bilingual(ja: "判定", en: "VERDICT"), value: { $0.isPermitted ? "true" : "false" },
                    cell: { record, style in
                        record.isPermitted
                            ? Cell(style.say("許可", "allowed"), .green) : Cell(style.say("不許可", "forbidden"), .red)
                    }),
                Listing.Column(
                    "from", Bilingual(ja: "接続元", en: "FROM"), minimum: 10, value: { $0.from },
                    cell: { place($0.from, $1) }),
                Listing.Column(
                    "to", Bilingual(ja: "接続先", en: "TO"), minimum: 10, value: { $0.to }, cell: { place($0.to, $1) }),
                Listing.Column("service", Bilingual(ja: "プロトコル", en: "SERVICE"), minimum: 8) { $0.service },
                Listing.Column(
                    "conversations", Bilingual(ja: "会話", en: "CONVERSATIONS"), isNumber: true,
                    value: { String($0.conversations) },
                    cell: { record, _ in Cell(Figures.count(record.conversations)) }),
                Listing.Column(
                    "bytes", Bilingual(ja: "バイト", en: "BYTES"), isNumber: true, importance: 1,
                    value: { String($0.bytes) }, cell: { record, _ in Cell(Figures.bytes(record.bytes)) }),
                Listing.Column("frame", Bilingual(ja: "最初のフレーム", en: "FIRST FRAME"), importance: 3) {
                    "\($0.first.capture)#\($0.first.frame)"
                },
            ],
            records: division.crossings.map {
                DeclaredCrossingRecord(
                    from: $0.from, to: $0.to, service: $0.service, conversations: $0.conversations, bytes: $0.bytes,
                    isPermitted: $0.isPermitted, first: reading.frame($0.first))
            },
            whenEmpty: Bilingual(ja: "登録したゾーンの間の通信は観測されていない。", en: "No traffic between declared zones was seen."))
    }
}
