import Assessment
import Model
import Wording

/// Risks in the matrix of impact and likelihood, then every finding with what shows it.
extension Report {
    package var riskSection: HTML {
        """
        <h3 id="matrix">\(t("リスクマトリクス", "Risk matrix"))</h3>
        <p>\(t("影響は検出事項の重大度、起こりやすさは関係する項目の対策状況(レベル1は高、3以上は低、未判定を含むほかは中)による。回答だけから挙げたリスクの影響は一律に中とした。", "Impact is the severity of the finding; likelihood follows from the items it bears on (level 1 is high, 3 and above low, all else medium, open items included). Risks known from answers alone have medium impact."))</p>
        \(matrix)
        \(riskTable)
        <h3 id="findings">\(t("検出事項", "Findings"))</h3>
        \(findingList)
        \(verdictPart)
        """
    }

    private static let rankLimit = 20

    private var matrix: HTML {
        guard !risks.isEmpty else { return t("<p>まだ挙げられるリスクがない。</p>", "<p>There is no risk to place yet.</p>") }
        let steps = RiskStep.allCases.reversed()
        let rows = steps.map { impact -> HTML in
            let cells = RiskStep.allCases.map { likelihood -> HTML in
                let here = risks.enumerated().filter {
                    $0.element.impact == impact && $0.element.likelihood == likelihood
                }
                let shown = here.prefix(8).map { "<span class=\"risk\">\($0.offset + 1)</span>" as HTML }
                let rest: HTML = here.count > 8 ? "<span class=\"note\">+\(here.count - 8)</span>" : .empty
                return "<td class=\"w\(impact.rawValue * likelihood.rawValue)\">\(Array(shown))\(rest)</td>"
            }
            return "<tr><th scope=\"row\">\(impact.name(in: language))</th>\(cells)</tr>"
        }
        return """
            <table class="matrix"><thead><tr><th scope="col"><span>\(t("影響↓ 起こりやすさ→", "Impact ↓ Likelihood →"))</span></th>\(RiskStep.allCases.map { "<th scope=\"col\">\($0.name(in: language))</th>" as HTML })</tr></thead><tbody>\(rows)</tbody></table>
            """
    }

    private var riskTable: HTML {
        guard !risks.isEmpty else { return .empty }
        let rows = risks.prefix(Report.rankLimit).enumerated().map { index, risk -> HTML in
            var techniques: [String] = []
            if case .traffic(let findings) = risk.basis {
                for id in findings.flatMap(\.techniques) where !techniques.contains(id) { techniques.append(id) }
            }
            return """
                <tr><td class="num">\(index + 1)</td><td>\(title(of: risk))<span class="note">\(basis(of: risk))</span></td><td class="center">\(risk.impact.name(in: language))</td><td class="center">\(risk.likelihood.name(in: language))</td><td>\(list(risk.items.map(itemLink)))</td><td class="mono">\(techniques.joined(separator: " "))</td></tr>
                """
        }
        return """
            <table class="data"><thead><tr><th scope="col" class="num">\(t("順", "No."))</th><th scope="col">\(t("リスク", "Risk"))</th><th scope="col" class="center">\(t("影響", "Impact"))</th><th scope="col" class="center">\(t("起こりやすさ", "Likelihood"))</th><th scope="col">\(t("項目", "Items"))</th><th scope="col">ATT&amp;CK</th></tr></thead><tbody>\(Array(rows))</tbody></table>
            \(more(risks.count - Report.rankLimit))
            """
    }

    private var findingList: HTML {
        guard !captures.isEmpty else {
            return t("<p>通信の観測がないため、検出事項はない。</p>", "<p>Without captures there are no findings.</p>")
        }
        guard !findings.isEmpty else {
            return t(
                "<p>検出事項はない。検出できなかったことは、問題がないことの証拠にならない。</p>",
                "<p>Nothing was found, which does not prove that nothing is wrong.</p>")
        }
        return .joined(findings.prefix(Limits.findings).map(findingBlock)) + more(findings.count - Limits.findings)
    }

    private func findingBlock(_ finding: Finding) -> HTML {
        let number = places.findings[finding.id] ?? 0
        let shown = finding.assets.prefix(12).map(assetLink)
        let rest: HTML =
            finding.assets.count > 12
            ? t(" ほか\(finding.assets.count - 12)台", " and \(finding.assets.count - 12) more") : .empty
        var rows: [HTML] = []
        func row(_ term: HTML, _ value: HTML) { rows.append("<dt>\(term)</dt><dd>\(value)</dd>") }
        if !shown.isEmpty { row(t("機器", "Devices"), list(Array(shown)) + rest) }
        let items = finding.items.map { text -> HTML in ItemID(text).map(itemLink) ?? "\(text)" }
        if !items.isEmpty { row(t("項目", "Items"), list(items)) }
        if !finding.techniques.isEmpty {
            row("ATT&amp;CK for ICS", "<span class=\"mono\">\(finding.techniques.joined(separator: " "))</span>")
        }
        let exhibits = exhibitLinks(finding.exhibits)
        if !exhibits.isEmpty { row(t("証拠", "Exhibits"), list(exhibits)) }
        return """
            <article class="finding" id="finding-\(number)">
            <h4><span class="no">\(Report.findingLabel(number))</span>\(severity(finding.severity)) \(say(finding.title))</h4>
            <p>\(say(finding.text))</p>
            <dl>\(rows)</dl>
            </article>

            """
    }
}
