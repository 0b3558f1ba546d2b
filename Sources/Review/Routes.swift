import Assessment
import Evidence
import Model
import Reporting

/// Which page answers which path.
extension Desk {
    func show(_ visit: Visit) async throws -> WebResponse {
        let path = visit.path
        switch (path.first ?? "", path.count) {
        case ("", 0): return .redirect("/items")
        case ("items", 1): return page(visit, itemsPage(visit))
        case ("items", 2):
            guard let item = ItemID(path[1]).flatMap({ scorer.checklist[$0] }) else { return notFound(visit) }
            return try itemPage(visit, item)
        case ("exhibits", 1): return page(visit, exhibitsPage(visit))
        case ("exhibits", 2), ("exhibits", 3): return try exhibit(visit)
        case ("map", 1): return page(visit, mapPage(visit))
        case ("assets", 1): return page(visit, assetsPage(visit))
        case ("assets", 2): return try assetPage(visit)
        case ("conversations", 1): return page(visit, try conversationsPage(visit))
        case ("remote", 1): return page(visit, remotePage(visit))
        case ("segments", 1): return page(visit, segmentsPage(visit))
        case ("findings", 1): return page(visit, findingsPage(visit))
        case ("coverage", 1): return page(visit, coveragePage(visit))
        case ("plan", 1): return page(visit, planPage(visit))
        case ("editions", 1): return page(visit, try editionsPage(visit))
        case ("about", 1): return page(visit, aboutPage(visit))
        case ("attachments", 2): return try attachment(visit)
        case ("report", 1): return try await download(visit)
        default: return notFound(visit)
        }
    }

    func take(_ form: WebForm, _ visit: Visit) async throws -> WebResponse {
        let path = visit.path
        switch (path.first ?? "", path.count) {
        case ("items", 2), ("items", 3):
            guard let item = ItemID(path[1]).flatMap({ scorer.checklist[$0] }) else { return notFound(visit) }
            switch path.count == 3 ? path[2] : "" {
            case "": return try decide(form, visit, item)
            case "draft": return try keepDraft(form, visit, item)
            case "attachments": return try attach(form, visit, item)
            default: return notFound(visit)
            }
        case ("assets", 2): return try noteAsset(form, visit)
        case ("hours", 1): return try declareHours(form, visit)
        case ("editions", 1): return try signOff(form, visit)
        case ("about", 1): return try setFacts(form, visit)
        default: return notFound(visit)
        }
    }

    func notFound(_ visit: Visit) -> WebResponse {
        let report = visit.report
        return page(
            visit,
            Page(
                section: nil, title: report.words("ページがない", "No such page"),
                body:
                    "<p>\(report.t("このページはない。", "There is no such page.")) <a href=\"/items\">\(report.t("項目一覧へ", "To the items"))</a></p>"
            ),
            status: 404)
    }
}
