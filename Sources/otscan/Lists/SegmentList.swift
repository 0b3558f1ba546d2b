import Assessment
import Evidence
import Model
import Wording

/// A broadcast domain as JSON tells it.
struct SegmentRecord: Encodable, Sendable {
    var id: String
    var vlan: UInt16?
    var prefix: String?
    var prefixIsDeclared: Bool
    var members: [String]
    var gateways: [String]
    var otCount: Int
    var itCount: Int

    init(_ segment: Segment) {
        id = segment.id
        vlan = segment.vlan == 0 ? nil : segment.vlan
        prefix = segment.prefix?.description
        prefixIsDeclared = segment.prefixIsDeclared
        members = segment.members
        gateways = segment.gateways
        otCount = segment.otCount
        itCount = segment.itCount
    }
}

/// Traffic between segments as JSON tells it.
struct ConduitRecord: Encodable, Sendable {
    var from: String
    var to: String
    var services: [String]
    var conversations: Int
    var bytes: UInt64
    var via: [String]

    init(_ conduit: Conduit) {
        from = conduit.from
        to = conduit.to
        services = conduit.services
        conversations = conduit.conversations
        bytes = conduit.bytes
        via = conduit.via
    }
}

enum SegmentList {
    static func segments(_ reading: StoreReading) throws -> Listing<SegmentRecord> {
        let owners = AssetOwners(try reading.store.assets())
        return Listing(
            kind: "segments", columns: segmentColumns(owners),
            records: try reading.store.segments().map(SegmentRecord.init),
            whenEmpty: Bilingual(
                ja: "セグメントはまだ見つかっていない。", en: "No segments yet; otscan analyze reads captures into the store."))
    }

    static func conduits(_ reading: StoreReading) throws -> Listing<ConduitRecord> {
        let owners = AssetOwners(try reading.store.assets())
        let names = Dictionary(
            try reading.store.segments().map { ($0.id, SegmentList.name($0)) }, uniquingKeysWith: { first, _ in first })
        return Listing(
            kind: "conduits", columns: conduitColumns(owners, names),
            records: try reading.store.conduits().map(ConduitRecord.init),
            whenEmpty: Bilingual(ja: "セグメント間の通信は観測されていない。", en: "No traffic between segments was seen."))
    }

    /// `192.168.10.0/24`, with the VLAN where the subnet is tagged.
    static func name(_ segment: Segment) -> String {
        let prefix = segment.prefix?.description ?? segment.id
        return segment.vlan == 0 ? prefix : "\(prefix) VLAN \(segment.vlan)"
    }

    private static func segmentColumns(_ owners: AssetOwners) -> [Listing<SegmentRecord>.Column] {
        [
            Listing.Column("id") { $0.id },
            Listing.Column(
                "vlan", Bilingual(ja: "VLAN", en: "VLAN"), value: { $0.vlan.map { String($0) } ?? "" },
                cell: { record, style in
                    record.vlan.map { Cell(String($0)) } ?? Cell(style.say("タグなし", "untagged"), .faint)
                }),
            Listing.Column("prefix", Bilingual(ja: "サブネット", en: "SUBNET"), minimum: 14) { $0.prefix ?? "" },
            Listing.Column(
                "prefix_is_declared", Bilingual(ja: "根拠", en: "BASIS"), importance: 3,
                value: { $0.prefixIsDeclared ? "true" : "false" },
                cell: { record, style in
                    Cell(record.prefixIsDeclared ? style.say("通知された値", "declared") : style.say("推定", "inferred"))
                }),
            Listing.Column(
                "members", Bilingual(ja: "機器", en: "ASSETS"), isNumber: true,
                value: {
                    $0.members.joined(separator: " ")
                }, cell: { record, _ in Cell(Figures.count(record.members.count)) }),
            Listing.Column("ot_count", Bilingual(ja: "OT", en: "OT"), isNumber: true) { String($0.otCount) },
            Listing.Column("it_count", Bilingual(ja: "IT", en: "IT"), isNumber: true) { String($0.itCount) },
            Listing.Column(
                "gateways", Bilingual(ja: "ゲートウェイ", en: "GATEWAYS"), minimum: 10, importance: 1,
                value: { $0.gateways.joined(separator: " ") },
                cell: { record, _ in
                    record.gateways.isEmpty
                        ? Cell("-", .faint) : Cell(record.gateways.map(owners.name).joined(separator: ", "))
                }),
        ]
    }

    private static func conduitColumns(
        _ owners: AssetOwners, _ names: [String: String]
    ) -> [Listing<ConduitRecord>.Column] {
        @Sendable func place(_ id: String, _ style: TerminalStyle) -> Cell {
            id == "outside" ? Cell(style.say("外部", "outside"), .yellow) : Cell(names[id] ?? id)
        }
        return [
            Listing.Column(
                "from", Bilingual(ja: "送信元", en: "FROM"), minimum: 23, value: { $0.from },
                cell: { place($0.from, $1) }),
            Listing.Column(
                "to", Bilingual(ja: "宛先", en: "TO"), minimum: 23, value: { $0.to }, cell: { place($0.to, $1) }),
            Listing.Column(
                "services", Bilingual(ja: "プロトコル", en: "SERVICES"), minimum: 12,
                value: { $0.services.joined(separator: " ") },
                cell: { record, _ in Cell(record.services.joined(separator: ", ")) }),
            Listing.Column(
                "conversations", Bilingual(ja: "会話", en: "CONVERSATIONS"), isNumber: true, importance: 2,
                value: { String($0.conversations) }, cell: { record, _ in Cell(Figures.count(record.conversations)) }),
            Listing.Column(
                "bytes", Bilingual(ja: "バイト", en: "BYTES"), isNumber: true, importance: 1, value: { String($0.bytes) },
                cell: { record, _ in Cell(Figures.bytes(record.bytes)) }),
            Listing.Column(
                "via", Bilingual(ja: "経由", en: "VIA"), minimum: 8, importance: 3,
                value: { $0.via.joined(separator: " ") },
                cell: { record, _ in
                    record.via.isEmpty ? Cell("-", .faint) : Cell(record.via.map(owners.name).joined(separator: ", "))
                }),
        ]
    }
}
