package import Assessment
import Evidence
import Model
import Wording

/// Every item of the checklist: what traffic proposes, and apart from it what a person settled.
extension Report {
    var items: HTML {
        """
        <p>\(t("通信による提案と、人が確定した判定を分けて示す。提案は解析のたびに作り直され、判定は人が変えない限り変わらない。", "What traffic proposes and what a person settled are shown apart. Proposals are made anew at each analysis; an answer changes only when a person changes it."))</p>
        \(itemOverview)
        \(checklist.categories.map(categoryBlock))
        """
    }

    /// One line an item, to find one's way.
    private var itemOverview: HTML {
        let rows = checklist.items.map { item -> HTML in
            guard let score = card[item.id] else { return .empty }
            let proposal: HTML = score.proposal.map { "\(levels($0.levels))" } ?? "–"
            return """
                <tr><td class="num">\(itemLink(item.id))</td><td>\(say(item.title))</td><td>\(level(score.declared))</td><td>\(proposal)</td><td>\(badges(score))</td></tr>
                """
        }
        return """
            <table class="data overview"><thead><tr><th scope="col" class="num">\(t("番号", "No."))</th><th scope="col">\(t("項目", "Item"))</th><th scope="col">\(t("判定", "Answer"))</th><th scope="col">\(t("提案", "Proposal"))</th><th scope="col">\(t("経緯と注意", "Origin and marks"))</th></tr></thead>
            <tbody>\(rows)</tbody></table>
            """
    }

    package func badges(_ score: ItemScore) -> HTML {
        let origin: HTML =
            score.origin.map { "<span class=\"origin \($0.rawValue)\">\($0.name(in: language))</span>" }
            ?? "<span class=\"origin\">\(ItemScore.Progress.needsAnswer.name(in: language))</span>"
        return origin + .joined(score.marks.sorted().map(mark))
    }

    private func categoryBlock(_ category: Checklist.Category) -> HTML {
        let score = card.declared[category.id]
        return """
            <div class="category" id="category-\(category.id)">
            <h3>\(badge(score?.grade, size: "small")) \(say(category.name))<span class="note">\(points(score?.score))\(t("点", " points"))\(score.map { " · \(state($0.state))" } ?? "")</span></h3>
            \(category.items.map(itemCard))
            </div>
            """
    }

    private func itemCard(_ item: Checklist.Item) -> HTML {
        guard let score = card[item.id] else { return .empty }
        return """
            <article class="item" id="item-\(item.id.description)">
            <div class="head"><header><h4><span class="no">\(item.id.description)</span>\(say(item.title))</h4><p class="badges">\(badges(score))</p></header>
            <p class="question">\(say(item.question))</p>
            \(score.proposal.map(proposalStrip) ?? .empty)
            \(settled(score))\(attachedPart(item.id))</div>
            \(aftermath(item, score))
            </article>
            """
    }

    /// What traffic says, set apart by its frame and label so that nobody takes it for the answer.
    package func proposalStrip(_ proposal: Proposal) -> HTML {
        let exhibits = exhibitLinks(proposal.exhibits)
        return """
            <div class="proposal"><p class="tag">\(t("通信による提案", "Proposal from traffic"))</p>
            <p class="claim"><b>\(t("レベル", "Level")) \(levels(proposal.levels))</b><span>\(proposal.verdict.name(in: language))</span><span>\(t("確からしさ", "Confidence")) \(proposal.confidence.name(in: language))</span>\(proposal.isProvisional ? "<span class=\"mark\">\(t("暫定", "provisional"))</span>" : .empty)</p>
            <p>\(say(proposal.reason))\(exhibits.isEmpty ? .empty : " \(list(exhibits))")</p>
            <dl>
            <dt>\(t("提案が変わる条件", "What would change it"))</dt><dd>\(say(proposal.wouldChange))</dd>
            <dt>\(t("通信から分からないこと", "What traffic cannot tell"))</dt><dd>\(say(proposal.cannotTell))</dd>
            </dl></div>
            """
    }

    private func settled(_ score: ItemScore) -> HTML {
        switch score.standing {
        case .undecided:
            return "<div class=\"settled\"><p class=\"claim\">\(t("判定", "Answer")) \(level(.unanswered))</p></div>"
        case .conflict(let decisions):
            let rows = decisions.map {
                "<li>\(level($0.answer)) \(say($0.reason)) <span class=\"note\">\(signature($0))</span></li>" as HTML
            }
            return
                "<div class=\"settled\"><p class=\"claim\">\(t("判定", "Answer")) \(mark(.conflict))</p><ul>\(rows)</ul></div>"
        case .settled(let decision):
            var rows: [HTML] = []
            func row(_ term: HTML, _ text: String) {
                if !text.trimmed.isEmpty { rows.append("<dt>\(term)</dt><dd>\(say(text))</dd>") }
            }
            row(t("現状", "State"), decision.status)
            row(t("判定の理由", "Grounds"), decision.reason)
            let evidence = decision.evidence.filter { !$0.trimmed.isEmpty }
            if !evidence.isEmpty {
                rows.append(
                    "<dt>\(t("根拠資料", "Evidence"))</dt><dd>\(list(evidence.map { exhibitLink($0) ?? "\(say($0))" }))</dd>"
                )
            }
            row(t("手順書", "Document"), decision.document)
            if let day = decision.reviewDate { row(t("見直し日", "Reviewed on"), day.text(in: language)) }
            row(t("対策の方針", "Measure"), decision.measure)
            let adjusted: HTML =
                score.adjusted == score.declared
                ? .empty : "<span class=\"note\">\(t("証拠による補正後", "evidence-adjusted")) \(level(score.adjusted))</span>"
            return """
                <div class="settled"><p class="claim">\(t("判定", "Answer")) \(level(score.declared))\(adjusted)<span class="note">\(signature(decision))</span></p>
                \(rows.isEmpty ? .empty : "<dl>\(rows)</dl>")</div>
                """
        }
    }

    /// The documents attached to an item, with what proves them; a masked report counts them only.
    func attachedTexts(_ item: ItemID) -> [String] {
        let found = attachments.filter { $0.item == item.description }
        if masker.isActive, !found.isEmpty {
            return [words("資料\(found.count)件", "\(found.count) \(found.count == 1 ? "document" : "documents")")]
        }
        return found.map { attachment in
            let day = attachment.date.map { " (\($0.text(in: language)))" } ?? ""
            return "\(WireText(attachment.name).visible)\(day), SHA-256 \(attachment.sha256)"
        }
    }

    private func attachedPart(_ item: ItemID) -> HTML {
        let texts = attachedTexts(item)
        guard !texts.isEmpty else { return .empty }
        return
            "<div class=\"settled\"><dl><dt>\(t("添付資料", "Attached"))</dt><dd>\(texts.map { "<span class=\"hash\">\($0)</span>" as HTML })</dd></dl></div>"
    }

    package func signature(_ decision: Decision) -> HTML {
        var parts: [HTML] = []
        if !decision.reviewer.isEmpty { parts.append("\(masker.pseudonym(.user, decision.reviewer))") }
        if decision.time > 0 { parts.append("\(date(.init(nanoseconds: decision.time)))") }
        return .joined(parts, separator: isJapanese ? "、" : ", ")
    }

    /// Risk, countermeasures and what is left to ask: only as far as the item still has room above it.
    private func aftermath(_ item: Checklist.Item, _ score: ItemScore) -> HTML {
        let level = score.adjusted.level
        let isDone = level.map { $0 >= .done } ?? (score.adjusted == .notApplicable)
        var rows: [HTML] = []
        func bullets(_ texts: [String]) -> HTML { "<ul>\(texts.map { "<li>\($0)</li>" as HTML })</ul>" }
        if !isDone {
            let risks = checklist.risks(of: item.id).map { say($0.text) }
            if !risks.isEmpty { rows.append("<dt>\(t("リスク", "Risk"))</dt><dd>\(bullets(risks))</dd>") }
            if !item.countermeasures.isEmpty {
                rows.append(
                    "<dt>\(t("対策の例", "Countermeasures"))</dt><dd>\(bullets(item.countermeasures.map(say)))</dd>")
            }
        }
        let next = level.flatMap { level in Level.allCases.first { $0 > level } }
        if let next {
            rows.append("<dt>\(t("次の段階", "Next level"))</dt><dd>\(next.rawValue): \(say(item.levelTexts[next]))</dd>")
        }
        let questions = questions(item, score, isDone: isDone)
        if !questions.isEmpty {
            rows.append("<dt>\(t("確認の残ること", "Open questions"))</dt><dd>\(bullets(questions))</dd>")
        }
        let related = findings.prefix(Limits.findings).filter { $0.items.contains(item.id.description) }
        if !related.isEmpty {
            let links = related.prefix(8).map { "<li>\(findingLink($0)) \(say($0.title))</li>" as HTML }
            let rest: HTML =
                related.count > 8
                ? t("<li>ほか\(related.count - 8)件</li>", "<li>and \(related.count - 8) more</li>") : .empty
            rows.append("<dt>\(t("関係する検出事項", "Findings"))</dt><dd><ul>\(Array(links))\(rest)</ul></dd>")
        }
        return rows.isEmpty ? .empty : "<dl class=\"aftermath\">\(rows)</dl>"
    }

    /// The proposal's questions while they matter, the checklist's own while nobody has answered.
    private func questions(_ item: Checklist.Item, _ score: ItemScore, isDone: Bool) -> [String] {
        if isDone, score.marks.isEmpty { return [] }
        let asked = (score.proposal?.questions ?? []).map(say)
        let own = score.declared == .unanswered || asked.isEmpty ? item.questions.map(say) : []
        var seen: Set<String> = []
        return (asked + own).filter { seen.insert($0).inserted }
    }
}
