import Analysis
import Assessment
import AssessmentFiles
import Captures
import Evidence
import Foundation
import Model
import Review
import TestSupport
import Testing

/// Desks over stores made of what the repository ships, and a browser that talks to them without a network.
enum Fixtures {
    static let port: UInt16 = 8642

    static func scorer() throws -> Scorer {
        let folder = CaptureCorpus.repository.appendingPathComponent("Signatures")
        let names = try FileManager.default.contentsOfDirectory(
            atPath: folder.appendingPathComponent("checklist").path
        ).filter { $0.hasSuffix(".yaml") }
        let checklist = try ChecklistFile.read(
            names.map { try FileText(path: folder.appendingPathComponent("checklist/\($0)").path) })
        let policy = try PolicyFile.read(
            try FileText(path: folder.appendingPathComponent("policy/default.yaml").path))
        return try Scorer(checklist: checklist, policy: policy)
    }

    /// The sample factory, analysed.
    static func sampleFactory() throws -> Store {
        let store = try Store()
        let path = CaptureCorpus.repository.appendingPathComponent("Samples/factory.pcapng").path
        try store.add(try CaptureReading.read(path: path, capture: try store.captureID()))
        let (picture, proposals, match) = PlantAnalysis.derive(try store.results(), ledger: nil)
        let kept = picture.exhibits.flatMap(\.frames).map { frame in
            KeptFrame(
                frame: frame, linkType: 1, originalLength: 60, bytes: (0..<60).map { UInt8($0) }, isRedacted: false,
                sha256Original: String(repeating: "ab", count: 32), sha256Kept: String(repeating: "ab", count: 32))
        }
        try store.replaceDerived(picture, proposals: proposals, ledgerMatch: match, keptFrames: kept)
        return store
    }

    static func desk(_ store: Store, _ language: Language = .english) throws -> Desk {
        Desk(
            store: store, scorer: try scorer(),
            tools: ReviewTools(
                decode: { FrameDecoding.layers(of: $0) }, slice: { frames, _ in frames.flatMap(\.bytes) },
                report: { order in Array("report \(order.format.rawValue) \(order.isMasked)".utf8) }, derive: {}),
            language: language, reviewer: "Tester", port: port, toolVersion: "0")
    }
}

/// A browser that was let in.
struct Browser {
    let desk: Desk
    let cookie: String
    var host = "127.0.0.1:\(Fixtures.port)"

    init(_ desk: Desk) async throws {
        self.desk = desk
        let link = await desk.newLink()
        let path = try #require(link.range(of: "/open/").map { link[$0.lowerBound...] })
        let answer = await desk.respond(
            WebRequest(method: "GET", target: String(path), headers: ["Host": "127.0.0.1:8642"]))
        let header = try #require(answer.headers["Set-Cookie"])
        cookie = String(try #require(header.split(separator: ";").first))
    }

    func get(_ target: String) async -> (status: Int, text: String, response: WebResponse) {
        let answer = await desk.respond(
            WebRequest(method: "GET", target: target, headers: ["Host": host, "Cookie": cookie]))
        return (answer.status, String(decoding: answer.body, as: UTF8.self), answer)
    }

    /// Sends a form as our own pages do: with everything hidden that the page at `page` holds.
    func post(_ target: String, _ fields: [(String, String)], from page: String) async -> WebResponse {
        let form = await get(page).text
        var all = fields
        for name in ["csrf", "seen", "proposal"] where !fields.contains(where: { $0.0 == name }) {
            if let value = Browser.hidden(name, in: form) { all.append((name, value)) }
        }
        return await send(target, all)
    }

    func send(_ target: String, _ fields: [(String, String)], headers: [String: String] = [:]) async -> WebResponse {
        let body = fields.map { "\(Browser.encoded($0.0))=\(Browser.encoded($0.1))" }.joined(separator: "&")
        var all = [
            "Host": host, "Cookie": cookie, "Origin": "http://\(host)",
            "Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html",
        ]
        all.merge(headers) { _, new in new }
        return await desk.respond(WebRequest(method: "POST", target: target, headers: all, body: Array(body.utf8)))
    }

    static func hidden(_ name: String, in page: String) -> String? {
        page.split(separator: "name=\"\(name)\" value=\"").dropFirst().first.flatMap {
            $0.split(separator: "\"", maxSplits: 1, omittingEmptySubsequences: false).first
        }.map(String.init)
    }

    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
