import Assessment
import Evidence
import Model
import Reporting
import Wording

/// One item: what is asked, what traffic proposes, what stands, and the form in which a person settles it.
extension Desk {
    func itemPage(
        _ visit: Visit, _ item: Checklist.Item, form: DecisionForm? = nil, message: HTML = .empty, status: Int = 200
    ) throws -> WebResponse {
        let report = visit.report
        guard let score = report.card[item.id] else { return notFound(visit) }
        let form = try form ?? DecisionForm(score, draft: try store.draft(of: item.id))
        let body: HTML = """
            <nav class="rail" aria-label="\(report.t("項目一覧", "Items"))">\(rail(item, report))</nav>
            <article class="sheet">
            \(message.isEmpty ? flash(visit, item, score) : message)
            <header class="itemhead"><p class="crumb"><a href="/items">\(report.t("項目", "Items"))</a> › \(report.checklist.category(of: item.id)?.name[visit.language] ?? "") › \(item.subcategory[visit.language])</p>
            <h1><span class="no">\(item.id.description)</span>\(item.title[visit.language])</h1>
            <p class="question">\(item.question[visit.language])</p><p class="badges">\(report.badges(score))</p></header>
            \(score.proposal.map { proposalPart($0, report) } ?? noProposal(report))
            \(standingPart(score, report))
            \(formPart(visit, item, score, form))
            \(outlookPart(item, score, report))
            \(attachmentPart(visit, item))
            \(historyPart(visit, item))
            </article>
            <aside class="beside" aria-label="\(report.t("聞くことと証拠", "Questions and exhibits"))">\(questionPart(item, score, report))\(exhibitPart(item, score, report))</aside>
            """
        return page(
            visit,
            Page(section: .items, title: "\(item.id) \(item.title[visit.language])", body: body, layout: "itempage"),
            status: status)
    }

    // MARK: Around the item

    private func rail(_ current: Checklist.Item, _ report: Report) -> HTML {
        .joined(
            report.checklist.categories.map { category in
                let rows = category.items.map { item -> HTML in
                    let state = report.card[item.id].map { ItemState($0, report) } ?? .open
                    let mark: HTML = item.id == current.id ? " aria-current=\"page\"" : .empty
                    return
                        "<li><a href=\"/items/\(item.id.description)\"\(mark)>\(glyph(state, report))<span class=\"no\">\(item.id.description)</span> \(item.title[report.language])</a></li>"
                }
                return "<h2>\(category.name[report.language])</h2><ul>\(rows)</ul>"
            })
    }

    private func flash(_ visit: Visit, _ item: Checklist.Item, _ score: ItemScore) -> HTML {
        let report = visit.report
        let next: HTML =
            nextItem(after: item.id, report).map {
                " <a class=\"button\" href=\"/items/\($0.description)\" autofocus=\"autofocus\">\(report.t("次の項目 \($0.description) へ", "Go on with \($0.description)"))</a>"
            }
            ?? " <a class=\"button\" href=\"/editions\" autofocus=\"autofocus\">\(report.t("確定へ進む", "Go on to sign-off"))</a>"
        switch visit.query("saved") {
        case "decision":
            return notice(
                "saved",
                "\(report.t("記録した: ", "Recorded: "))\(report.level(score.declared))\(.joined(score.marks.sorted().map(report.mark)))\(next)"
            )
        case "aside":
            return notice(
                "saved",
                "\(report.t("「通信からは分からない」と記録した。聞き取りで判定する。", "Recorded that traffic cannot tell; settle it by interview."))\(next)"
            )
        case "draft":
            return notice("saved", report.t("下書きを保存した。まだ判定ではない。", "The draft is kept. It is not a decision yet."))
        case "attachment": return notice("saved", report.t("資料を保存した。", "The document is kept."))
        default: return .empty
        }
    }

    private func noProposal(_ report: Report) -> HTML {
        "<p class=\"noproposal\">\(report.captures.isEmpty ? report.t("通信の観測がないため、提案はない。聞き取りで判定する。", "There is no capture, hence no proposal; settle it by interview.") : report.t("この項目に通信からの提案はない。聞き取りで判定する。", "Traffic proposes nothing for this item; settle it by interview."))</p>"
    }

    /// The proposal in a strip of its own, with the two answers that need nothing but a press.
    private func proposalPart(_ proposal: Proposal, _ report: Report) -> HTML {
        let levels = Level.allCases.filter { proposal.levels.contains($0) }
        let accept: HTML =
            proposal.verdict == .undetermined
            ? .empty
            : .joined(
                levels.map { level in
                    "<button type=\"submit\" form=\"answer\" name=\"action\" value=\"accept-\(level.rawValue)\"\(levels.count == 1 ? " data-key=\"a\"" : .empty)>\(report.t("提案どおり レベル\(level.rawValue)", "Accept level \(level.rawValue)"))</button>"
                })
        return """
            \(report.proposalStrip(proposal))
            <div class="replies" role="group" aria-label="\(report.t("提案への返答", "Reply to the proposal"))">\(accept)<button type="submit" form="answer" name="action" value="aside" data-key="u">\(report.t("通信からは分からない", "Cannot tell from traffic"))</button><a href="#levels">\(report.t("変更して判定する…", "Change…"))</a></div>
            """
    }

    private func standingPart(_ score: ItemScore, _ report: Report) -> HTML {
        switch score.standing {
        case .undecided: return .empty
        case .settled(let decision):
            let changed: HTML =
                score.marks.contains(.evidenceChanged)
                ? notice(
                    "warn",
                    report.t(
                        "この判定の後に、根拠となる証拠が変わった。もう一度確かめること。",
                        "The evidence has changed since this decision; look at it again."))
                : .empty
            let contradicted: HTML =
                score.marks.contains(.contradicted)
                ? notice(
                    "warn",
                    report.t(
                        "この判定は通信で見えたことと食い違う。補正後の得点では提案の上限までしか数えない。",
                        "Traffic speaks against this answer; the adjusted score counts it only up to the top of the proposal."
                    ))
                : .empty
            let unsupported: HTML =
                score.marks.contains(.unsupported)
                ? notice(
                    "warn",
                    decision.answer == .level(.managed)
                        ? report.t("レベル4には手順書と見直し日が要る。", "Level 4 wants a document and its review date.")
                        : report.t("レベル3には根拠資料が一つ以上要る。", "Level 3 wants at least one piece of evidence."))
                : .empty
            return
                "<section class=\"stands\" aria-label=\"\(report.t("いまの判定", "What stands"))\"><p><span class=\"label\">\(report.t("いまの判定", "What stands"))</span> \(report.level(decision.answer)) <span class=\"note\">\(report.signature(decision))</span></p>\(decision.reason.isEmpty ? .empty : "<p class=\"grounds\">\(decision.reason)</p>")</section>\(changed)\(contradicted)\(unsupported)"
        case .conflict(let decisions):
            let rows = decisions.map {
                "<li>\(report.level($0.answer)) \($0.reason) <span class=\"note\">\(report.signature($0))</span></li>"
                    as HTML
            }
            return notice(
                "warn",
                "<p>\(report.t("複数の人が別々に判定した。下で一つに決めること。", "Several people answered differently, unseen by each other. Settle it below."))</p><ul>\(rows)</ul>"
            )
        }
    }

    /// What to ask at the table.
    private func questionPart(_ item: Checklist.Item, _ score: ItemScore, _ report: Report) -> HTML {
        var seen: Set<String> = []
        let questions = ((score.proposal?.questions ?? []) + item.questions).map { report.say($0) }.filter {
            seen.insert($0).inserted
        }
        guard !questions.isEmpty else { return .empty }
        return
            "<h2>\(report.t("聞くこと", "Ask"))</h2><ul class=\"questions\">\(questions.map { "<li>\($0)</li>" as HTML })</ul>"
    }

    /// What may happen, and what could be done.
    private func outlookPart(_ item: Checklist.Item, _ score: ItemScore, _ report: Report) -> HTML {
        func bullets(_ texts: [String]) -> HTML { "<ul>\(texts.map { "<li>\($0)</li>" as HTML })</ul>" }
        let risks = report.checklist.risks(of: item.id).map { report.say($0.text) }
        var parts: [HTML] = []
        if !risks.isEmpty { parts.append("<h2>\(report.t("リスク", "Risks"))</h2>\(bullets(risks))") }
        if !item.countermeasures.isEmpty {
            parts.append(
                "<h2>\(report.t("対策の例", "Possible measures"))</h2>\(bullets(item.countermeasures.map { report.say($0) }))"
            )
        }
        return "<section class=\"asks\">\(parts)</section>"
    }

    private func exhibitPart(_ item: Checklist.Item, _ score: ItemScore, _ report: Report) -> HTML {
        let cited = score.proposal?.exhibits ?? []
        let findings = report.findings.filter { $0.items.contains(item.id.description) }
        let ids = cited + findings.flatMap(\.exhibits).filter { !cited.contains($0) }
        var seen: Set<String> = []
        let exhibits = ids.filter { seen.insert($0).inserted }.compactMap { id in report.exhibits.first { $0.id == id }
        }
        var parts: [HTML] = []
        if !findings.isEmpty {
            let rows = findings.prefix(12).map {
                "<li>\(report.severity($0.severity)) \(report.findingLink($0)) \(report.say($0.title))</li>" as HTML
            }
            parts.append("<h2>\(report.t("検出事項", "Findings"))</h2><ul class=\"plainlist\">\(Array(rows))</ul>")
        }
        let rows = exhibits.prefix(30).map { exhibitRow($0, report) }
        parts.append(
            rows.isEmpty
                ? "<h2>\(report.t("証拠", "Exhibits"))</h2><p class=\"note\">\(report.t("この項目に示せる通信の証拠はない。", "There are no exhibits from traffic for this item."))</p>"
                : "<h2>\(report.t("証拠", "Exhibits"))</h2><ul class=\"plainlist exhibits\">\(Array(rows))</ul>")
        return .joined(parts)
    }

    /// What it shows, when it was seen, in which frames.
    func exhibitRow(_ exhibit: Exhibit, _ report: Report) -> HTML {
        let first = exhibit.frames.min { $0.time < $1.time }
        let last = exhibit.frames.max { $0.time < $1.time }
        let seen: HTML =
            first.flatMap { first in last.map { "\(report.moments.period(first.time, $0.time))" } } ?? .empty
        let frames = exhibit.frames.prefix(4).map { report.frameText($0) }.joined(separator: ", ")
        let rest = exhibit.frames.count > 4 ? " +\(exhibit.frames.count - 4)" : ""
        return
            "<li>\(report.exhibitLink(exhibit.id) ?? .empty) \(report.say(exhibit.title))<span class=\"note\">\(seen)</span><span class=\"note mono\">\(frames)\(rest)</span></li>"
    }

    // MARK: Documents and history

    private func attachmentPart(_ visit: Visit, _ item: Checklist.Item) -> HTML {
        let report = visit.report
        let rows = report.attachments.filter { $0.item == item.id.description }.map { attachment -> HTML in
            "<li><a href=\"/attachments/\(attachment.sha256)\">\(attachment.name)</a> <span class=\"note\">\(attachment.date.map { "\($0.text(in: visit.language)) · " } ?? "")\(report.bytes(UInt64(clamping: attachment.size))) · SHA-256 \(attachment.sha256.prefix(16).description)… · \(attachment.reviewer)</span></li>"
        }
        return """
            <section class="documents"><h2>\(report.t("資料", "Documents"))</h2>
            \(rows.isEmpty ? .empty : "<ul class=\"plainlist\">\(rows)</ul>")
            <form method="post" action="/items/\(item.id.description)/attachments" enctype="multipart/form-data">\(secret(visit))
            <label>\(report.t("ファイル(16 MBまで)", "File, up to 16 MB")) <input type="file" name="file" required="required" /></label>
            <label>\(report.t("資料の日付", "Date of the document")) <input type="date" name="date" max="9999-12-31" /></label>
            <button type="submit">\(report.t("資料を加える", "Add the document"))</button></form></section>
            """
    }

    private func historyPart(_ visit: Visit, _ item: Checklist.Item) -> HTML {
        let report = visit.report
        let decisions = report.history.decisions(on: item.id)
        guard !decisions.isEmpty else { return .empty }
        let standing = Set(report.history.undominated(on: item.id).map(\.id))
        let answers = Dictionary(decisions.map { ($0.id, $0.answer) }, uniquingKeysWith: { first, _ in first })
        let rows = decisions.reversed().map { decision -> HTML in
            let before = decision.supersedes.compactMap { answers[$0] }.map { report.level($0) }
            let isStanding = standing.contains(decision.id)
            let back: HTML =
                isStanding
                ? .empty
                : "<button type=\"submit\" form=\"answer\" name=\"action\" value=\"restore-\(decision.id)\">\(report.t("この判定に戻す", "Go back to this"))</button>"
            return """
                <tr><td>\(report.moment(Timestamp(nanoseconds: decision.time)))<span class="note">\(decision.reviewer)</span></td><td>\(before.isEmpty ? .empty : "\(before) → ")\(report.level(decision.answer))</td><td>\(decision.reason)<span class="hash">\(report.t("判定", "decision")) \(decision.id)</span>\(decision.evidenceHash.isEmpty ? .empty : "<span class=\"hash\">\(report.t("証拠", "evidence")) \(decision.evidenceHash)</span>")</td><td>\(back)</td></tr>
                """
        }
        let undo: HTML =
            report.card[item.id]?.decision == nil
            ? .empty
            : "<button type=\"submit\" form=\"answer\" name=\"action\" value=\"withdraw\">\(report.t("判定を取り消す", "Take the decision back"))</button>"
        return """
            <details class="history"><summary>\(report.t("判定の記録", "History")) (\(decisions.count))</summary>
            <table class="data"><thead><tr><th scope="col">\(report.t("日時", "When"))</th><th scope="col">\(report.t("判定", "Answer"))</th><th scope="col">\(report.t("理由", "Grounds"))</th><th scope="col"></th></tr></thead><tbody>\(rows)</tbody></table>
            \(undo)</details>
            """
    }
}
