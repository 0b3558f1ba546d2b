package import Assessment
import Model

/// The page that is read when nothing else is.
extension Report {
    package var summary: HTML {
        """
        <p class="lead">\(verdict)</p>
        <div class="scores">
        <div class="total">
        <p class="label">\(t("総合評価", "Overall"))</p>
        \(badge(card.declared.total.grade, size: "large"))
        <p class="points"><b>\(points(card.declared.total.score))</b><span>/100</span></p>
        <p class="state">\(state(card.declared.total.state))</p>
        \(openRange(card.declared.total.range, card.declared.total.state))
        <p class="scale">\(Grade.scale(in: language))</p>
        </div>
        <table class="plain categories">
        <thead><tr><th scope="col">\(t("分野", "Category"))</th><th scope="col">\(t("評価", "Grade"))</th><th scope="col" class="num">\(t("得点", "Score"))</th><th scope="col" class="wide"></th></tr></thead>
        <tbody>\(checklist.categories.map(summaryRow))</tbody>
        </table>
        <figure class="radar">\(radar)</figure>
        </div>
        <div class="two">
        <div>
        <h3>\(t("主なリスク", "Top risks"))</h3>
        \(topRisks)
        </div>
        <div>
        <h3>\(t("決めていただきたいこと", "Decisions wanted"))</h3>
        \(decisionsWanted)
        </div>
        </div>
        """
    }

    private func summaryRow(_ category: Checklist.Category) -> HTML {
        guard let score = card.declared[category.id] else { return .empty }
        return """
            <tr><th scope="row">\(say(category.name))</th><td>\(badge(score.grade))</td><td class="num">\(points(score.score))</td>
            <td class="wide">\(bar(score.score, grade: score.grade, range: score.range))<span class="note">\(state(score.state))\(openNote(score.range, score.state))</span></td></tr>
            """
    }

    private func openNote(_ range: ClosedRange<Fraction>?, _ state: GradeState) -> HTML {
        guard case .final = state else { return t("、取り得る範囲 \(self.range(range))", "; can become \(self.range(range))") }
        return .empty
    }

    private func openRange(_ range: ClosedRange<Fraction>?, _ state: GradeState) -> HTML {
        if case .final = state { return .empty }
        return "<p class=\"state\">\(t("取り得る範囲", "Can become")) \(self.range(range))</p>"
    }

    /// What the grades say, in one or two sentences.
    private var verdict: HTML {
        let total = card.declared.total
        let observed: HTML =
            coverage.map {
                t(
                    "通信の観測は\(duration($0.seconds))、機器\(assets.count)台、検出事項\(findings.count)件。",
                    "Traffic was watched for \(duration($0.seconds)): \(assets.count) devices, \(findings.count) findings. "
                )
            } ?? t("通信は観測しておらず、聞き取りだけによる。", "No traffic was captured; this rests on the interview alone. ")
        guard let grade = total.grade else {
            return observed
                + t(
                    "総合評価はまだ付けられない(\(state(total.state)))。",
                    "There is no overall grade yet (\(state(total.state))).")
        }
        let weakest = card.declared.categories.compactMap { score in score.score.map { (score.category, $0) } }
            .min { $0.1 < $1.1 }
        let weakName =
            weakest.flatMap { weak in checklist.categories.first { $0.id == weak.0 } }.map { say($0.name) } ?? ""
        let adjusted = card.adjusted.total
        let evidence: HTML =
            adjusted.score == total.score
            ? .empty
            : t(
                "証拠による補正後は\(points(adjusted.score))点\(adjusted.grade.map { " \($0.rawValue)" } ?? "")となる。",
                " With evidence taken into account it is \(points(adjusted.score))\(adjusted.grade.map { " \($0.rawValue)" } ?? "")."
            )
        return observed
            + t(
                "総合評価は\(grade.rawValue)(\(grade.meaning(in: language)))、\(points(total.score))点。最も弱い分野は\(weakName)である。",
                "The overall grade is \(grade.rawValue) (\(grade.meaning(in: language))) with \(points(total.score)) points; the weakest category is \(weakName)."
            )
            + evidence
    }

    private var topRisks: HTML {
        guard !risks.isEmpty else {
            return t(
                "<p>判定済みの項目と検出事項がなく、まだ挙げられない。</p>",
                "<p>None can be named yet: no item is decided and nothing was found.</p>")
        }
        let rows = risks.prefix(5).map { risk -> HTML in
            "<li><span class=\"what\">\(title(of: risk))</span><span class=\"note\">\(basis(of: risk)) · \(list(risk.items.prefix(4).map(itemLink)))</span></li>"
        }
        return "<ol class=\"top\">\(rows)</ol>"
    }

    func title(of risk: RankedRisk) -> String {
        switch risk.basis {
        case .interview(let risk): return say(risk.text)
        case .traffic(let findings):
            guard let first = findings.first else { return "" }
            if findings.count == 1 { return say(first.title) }
            return words(
                "\(say(first.title)) ほか\(findings.count - 1)件", "\(say(first.title)), and \(findings.count - 1) more")
        }
    }

    func basis(of risk: RankedRisk) -> HTML {
        switch risk.basis {
        case .traffic(let findings):
            t("通信で確認", "Seen in traffic") + " " + .joined(findings.prefix(3).map(findingLink), separator: " ")
        case .interview: t("回答による", "From the answers")
        }
    }

    /// Three things only management can settle, each with room for the answer.
    private var decisionsWanted: HTML {
        var wanted: [HTML] = []
        let open = roadmap.open.count
        if open > 0 {
            wanted.append(
                t(
                    "未判定の\(open)項目に答える担当者と期限を決める。",
                    "Name who answers the \(open) open items, and by when."))
        }
        var used: Set<ItemID> = []
        let urgentFirst = roadmap.steps.filter(\.isUrgent).map(\.item)
        let byRisk = risks.flatMap { risk in risk.items.sorted { weakness($0) < weakness($1) } }
        let inRoadmap = Set(roadmap.steps.map(\.item))
        for item in urgentFirst + byRisk + roadmap.steps.map(\.item)
        where wanted.count < 3 && inRoadmap.contains(item) && used.insert(item).inserted {
            guard let measure = measure(for: item) else { continue }
            wanted.append(
                "\(measure)<span class=\"note\"> \(itemLink(item)) \(checklist[item].map { say($0.title) } ?? "")</span>"
            )
        }
        guard !wanted.isEmpty else { return t("<p>この診断からは特にない。</p>", "<p>None follow from this assessment.</p>") }
        let rows = wanted.prefix(3).map { text -> HTML in
            """
            <li><span class="what">\(text)</span><span class="choice"><span>□ \(t("実施する", "go ahead"))</span><span>□ \(t("保留", "defer"))</span><span>□ \(t("実施しない", "decline"))</span><br /><span>\(t("担当", "Owner"))<i></i></span><span>\(t("期限", "By"))<i></i></span></span></li>
            """
        }
        return "<ol class=\"top wanted\">\(rows)</ol>"
    }

    private func weakness(_ item: ItemID) -> Int {
        guard case .level(let level)? = card[item]?.adjusted else { return 9 }
        return level.rawValue
    }

    /// What to do about an item: the assessor's advice, else the checklist's first countermeasure.
    package func measure(for item: ItemID) -> String? {
        if let own = card[item]?.decision?.measure, !own.trimmed.isEmpty { return say(own) }
        return checklist[item]?.countermeasures.first.map { say($0) }
    }
}
