import Assessment
import Evidence
import Model
import Wording

/// A proposed zone as JSON tells it.
struct ZoneRecord: Encodable, Sendable {
    var id: String
    var title: Phrase
    var level: String
    var members: [Member]

    struct Member: Encodable, Sendable {
        var asset: String
        var name: String
        var role: String
        var addresses: [String]
        var macs: [String]
        /// Assets that a worm could reach from it, now and as proposed.
        var reachNow: Int?
        var reachPlanned: Int?
    }

    init(_ zone: SegmentationPlan.Zone, _ plan: SegmentationPlan, _ assets: [String: Asset]) {
        id = zone.id
        title = zone.title
        level = zone.level.rawValue
        members = zone.members.compactMap { assets[$0] }.map { asset in
            Member(
                asset: asset.id, name: asset.name.visible, role: asset.role.rawValue,
                addresses: asset.addresses.map(\.description), macs: asset.macs.map(\.description),
                reachNow: plan.reach.now[asset.id], reachPlanned: plan.reach.planned[asset.id])
        }
    }
}

/// One member of a proposed zone: a line of the zone table.
struct ZoneLine: Encodable, Sendable {
    var zone: String
    var title: Phrase
    var level: String
    var member: ZoneRecord.Member
}

/// A proposed conduit as JSON tells it.
struct PlannedConduitRecord: Encodable, Sendable {
    var from: String
    var to: String
    var service: String
    var transport: String
    /// Server port, or the IP protocol's number; 0 for every port from 1024 on.
    var port: UInt16
    /// Empty for anybody outside.
    var clients: [String]
    var servers: [String]
    var conversations: Int

    init(_ conduit: SegmentationPlan.Conduit) {
        from = conduit.from
        to = conduit.to
        service = conduit.service
        transport = conduit.transport.word
        port = conduit.port
        clients = conduit.clients.map(\.description)
        servers = conduit.servers.map(\.description)
        conversations = conduit.conversations
    }
}

/// The proposed division of the network.
enum ZoneList {
    static func zones(_ plan: SegmentationPlan, _ assets: [Asset]) -> Listing<ZoneLine> {
        let byID = Dictionary(assets.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let lines = plan.zones.map { ZoneRecord($0, plan, byID) }.flatMap { zone in
            zone.members.map { ZoneLine(zone: zone.id, title: zone.title, level: zone.level, member: $0) }
        }
        return Listing(
            kind: "planned_zones", columns: zoneColumns, records: lines,
            whenEmpty: Bilingual(ja: "区分けする機器がまだない。", en: "There is no asset to place yet."))
    }

    static func conduits(_ plan: SegmentationPlan) -> Listing<PlannedConduitRecord> {
        Listing(
            kind: "planned_conduits", columns: conduitColumns, records: plan.conduits.map(PlannedConduitRecord.init),
            whenEmpty: Bilingual(ja: "区画をまたぐ通信は要らない。", en: "Nothing needs to pass between the zones."))
    }

    /// What the division would change, in sentences.
    static func summary(_ plan: SegmentationPlan, _ style: TerminalStyle) -> String {
        var facts = FactSheet()
        let (now, planned) = (
            SegmentationPlan.Reach.mean(plan.reach.now), SegmentationPlan.Reach.mean(plan.reach.planned)
        )
        func figure(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
        let worst = (now: plan.reach.now.values.max() ?? 0, planned: plan.reach.planned.values.max() ?? 0)
        facts.add(
            style.say("感染が届く機器", "A worm reaches"),
            style.say(
                "平均 \(figure(now)) 台 → 提案の区分けでは \(figure(planned)) 台(最大 \(worst.now) → \(worst.planned) 台)",
                "\(figure(now)) assets on average, \(figure(planned)) as proposed (at most \(worst.now), then \(worst.planned))"
            ))
        facts.add(
            style.say("観測した通信", "Traffic seen"),
            style.say(
                "区画内 \(plan.replay.within)件、許可 \(plan.replay.kept)件、遮断 \(plan.replay.cut)件",
                "\(plan.replay.within) conversations within zones, \(plan.replay.kept) let through, \(plan.replay.cut) cut"
            ))
        if !plan.replay.examples.isEmpty {
            facts.add(
                style.say("遮断される例", "Cut for example"), Array(plan.replay.examples.prefix(6)),
                separator: style.say("、", ", "))
        }
        return facts.lines(style).joined(separator: "\n") + "\n"
    }

    private static let zoneColumns: [Listing<ZoneLine>.Column] = [
        Listing.Column("zone", Bilingual(ja: "ゾーン", en: "ZONE"), minimum: 10) { $0.zone },
        Listing.Column("title_ja") { $0.title.ja },
        Listing.Column("title_en") { $0.title.en },
        Listing.Column("level", Bilingual(ja: "レベル", en: "LEVEL"), importance: 1) { $0.level },
        Listing.Column("name", Bilingual(ja: "機器", en: "ASSET"), minimum: 12) { $0.member.name },
        Listing.Column("role", Bilingual(ja: "役割", en: "ROLE"), importance: 2) { $0.member.role },
        Listing.Column("addresses", Bilingual(ja: "IPアドレス", en: "IP ADDRESS"), minimum: 13) {
            $0.member.addresses.joined(separator: " ")
        },
        Listing.Column("macs") { $0.member.macs.joined(separator: " ") },
        Listing.Column("reach_now", Bilingual(ja: "感染が届く台数", en: "WORM REACHES"), isNumber: true, importance: 3) {
            $0.member.reachNow.map(String.init) ?? ""
        },
        Listing.Column("reach_planned", Bilingual(ja: "提案後", en: "AS PROPOSED"), isNumber: true, importance: 3) {
            $0.member.reachPlanned.map(String.init) ?? ""
        },
        Listing.Column("asset") { $0.member.asset },
    ]

    private static let conduitColumns: [Listing<PlannedConduitRecord>.Column] = [
        Listing.Column("from", Bilingual(ja: "送信元", en: "FROM"), minimum: 10) { $0.from },
        Listing.Column("to", Bilingual(ja: "宛先", en: "TO"), minimum: 10) { $0.to },
        Listing.Column("service", Bilingual(ja: "プロトコル", en: "SERVICE"), minimum: 8) { $0.service },
        Listing.Column(
            "port", Bilingual(ja: "ポート", en: "PORT"), value: { $0.port == 0 ? "1024-65535" : String($0.port) },
            cell: { record, _ in
                Cell("\(record.transport)/\(record.port == 0 ? "1024-65535" : String(record.port))")
            }),
        Listing.Column("transport") { $0.transport },
        Listing.Column(
            "clients", Bilingual(ja: "接続元", en: "CLIENTS"), minimum: 8, importance: 1,
            value: { $0.clients.joined(separator: " ") }, cell: { record, style in end(record.clients, style) }),
        Listing.Column(
            "servers", Bilingual(ja: "接続先", en: "SERVERS"), minimum: 8, importance: 1,
            value: { $0.servers.joined(separator: " ") }, cell: { record, style in end(record.servers, style) }),
        Listing.Column("conversations", Bilingual(ja: "会話", en: "CONVERSATIONS"), isNumber: true, importance: 2) {
            String($0.conversations)
        },
    ]

    private static func end(_ addresses: [String], _ style: TerminalStyle) -> Cell {
        guard let first = addresses.first else { return Cell(style.say("外部の誰でも", "anybody outside"), .yellow) }
        return Cell(addresses.count > 1 ? "\(first) +\(addresses.count - 1)" : first)
    }
}
