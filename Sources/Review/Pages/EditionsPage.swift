import Assessment
import Evidence
import Model
import Reporting

/// Sign-off, editions, the trail of who did what, and the report as files.
extension Desk {
    func editionsPage(_ visit: Visit, message: HTML = .empty) throws -> Page {
        let report = visit.report
        let total = report.card.declared.total
        let open = report.card.items.filter { ItemState($0, report) == .open || ItemState($0, report) == .proposed }
        let marked = report.card.items.filter { !$0.marks.isEmpty }
        var checks: [HTML] = []
        if !open.isEmpty {
            checks.append(
                "<li class=\"warn\">\(report.t("未判定 \(open.count)項目: ", "\(open.count) items open: "))\(report.list(open.prefix(12).map { report.itemLink($0.item) }))\(open.count > 12 ? " …" : "")</li>"
            )
        }
        for mark in ItemScore.Mark.allCases {
            let items = marked.filter { $0.marks.contains(mark) }
            if !items.isEmpty {
                checks.append(
                    "<li class=\"warn\">\(report.mark(mark)) \(report.list(items.map { report.itemLink($0.item) }))</li>"
                )
            }
        }
        let problems = try store.verifyDecisions()
        checks.append(
            problems.isEmpty
                ? "<li>\(report.t("判定の記録は全て整合している。", "All hashes in the decision record match."))</li>"
                : "<li class=\"warn\">\(problems.prefix(5).joined(separator: " / "))</li>")
        let saved: HTML =
            visit.query("saved") == "edition"
            ? notice(
                "saved",
                report.t(
                    "第\(report.editions.last?.number ?? 0)版を確定した。",
                    "Edition \(report.editions.last?.number ?? 0) is signed off.")) : message
        let editions = report.editions.reversed().map { edition -> HTML in
            """
            <tr><td class="num">\(edition.number)</td><td>\(report.moment(Timestamp(nanoseconds: edition.time)))</td><td>\(edition.reviewer)</td><td>\(edition.result)<span class="note">\(edition.remark)</span><span class="hash">\(edition.id)</span></td><td>\(downloads(report, edition: edition.number))</td></tr>
            """
        }
        return Page(
            section: .editions, title: report.words("確定と報告書", "Sign-off and report"),
            body: """
                \(saved)<h1>\(report.t("確定と報告書", "Sign-off and report"))</h1>
                <section><h2>\(report.t("報告書(いまの内容)", "Report, as things stand"))</h2><p>\(downloads(report, edition: nil))</p>
                <p class="note">\(report.t("匿名版はアドレス、ネットワーク名、ホスト名、利用者名を伏せる。", "The masked report hides addresses, network names, host names and users."))</p></section>
                <section><h2>\(report.t("確定の前に", "Before you sign"))</h2><p>\(report.badge(total.grade)) <b>\(report.points(total.score))</b> · \(standing(total.state, report))</p><ul>\(checks)</ul></section>
                <section class="signoff"><h2>\(report.t("確定する", "Sign off"))</h2><p class="note">\(report.t("いまの判定を版として固定する。後から判定を変えると、次の版になる。", "Freezes what stands now as an edition. Decisions made later make the next one."))\(report.signed == nil ? .empty : " <b>\(report.t("第\(report.editions.last?.number ?? 0)版の後に変更はない。", "Nothing has changed since edition \(report.editions.last?.number ?? 0)."))</b>")</p>
                <form method="post" action="/editions">\(secret(visit))<label class="field"><span>\(report.t("確認者", "Reviewer"))</span><input type="text" name="reviewer" required="required" value="\(visit.session.reviewer)" maxlength="100" autocomplete="name" /></label><label class="field"><span>\(report.t("備考", "Remark"))</span><input type="text" name="remark" maxlength="300" /></label><button class="primary" type="submit">\(report.t("第\((report.editions.last?.number ?? 0) + 1)版として確定する", "Sign off edition \((report.editions.last?.number ?? 0) + 1)"))</button></form></section>
                \(editions.isEmpty ? .empty : "<section><h2>\(report.t("確定した版", "Editions"))</h2><div class=\"scroll\" tabindex=\"0\"><table class=\"data\"><thead><tr><th scope=\"col\" class=\"num\">\(report.t("版", "No."))</th><th scope=\"col\">\(report.t("日時", "When"))</th><th scope=\"col\">\(report.t("確認者", "Reviewer"))</th><th scope=\"col\">\(report.t("結果", "Result"))</th><th scope=\"col\">\(report.t("報告書", "Report"))</th></tr></thead><tbody>\(editions)</tbody></table></div></section>")
                \(try trail(visit))
                """)
    }

    private func downloads(_ report: Report, edition: Int?) -> HTML {
        let suffix = edition.map { "&edition=\($0)" } ?? ""
        let links = [ReviewTools.Format.pdf, .xlsx, .html, .json].map { format -> HTML in
            "<a class=\"button\" href=\"/report?format=\(format.rawValue)\(suffix)\">\(format.rawValue.uppercased())</a>"
        }
        return "\(links) <a href=\"/report?format=pdf&amp;masked=1\(suffix)\">\(report.t("匿名版PDF", "masked PDF"))</a>"
    }

    /// Who did what, the latest first.
    private func trail(_ visit: Visit) throws -> HTML {
        let report = visit.report
        struct Line {
            var time: Int64
            var markup: HTML
        }
        var lines: [Line] = report.history.items.flatMap { report.history.decisions(on: $0) }.map { decision in
            Line(
                time: decision.time,
                markup:
                    "<td>\(decision.reviewer)</td><td>\(report.itemLink(decision.item)) \(report.level(decision.answer))</td><td>\(decision.reason)<span class=\"hash\">\(decision.id)</span></td>"
            )
        }
        for entry in try store.auditEntries() {
            let what: HTML =
                switch entry.kind {
                case .asset: report.t("資産 ", "asset ") + report.assetLink(entry.subject)
                case .attachment:
                    report.t("資料 ", "document ") + (ItemID(entry.subject).map { report.itemLink($0) } ?? .empty)
                case .edition: report.t("第\(entry.subject)版を確定", "edition \(entry.subject) signed off")
                case .hours: report.t("保守の時間帯", "maintenance hours")
                }
            let values = entry.values.filter { !["decisions", "heads", "sha256"].contains($0.key) }
                .sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
            lines.append(
                Line(
                    time: entry.time,
                    markup:
                        "<td>\(entry.reviewer)</td><td>\(what)</td><td>\(values)<span class=\"hash\">\(entry.id)</span></td>"
                ))
        }
        guard !lines.isEmpty else { return .empty }
        let limit = 200
        let rows = lines.sorted { $1.time < $0.time }.prefix(limit).map {
            "<tr><td>\(report.moment(Timestamp(nanoseconds: $0.time)))</td>\($0.markup)</tr>" as HTML
        }
        return
            "<details class=\"history\"><summary>\(report.t("監査の記録", "Audit trail")) (\(lines.count))</summary><div class=\"scroll\" tabindex=\"0\"><table class=\"data\"><thead><tr><th scope=\"col\">\(report.t("日時", "When"))</th><th scope=\"col\">\(report.t("誰が", "Who"))</th><th scope=\"col\">\(report.t("何を", "What"))</th><th scope=\"col\">\(report.t("内容", "Content"))</th></tr></thead><tbody>\(Array(rows))</tbody></table></div></details>"
    }

    func signOff(_ web: WebForm, _ visit: Visit) throws -> WebResponse {
        let report = visit.report
        let reviewer = web["reviewer"].trimmed
        guard !reviewer.isEmpty else {
            return page(
                visit,
                try editionsPage(
                    visit, message: notice("error", report.t("確認者の名前を入れてください。", "Give the reviewer's name."))),
                status: 422)
        }
        let total = report.card.declared.total
        let result = [total.score.map { report.points($0) }, total.grade?.rawValue].compactMap { $0 }.joined(
            separator: " ")
        _ = try store.signOff(
            reviewer: reviewer, time: Desk.now(), remark: String(web["remark"].trimmed.prefix(300)),
            result: result.isEmpty ? report.state(total.state) : result)
        if reviewer != visit.session.reviewer { remember(reviewer: reviewer, visit.session) }
        return .redirect("/editions?saved=edition")
    }

    /// The report as a file; made beside this actor, so that pages are answered meanwhile.
    func download(_ visit: Visit) async throws -> WebResponse {
        guard let format = ReviewTools.Format(rawValue: visit.query("format")) else { return notFound(visit) }
        let order = ReviewTools.ReportOrder(
            format: format, language: visit.language, isMasked: visit.query("masked") == "1",
            edition: Int(visit.query("edition")))
        let make = tools.report
        let name =
            "\(order.edition.map { "report-\($0)" } ?? "report")\(order.isMasked ? "-masked" : "").\(format.rawValue)"
        do {
            let bytes = try await Task.detached { try make(order) }.value
            return .file(bytes, name: name, type: format.mediaType)
        } catch {
            let report = visit.report
            return page(
                visit,
                try editionsPage(
                    visit,
                    message: notice(
                        "error", "\(report.t("報告書を作れなかった: ", "The report could not be made: "))\("\(error)")")),
                status: 500)
        }
    }
}
