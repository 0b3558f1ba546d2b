package import Assessment
import Embedded
package import Evidence
import Foundation
import Model
import Reporting

/// The assessor's desk: answers every request from one store, one after the other.
package actor Desk {
    let store: Store
    let scorer: Scorer
    let tools: ReviewTools
    let toolVersion: String
    private var gate: Gate
    private let start: (language: Language, reviewer: String)
    private let port: UInt16

    /// What was read last, and at which state of the store.
    private var evidence: ReportEvidence?
    private var reports: [Language: Report] = [:]
    private var marks: (others: Int, own: Int)?
    /// What takes long to make and changes only with the store.
    private var maps: [Language: HTML] = [:]
    private var services: [(name: String, count: Int)]?
    private var ownersKnown: AssetOwners?

    /// Largest body of a request, in bytes: an attachment and the form around it.
    static let bodyLimit = Attachment.limit + 65_536
    static let tooLarge = WebResponse.plain(413, "A file may have up to \(Attachment.limit >> 20) MB.")

    package init(
        store: Store, scorer: Scorer, tools: ReviewTools, language: Language, reviewer: String, port: UInt16,
        toolVersion: String
    ) {
        self.store = store
        self.scorer = scorer
        self.tools = tools
        self.toolVersion = toolVersion
        self.port = port
        start = (language, reviewer)
        gate = Gate(port: port)
    }

    /// A link that lets one browser in, once.
    package func newLink() -> String { "http://127.0.0.1:\(port)/open/\(gate.issueToken())" }

    // MARK: Requests

    package func respond(_ request: WebRequest) async -> WebResponse {
        var response = await answer(request)
        for (name, value) in Desk.headers where response.headers[name] == nil { response.headers[name] = value }
        return response
    }

    /// What every answer says: nothing from elsewhere is loaded, nothing of this is shown elsewhere, nothing is kept.
    private static let headers = [
        "Content-Security-Policy":
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    ]

    private func answer(_ request: WebRequest) async -> WebResponse {
        switch gate.judge(request) {
        case .refused(let response): return response
        case .open: return open(request)
        case .admitted(var session):
            if let chosen = request.query["lang"].flatMap({ Language(rawValue: $0) }), chosen != session.language {
                session.language = chosen
                gate.update(session)
            }
            do {
                let report = try report(in: session.language)
                let visit = Visit(session: session, report: report, request: request)
                if request.method == "POST" {
                    guard let form = WebForm(request) else { return .plain(400, "Not a form.") }
                    guard gate.isOwn(form, session) else {
                        return .plain(403, "This form was not made by this session; reload the page.")
                    }
                    return try await take(form, visit)
                }
                return try await show(visit)
            } catch {
                return .plain(500, "otscan: \(error)")
            }
        }
    }

    /// The way in, and what every page needs.
    private func open(_ request: WebRequest) -> WebResponse {
        let path = request.path ?? []
        if path.count == 2, path[0] == "open" {
            guard let session = gate.redeem(path[1], language: start.language, reviewer: start.reviewer) else {
                return .plain(
                    403,
                    "This link was used already. Press Enter in the terminal for a new one.\nこのリンクは使用済みです。端末でEnterを押すと新しいリンクが出ます。"
                )
            }
            // A page that moves on by itself, so that the next request comes from here and carries the cookie.
            let page: HTML = """
                <html lang="\(session.language.rawValue)"><head><meta charset="utf-8" /><link rel="icon" href="data:," /><meta http-equiv="refresh" content="0; url=/items" /><title>otscan</title></head><body><p><a href="/items">otscan</a></p></body></html>
                """
            return WebResponse(
                200, type: "text/html; charset=utf-8", Array(("<!DOCTYPE html>\n" + page.markup).utf8),
                headers: ["Set-Cookie": Gate.cookieHeader(session)])
        }
        if path.count == 2, path[0] == "static", let (bytes, type) = StaticFiles.file(path[1]) {
            return WebResponse(200, type: type, bytes)
        }
        return .plain(404, "No such page.")
    }

    // MARK: What is shown

    /// The report of what stands now, made anew only when the store changed.
    func report(in language: Language) throws -> Report {
        let now = try store.changeMarks()
        if let marks {
            if marks.others != now.others { forgetEvidence() }
            if marks != now {
                reports = [:]
                // A person's word on an asset shows in the map.
                maps = [:]
            }
        }
        marks = now
        if let known = reports[language] { return known }
        let evidence = try evidence ?? ReportEvidence(store)
        self.evidence = evidence
        let report = try Report(
            store: store, checklist: scorer.checklist, policy: scorer.policy,
            options: ReportOptions(language: language, toolVersion: toolVersion, links: .pages), evidence: evidence)
        reports[language] = report
        return report
    }

    /// To be called when a fact about the assessment was changed.
    func forgetEvidence() {
        evidence = nil
        reports = [:]
        maps = [:]
        services = nil
        ownersKnown = nil
    }

    /// The map of what stands now.
    func map(_ report: Report) -> HTML {
        if let known = maps[report.language] { return known }
        let made = report.diagramPart
        maps[report.language] = made
        return made
    }

    /// Every service with its conversations, the most first.
    func knownServices() throws -> [(name: String, count: Int)] {
        if let services { return services }
        let found = try store.conversationServices()
        services = found
        return found
    }

    /// Which asset has which address.
    func owners(_ report: Report) -> AssetOwners {
        if let ownersKnown { return ownersKnown }
        let made = AssetOwners(report.assets)
        ownersKnown = made
        return made
    }

    func remember(reviewer: String, _ session: Gate.Session) {
        var session = session
        session.reviewer = reviewer
        gate.update(session)
    }

    static func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1e6) * 1000 }
}

/// One request of an admitted browser, and what it is answered from.
struct Visit {
    let session: Gate.Session
    let report: Report
    let request: WebRequest

    var path: [String] { request.path ?? [] }
    var language: Language { session.language }
    func query(_ name: String) -> String { request.query[name] ?? "" }
}
