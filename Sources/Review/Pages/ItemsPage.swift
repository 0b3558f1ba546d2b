import Assessment
import Model
import Reporting

/// Every item: what is left to do, and what the answers come to so far.
extension Desk {
    func itemsPage(_ visit: Visit) -> Page {
        let report = visit.report
        let chosen = ItemState(rawValue: visit.query("state"))
        let counts = Dictionary(grouping: report.card.items) { ItemState($0, report) }.mapValues(\.count)
        let filters = [nil] + ItemState.allCases.map { Optional($0) }
        let tabs = filters.map { state -> HTML in
            let count = state.map { counts[$0] ?? 0 } ?? report.card.items.count
            let mark: HTML = state == chosen ? " aria-current=\"true\"" : .empty
            let target: HTML = state.map { "/items?state=\($0.rawValue)" } ?? "/items"
            let name: HTML = state.map { "\(glyph($0, report))\($0.name(report))" } ?? report.t("全て", "All")
            return "<li><a href=\"\(target)\"\(mark)>\(name) <b>\(count)</b></a></li>"
        }
        let blocks = report.checklist.categories.map { category -> HTML in
            let rows = category.items.compactMap { item -> HTML? in
                guard let score = report.card[item.id], chosen == nil || ItemState(score, report) == chosen else {
                    return nil
                }
                return itemRow(item, score, report)
            }
            guard !rows.isEmpty else { return .empty }
            let score = report.card.declared[category.id]
            return """
                <section class="category" aria-labelledby="cat-\(category.id)">
                <header><h2 id="cat-\(category.id)">\(category.name[visit.language])</h2>\(report.badge(score?.grade, size: "small"))<span class="note">\(report.points(score?.score)) · \(score.map { standing($0.state, report) } ?? "")</span>\(report.bar(score?.score, grade: score?.grade, range: score?.proposedRange))</header>
                <ul class="itemlist">\(rows)</ul>
                </section>

                """
        }
        let total = report.card.declared.total
        let next = nextItem(after: nil, report)
        let go: HTML =
            next.map {
                "<a class=\"button primary\" href=\"/items/\($0.description)\" data-key=\"Enter\">\(report.t("次の項目 \($0.description) へ", "Go on with \($0.description)"))</a>"
            } ?? "<a class=\"button primary\" href=\"/editions\">\(report.t("確定へ進む", "Go on to sign-off"))</a>"
        let attention = attentionList(report)
        return Page(
            section: .items, title: report.words("項目", "Items"),
            body: """
                <div class="itemscols">
                <div>
                <h1>\(report.checklist.title[visit.language])</h1>
                <ul class="tabs">\(tabs)</ul>
                \(blocks)
                </div>
                <aside class="standing" aria-label="\(report.t("得点", "Scores"))">
                <div class="big">\(report.badge(total.grade, size: "large"))<p class="points"><b>\(report.points(total.score))</b>/100</p><p class="note">\(standing(total.state, report))</p></div>
                <figure class="radar">\(report.radar)</figure>
                <dl>\(openRanges(total, report))<dt>\(report.t("証拠による補正後", "Evidence-adjusted"))</dt><dd>\(report.points(report.card.adjusted.total.score)) \(report.badge(report.card.adjusted.total.grade, size: "small"))</dd></dl>
                \(go)
                \(attention)
                </aside>
                </div>
                """, isWide: true)
    }

    /// What still may come of it; nothing where all is decided.
    private func openRanges(_ total: TotalScore, _ report: Report) -> HTML {
        if case .final = total.state { return .empty }
        return """
            <dt>\(report.t("取り得る範囲", "Can become"))</dt><dd>\(report.range(total.range))</dd><dt>\(report.t("提案を含む範囲", "With proposals"))</dt><dd>\(report.range(total.proposedRange))</dd>
            """
    }

    /// How firm a grade is. Final it is called once somebody has signed it, which the pages of the review come before.
    func standing(_ state: GradeState, _ report: Report) -> String {
        if case .final = state { return report.words("全項目判定済み", "all decided") }
        return report.state(state)
    }

    private func itemRow(_ item: Checklist.Item, _ score: ItemScore, _ report: Report) -> HTML {
        let state = ItemState(score, report)
        let answer: HTML =
            score.declared == .unanswered
            ? score.proposal.map {
                "<span class=\"suggestion\">\(report.t("提案", "proposal")) \(report.levels($0.levels))</span>"
            }
                ?? .empty
            : report.level(score.declared)
        return """
            <li><a href="/items/\(item.id.description)"><span class="no">\(item.id.description)</span>\(glyph(state, report))<span class="title">\(item.title[report.language])\(score.proposal == nil ? .empty : "<span class=\"origin\">\(report.t("通信からの提案あり", "proposal from traffic"))</span>")</span><span class="answer">\(answer)\(.joined(score.marks.sorted().map(report.mark)))</span></a></li>

            """
    }

    /// Answers that do not hold as they are.
    private func attentionList(_ report: Report) -> HTML {
        let marked = report.card.items.filter { !$0.marks.isEmpty }
        guard !marked.isEmpty else { return .empty }
        let rows = marked.map { score -> HTML in
            "<li>\(report.itemLink(score.item)) \(.joined(score.marks.sorted().map(report.mark)))</li>"
        }
        return "<h2>\(report.t("見直したい回答", "Answers to look at again"))</h2><ul class=\"attention\">\(rows)</ul>"
    }

    /// State of an item as a shape and a word, never as colour alone.
    func glyph(_ state: ItemState, _ report: Report) -> HTML {
        "<span class=\"glyph is-\(state.rawValue)\" title=\"\(state.name(report))\"><span class=\"unseen\">\(state.name(report))</span></span>"
    }

    /// The next item that waits for a person, in order of number and round the end.
    func nextItem(after item: ItemID?, _ report: Report) -> ItemID? {
        let open = report.card.items.filter { ItemState($0, report) != .done }.map(\.item)
        guard let item else { return open.first }
        return open.first { item < $0 } ?? open.first { $0 != item }
    }
}

/// Where an item stands in the work, as the list shows it.
enum ItemState: String, CaseIterable {
    case proposed, open, contradicted, done

    init(_ score: ItemScore, _ report: Report) {
        switch score.progress {
        case .conflict, .contradicted: self = .contradicted
        case .done: self = score.marks.contains(.evidenceChanged) ? .contradicted : .done
        case .needsAnswer: self = .open
        case .proposed:
            let last = report.history.undominated(on: score.item).last
            // A person said that traffic cannot tell, in sight of this very proposal.
            let isSetAside = last?.answer == .unanswered && last?.evidenceHash == score.proposal?.evidenceHash
            self = isSetAside || score.proposal?.verdict == .undetermined ? .open : .proposed
        }
    }

    func name(_ report: Report) -> String {
        switch self {
        case .proposed: report.words("提案あり", "Proposed")
        case .open: report.words("回答待ち", "Needs answer")
        case .contradicted: report.words("食い違い", "Contradicted")
        case .done: report.words("判定済み", "Decided")
        }
    }
}
