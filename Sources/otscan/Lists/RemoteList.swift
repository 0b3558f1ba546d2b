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

    func encode(to encoder: any Encoder) throws { try record.encode(to: encoder) }

    var bytes: UInt64 { session.fromClient.bytes &+ session.fromServer.bytes }
}

enum RemoteList {
    /// In the order in which the sessions began.
    static func listing(_ reading: StoreReading) throws -> Listing<RemoteLine> {
        let owners = AssetOwners(try reading.store.assets())
        let lines = try reading.store.remoteSessions().sorted { $0.seen.first.time < $1.seen.first.time }.map {
            session in
            RemoteLine(
                session: session, record: RemoteRecord(session, reading),
                clientName: session.clientAsset.map(owners.name) ?? "",
                serverName: session.serverAsset.map(owners.name) ?? "")
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
        Listing.Column("is_tunnel") { $0.record.isTunnel ? "true" : "false" },
        Listing.Column("conversations") { String($0.record.conversations) },
        Listing.Column("last_seen") { $0.record.last.time },
        Listing.Column("first_frame") { "\($0.record.first.capture)#\($0.record.first.frame)" },
        Listing.Column("last_frame") { "\($0.record.last.capture)#\($0.record.last.frame)" },
    ]
}
