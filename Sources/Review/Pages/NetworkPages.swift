import Assessment
import Evidence
import FoundationEssentials
import Model
import Reporting
import Wording

/// The network as a picture, as a matrix of its segments, and as remote sessions over time.
extension Desk {
    func mapPage(_ visit: Visit) -> Page {
        let report = visit.report
        let body: HTML =
            report.captures.isEmpty
            ? noCaptures(report)
            : "<label class=\"mapfind\" hidden=\"hidden\">\(report.t("図の中を探す", "Find in the map")) <input type=\"search\" data-map-find=\"1\" /></label><div class=\"mapbox\">\(map(report))</div>"
        return Page(
            section: .map, title: report.words("構成図", "Map"),
            body: "<h1>\(report.t("構成図(観測)", "Map, as observed"))</h1>\(body)", isWide: true)
    }

    func noCaptures(_ report: Report) -> HTML {
        "<p class=\"callout\">\(report.t("通信の観測がない。otscan analyze で記録を読み込むと、ここに表示される。", "There is no capture yet; otscan analyze reads one into this assessment."))</p>"
    }

    // MARK: Segments

    /// Who talks to whom across segments: rows from, columns to.
    func segmentsPage(_ visit: Visit) -> Page {
        let report = visit.report
        guard !report.captures.isEmpty else {
            return Page(section: .segments, title: report.words("区画", "Segments"), body: noCaptures(report))
        }
        let limit = 24
        let used = Set(report.conduits.flatMap { [$0.from, $0.to] })
        let shown = report.segments.filter { used.contains($0.id) || !$0.members.isEmpty }.sorted {
            ($1.members.count, $0.vlan) < ($0.members.count, $1.vlan)
        }.prefix(limit)
        let ids = shown.map(\.id) + (used.contains("outside") ? ["outside"] : [])
        let names = Dictionary(
            report.segments.map { ($0.id, report.segmentName($0, isShort: true)) },
            uniquingKeysWith: { first, _ in first })
        func name(_ id: String) -> String { id == "outside" ? report.words("外部", "outside") : names[id] ?? id }
        var cells: [String: (bytes: UInt64, count: Int, services: [String])] = [:]
        for conduit in report.conduits {
            let key = "\(conduit.from)\u{0}\(conduit.to)"
            let old = cells[key] ?? (0, 0, [])
            cells[key] = (
                old.bytes &+ conduit.bytes, old.count + conduit.conversations, old.services + conduit.services
            )
        }
        let most = cells.values.map(\.bytes).max() ?? 1
        let rows = ids.map { from -> HTML in
            let columns = ids.map { to -> HTML in
                if from == to { return "<td class=\"self\"></td>" }
                guard let cell = cells["\(from)\u{0}\(to)"] else { return "<td></td>" }
                let weight = min(4, max(1, Int((Double(cell.bytes) / Double(max(most, 1)) * 4).rounded(.up))))
                return
                    "<td class=\"heat\(weight)\"><b>\(report.bytes(cell.bytes))</b><span class=\"note\">\(cell.count) · \(Set(cell.services).sorted().prefix(3).joined(separator: ", "))</span></td>"
            }
            return "<tr><th scope=\"row\">\(name(from))</th>\(columns)</tr>"
        }
        let members = shown.map { segment -> HTML in
            let links = segment.members.prefix(40).map { report.assetLink($0) }
            let rest: HTML = segment.members.count > 40 ? " +\(segment.members.count - 40)" : .empty
            return
                "<details><summary><b>\(report.segmentName(segment))</b> <span class=\"note\">\(report.t("機器\(segment.members.count)台 · 制御系\(segment.otCount) · 情報系\(segment.itCount)", "\(segment.members.count) devices · OT \(segment.otCount) · IT \(segment.itCount)"))</span></summary><p>\(report.list(Array(links)))\(rest)</p></details>"
        }
        return Page(
            section: .segments, title: report.words("区画", "Segments"),
            body: """
                <h1>\(report.t("区画どうしの通信", "Who talks to whom"))</h1>
                <p>\(report.t("行から列へ向かう通信のバイト数と会話の数、主なサービス。区画は通信から見たもので、空欄は「見えなかった」を意味する。", "Bytes, conversations and main services from the row to the column. Segments are as observed; a blank means not seen."))</p>
                <div class="scroll" tabindex="0"><table class="data cross"><thead><tr><th scope="col">\(report.t("から↓ へ→", "From ↓ to →"))</th>\(ids.map { "<th scope=\"col\">\(name($0))</th>" as HTML })</tr></thead><tbody>\(rows)</tbody></table></div>
                \(report.segments.count > shown.count ? "<p class=\"more\">\(report.t("区画\(report.segments.count - shown.count)件を省いた。", "\(report.segments.count - shown.count) segments are left out."))</p>" : .empty)
                <h2>\(report.t("区画と機器", "Segments and their devices"))</h2>\(members)
                <h2>\(report.t("区分けの案", "A workable segmentation"))</h2>\(report.plannedPart)
                """, isWide: true)
    }

    // MARK: Remote sessions

    func remotePage(_ visit: Visit) -> Page {
        let report = visit.report
        let written = (report.permitted?.windows ?? []).compactMap(\.weekly).joined(separator: "\n")
        let saved: HTML =
            visit.query("saved") == "hours"
            ? notice("saved", report.t("保守の時間帯を記録した。", "The maintenance hours are recorded.")) : .empty
        let body: HTML =
            report.captures.isEmpty
            ? noCaptures(report)
            : "\(report.sessionCalendar)\(report.remotePart)<h2>\(report.t("外部との通信", "Traffic with the outside"))</h2>\(report.outsidePart)"
        return Page(
            section: .remote, title: report.words("リモート接続", "Remote sessions"),
            body: """
                \(saved)<h1>\(report.t("リモート接続", "Remote sessions"))</h1>
                \(body)
                <section class="hours"><h2>\(report.t("保守を認める時間帯", "Maintenance hours"))</h2>
                <p class="note">\(report.t("1行に1件。例: mon-fri 08:00-17:30、sat 22:00-02:00、daily 09:00-12:00。時間帯の外の接続に印を付ける。", "One per line, such as mon-fri 08:00-17:30, sat 22:00-02:00, daily 09:00-12:00. Sessions outside of them are marked."))</p>
                <form method="post" action="/hours">\(secret(visit))<label class="field"><span>\(report.t("時間帯", "Hours"))</span><textarea name="hours" rows="3" class="mono">\(written)</textarea></label><button type="submit">\(report.t("記録", "Record"))</button></form></section>
                """, isWide: true)
    }

    func declareHours(_ web: WebForm, _ visit: Visit) throws -> WebResponse {
        let report = visit.report
        let lines = web["hours"].split(separator: "\n").map { String($0).trimmed }.filter { !$0.isEmpty }
        for line in lines where DeclaredRemoteAccess.Window(weekly: line) == nil {
            var page = remotePage(visit)
            page.body =
                notice(
                    "error",
                    report.t(
                        "「\(line)」は読めない。mon-fri 08:00-17:30 のように書いてください。",
                        "“\(line)” cannot be read; write it like mon-fri 08:00-17:30."))
                + page.body
            return self.page(visit, page, status: 422)
        }
        var declarations = try store.declarations()
        var remote =
            declarations.remote
            ?? DeclaredRemoteAccess(
                vendors: [], windows: [],
                offset: report.moments.timeZone.secondsFromGMT() / 60)
        // Windows of certain vendors, and single ones, are kept as they were imported.
        remote.windows =
            remote.windows.filter { $0.weekly == nil } + lines.compactMap { DeclaredRemoteAccess.Window(weekly: $0) }
        declarations.remote = remote
        try store.setDeclarations(declarations)
        try tools.derive()
        forgetEvidence()
        try store.append(
            AuditEntry(
                kind: .hours, subject: "maintenance", values: ["hours": lines.joined(separator: "\n")],
                reviewer: visit.session.reviewer, time: Desk.now()))
        return .redirect("/remote?saved=hours")
    }

    // MARK: Findings, coverage, plan

    func findingsPage(_ visit: Visit) -> Page {
        let report = visit.report
        return Page(
            section: .findings, title: report.words("検出事項", "Findings"),
            body:
                "<h1>\(report.t("リスクと検出事項", "Risks and findings"))</h1><p><a href=\"/exhibits\">\(report.t("全ての証拠", "All exhibits")) (\(report.exhibits.count))</a></p>\(report.riskSection)"
        )
    }

    func coveragePage(_ visit: Visit) -> Page {
        let report = visit.report
        return Page(
            section: .coverage, title: report.words("観測", "Coverage"),
            body: "<h1>\(report.t("何を観測し、何を観測できなかったか", "What was watched, and what was not"))</h1>\(report.method)")
    }

    func planPage(_ visit: Visit) -> Page {
        let report = visit.report
        return Page(
            section: .plan, title: report.words("計画", "Plan"),
            body:
                "<h1>\(report.t("改善の計画", "Plan"))</h1>\(whatIf(visit))\(report.roadmapSection)<h2>\(report.t("前回との比較", "Compared with last time"))</h2>\(report.comparison)"
        )
    }

    /// "Do these things, and the grades become": items to tick, scored by the same rule.
    private func whatIf(_ visit: Visit) -> HTML {
        let report = visit.report
        let open = report.card.items.filter { score in
            score.declared != .notApplicable && (score.adjusted.level.map { $0 < .done } ?? true)
        }
        guard !open.isEmpty else { return .empty }
        let chosen = Set(visit.query("do").split(separator: " ").compactMap { ItemID($0) })
        let picked = Set(open.map(\.item).filter { visit.query("i\($0.description)") == "1" }).union(chosen)
        let rows = open.map { score -> HTML in
            let mark: HTML = picked.contains(score.item) ? " checked=\"checked\"" : .empty
            let title = report.checklist[score.item]?.title[visit.language] ?? ""
            return
                "<li><label><input type=\"checkbox\" name=\"i\(score.item.description)\" value=\"1\"\(mark) /> <span class=\"no\">\(score.item.description)</span> \(title) <span class=\"note\">\(score.adjusted.name(in: visit.language))</span></label></li>"
        }
        var result: HTML = .empty
        if !picked.isEmpty {
            let targets = Dictionary(picked.map { ($0, Level.done) }, uniquingKeysWith: { first, _ in first })
            let card = scorer.score(report.history, proposals: report.proposals, assuming: targets)
            let lines = report.checklist.categories.compactMap { category -> HTML? in
                let (before, after) = (report.card.adjusted[category.id], card.adjusted[category.id])
                guard before?.score != after?.score || before?.grade != after?.grade else { return nil }
                return
                    "<tr><th scope=\"row\">\(category.name[visit.language])</th><td class=\"num\">\(report.points(before?.score)) \(report.badge(before?.grade, size: "small"))</td><td>→</td><td class=\"num\"><b>\(report.points(after?.score))</b> \(report.badge(after?.grade, size: "small"))</td></tr>"
            }
            let (before, after) = (report.card.adjusted.total, card.adjusted.total)
            result = """
                <table class="data narrow whatif" aria-live="polite"><caption>\(report.t("この\(picked.count)件をレベル3にすると(証拠による補正後の得点)", "With these \(picked.count) at level 3 (evidence-adjusted)"))</caption><tbody>\(lines)<tr><th scope="row">\(report.t("総合", "Total"))</th><td class="num">\(report.points(before.score)) \(report.badge(before.grade, size: "small"))</td><td>→</td><td class="num"><b>\(report.points(after.score))</b> \(report.badge(after.grade, size: "small"))</td></tr></tbody></table>
                """
        }
        return """
            <section class="whatif"><h2>\(report.t("もし対策したら", "What if"))</h2>\(result)
            <form method="get" action="/plan"><details\(picked.isEmpty ? .empty : " open=\"open\"")><summary>\(report.t("対策する項目を選ぶ", "Choose what to do"))</summary><ul class="plainlist columns">\(rows)</ul></details><button type="submit">\(report.t("計算する", "Compute"))</button></form></section>
            """
    }
}
