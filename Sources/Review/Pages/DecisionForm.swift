import Assessment
import Evidence
import Model
import Reporting

/// What a person has put into the form of an item.
struct DecisionForm {
    var level = ""
    var status = ""
    var reason = ""
    var measure = ""
    var evidence = ""
    var exhibits: Set<String> = []
    var document = ""
    var reviewDate = ""
    var reviewer = ""
    var isDraft = false

    /// A draft before a decision, a decision before nothing: a proposal fills nothing in.
    init(_ score: ItemScore, draft: [String: String]?) {
        if let draft {
            level = draft["level"] ?? ""
            status = draft["status"] ?? ""
            reason = draft["reason"] ?? ""
            measure = draft["measure"] ?? ""
            evidence = draft["evidence"] ?? ""
            document = draft["document"] ?? ""
            reviewDate = draft["review_date"] ?? ""
            reviewer = draft["reviewer"] ?? ""
            exhibits = Set((draft["exhibits"] ?? "").split(separator: "\n").map(String.init))
            isDraft = true
        } else if let decision = score.decision {
            level = decision.answer.description
            status = decision.status
            reason = decision.reason
            measure = decision.measure
            let cited = Set(score.proposal?.exhibits ?? [])
            exhibits = Set(decision.evidence.filter(cited.contains))
            evidence = decision.evidence.filter { !cited.contains($0) }.joined(separator: "\n")
            document = decision.document
            reviewDate = decision.reviewDate?.description ?? ""
        }
    }

    init(_ form: WebForm) {
        level = form["level"]
        status = form["status"].trimmed
        reason = form["reason"].trimmed
        measure = form["measure"].trimmed
        evidence = form["evidence"].trimmed
        exhibits = Set(form.all("exhibit"))
        document = form["document"].trimmed
        reviewDate = form["review_date"].trimmed
        reviewer = form["reviewer"].trimmed
    }

    var draft: [String: String] {
        var fields = [
            "level": level, "status": status, "reason": reason, "measure": measure, "evidence": evidence,
            "document": document, "review_date": reviewDate, "reviewer": reviewer,
            "exhibits": exhibits.sorted().joined(separator: "\n"),
        ]
        fields = fields.filter { !$0.value.isEmpty }
        return fields
    }

    var references: [String] {
        exhibits.sorted() + evidence.split(separator: "\n").map { String($0).trimmed }.filter { !$0.isEmpty }
    }
}

extension Desk {
    func formPart(_ visit: Visit, _ item: Checklist.Item, _ score: ItemScore, _ form: DecisionForm) -> HTML {
        let report = visit.report
        let path: HTML = "/items/\(item.id.description)"
        let seen = report.history.undominated(on: item.id).map(\.id).sorted().joined(separator: " ")
        let options = Level.allCases.map { level -> HTML in
            let inside = score.proposal.map { $0.verdict != .undetermined && $0.levels.contains(level) } ?? false
            return levelOption(
                String(level.rawValue), "<b>\(level.rawValue)</b> \(level.name(in: visit.language))",
                "\(report.say(item.levelTexts[level]))", isChosen: form.level == String(level.rawValue),
                mark: inside ? report.t("提案の範囲", "within the proposal") : .empty)
        }
        let exhibits = (score.proposal?.exhibits ?? []).prefix(20).compactMap { id -> HTML? in
            guard let link = report.exhibitLink(id), let exhibit = report.exhibits.first(where: { $0.id == id }) else {
                return nil
            }
            let mark: HTML = form.exhibits.contains(id) ? " checked=\"checked\"" : .empty
            return
                "<li><label><input type=\"checkbox\" name=\"exhibit\" value=\"\(id)\"\(mark) /> \(report.say(exhibit.title))</label> \(link)</li>"
        }
        let documents = report.attachments.map { "<option value=\"\($0.reference)\"></option>" as HTML }
        func area(_ name: HTML, _ label: HTML, _ value: String, rows: Int, hint: HTML = .empty) -> HTML {
            "<label class=\"field\"><span>\(label)</span>\(hint.isEmpty ? .empty : "<span class=\"note\">\(hint)</span>")<textarea name=\"\(name)\" rows=\"\(rows)\">\(value)</textarea></label>"
        }
        let draftNote: HTML =
            form.isDraft
            ? notice(
                "draft",
                report.t("保存してあった下書きを表示している。まだ判定ではない。", "This is a draft that was kept. It is not a decision yet."))
            : .empty
        return """
            <form id="answer" class="decision" method="post" action="\(path)" data-draft="\(path)/draft" autocomplete="off">
            <button type="submit" disabled="disabled" hidden="hidden"></button>
            \(secret(visit))<input type="hidden" name="seen" value="\(seen)" /><input type="hidden" name="proposal" value="\(score.proposal?.evidenceHash ?? "")" />
            \(draftNote)
            <fieldset id="levels"><legend>\(report.t("判定", "Answer"))</legend>\(options)\(levelOption("na", report.t("対象外", "Not applicable"), report.t("この工場には当てはまるものがない(理由が要る)", "There is nothing here that it could apply to; give the reason"), isChosen: form.level == "na"))</fieldset>
            \(area("reason", report.t("判定の理由", "Grounds"), form.reason, rows: 2, hint: report.t("提案と違う判定、対象外には必ず書く", "Needed where the answer differs from the proposal, and for “not applicable”")))
            \(area("status", report.t("現状", "Current state"), form.status, rows: 3))
            \(area("measure", report.t("対策の方針", "Planned measure"), form.measure, rows: 2))
            <fieldset class="evidence"><legend>\(report.t("根拠資料", "Evidence"))</legend>\(exhibits.isEmpty ? .empty : "<ul class=\"plainlist\">\(Array(exhibits))</ul>")
            \(area("evidence", report.t("その他の根拠(1行に1件。レベル3には1件以上)", "Other evidence, one a line; level 3 wants at least one"), form.evidence, rows: 2))
            <div class="pair"><label class="field"><span>\(report.t("手順書(レベル4)", "Written procedure (level 4)"))</span><input type="text" name="document" value="\(form.document)" list="documents" maxlength="300" /></label>
            <label class="field"><span>\(report.t("手順書の見直し日", "Reviewed on"))</span><input type="date" name="review_date" value="\(form.reviewDate)" max="9999-12-31" /></label></div>
            <datalist id="documents">\(documents)</datalist></fieldset>
            <div class="send"><label class="field"><span>\(report.t("確認者", "Reviewer"))</span><input type="text" name="reviewer" value="\(form.reviewer.isEmpty ? visit.session.reviewer : form.reviewer)" maxlength="100" autocomplete="name" /></label>
            <button class="primary" type="submit" name="action" value="record-next" data-key="s">\(report.t("記録して次へ", "Record and go on"))</button><button type="submit" name="action" value="record">\(report.t("記録", "Record"))</button><button type="submit" formaction="\(path)/draft" name="action" value="draft" class="quiet">\(report.t("下書き保存", "Keep as a draft"))</button><span class="autosave" aria-live="polite" data-saved="\(report.t("下書きを保存した", "draft kept"))" data-failed="\(report.t("下書きを保存できない", "draft not kept"))"></span></div>
            </form>
            """
    }

    private func levelOption(
        _ value: String, _ name: HTML, _ text: HTML, isChosen: Bool, mark: HTML = .empty
    ) -> HTML {
        let checked: HTML = isChosen ? " checked=\"checked\"" : .empty
        return
            "<label class=\"option\"><input type=\"radio\" name=\"level\" value=\"\(value)\"\(checked) /><span class=\"name\">\(name)\(mark.isEmpty ? .empty : "<span class=\"within\">\(mark)</span>")</span><span class=\"text\">\(text)</span></label>"
    }

    // MARK: Taking it

    /// Records what a person settled, unless somebody else settled it in the meantime.
    func decide(_ web: WebForm, _ visit: Visit, _ item: Checklist.Item) throws -> WebResponse {
        let report = visit.report
        var form = DecisionForm(web)
        let action = web["action"]
        let reviewer = form.reviewer.isEmpty ? visit.session.reviewer : form.reviewer
        let proposal = report.proposals[item.id]
        func again(_ text: HTML) throws -> WebResponse {
            try itemPage(visit, item, form: form, message: notice("error", text), status: 422)
        }
        guard !reviewer.isEmpty else {
            return try again(report.t("確認者の名前を入れてください。", "Give the reviewer's name."))
        }
        var answer: Answer
        switch action {
        case "record", "record-next":
            guard let chosen = Answer(form.level), chosen != .unanswered else {
                return try again(report.t("判定を選んでください。", "Choose an answer."))
            }
            answer = chosen
        case "aside", "withdraw": answer = .unanswered
        case _ where action.hasPrefix("accept-"):
            guard let chosen = Answer(action.dropFirst(7)), let level = chosen.level,
                let proposal, proposal.levels.contains(level)
            else { return try again(report.t("その提案はもうない。", "That proposal is no longer there.")) }
            answer = chosen
            form.level = answer.description
            if form.reason.isEmpty { form.reason = report.say(proposal.reason) }
            if form.exhibits.isEmpty { form.exhibits = Set(proposal.exhibits) }
        case _ where action.hasPrefix("restore-"):
            guard let old = report.history.decisions(on: item.id).first(where: { $0.id == action.dropFirst(8) }) else {
                return try again(report.t("その判定は記録にない。", "There is no such decision on record."))
            }
            answer = old.answer
            form.status = old.status
            form.measure = old.measure
            form.evidence = old.evidence.joined(separator: "\n")
            form.exhibits = []
            form.document = old.document
            form.reviewDate = old.reviewDate?.description ?? ""
            form.reason = old.reason
        default: return try again(report.t("何をするか分からない。", "It is not clear what to do."))
        }
        if action == "aside", form.reason.isEmpty {
            form.reason = report.words("通信からは分からない", "cannot be told from traffic")
        }
        if action == "withdraw", form.reason.isEmpty { form.reason = report.words("判定を取り消す", "taken back") }
        if form.reason.isEmpty {
            if answer == .notApplicable {
                return try again(report.t("対象外とする理由を書いてください。", "Say why it is not applicable."))
            }
            if let proposal, proposal.verdict != .undetermined, answer != .unanswered,
                !(answer.level.map(proposal.levels.contains) ?? false)
            {
                return try again(
                    report.t(
                        "提案(レベル\(report.levels(proposal.levels)))と違う判定には理由を書いてください。",
                        "Say why the answer differs from the proposal (level \(report.levels(proposal.levels)))."))
            }
        }
        var day: CalendarDate?
        if !form.reviewDate.isEmpty {
            guard let read = CalendarDate(form.reviewDate) else {
                return try again(report.t("見直し日は 2026-04-01 のように書いてください。", "Write the review date like 2026-04-01."))
            }
            day = read
        }
        let decision = try Decision(
            item: item.id, answer: answer, reason: form.reason, status: form.status, measure: form.measure,
            evidence: form.references, document: form.document, reviewDate: day, reviewer: reviewer, time: Desk.now(),
            evidenceHash: web["proposal"])
        let seen = Set(web["seen"].split(separator: " ").map(String.init))
        switch try store.append(decision, seeing: seen) {
        case .recorded:
            if reviewer != visit.session.reviewer { remember(reviewer: reviewer, visit.session) }
            let saved = answer == .unanswered ? "aside" : "decision"
            if action == "record-next", let next = nextItem(after: item.id, try self.report(in: visit.language)) {
                return .redirect("/items/\(next)")
            }
            return .redirect("/items/\(item.id)?saved=\(saved)")
        case .overtaken(let standing):
            let fresh = Visit(
                session: visit.session, report: try self.report(in: visit.language), request: visit.request)
            let rows = standing.map {
                "<li>\(report.level($0.answer)) \($0.reason) <span class=\"note\">\(report.signature($0))</span></li>"
                    as HTML
            }
            return try itemPage(
                fresh, item, form: form,
                message: notice(
                    "error",
                    "<p>\(report.t("この項目は、開いた後に別の画面で判定された。あなたの入力は下に残してある。見比べて、もう一度記録してください。", "This item was decided elsewhere after you opened it. What you entered is still below; compare, and record again."))</p><ul>\(rows)</ul>"
                ), status: 409)
        }
    }

    /// Keeps what was entered so far.
    func keepDraft(_ web: WebForm, _ visit: Visit, _ item: Checklist.Item) throws -> WebResponse {
        let draft = DecisionForm(web).draft
        try store.setDraft(draft.isEmpty ? nil : draft, of: item.id)
        if visit.request.headers["accept"]?.contains("text/html") == true {
            return .redirect("/items/\(item.id)?saved=draft")
        }
        return WebResponse(200, type: "text/plain; charset=utf-8", Array("kept\n".utf8))
    }

    func attach(_ web: WebForm, _ visit: Visit, _ item: Checklist.Item) throws -> WebResponse {
        let report = visit.report
        guard let file = web.files["file"], !file.bytes.isEmpty else {
            return try itemPage(
                visit, item, message: notice("error", report.t("ファイルを選んでください。", "Choose a file.")), status: 422)
        }
        guard file.bytes.count <= Attachment.limit else { return Desk.tooLarge }
        var date: CalendarDate?
        if !web["date"].isEmpty {
            guard let read = CalendarDate(web["date"]) else {
                return try itemPage(
                    visit, item,
                    message: notice(
                        "error", report.t("日付は 2026-04-01 のように書いてください。", "Write the date like 2026-04-01.")),
                    status: 422)
            }
            date = read
        }
        let name = WireText(file.name.isEmpty ? "document" : file.name).visible
        _ = try store.attach(
            file.bytes, name: name, mediaType: WireText(file.mediaType).visible, date: date, item: item.id.description,
            reviewer: visit.session.reviewer, time: Desk.now())
        return .redirect("/items/\(item.id)?saved=attachment")
    }

    func attachment(_ visit: Visit) throws -> WebResponse {
        guard let hash = visit.path.last, let known = visit.report.attachments.first(where: { $0.sha256 == hash }),
            let bytes = try store.attachmentBytes(sha256: hash)
        else { return notFound(visit) }
        return .file(bytes, name: known.name, type: "application/octet-stream")
    }
}
