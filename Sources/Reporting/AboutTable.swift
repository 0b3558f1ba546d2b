import Assessment
import Evidence
import Model
package import Spreadsheets
import Wording

/// What a workbook says of itself: which plant, which edition, who signed it, and what it comes to.
extension Report {
    package var aboutTable: SheetTable {
        var rows: [[SheetTable.Cell]] = []
        func row(_ ja: String, _ en: String, _ value: String) {
            if !value.isEmpty { rows.append([.text(words(ja, en)), .text(value)]) }
        }
        row("工場", "Plant", facts[.plant].map { say($0) } ?? "")
        row("版", "Edition", editionWords)
        if let signed {
            row("確定した人", "Signed off by", masker.pseudonym(.user, signed.reviewer))
            row("確定日時", "Signed off at", Timestamp(nanoseconds: signed.time).rfc3339)
            row("備考", "Remark", say(signed.remark))
            row("版のハッシュ", "Hash of the edition", signed.id)
        }
        let total = card.declared.total
        row("総合", "Total", "\(points(total.score)) \(total.grade?.rawValue ?? "")".trimmed)
        row(
            "総合（証拠による補正後）", "Total, evidence-adjusted",
            "\(points(card.adjusted.total.score)) \(card.adjusted.total.grade?.rawValue ?? "")".trimmed)
        for category in checklist.categories {
            guard let score = card.declared[category.id] else { continue }
            rows.append([
                .text(say(category.name)), .text("\(points(score.score)) \(score.grade?.rawValue ?? "")".trimmed),
            ])
        }
        row("判定済み", "Decided", "\(total.decided + total.notApplicable)/\(total.itemCount)")
        row("回答の確認者", "Answers reviewed by", reviewers.joined(separator: words("、", ", ")))
        row("作成日時", "Made at", options.generatedAt.rfc3339)
        row("作成", "Made with", "otscan \(options.toolVersion)".trimmed)
        for head in heads {
            row(
                "判定記録の末尾", "End of a decision record",
                "\(masker.pseudonym(.user, head.reviewer)) (\(head.count)) \(head.id)")
        }
        return SheetTable(
            name: ReportTables.Name.about.rawValue, title: words("この文書について", "About"),
            columns: [
                SheetTable.Column(words("項目", "Subject"), width: 26),
                SheetTable.Column(words("内容", "Content"), width: 80),
            ],
            rows: rows)
    }
}
