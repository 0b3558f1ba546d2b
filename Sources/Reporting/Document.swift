import Assessment

/// A numbered section of the report.
struct Section {
    struct Part {
        let id: HTML
        let title: HTML
    }

    /// Anchor.
    let id: HTML
    /// `1`, `A`.
    let number: HTML
    let title: HTML
    var parts: [Part] = []
    let body: HTML
}

/// The HTML file as a whole.
extension Report {
    /// One file that needs nothing else: no script, no font, no picture from outside.
    package func html() -> String {
        let sections = sections
        let bodies = sections.map { section -> HTML in
            """
            <section id="\(section.id)" class="chapter">
            <h2><span class="no">\(section.number)</span>\(section.title)</h2>
            \(section.body)
            </section>

            """
        }
        let document: HTML = """
            <html lang="\(language.rawValue)">
            <head>
            <meta charset="utf-8" />
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="referrer" content="no-referrer" />
            <meta name="robots" content="noindex" />
            <meta name="generator" content="otscan \(options.toolVersion)" />
            <title>\(title)\(facts[.plant].map { " – \(say($0))" } ?? "")</title>
            <style>\(stylesheet)</style>
            </head>
            <body>
            \(iconDefinitions)
            \(cover)
            \(contents)
            <main>
            \(bodies)
            </main>
            </body>
            </html>

            """
        return "<!DOCTYPE html>\n" + document.markup
    }

    var sections: [Section] {
        [
            Section(id: "summary", number: "1", title: t("経営層向け要約", "Executive summary"), body: summary),
            Section(id: "method", number: "2", title: t("診断の方法", "How it was done"), body: method),
            Section(id: "grades", number: "3", title: t("評価と採点の規則", "Grades and the rule behind them"), body: grades),
            Section(
                id: "items", number: "4",
                title: t("\(checklist.items.count)項目の判定", "The \(checklist.items.count) items"),
                parts: checklist.categories.map {
                    Section.Part(id: "category-\($0.id)", title: "\(say($0.name))")
                }, body: items),
            Section(
                id: "network", number: "5", title: t("ネットワークと資産", "Network and assets"),
                parts: [
                    Section.Part(id: "diagram", title: t("構成図", "Diagram")),
                    Section.Part(id: "inventory", title: t("資産一覧", "Asset inventory")),
                    Section.Part(id: "outside", title: t("外部との通信", "Traffic with the outside")),
                    Section.Part(id: "remote", title: t("リモート接続", "Remote sessions")),
                    Section.Part(id: "zones", title: t("区分けの案", "A workable segmentation")),
                    Section.Part(id: "ledger", title: t("台帳との照合", "Compared with the ledger")),
                ], body: network),
            Section(
                id: "risks", number: "6", title: t("リスクと検出事項", "Risks and findings"),
                parts: [
                    Section.Part(id: "matrix", title: t("リスクマトリクス", "Risk matrix")),
                    Section.Part(id: "findings", title: t("検出事項", "Findings")),
                ], body: riskSection),
            Section(id: "roadmap", number: "7", title: t("改善ロードマップ", "Roadmap"), body: roadmapSection),
            Section(id: "comparison", number: "8", title: t("前回との比較", "Compared with last time"), body: comparison),
            Section(id: "exhibits", number: "A", title: t("証拠", "Exhibits"), body: exhibitsAppendix),
            Section(id: "mappings", number: "B", title: t("他の基準との対応", "Mappings"), body: mappingsAppendix),
            Section(id: "glossary", number: "C", title: t("用語", "Glossary"), body: glossary),
            Section(id: "disclaimer", number: "D", title: t("免責と限界", "Disclaimer and limits"), body: disclaimer),
        ]
    }
}
