import Crypto
import Foundation
import GRDB
package import Model
import Synchronization

/// Results that were added through this store and not asked for since, as reading them back would give them: `analyze`
/// derives from what it has just added, and parsing it again takes longer than reading the capture did.
final class FreshResults: Sendable {
    private let results = Mutex<[UInt32: CaptureResult]>([:])

    func keep(_ result: CaptureResult, as id: UInt32) { results.withLock { $0[id] = result } }

    /// To be called when the tables change in another way.
    func forget() { results.withLock { $0.removeAll() } }

    /// The result kept under `id` when it is still the one that `record` tells of; it is handed out once.
    func take(_ id: UInt32, _ record: CaptureRecord) -> CaptureResult? {
        results.withLock { kept in
            guard let result = kept.removeValue(forKey: id), result.capture == record else { return nil }
            return result
        }
    }
}

/// Captures, conversations, observations and sightings.
extension Store {
    /// The id that a capture with this hash has, or that the next new one will get.
    package func captureID(sha256: String? = nil) throws(StoreError) -> UInt32 {
        try read { database in
            if let sha256,
                let known = try UInt32.fetchOne(
                    database, sql: "SELECT id FROM capture WHERE sha256 = ?", arguments: [sha256])
            {
                return known
            }
            return try UInt32.fetchOne(database, sql: "SELECT COALESCE(MAX(id), 0) + 1 FROM capture") ?? 1
        }
    }

    /// Adds what reading a capture gave. A capture that is already there is replaced by itself, so that analysing twice
    /// changes nothing. The result's frame references must carry the id that this returns: ask `captureID` first.
    @discardableResult
    package func add(_ result: CaptureResult) throws(StoreError) -> UInt32 {
        let id = try captureID(sha256: result.capture.sha256)
        try beginLoad()
        defer { endLoad() }
        var observed: (observations: [Observation], sightings: [Sighting]) = ([], [])
        try write { database in
            try database.execute(sql: "DELETE FROM capture WHERE id = ?", arguments: [id])
            let isReplaced = database.changesCount > 0
            let capture = result.capture
            try database.execute(
                sql:
                    "INSERT INTO capture(id, sha256, name, frames, first_ns, last_ns, document) VALUES (?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    id, capture.sha256, capture.name, Int64(clamping: capture.frames), capture.first.nanoseconds,
                    capture.last.nanoseconds, try StoreCoding.encode(capture),
                ])
            try Store.insert(result.conversations, id, database)
            observed = try Store.insert(result.observations, result.sightings, id, database)
            if isReplaced {
                try database.execute(
                    sql: "DELETE FROM observation WHERE id NOT IN (SELECT observation_id FROM sighting)")
            }
        }
        fresh.keep(
            CaptureResult(
                capture: result.capture, conversations: result.conversations, observations: observed.observations,
                sightings: observed.sightings), as: id)
        return id
    }

    private static func insert(_ conversations: [Conversation], _ id: UInt32, _ database: Database) throws {
        var text = TextBytes()
        try RowWriter.write(conversations, database, "INSERT INTO conversation", columns: 29) { row, conversation in
            bind(conversation, id, &row, &text)
        }
    }

    /// Binds the 29 columns of a conversation.
    static func bind(_ c: Conversation, _ id: UInt32, _ row: inout RowWriter, _ text: inout TextBytes) {
        row.bind(id)
        row.bind(c.key.transport.rawValue)
        row.bind(c.key.code)
        row.bind(c.key.vlan)
        row.bind(c.client, &text)
        row.bind(c.clientPort)
        row.bind(c.server, &text)
        row.bind(c.serverPort)
        row.bind(c.service)
        row.bind(c.fromClient.frames)
        row.bind(c.fromClient.bytes)
        row.bind(c.fromClient.payload)
        row.bind(c.fromServer.frames)
        row.bind(c.fromServer.bytes)
        row.bind(c.fromServer.payload)
        row.bind(c.first.number)
        row.bind(c.first.time.nanoseconds)
        row.bind(c.last.number)
        row.bind(c.last.time.nanoseconds)
        row.bind(c.openingSeen)
        row.bind(c.isSymmetric)
        row.bind(c.clientTCPFlags)
        row.bind(c.serverTCPFlags)
        row.bind(c.clientTTL)
        row.bind(c.serverTTL)
        // Link-layer conversations have no addresses to rebuild the key from.
        row.bind(c.key.transport == .ethernet ? SubjectCoding.text(c.key) : nil)
        if c.messages.isEmpty {
            row.bindNull()
        } else {
            text.clear()
            TallyCoding.add(c.messages, to: &text)
            row.bind(text)
        }
    }

    /// Answers what it wrote in the order in which it will be read, facts united that several fields stated alike.
    @discardableResult
    static func insert(
        _ observations: [Observation], _ sightings: [Sighting], _ id: UInt32, _ database: Database
    ) throws -> ([Observation], [Sighting]) {
        var facts = united(observations, sightings)
        var subject = TextBytes()
        // In the tables' own order, so that their pages fill one after the other.
        try RowWriter.write(facts, database, "INSERT OR IGNORE INTO observation", columns: 6) { row, fact in
            let observation = observations[fact.position]
            row.bind(fact.id)
            subject.clear()
            SubjectCoding.add(observation.subject, to: &subject)
            row.bind(subject)
            row.bind(observation.attribute.rawValue)
            row.bind(observation.value.raw)
            row.bind(observation.source)
            row.bind(observation.confidence.rawValue)
        }
        try RowWriter.write(
            facts, database, "INSERT INTO sighting", columns: 7, conflict: Store.uniteSighting
        ) { row, fact in
            row.bind(fact.id)
            row.bind(id)
            row.bind(fact.sighting.first.number)
            row.bind(fact.sighting.first.time.nanoseconds)
            row.bind(fact.sighting.last.number)
            row.bind(fact.sighting.last.time.nanoseconds)
            row.bind(fact.sighting.count)
        }
        facts.sort { a, b in
            let (first, second) = (a.sighting.first.number, b.sighting.first.number)
            return first != second ? first < second : a.id < b.id
        }
        return (facts.map { observations[$0.position] }, facts.map(\.sighting))
    }

    private struct Fact {
        var id: ObservationID
        var position: Int
        var sighting: Sighting
    }

    /// Every fact once, in the order of ids.
    private static func united(_ observations: [Observation], _ sightings: [Sighting]) -> [Fact] {
        var facts: [Fact] = []
        facts.reserveCapacity(observations.count)
        var subject = TextBytes()
        var canonical = TextBytes()
        for (position, (observation, sighting)) in zip(observations, sightings).enumerated() {
            subject.clear()
            SubjectCoding.add(observation.subject, to: &subject)
            let id = observationID(observation, subject: subject, &canonical)
            facts.append(Fact(id: id, position: position, sighting: sighting))
        }
        facts.sort { $0.id != $1.id ? $0.id < $1.id : $0.position < $1.position }
        var kept = 0
        for index in facts.indices {
            if kept > 0, facts[kept - 1].id == facts[index].id {
                facts[kept - 1].sighting.unite(facts[index].sighting)
            } else {
                facts[kept] = facts[index]
                kept += 1
            }
        }
        facts.removeLast(facts.count - kept)
        return facts
    }

    /// First, last and most of what several stores, or one capture twice, tell about the same sighting.
    static let uniteSighting = """
        ON CONFLICT DO UPDATE SET count = MAX(count, excluded.count),
            first_ns = CASE WHEN excluded.first_frame < first_frame THEN excluded.first_ns ELSE first_ns END,
            last_ns = CASE WHEN excluded.last_frame > last_frame THEN excluded.last_ns ELSE last_ns END,
            first_frame = MIN(first_frame, excluded.first_frame), last_frame = MAX(last_frame, excluded.last_frame)
        """

    /// The first 16 bytes of the SHA-256 over subject, attribute, value, source and confidence, each with its length.
    static func observationID(
        _ observation: Observation, subject: TextBytes, _ canonical: inout TextBytes
    ) -> ObservationID {
        canonical.clear()
        addLength(subject.bytes.count, &canonical)
        canonical.add(subject)
        addText(observation.attribute.rawValue, &canonical)
        addText(observation.value.raw, &canonical)
        addText(observation.source, &canonical)
        addLength(1, &canonical)
        canonical.add(decimal: UInt64(observation.confidence.rawValue))
        var id = ObservationID(high: 0, low: 0)
        for (index, byte) in SHA256.hash(data: canonical.bytes).prefix(16).enumerated() {
            if index < 8 { id.high = id.high << 8 | UInt64(byte) } else { id.low = id.low << 8 | UInt64(byte) }
        }
        return id
    }

    private static func addText(_ text: String, _ canonical: inout TextBytes) {
        addLength(text.utf8.count, &canonical)
        canonical.add(text)
    }

    private static func addLength(_ count: Int, _ canonical: inout TextBytes) {
        canonical.add(decimal: UInt64(count))
        canonical.add(UInt8(ascii: ":"))
    }

    // MARK: Reading back

    package func captures() throws(StoreError) -> [(id: UInt32, record: CaptureRecord)] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT id, document FROM capture ORDER BY id").map { row in
                (row["id"], try StoreCoding.decode(CaptureRecord.self, row["document"]))
            }
        }
    }

    /// Everything that was read, capture by capture, except those in `excluding`.
    package func results(excluding: Set<UInt32> = []) throws(StoreError) -> [CaptureResult] {
        var results: [CaptureResult] = []
        for (id, record) in try captures() where !excluding.contains(id) {
            if let result = fresh.take(id, record) {
                results.append(result)
                continue
            }
            let (observations, sightings) = try observations(of: id)
            results.append(
                CaptureResult(
                    capture: record, conversations: try conversations(of: id), observations: observations,
                    sightings: sightings))
        }
        return results
    }

    package func conversations(of id: UInt32) throws(StoreError) -> [Conversation] {
        try read { database in
            var conversations: [Conversation] = []
            let rows = try Row.fetchCursor(
                database, sql: "SELECT * FROM conversation WHERE capture_id = ? ORDER BY rowid", arguments: [id])
            while let row = try rows.next() {
                if let conversation = try Store.conversation(row, id) { conversations.append(conversation) }
            }
            return conversations
        }
    }

    static func conversation(_ row: Row, _ id: UInt32) throws -> Conversation? {
        guard let transport = Transport(rawValue: row["transport"]) else { return nil }
        let vlan: UInt16 = row["vlan"]
        let client = Endpoint(
            mac: (row["client_mac"] as String?).flatMap { MACAddress($0) },
            ip: (row["client_ip"] as String?).flatMap { IPAddress($0) },
            vlan: vlan)
        let server = Endpoint(
            mac: (row["server_mac"] as String?).flatMap { MACAddress($0) },
            ip: (row["server_ip"] as String?).flatMap { IPAddress($0) },
            vlan: vlan)
        let clientPort: UInt16 = row["client_port"]
        let serverPort: UInt16 = row["server_port"]
        let key: ConversationKey
        if let text: String = row["key"] {
            guard let written = SubjectCoding.key(text) else { return nil }
            key = written
        } else {
            guard let clientIP = client.ip, let serverIP = server.ip else { return nil }
            let clientIsA = clientIP != serverIP ? clientIP < serverIP : clientPort <= serverPort
            key = ConversationKey(
                a: clientIsA ? clientIP : serverIP, b: clientIsA ? serverIP : clientIP,
                aPort: clientIsA ? clientPort : serverPort,
                bPort: clientIsA ? serverPort : clientPort, transport: transport, code: row["code"], vlan: vlan)
        }
        func volume(_ side: String) -> Volume {
            func count(_ name: String) -> UInt64 { UInt64(clamping: row["\(side)_\(name)"] as Int64) }
            return Volume(frames: count("frames"), bytes: count("bytes"), payload: count("payload"))
        }
        return Conversation(
            key: key, client: client, server: server, clientPort: clientPort, serverPort: serverPort,
            service: row["service"],
            fromClient: volume("client"), fromServer: volume("server"), first: frame(row, "first", id),
            last: frame(row, "last", id),
            openingSeen: row["opening_seen"], clientTCPFlags: row["client_flags"], serverTCPFlags: row["server_flags"],
            clientTTL: row["client_ttl"], serverTTL: row["server_ttl"],
            messages: (row["messages"] as String?).map { TallyCoding.tallies($0, capture: id) } ?? [],
            isSymmetric: row["symmetric"])
    }

    private static func frame(_ row: Row, _ which: String, _ id: UInt32) -> FrameRef {
        FrameRef(
            capture: id, number: UInt64(clamping: row["\(which)_frame"] as Int64),
            time: Timestamp(nanoseconds: row["\(which)_ns"]))
    }

    private func observations(of id: UInt32) throws(StoreError) -> ([Observation], [Sighting]) {
        try read { database in
            var observations: [Observation] = []
            var sightings: [Sighting] = []
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT subject, attribute, value, source, confidence, first_frame, first_ns, last_frame, last_ns, count
                    FROM sighting JOIN observation ON observation.id = observation_id WHERE capture_id = ?
                    ORDER BY first_frame, observation.id
                    """, arguments: [id])
            while let row = try rows.next() {
                guard let subject = SubjectCoding.subject(row["subject"]),
                    let confidence = Confidence(rawValue: row["confidence"])
                else { continue }
                observations.append(
                    Observation(
                        subject: subject, attribute: Attribute(rawValue: row["attribute"]),
                        value: WireText(row["value"] as String),
                        source: row["source"], confidence: confidence))
                sightings.append(
                    Sighting(
                        first: Store.frame(row, "first", id), last: Store.frame(row, "last", id),
                        count: UInt64(clamping: row["count"] as Int64)))
            }
            return (observations, sightings)
        }
    }
}

extension RowWriter {
    /// Binds an end's address and MAC, each null when unknown.
    fileprivate mutating func bind(_ end: Endpoint, _ text: inout TextBytes) {
        if let ip = end.ip {
            text.clear()
            text.add(ip)
            bind(text)
        } else {
            bindNull()
        }
        if let mac = end.mac {
            text.clear()
            text.add(mac)
            bind(text)
        } else {
            bindNull()
        }
    }
}

extension Sighting {
    /// Takes in another sighting of the same fact in the same capture, as the table does.
    fileprivate mutating func unite(_ other: Sighting) {
        self = Sighting(
            first: other.first.number < first.number ? other.first : first,
            last: other.last.number > last.number ? other.last : last, count: max(count, other.count))
    }
}
