import Assessment
import Evidence
import Model
import Wording

/// A conversation as JSON tells it.
struct ConversationRecord: Encodable, Sendable {
    struct End: Encodable, Sendable {
        var ip: String?
        var mac: String?
        var port: UInt16?
        /// Asset id.
        var asset: String?
    }

    struct Message: Encodable, Sendable {
        var code: UInt32
        var name: String
        var effect: String
        var fromClient: Bool
        var count: UInt64
        var first: FrameRecord
        var last: FrameRecord
    }

    var transport: String
    /// EtherType or IP protocol number, where there are no ports.
    var code: UInt16?
    var vlan: UInt16
    var client: End
    var server: End
    var service: String?
    var fromClient: VolumeRecord
    var fromServer: VolumeRecord
    var openingSeen: Bool
    var communityId: String?
    var first: FrameRecord
    var last: FrameRecord
    var messages: [Message]

    init(_ conversation: Conversation, _ reading: StoreReading, _ owners: AssetOwners) {
        let key = conversation.key
        let hasPorts = key.transport == .tcp || key.transport == .udp
        transport = key.transport.word
        code = hasPorts ? nil : key.code
        vlan = key.vlan
        func end(_ end: Endpoint, _ port: UInt16) -> End {
            End(
                ip: end.ip?.description, mac: end.mac?.description, port: hasPorts ? port : nil,
                asset: owners.asset(of: end))
        }
        client = end(conversation.client, conversation.clientPort)
        server = end(conversation.server, conversation.serverPort)
        service = conversation.service
        fromClient = VolumeRecord(conversation.fromClient)
        fromServer = VolumeRecord(conversation.fromServer)
        openingSeen = conversation.openingSeen
        communityId = key.communityID()
        first = reading.frame(conversation.first)
        last = reading.frame(conversation.last)
        messages = conversation.messages.map {
            Message(
                code: $0.code, name: $0.name, effect: $0.effect.word, fromClient: $0.fromClient, count: $0.count,
                first: reading.frame($0.first), last: reading.frame($0.last))
        }
    }
}

struct ConversationLine: Encodable, Sendable {
    let conversation: Conversation
    let record: ConversationRecord

    func encode(to encoder: any Encoder) throws { try record.encode(to: encoder) }

    /// `192.168.10.50:502`, `[fe80::1]:546`, or the MAC where there is no address.
    static func end(_ end: ConversationRecord.End) -> String {
        let place = end.ip ?? end.mac ?? "-"
        guard let port = end.port else { return place }
        return place.contains(":") ? "[\(place)]:\(port)" : "\(place):\(port)"
    }

    /// `tcp`, `ip/47`, `ethernet/0x88cc`
    var transport: String {
        guard let code = record.code else { return record.transport }
        return conversation.key.transport == .ethernet
            ? "eth/0x" + String(code, radix: 16) : "\(record.transport)/\(code)"
    }

    var frames: UInt64 { record.fromClient.frames &+ record.fromServer.frames }
    var bytes: UInt64 { record.fromClient.bytes &+ record.fromServer.bytes }
}

enum ConversationList {
    /// The conversations of all captures, in the order in which they began.
    static func listing(_ reading: StoreReading) throws -> Listing<ConversationLine> {
        let owners = AssetOwners(try reading.store.assets())
        var conversations: [Conversation] = []
        for id in reading.captures.keys.sorted() { conversations += try reading.store.conversations(of: id) }
        conversations.sort { $0.first < $1.first }
        return Listing(
            kind: "conversations", columns: columns,
            records: Records(conversations) {
                ConversationLine(conversation: $0, record: ConversationRecord($0, reading, owners))
            },
            whenEmpty: Bilingual(
                ja: "会話はまだない。otscan analyze でキャプチャを読み込む。",
                en: "No conversations yet; otscan analyze reads captures into the store."))
    }

    private static let columns: [Listing<ConversationLine>.Column] = [
        Listing.Column(
            "first_seen", Bilingual(ja: "開始", en: "START"), importance: 4, value: { $0.record.first.time },
            cell: { line, _ in Cell(Figures.timeOfDay(line.conversation.first.time)) }),
        Listing.Column("client", Bilingual(ja: "クライアント", en: "CLIENT"), minimum: 21) {
            ConversationLine.end($0.record.client)
        },
        Listing.Column("server", Bilingual(ja: "サーバ", en: "SERVER"), minimum: 21) {
            ConversationLine.end($0.record.server)
        },
        Listing.Column("transport", Bilingual(ja: "層", en: "PROTO"), importance: 3) { $0.transport },
        Listing.Column(
            "service", Bilingual(ja: "プロトコル", en: "SERVICE"), minimum: 6, value: { $0.record.service ?? "" },
            cell: { line, _ in line.record.service.map { Cell($0, .strong) } ?? Cell("-", .faint) }),
        Listing.Column("vlan", Bilingual(ja: "VLAN", en: "VLAN"), isNumber: true, importance: 6) {
            $0.record.vlan == 0 ? "" : String($0.record.vlan)
        },
        Listing.Column(
            "frames", Bilingual(ja: "フレーム", en: "FRAMES"), isNumber: true, importance: 1, value: { String($0.frames) },
            cell: { line, _ in Cell(Figures.count(line.frames)) }),
        Listing.Column(
            "bytes", Bilingual(ja: "バイト", en: "BYTES"), isNumber: true, importance: 2, value: { String($0.bytes) },
            cell: { line, _ in Cell(Figures.bytes(line.bytes)) }),
        Listing.Column("first_frame", Bilingual(ja: "先頭フレーム", en: "FIRST FRAME"), minimum: 10, importance: 5) {
            "\($0.record.first.capture)#\($0.record.first.frame)"
        },
        Listing.Column("community_id", Bilingual(ja: "Community ID", en: "COMMUNITY ID"), importance: 7) {
            $0.record.communityId ?? ""
        },
        Listing.Column("client_frames") { String($0.record.fromClient.frames) },
        Listing.Column("client_bytes") { String($0.record.fromClient.bytes) },
        Listing.Column("server_frames") { String($0.record.fromServer.frames) },
        Listing.Column("server_bytes") { String($0.record.fromServer.bytes) },
        Listing.Column("client_mac") { $0.record.client.mac ?? "" },
        Listing.Column("server_mac") { $0.record.server.mac ?? "" },
        Listing.Column("client_asset") { $0.record.client.asset ?? "" },
        Listing.Column("server_asset") { $0.record.server.asset ?? "" },
        Listing.Column("opening_seen") { $0.record.openingSeen ? "true" : "false" },
        Listing.Column("last_seen") { $0.record.last.time },
        Listing.Column("last_frame") { "\($0.record.last.capture)#\($0.record.last.frame)" },
        Listing.Column("messages") { line in
            line.record.messages.map { "\($0.name) ×\($0.count)" }.joined(separator: "; ")
        },
    ]
}
