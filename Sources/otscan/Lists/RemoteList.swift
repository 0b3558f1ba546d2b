import Assessment
import Evidence
import Model
import Wording

/// A remote session as JSON tells it.
struct RemoteRecord: Encodable, Sendable {
    var id: String
    var service: String
    var origin: String
    var client: ConversationRecord.End
    var server: ConversationRecord.End
    var user: String?
    var isTunnel: Bool
    var reachesOt: Bool
    var isEstablished: Bool
    var conversations: Int
    /// `interactive`, `periodic` or `transfer`; absent when too little was seen.
    var character: String?
    /// Ids of the sessions that led here, the first one first.
    var way: [String]?
    /// What the plant's declaration says of it; absent when nothing is declared.
    var permission: String?
    var fromClient: VolumeRecord
    var fromServer: VolumeRecord
    var first: FrameRecord
    var last: FrameRecord

    init(_ session: RemoteSession, _ reading: StoreReading) {
        id = session.id
        service = session.service
        origin = session.origin.rawValue
        client = ConversationRecord.End(
            ip: session.client.ip?.description, mac: session.client.mac?.description, port: session.clientPort,
            asset: session.clientAsset)
        server = ConversationRecord.End(
            ip: session.server.ip?.description, mac: session.server.mac?.description, port: session.serverPort,
            asset: session.serverAsset)
        user = session.user?.visible
        isTunnel = session.isTunnel
        reachesOt = session.reachesOT
        isEstablished = session.isEstablished
        conversations = session.conversations
        character = session.character?.rawValue
        way = session.way
        permission = session.permission?.rawValue
        fromClient = VolumeRecord(session.fromClient)
        fromServer = VolumeRecord(session.fromServer)
        first = reading.frame(session.seen.first)
        last = reading.frame(session.seen.last)
    }
}

struct RemoteLine: Encodable, Sendable {
    let session: RemoteSession
    let record: RemoteRecord
    let clientName: String
    let serverName: String
    /// Hosts by which its user came, the first one first.
    let way: [String]

    func encode(to encoder: any Encoder) throws { try record.encode(to: encoder) }

    var bytes: UInt64 { session.fromClient.bytes &+ session.fromServer.bytes }
}

enum RemoteList {
    /// In the order in which the sessions began.
    static func listing(_ reading: StoreReading) throws -> Listing<RemoteLine> {
        let owners = AssetOwners(try reading.store.assets())
        let sessions = try reading.store.remoteSessions()
        let byID = Dictionary(sessions.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let lines = sessions.sorted { $0.seen.first.time < $1.seen.first.time }.map { session in
            RemoteLine(
                session: session, record: RemoteRecord(session, reading),
                clientName: session.clientAsset.map(owners.name) ?? "",
                serverName: session.serverAsset.map(owners.name) ?? "",
                way: (session.way ?? []).compactMap { byID[$0] }.map { step in
                    step.clientAsset.map(owners.name) ?? step.client.ip?.description ?? "?"
                })
        }
        return Listing(
            kind: "remote_sessions", columns: columns, records: lines,
            whenEmpty: Bilingual(
                ja: "遠隔接続は観測されていない(通信に見えないことは、存在しないことを意味しない)。",
                en: "No remote access was seen (which does not mean that there is none)."))
    }

    private static let columns: [Listing<RemoteLine>.Column] = [
        Listing.Column(
            "first_seen", Bilingual(ja: "開始", en: "START"), importance: 4, value: { $0.record.first.time },
            cell: { line, _ in Cell(Figures.time(line.session.seen.first.time)) }),
        Listing.Column(
            "origin", Bilingual(ja: "向き", en: "DIRECTION"), value: { $0.record.origin },
            cell: { line, style in
                Cell(line.session.origin.name(in: style.language), line.session.origin == .outside ? .red : .plain)
            }),
        Listing.Column("service", Bilingual(ja: "方式", en: "SERVICE"), minimum: 6) { $0.record.service },
        Listing.Column(
            "client", Bilingual(ja: "接続元", en: "CLIENT"), minimum: 14,
            value: { ConversationLine.end($0.record.client) }),
        Listing.Column("client_name", Bilingual(ja: "接続元の機器", en: "CLIENT ASSET"), minimum: 10, importance: 6) {
            $0.clientName
        },
        Listing.Column(
            "server", Bilingual(ja: "接続先", en: "SERVER"), minimum: 14,
            value: { ConversationLine.end($0.record.server) }),
        Listing.Column("server_name", Bilingual(ja: "接続先の機器", en: "SERVER ASSET"), minimum: 10, importance: 3) {
            $0.serverName
        },
        Listing.Column("user", Bilingual(ja: "利用者", en: "USER"), minimum: 6, importance: 7) { $0.record.user ?? "" },
        Listing.Column(
            "reaches_ot", Bilingual(ja: "OT到達", en: "REACHES OT"), importance: 1,
            value: { $0.record.reachesOt ? "true" : "false" },
            cell: { line, style in
                line.record.reachesOt ? Cell(style.say("はい", "yes"), .red) : Cell(style.say("いいえ", "no"))
            }),
        Listing.Column(
            "is_established", Bilingual(ja: "成立", en: "ESTABLISHED"), importance: 5,
            value: { $0.record.isEstablished ? "true" : "false" },
            cell: { line, style in
                Cell(line.record.isEstablished ? style.say("はい", "yes") : style.say("試行のみ", "attempt"))
            }),
        Listing.Column(
            "bytes", Bilingual(ja: "バイト", en: "BYTES"), isNumber: true, importance: 2, value: { String($0.bytes) },
            cell: { line, _ in Cell(Figures.bytes(line.bytes)) }),
        Listing.Column(
            "character", Bilingual(ja: "性質", en: "KIND"), importance: 8, value: { $0.record.character ?? "" },
            cell: { line, style in
                line.session.character.map { Cell($0.name(in: style.language)) } ?? Cell("-", .faint)
            }),
        Listing.Column(
            "permission", Bilingual(ja: "登録との照合", en: "DECLARED"), importance: 2,
            value: { $0.record.permission ?? "" },
            cell: { line, style in
                line.session.permission.map {
                    Cell($0.name(in: style.language), $0 == .permitted ? .plain : .red)
                } ?? Cell("-", .faint)
            }),
        Listing.Column(
            "way", Bilingual(ja: "経由", en: "BY WAY OF"), minimum: 8, importance: 5,
            value: { ($0.record.way ?? []).joined(separator: " ") },
            cell: { line, _ in line.way.isEmpty ? Cell("-", .faint) : Cell(line.way.joined(separator: " → ")) }),
        Listing.Column("is_tunnel") { $0.record.isTunnel ? "true" : "false" },
        Listing.Column("conversations") { String($0.record.conversations) },
        Listing.Column("last_seen") { $0.record.last.time },
        Listing.Column("first_frame") { "\($0.record.first.capture)#\($0.record.first.frame)" },
        Listing.Column("last_frame") { "\($0.record.last.capture)#\($0.record.last.frame)" },
    ]
}
