package import Assessment
import Foundation
import GRDB
package import Model

/// What is derived from the evidence, the frames kept as proof, and the user's own list.
extension Store {
    /// Replaces everything derived by a new picture, in one transaction. Frames kept earlier that the picture's exhibits still
    /// cite stay, so that deriving anew without the captures at hand (after a ledger was imported) loses no proof.
    package func replaceDerived(
        _ picture: PlantPicture, proposals: [Proposal], ledgerMatch: LedgerMatch?, keptFrames: [KeptFrame]
    ) throws(StoreError) {
        let hashes = try captureHashes()
        try write { database in
            try database.execute(sql: "DELETE FROM derived")
            let statement = try database.makeStatement(sql: "INSERT INTO derived VALUES (?, ?, ?, ?)")
            func put<Element: Encodable>(_ kind: String, _ elements: [Element], _ id: (Element) -> String) throws {
                for (position, element) in elements.enumerated() {
                    try statement.execute(arguments: [kind, position, id(element), try StoreCoding.encode(element)])
                }
            }
            var json = TextBytes()
            for (position, asset) in picture.assets.enumerated() {
                json.clear()
                AssetCoding.add(asset, to: &json)
                try statement.execute(arguments: ["asset", position, asset.id, json.text])
            }
            try put("segment", picture.segments) { $0.id }
            try put("conduit", picture.conduits) { "\($0.from) \($0.to)" }
            try put("remote_session", picture.remoteSessions) { $0.id }
            try put("finding", picture.findings) { $0.id }
            try put("exhibit", picture.exhibits) { $0.id }
            try put("outside", [picture.outside]) { _ in "outside" }
            try put("coverage", [picture.coverage]) { _ in "coverage" }
            try put("verdict", picture.verdicts) { $0.rule }
            try put("segmentation_plan", [picture.plan]) { _ in "plan" }
            try put("health", [picture.health]) { _ in "health" }
            try put("declared_division", picture.declared.map { [$0] } ?? []) { _ in "declared" }
            try put("ledger_match", ledgerMatch.map { [$0] } ?? []) { _ in "ledger" }
            let exhibits = Dictionary(picture.exhibits.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            try put("proposal", proposals.map { Store.withEvidenceHash($0, exhibits, hashes) }) { $0.item.description }
            try Store.replaceKeptFrames(picture.citedFrames, keptFrames, database)
        }
    }

    static let insertKeptFrame = "INSERT OR REPLACE INTO kept_frame VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"

    static func arguments(of kept: KeptFrame) -> StatementArguments {
        [
            kept.frame.capture, Int64(clamping: kept.frame.number), kept.frame.time.nanoseconds, kept.linkType,
            kept.originalLength, Data(kept.bytes), kept.isRedacted, kept.sha256Original, kept.sha256Kept,
        ]
    }

    /// Adds frames newly kept, lets those kept before stay that are still cited, and drops the others.
    private static func replaceKeptFrames(_ citations: [FrameRef], _ frames: [KeptFrame], _ database: Database) throws {
        let cited = Set(citations.map { KeptFrameKey($0) })
        let insert = try database.makeStatement(sql: insertKeptFrame)
        for kept in frames where cited.contains(KeptFrameKey(kept.frame)) {
            try insert.execute(arguments: arguments(of: kept))
        }
        let delete = try database.makeStatement(sql: "DELETE FROM kept_frame WHERE capture_id = ? AND frame = ?")
        // What is still being captured may come to prove something yet.
        let settled = """
            SELECT capture_id, frame FROM kept_frame WHERE capture_id NOT IN
                (SELECT id FROM capture WHERE json_extract(document, '$.live.isOpen'))
            """
        for row in try Row.fetchAll(database, sql: settled) {
            let key = KeptFrameKey(capture: row["capture_id"], number: row["frame"])
            if !cited.contains(key) { try delete.execute(arguments: [key.capture, key.number]) }
        }
    }

    private struct KeptFrameKey: Hashable {
        let capture: UInt32
        let number: Int64

        init(capture: UInt32, number: Int64) {
            self.capture = capture
            self.number = number
        }

        init(_ frame: FrameRef) { self.init(capture: frame.capture, number: Int64(clamping: frame.number)) }
    }

    /// Over what the proposal states and the frames that show it, by the captures' own hashes: the same in every store. Of the reason
    /// only its figures and names count, so that the hash changes with the evidence and not with how it is put.
    private static func withEvidenceHash(
        _ proposal: Proposal, _ exhibits: [String: Exhibit], _ captures: [UInt32: String]
    ) -> Proposal {
        var text =
            "\(proposal.item)|\(proposal.levels.lowerBound.rawValue)-\(proposal.levels.upperBound.rawValue)|"
            + "\(proposal.verdict.rawValue)|\(proposal.confidence.rawValue)|\(proposal.isProvisional)|"
            + figures(in: proposal.reason.en).joined(separator: " ")
        for id in proposal.exhibits.sorted() {
            let frames = (exhibits[id]?.frames ?? []).map { "\(captures[$0.capture] ?? "")#\($0.number)" }
            text += "|\(id) " + frames.sorted().joined(separator: " ")
        }
        return Proposal(
            item: proposal.item, levels: proposal.levels, verdict: proposal.verdict, confidence: proposal.confidence,
            isProvisional: proposal.isProvisional, reason: proposal.reason, wouldChange: proposal.wouldChange,
            cannotTell: proposal.cannotTell, questions: proposal.questions, exhibits: proposal.exhibits,
            evidenceHash: sha256(Data(text.utf8)))
    }

    /// The words of a sentence that hold a digit, and what it quotes.
    private static func figures(in sentence: String) -> [Substring] {
        let words = sentence.split(separator: " ").filter { $0.contains(where: \.isNumber) }
        let quoted = sentence.split(separator: "“").dropFirst().compactMap { $0.split(separator: "”").first }
        return words + quoted
    }

    private func captureHashes() throws(StoreError) -> [UInt32: String] {
        try read { database in
            var hashes: [UInt32: String] = [:]
            for row in try Row.fetchAll(database, sql: "SELECT id, sha256 FROM capture") {
                hashes[row["id"]] = row["sha256"]
            }
            return hashes
        }
    }

    private func derived<Value: Decodable>(_ kind: String, _ type: Value.Type) throws(StoreError) -> [Value] {
        try read { database in
            try String.fetchAll(
                database, sql: "SELECT document FROM derived WHERE kind = ? ORDER BY position", arguments: [kind]
            )
            .map { try StoreCoding.decode(type, $0) }
        }
    }

    package func assets() throws(StoreError) -> [Asset] { try derived("asset", Asset.self) }
    package func segments() throws(StoreError) -> [Segment] { try derived("segment", Segment.self) }
    package func conduits() throws(StoreError) -> [Conduit] { try derived("conduit", Conduit.self) }
    package func remoteSessions() throws(StoreError) -> [RemoteSession] {
        try derived("remote_session", RemoteSession.self)
    }
    package func findings() throws(StoreError) -> [Finding] { try derived("finding", Finding.self) }
    package func exhibits() throws(StoreError) -> [Exhibit] { try derived("exhibit", Exhibit.self) }
    package func proposals() throws(StoreError) -> [Proposal] { try derived("proposal", Proposal.self) }
    package func ledgerMatch() throws(StoreError) -> LedgerMatch? {
        try derived("ledger_match", LedgerMatch.self).first
    }
    package func outside() throws(StoreError) -> OutsideTraffic {
        try derived("outside", OutsideTraffic.self).first ?? OutsideTraffic()
    }
    /// What each rule made of the captures, in the order of the rules.
    package func verdicts() throws(StoreError) -> [RuleVerdict] { try derived("verdict", RuleVerdict.self) }
    package func segmentationPlan() throws(StoreError) -> SegmentationPlan? {
        try derived("segmentation_plan", SegmentationPlan.self).first
    }
    /// The declared zones beside what was seen; nil when none are declared.
    package func declaredDivision() throws(StoreError) -> DeclaredDivision? {
        try derived("declared_division", DeclaredDivision.self).first
    }
    package func health() throws(StoreError) -> NetworkHealth? { try derived("health", NetworkHealth.self).first }
    /// Nil before the first capture.
    package func coverage() throws(StoreError) -> Coverage? { try derived("coverage", Coverage.self).first }

    /// The frames kept of an exhibit, those that were kept, in its order.
    package func keptFrames(of exhibit: Exhibit) throws(StoreError) -> [KeptFrame] {
        try read { database in
            try exhibit.frames.compactMap { ref in
                try Row.fetchOne(
                    database, sql: "SELECT * FROM kept_frame WHERE capture_id = ? AND frame = ?",
                    arguments: [ref.capture, Int64(clamping: ref.number)]
                ).map { row in
                    KeptFrame(
                        frame: ref, linkType: row["link_type"], originalLength: row["original_length"],
                        bytes: [UInt8](row["bytes"] as Data), isRedacted: row["redacted"],
                        sha256Original: row["sha256_original"],
                        sha256Kept: row["sha256_kept"])
                }
            }
        }
    }

    // MARK: The user's list

    package func replaceLedger(_ entries: [LedgerEntry]) throws(StoreError) {
        try write { database in
            try database.execute(sql: "DELETE FROM ledger_entry")
            for (position, entry) in entries.enumerated() {
                try database.execute(
                    sql: "INSERT INTO ledger_entry VALUES (?, ?)", arguments: [position, try StoreCoding.encode(entry)])
            }
        }
    }

    /// The imported list; nil when none was imported.
    package func ledger() throws(StoreError) -> [LedgerEntry]? {
        let entries = try read { database in
            try String.fetchAll(database, sql: "SELECT document FROM ledger_entry ORDER BY position")
                .map { try StoreCoding.decode(LedgerEntry.self, $0) }
        }
        return entries.isEmpty ? nil : entries
    }
}
