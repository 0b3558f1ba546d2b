import Crypto
import Foundation
import GRDB
package import Model

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
        try write { database in
            try database.execute(sql: "DELETE FROM capture WHERE id = ?", arguments: [id])
            let capture = result.capture
            try database.execute(
                sql:
                    "INSERT INTO capture(id, sha256, name, frames, first_ns, last_ns, document) VALUES (?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    id, capture.sha256, capture.name, Int64(clamping: capture.frames), capture.first.nanoseconds,
                    capture.last.nanoseconds, try StoreCoding.encode(capture),
                ])
            try Store.insert(result.conversations, id, database)
            try Store.insert(result.observations, result.sightings, id, database)
            try database.execute(
                sql: "DELETE FROM observation WHERE id NOT IN (SELECT observation_id FROM sighting)")
        }
        return id
    }

    private static func insert(_ conversations: [Conversation], _ id: UInt32, _ database: Database) throws {
        let statement = try database.makeStatement(
            sql: "INSERT INTO conversation VALUES (\([String](repeating: "?", count: 29).joined(separator: ", ")))")
        for c in conversations {
            // Link-layer conversations have no addresses to rebuild the key from.
            let key = c.key.transport == .ethernet ? SubjectCoding.text(c.key) : nil
            let messages = c.messages.isEmpty ? nil : TallyCoding.text(c.messages)
            try statement.execute(arguments: [
                id, c.key.transport.rawValue, c.key.code, c.key.vlan, c.client.ip?.description,
                c.client.mac?.description,
                c.clientPort, c.server.ip?.description, c.server.mac?.description, c.serverPort, c.service,
                Int64(clamping: c.fromClient.frames), Int64(clamping: c.fromClient.bytes),
                Int64(clamping: c.fromClient.payload),
                Int64(clamping: c.fromServer.frames), Int64(clamping: c.fromServer.bytes),
                Int64(clamping: c.fromServer.payload),
                Int64(clamping: c.first.number), c.first.time.nanoseconds, Int64(clamping: c.last.number),
                c.last.time.nanoseconds, c.openingSeen, c.isSymmetric, c.clientTCPFlags, c.serverTCPFlags, c.clientTTL,
                c.serverTTL, key, messages,
            ])
        }
    }

    private static func insert(
        _ observations: [Observation], _ sightings: [Sighting], _ id: UInt32, _ database: Database
    ) throws {
        let addObservation = try database.makeStatement(
            sql: "INSERT OR IGNORE INTO observation VALUES (?, ?, ?, ?, ?, ?)")
        let addSighting = try database.makeStatement(
            sql: Store.insertSighting)
        for (position, (observation, sighting)) in zip(observations, sightings).enumerated() {
            let subject = SubjectCoding.text(observation.subject)
            let hash = observationID(observation, subject: subject)
            try addObservation.execute(arguments: [
                hash, subject, observation.attribute.rawValue, observation.value.raw, observation.source,
                observation.confidence.rawValue,
            ])
            try addSighting.execute(arguments: [
                hash, id, Int64(clamping: sighting.first.number), sighting.first.time.nanoseconds,
                Int64(clamping: sighting.last.number), sighting.last.time.nanoseconds, Int64(clamping: sighting.count),
                position,
            ])
        }
    }

    /// First, last and most of what several stores, or one capture twice, tell about the same sighting.
    static let insertSighting = """
        INSERT INTO sighting VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET count = MAX(count, excluded.count), position = MIN(position, excluded.position),
            first_ns = CASE WHEN excluded.first_frame < first_frame THEN excluded.first_ns ELSE first_ns END,
            last_ns = CASE WHEN excluded.last_frame > last_frame THEN excluded.last_ns ELSE last_ns END,
            first_frame = MIN(first_frame, excluded.first_frame), last_frame = MAX(last_frame, excluded.last_frame)
        """

    /// The first 16 bytes of the SHA-256 over subject, attribute, value, source and confidence, each with its length.
    static func observationID(_ observation: Observation, subject: String) -> Data {
        var hash = SHA256()
        for text in [
            subject, observation.attribute.rawValue, observation.value.raw, observation.source,
            String(observation.confidence.rawValue),
        ] {
            hash.update(data: Data("\(text.utf8.count):".utf8))
            hash.update(data: Data(text.utf8))
        }
        return Data(hash.finalize().prefix(16))
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

    private static func conversation(_ row: Row, _ id: UInt32) throws -> Conversation? {
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
                    ORDER BY position, observation.id
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
