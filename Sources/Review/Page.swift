import Assessment
import Model
import Reporting

/// The body of a page, and where it stands.
struct Page {
    var section: Section?
    var title: String
    var body: HTML
    /// Wide pages use the whole window.
    var isWide = false
    /// Class of the page's own layout.
    var layout: HTML = ""

    enum Section: String, CaseIterable {
        case items, map, assets, conversations, remote, segments, findings, coverage, plan, editions

        func name(_ report: Report) -> String {
            switch self {
            case .items: report.words("項目", "Items")
            case .map: report.words("構成図", "Map")
            case .assets: report.words("資産", "Assets")
            case .conversations: report.words("通信", "Conversations")
            case .remote: report.words("リモート接続", "Remote")
            case .segments: report.words("区画", "Segments")
            case .findings: report.words("検出事項", "Findings")
            case .coverage: report.words("観測", "Coverage")
            case .plan: report.words("計画", "Plan")
            case .editions: report.words("確定と報告書", "Sign-off")
            }
        }
    }
}

extension Desk {
    /// The page with everything around it.
    func page(_ visit: Visit, _ page: Page, status: Int = 200) -> WebResponse {
        let report = visit.report
        let links = Page.Section.allCases.map { section -> HTML in
            let mark: HTML = section == page.section ? " aria-current=\"page\"" : .empty
            return "<li><a href=\"/\(section.rawValue)\"\(mark)>\(section.name(report))</a></li>"
        }
        let other: Language = visit.language == .japanese ? .english : .japanese
        let plant = report.facts[.plant] ?? report.words("(工場名なし)", "(plant not named)")
        let document: HTML = """
            <html lang="\(visit.language.rawValue)">
            <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="robots" content="noindex" />
            <title>\(page.title) – \(plant) – otscan</title>
            <link rel="stylesheet" href="/static/review-\(visit.language.rawValue).css" />
            <link rel="icon" href="data:," />
            <script src="/static/review.js" defer="defer"></script>
            </head>
            <body>
            <a class="skip" href="#main">\(report.t("本文へ", "Skip to content"))</a>
            <header class="top">
            <div class="nameline"><a class="plantname" href="/about" title="\(report.t("診断の基本情報", "About this assessment"))">\(plant)</a><span class="who"><a href="/about">\(visit.session.reviewer.isEmpty ? report.t("確認者を入力", "Who reviews?") : report.t("確認者: \(visit.session.reviewer)", "Reviewer: \(visit.session.reviewer)"))</a><a href="?lang=\(other.rawValue)" lang="\(other.rawValue)" hreflang="\(other.rawValue)">\(other == .japanese ? "日本語" : "English")</a></span></div>
            <nav aria-label="\(report.t("ページ", "Pages"))"><ul>\(links)</ul></nav>
            \(scoreLine(report))
            </header>
            <main id="main" class="\(page.layout)\(page.isWide ? " broad" : "")" tabindex="-1">
            \(page.body)
            </main>
            \(report.iconDefinitions)
            <footer class="foot">otscan \(toolVersion) · \(report.t("時刻は\(report.zoneName)", "times are \(report.zoneName)"))</footer>
            </body>
            </html>

            """
        return WebResponse(
            status, type: "text/html; charset=utf-8", Array(("<!DOCTYPE html>\n" + document.markup).utf8))
    }

    /// Progress, and the two scores side by side: what people settled, and what it can become with the proposals.
    private func scoreLine(_ report: Report) -> HTML {
        let total = report.card.declared.total
        let done = total.decided + total.notApplicable
        let proposed: HTML =
            done == total.itemCount
            ? .empty
            : "<span class=\"provisional\"><span class=\"label\">\(report.t("提案を含む範囲", "With proposals"))</span> \(report.range(total.proposedRange))</span>"
        return """
            <div class="scoreline">
            <span class="progress"><meter min="0" max="\(total.itemCount)" value="\(done)" aria-label="\(report.t("判定済みの項目", "Decided items"))">\(done)</meter><b>\(done)</b>/\(total.itemCount) \(report.t("判定済み", "decided"))</span>
            <span class="reviewed"><span class="label">\(report.t("判定による得点", "Reviewed"))</span> \(report.badge(total.grade, size: "small")) <b>\(report.points(total.score))</b></span>
            \(proposed)
            </div>
            """
    }

    /// A message on top of a page.
    func notice(_ kind: HTML, _ text: HTML) -> HTML {
        "<div class=\"notice \(kind)\" role=\"\(kind == "error" ? "alert" : "status")\">\(text)</div>"
    }

    /// Hidden field that every form carries.
    func secret(_ visit: Visit) -> HTML { "<input type=\"hidden\" name=\"csrf\" value=\"\(visit.session.csrf)\" />" }

    /// Links to the pages of a long list.
    func pager(_ visit: Visit, count: Int, size: Int, at number: Int, keeping names: [String]) -> HTML {
        let pages = max(1, (count + size - 1) / size)
        guard pages > 1 else { return .empty }
        func link(_ target: Int, _ text: HTML) -> HTML {
            guard target >= 1, target <= pages else { return "<span>\(text)</span>" }
            return "<a href=\"\(visit.link(keeping: names, with: ["page": String(target)]))\">\(text)</a>"
        }
        return """
            <nav class="pager" aria-label="\(visit.report.t("ページ送り", "Pages of the list"))">\(link(number - 1, visit.report.t("← 前", "← Previous")))<span>\(number) / \(pages)</span>\(link(number + 1, visit.report.t("次 →", "Next →")))</nav>
            """
    }
}

extension Visit {
    /// The page again with some of its query kept and some replaced.
    func link(keeping names: [String], with changes: [String: String]) -> String {
        var pairs: [String] = []
        for name in names where changes[name] == nil {
            let value = query(name)
            if !value.isEmpty { pairs.append("\(name)=\(Visit.encoded(value))") }
        }
        for (name, value) in changes.sorted(by: { $0.key < $1.key }) { pairs.append("\(name)=\(Visit.encoded(value))") }
        return "?" + pairs.joined(separator: "&")
    }

    static func encoded(_ text: String) -> String { String(Report.page("", text).dropFirst(2)) }

    /// Number of the page of a long list, from 1.
    var pageNumber: Int { min(max(Int(query("page")) ?? 1, 1), 100_000) }
}
