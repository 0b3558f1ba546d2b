import Assessment
import Wording

/// What to do when, what it would give, and what changed since the answers before.
extension Report {
    package var roadmapSection: HTML {
        guard !roadmap.steps.isEmpty else {
            return roadmap.open.isEmpty
                ? t("<p>レベル3に満たない項目はない。</p>", "<p>No item is below level 3.</p>")
                : t(
                    "<p>レベル3に満たないと判定された項目がないため、まだ計画を示せない。未判定は\(roadmap.open.count)項目である。</p>",
                    "<p>No item has been decided below level 3, so there is no plan to show yet; \(roadmap.open.count) items are open.</p>"
                )
        }
        return """
            <p>\(t("レベル3(実施)に満たない項目を、着手の時期に分けて示す。労力は分野とレベルの差から一律に見積もった目安であり、重大な検出事項の関わる項目は短期とした。", "Items below level 3 (done), by when to begin. Effort is a rough figure from the category and the distance to level 3, the same for every plant; items with a serious finding come first."))</p>
            \(lifts)
            \(Roadmap.Span.allCases.map(spanBlock))
            \(projection)
            """
    }

    func name(_ span: Roadmap.Span) -> HTML { "\(spanName(span))" }

    /// "Do these four things and technology goes from C to B."
    private var lifts: HTML {
        guard !roadmap.lifts.isEmpty else { return .empty }
        let rows = roadmap.lifts.map { lift -> HTML in
            let name = checklist.categories.first { $0.id == lift.category }.map { say($0.name) } ?? lift.category
            let items = list(
                lift.items.map { item -> HTML in
                    "\(itemLink(item)) \(checklist[item].map { say($0.title) } ?? "")"
                })
            let change: HTML =
                "\(badge(lift.from, size: "small")) → \(badge(lift.to, size: "small")) \(points(lift.score))"
            return lift.items.count == 1
                ? t(
                    "<li><b>\(name)</b> \(change): 次の1件をレベル3にする。\(items)</li>",
                    "<li><b>\(name)</b> \(change): bring this one item to level 3. \(items)</li>")
                : t(
                    "<li><b>\(name)</b> \(change): 次の\(lift.items.count)件をレベル3にする。\(items)</li>",
                    "<li><b>\(name)</b> \(change): bring these \(lift.items.count) items to level 3. \(items)</li>")
        }
        return
            "<h3>\(t("評価を一段上げるには", "What lifts a grade"))</h3><ul class=\"lifts\">\(rows)</ul><p class=\"note\">\(t("証拠による補正後の得点で数えた。", "Counted in evidence-adjusted scores."))</p>"
    }

    func spanName(_ span: Roadmap.Span) -> String {
        switch span {
        case .short: words("短期(3か月以内に着手)", "Short term (begun within 3 months)")
        case .middle: words("中期(1年以内に着手)", "Medium term (begun within a year)")
        case .long: words("長期(3年以内に着手)", "Long term (begun within 3 years)")
        }
    }

    private func spanBlock(_ span: Roadmap.Span) -> HTML {
        let steps = roadmap.steps.filter { $0.span == span }
        guard !steps.isEmpty else { return .empty }
        let rows = steps.map { step -> HTML in
            """
            <tr><td class="num">\(itemLink(step.item))</td><td>\(checklist[step.item].map { say($0.title) } ?? "")\(step.isUrgent ? "<span class=\"mark\">\(t("重大な検出事項", "serious finding"))</span>" : .empty)</td><td>\(measure(for: step.item) ?? "")</td><td class="center">\(step.from.rawValue)→\(Roadmap.target.rawValue)</td><td class="center">\(step.effort.name(in: language))</td><td class="owner"></td></tr>
            """
        }
        return """
            <table class="data roadmap"><caption>\(name(span))</caption><thead><tr><th scope="col" class="num">\(t("番号", "No."))</th><th scope="col">\(t("項目", "Item"))</th><th scope="col">\(t("対策", "Measure"))</th><th scope="col" class="center">\(t("レベル", "Level"))</th><th scope="col" class="center">\(t("労力", "Effort"))</th><th scope="col" class="owner">\(t("担当", "Owner"))</th></tr></thead><tbody>\(rows)</tbody></table>
            """
    }

    private var projection: HTML {
        func row(_ label: HTML, _ card: ScoreCard) -> HTML {
            let cells = checklist.categories.map { category -> HTML in
                let score = card.declared[category.id]
                return "<td class=\"num\">\(points(score?.score)) \(badge(score?.grade, size: "small"))</td>"
            }
            let total = card.declared.total
            return
                "<tr><th scope=\"row\">\(label)</th>\(cells)<td class=\"num\"><b>\(points(total.score))</b> \(badge(total.grade, size: "small"))</td></tr>"
        }
        let rows = roadmap.projections.filter { projection in roadmap.steps.contains { $0.span == projection.span } }
            .map {
                row(t("\(name($0.span))の後", "After: \(name($0.span))"), $0.card)
            }
        return """
            <div class="scroll" tabindex="0"><table class="data projection"><caption>\(t("見込みの得点", "Projected scores"))</caption><thead><tr><th scope="col"></th>\(checklist.categories.map { "<th scope=\"col\" class=\"num\">\(say($0.name))</th>" as HTML })<th scope="col" class="num">\(t("総合", "Total"))</th></tr></thead>
            <tbody>\(row(t("現在(申告)", "Now (declared)"), card))\(rows)</tbody></table></div>
            <p class="note">\(t("挙げた項目が全てレベル3に達し、その証拠がそろったと仮定して、同じ採点規則で計算した値である。達成を見込むものでも約束するものでもない。未判定の項目は未判定のままとした。", "Computed by the same rule on the assumption that every item named reaches level 3 with its evidence. It is neither a forecast nor a promise; open items stay open."))</p>
            """
    }
}
