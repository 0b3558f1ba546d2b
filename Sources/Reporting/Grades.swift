import Assessment

/// The grades side by side, and the rule that made them.
extension Report {
    var grades: HTML {
        """
        <p>\(t("「申告」は回答のとおりに採点した結果、「証拠による補正後」は裏付けのない回答と通信に矛盾する回答を引き下げて採点した結果である。評価の尺度は", "“Declared” scores the answers as given; “evidence-adjusted” lowers answers without backing and answers that traffic contradicts. The scale is ")) \(Grade.scale(in: language))\(t("。", "."))</p>
        <div class="scroll" tabindex="0"><table class="data grades">
        <thead>
        <tr><th scope="col" rowspan="2">\(t("分野", "Category"))</th><th scope="colgroup" colspan="3">\(t("申告", "Declared"))</th><th scope="colgroup" colspan="2">\(t("証拠による補正後", "Evidence-adjusted"))</th><th scope="col" rowspan="2">\(t("取り得る範囲", "Can become"))</th><th scope="col" rowspan="2" class="num">\(t("判定済み", "Decided"))</th></tr>
        <tr><th scope="col">\(t("評価", "Grade"))</th><th scope="col" class="num">\(t("得点", "Score"))</th><th scope="col">\(t("状態", "State"))</th><th scope="col">\(t("評価", "Grade"))</th><th scope="col" class="num">\(t("得点", "Score"))</th></tr>
        </thead>
        <tbody>\(checklist.categories.map(gradeRow))</tbody>
        <tfoot>\(totalRow)</tfoot>
        </table></div>
        \(proposedRanges)
        <p>\(gradeLegend)</p>
        \(marksSummary)
        <h3>\(t("採点の規則", "The rule"))</h3>
        <ol class="rule">\(policy.rule(in: language, checklist: checklist).map { "<li>\($0)</li>" })</ol>
        <h3>\(t("レベル", "Levels"))</h3>
        <table class="data narrow"><thead><tr><th scope="col">\(t("レベル", "Level"))</th><th scope="col">\(t("意味", "Meaning"))</th><th scope="col" class="num">\(t("配点", "Points"))</th></tr></thead>
        <tbody>\(Level.allCases.map { "<tr><td>\(level(.level($0)))</td><td>\(say(checklist.levelTexts[$0]))</td><td class=\"num\">\(policy.points[$0].shortDecimal)</td></tr>" as HTML })</tbody></table>
        <p class="callout">\(t("otscanを使うこと自体は、どの項目のレベルも上げない。採点は現場を見たままの状態で行った。", "Using otscan raises no level: the site is scored as it was found."))</p>
        """
    }

    private func gradeRow(_ category: Checklist.Category) -> HTML {
        guard let declared = card.declared[category.id], let adjusted = card.adjusted[category.id] else {
            return .empty
        }
        return """
            <tr><th scope="row"><a href="#category-\(category.id)">\(say(category.name))</a></th><td>\(badge(declared.grade))</td><td class="num">\(points(declared.score))</td><td>\(state(declared.state))</td>
            <td>\(badge(adjusted.grade))</td><td class="num">\(points(adjusted.score))</td><td>\(range(declared.range))</td><td class="num">\(declared.decided)/\(declared.applicable)</td></tr>
            """
    }

    private var totalRow: HTML {
        let (declared, adjusted) = (card.declared.total, card.adjusted.total)
        return """
            <tr><th scope="row">\(t("総合", "Total"))</th><td>\(badge(declared.grade))</td><td class="num">\(points(declared.score))</td><td>\(state(declared.state))</td>
            <td>\(badge(adjusted.grade))</td><td class="num">\(points(adjusted.score))</td><td>\(range(declared.range))</td><td class="num">\(declared.decided)/\(declared.itemCount - declared.notApplicable)</td></tr>
            """
    }

    /// Only while something is open: then the proposals narrow what can come out.
    private var proposedRanges: HTML {
        let total = card.declared.total
        guard !roadmap.open.isEmpty, !proposals.isEmpty else { return .empty }
        let parts = checklist.categories.compactMap { category -> String? in
            guard let score = card.declared[category.id], score.proposedRange != nil else { return nil }
            return "\(say(category.name)) \(range(score.proposedRange))"
        }
        return """
            <p>\(words("未判定の項目が通信による提案の範囲に収まるとした場合: ", "If the open items fall within what traffic proposes: "))\(parts.joined(separator: words("、", ", ")))\(words("、総合 ", "; total "))\(range(total.proposedRange))\(words("。", "."))</p>
            """
    }

    private var gradeLegend: HTML {
        .joined(
            Grade.allCases.map { grade in "\(badge(grade, size: "small")) \(grade.meaning(in: language))" },
            separator: isJapanese ? "　" : "  ")
    }

    private var marksSummary: HTML {
        let lines = ItemScore.Mark.allCases.compactMap { kind -> HTML? in
            let items = card.items.filter { $0.marks.contains(kind) }.map { itemLink($0.item) }
            return items.isEmpty ? nil : "<li>\(mark(kind)) \(list(items))</li>"
        }
        return lines.isEmpty ? .empty : "<h3>\(t("注意の付いた回答", "Marked answers"))</h3><ul class=\"marks\">\(lines)</ul>"
    }
}
