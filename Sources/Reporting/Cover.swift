import Assessment
package import Evidence
import Model

/// The first page: what this is, for whom, and who answers for it.
extension Report {
    package var title: String { words("工場セキュリティ診断報告書", "Factory security assessment") }

    var cover: HTML {
        let plant = facts[.plant].map { say($0) }
        func row(_ label: HTML, _ value: HTML?) -> HTML {
            "<tr><th scope=\"row\">\(label)</th><td>\(value ?? Report.fill)</td></tr>"
        }
        func fact(_ name: ReportFact) -> HTML? { facts[name].map { "\(say($0))" } }
        let period: HTML? = coverage.map { "\(periodText($0.first, $0.last))" }
        let names = reviewers
        let edition: HTML = editionText
        return """
            <header class="cover" id="cover">
            <p class="handling">\(fact(.handling) ?? t("取扱注意", "Confidential"))\(masker.isActive ? t("・匿名版", " · masked edition") : "")</p>
            \(logo)
            <div class="nameplate">
            <h1>\(title)</h1>
            <p class="plant">\(plant.map { "\($0)" } ?? Report.fill)</p>
            </div>
            <table class="facts">
            \(row(t("宛先", "For"), fact(.addressee)))
            \(row(t("作成日", "Date"), "\(date(options.generatedAt))"))
            \(row(t("版", "Edition"), edition))
            \(row(t("作成", "Prepared by"), fact(.author)))
            \(row(t("回答の確認者", "Answers reviewed by"), names.isEmpty ? nil : "\(names.joined(separator: words("、", ", ")))" as HTML))
            \(row(t("観測期間", "Observed"), period ?? t("通信の観測なし(聞き取りのみ)", "No traffic was captured; interview only")))
            \(row(t("チェックリスト", "Checklist"), "\(say(checklist.title))"))
            </table>
            <table class="sign" aria-label="\(t("承認欄", "Signatures"))">
            <tr><th scope="col">\(t("作成", "Prepared"))</th><th scope="col">\(t("確認", "Checked"))</th><th scope="col">\(t("承認(工場長)", "Approved (plant manager)"))</th></tr>
            <tr><td></td><td></td><td></td></tr>
            <tr class="day"><td>\(t("年　　月　　日", "Date:"))</td><td>\(t("年　　月　　日", "Date:"))</td><td>\(t("年　　月　　日", "Date:"))</td></tr>
            </table>
            <table class="plain revisions">
            <caption>\(t("改訂履歴", "Revision history"))</caption>
            <thead><tr><th scope="col">\(t("版", "Edition"))</th><th scope="col">\(t("日付", "Date"))</th><th scope="col">\(t("内容", "Content"))</th></tr></thead>
            <tbody>\(revisions)</tbody>
            </table>
            \(headsText)
            <p class="maker">\(makerText)</p>
            </header>
            """
    }

    /// Whose report it is, as a picture; a masked report shows none.
    private var logo: HTML {
        let kinds = ["data:image/png;base64,", "data:image/jpeg;base64,"]
        guard !masker.isActive, let picture = facts[.logo], kinds.contains(where: picture.hasPrefix) else {
            return .empty
        }
        return "<img class=\"logo\" src=\"\(picture)\" alt=\"\" />"
    }

    /// The signed edition, or the fact that is set, with a word on what has changed since it was signed.
    private var editionText: HTML { "\(editionWords)" }

    var editionWords: String {
        if let signed { return String(signed.number) }
        if let last = editions.last {
            return words("第\(last.number)版以後の案(未確定)", "draft after edition \(last.number), not signed off")
        }
        let set = facts[.edition].map { say($0) } ?? ""
        return set.isEmpty
            ? words("案(未確定)", "draft, not signed off") : words("\(set)(未確定)", "\(set), not signed off")
    }

    /// The edition that this report shows; nil for a draft.
    package var signed: Edition? {
        if let edition { return edition }
        guard let last = editions.last else { return nil }
        let standing = Set(checklist.items.flatMap { history.undominated(on: $0.id).map(\.id) })
        return standing == last.decisions ? last : nil
    }

    private var revisions: HTML {
        var rows = editions.filter { edition == nil || $0.number <= edition?.number ?? 0 }.map { edition -> HTML in
            let parts = [edition.result, say(edition.remark)].filter { !$0.isEmpty }.joined(separator: words("、", ", "))
            return
                "<tr><td>\(edition.number)</td><td>\(date(Timestamp(nanoseconds: edition.time)))</td><td>\(t("\(masker.pseudonym(.user, edition.reviewer)) が確定", "signed off by \(masker.pseudonym(.user, edition.reviewer))"))<span class=\"note\">\(parts)</span><span class=\"hash\">\(edition.id)</span></td></tr>"
        }
        if signed == nil {
            rows.append(
                "<tr><td>\(editionText)</td><td>\(date(options.generatedAt))</td><td>\(revisionText)</td></tr>")
        }
        return .joined(rows)
    }

    /// Whoever keeps these numbers can tell later whether a decision was taken away.
    private var headsText: HTML {
        guard !heads.isEmpty else { return .empty }
        let rows = heads.map { head -> HTML in
            "<li>\(masker.pseudonym(.user, head.reviewer)) (\(head.count)) <span class=\"hash\">\(head.id)</span></li>"
        }
        return
            "<div class=\"heads\">\(t("判定記録の末尾(otscan verify --head で確かめられる)", "Ends of the decision records, for otscan verify --head"))<ul>\(rows)</ul></div>"
    }

    private var revisionText: HTML {
        let decided = card.declared.total.decided + card.declared.total.notApplicable
        let count = card.declared.total.itemCount
        return t(
            "\(count)項目中\(decided)項目を判定、通信記録\(captures.count)件",
            "\(decided) of \(count) items decided, \(captures.count) \(captures.count == 1 ? "capture" : "captures")")
    }

    private var makerText: HTML {
        let version = options.toolVersion.isEmpty ? "otscan" : "otscan \(options.toolVersion)"
        return t(
            "\(version) により作成。時刻は全て \(zoneName)。", "Made with \(version). All times are \(zoneName).")
    }

    /// The people whose answers stand, in order of name.
    var reviewers: [String] {
        Set(card.items.compactMap { $0.decision?.reviewer }).filter { !$0.isEmpty }.sorted().map {
            masker.pseudonym(.user, $0)
        }
    }

    /// The contents list: beside the text on a wide screen, one page in print.
    var contents: HTML {
        let entries = sections.map { section -> HTML in
            let parts = section.parts.map { part -> HTML in "<li><a href=\"#\(part.id)\">\(part.title)</a></li>" }
            let inner: HTML = parts.isEmpty ? .empty : "<ol>\(parts)</ol>"
            return
                "<li><a href=\"#\(section.id)\"><span class=\"no\">\(section.number)</span>\(section.title)</a>\(inner)</li>"
        }
        return """
            <nav class="contents" aria-label="\(t("目次", "Contents"))">
            <h2>\(t("目次", "Contents"))</h2>
            <ol>\(entries)</ol>
            </nav>
            """
    }
}
