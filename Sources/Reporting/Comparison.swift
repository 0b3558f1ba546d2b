import Assessment
import Model
import Wording

/// What changed: since the answers before, or since the earlier assessment that was given to compare with.
extension Report {
    // MARK: Comparison

    package var comparison: HTML {
        guard let earlierCard else {
            return t(
                "<p>変更された回答はなく、比べる前回がない。今回の結果を基準とし、次回から比較を示す。</p>",
                "<p>No answer has been changed, so there is nothing to compare with. This result is the baseline for the next time.</p>"
            )
        }
        let rows = checklist.categories.map { category -> HTML in
            let (before, now) = (earlierCard.declared[category.id], card.declared[category.id])
            return scoreChange("\(say(category.name))", before?.score, before?.grade, now?.score, now?.grade)
        }
        let (before, now) = (earlierCard.declared.total, card.declared.total)
        let changes = checklist.items.compactMap { item -> HTML? in
            guard let old = earlierCard[item.id]?.declared, let new = card[item.id]?.declared, old != new else {
                return nil
            }
            return
                "<tr><td class=\"num\">\(itemLink(item.id))</td><td>\(say(item.title))</td><td>\(level(old)) → \(level(new))</td><td>\(card[item.id]?.decision.map { say($0.reason) } ?? "")</td></tr>"
        }
        return """
            <p>\(earlier.map { earlierText($0) } ?? t("後の回答で置き換えられた回答を「変更前」とし、同じ採点規則で比べる。", "Answers that later ones replaced are “before”, scored by the same rule."))</p>
            <table class="data narrow"><thead><tr><th scope="col">\(t("分野", "Category"))</th><th scope="col" class="num">\(t("変更前", "Before"))</th><th scope="col" class="num">\(t("今回", "Now"))</th><th scope="col" class="num">\(t("差", "Change"))</th></tr></thead><tbody>\(rows)</tbody><tfoot>\(scoreChange(t("総合", "Total"), before.score, before.grade, now.score, now.grade))</tfoot></table>
            <table class="data\(changes.count < 16 ? " keep" : "")"><caption>\(t("変わった回答", "Answers that changed"))</caption><thead><tr><th scope="col" class="num">\(t("番号", "No."))</th><th scope="col">\(t("項目", "Item"))</th><th scope="col">\(t("判定", "Answer"))</th><th scope="col">\(t("理由", "Grounds"))</th></tr></thead><tbody>\(changes)</tbody></table>
            \(plantChanges)
            """
    }

    private func scoreChange(
        _ label: HTML, _ before: Fraction?, _ beforeGrade: Grade?, _ now: Fraction?, _ nowGrade: Grade?
    ) -> HTML {
        var change = "–"
        if let before, let now {
            let tenths = Int(((now.approximation - before.approximation) * 10).rounded())
            change = "\(tenths < 0 ? "−" : tenths > 0 ? "+" : "±")\(abs(tenths) / 10).\(abs(tenths) % 10)"
        }
        return
            "<tr><th scope=\"row\">\(label)</th><td class=\"num\">\(points(before)) \(badge(beforeGrade, size: "small"))</td><td class=\"num\">\(points(now)) \(badge(nowGrade, size: "small"))</td><td class=\"num\">\(change)</td></tr>"
    }

    private func earlierText(_ earlier: EarlierRun) -> HTML {
        let day: HTML = earlier.observed.map { t("(観測 \(date($0)))", " (observed \(date($0)))") } ?? .empty
        return t(
            "指定された前回の診断\(day)と、同じ採点規則で比べる。今回見えなかったものが無くなったとは限らない。",
            "Compared with the earlier assessment given\(day), scored by the same rule. What was not seen this time is not necessarily gone."
        )
    }

    /// Devices, findings and segments that differ from the earlier run.
    private var plantChanges: HTML {
        guard let earlier else { return .empty }
        let difference = PlantDifference(
            before: earlier,
            now: EarlierRun(
                card: card, assets: evidence.assets, segments: segments, findings: findings, observed: coverage?.last))
        guard difference.isObserved else {
            return t(
                "<p>一方に通信の観測がないため、機器と検出事項は比べられない。</p>",
                "<p>One of the two has no capture, so devices and findings cannot be compared.</p>")
        }
        var parts: [HTML] = []
        func part(_ title: HTML, _ rows: [HTML]) {
            guard !rows.isEmpty else { return }
            let shown = rows.prefix(Limits.changes)
            parts.append(
                "<h4>\(title) \(rows.count)</h4><ul class=\"changes\">\(shown.map { "<li>\($0)</li>" as HTML })</ul>\(more(rows.count - shown.count))"
            )
        }
        func line(_ asset: Asset) -> HTML {
            let place = asset.addresses.first.map { masker.show($0) } ?? asset.macs.first.map { masker.show($0) } ?? ""
            return "\(name(asset)) <span class=\"note\">\(asset.role.name(in: language)) \(place)</span>"
        }
        part(
            t("新しい機器", "New devices"),
            difference.newAssets.map { "\(assetLink($0.id)) <span class=\"note\">\($0.role.name(in: language))</span>" }
        )
        part(t("今回見えなかった機器", "Devices not seen again"), difference.unseenAssets.map(line))
        part(
            t("変わった機器", "Changed devices"),
            difference.changedAssets.map { change in
                let texts = change.changes.map {
                    "\($0.property.name(in: language)): \(masker.text($0.before)) → \(masker.text($0.now))"
                }
                return
                    "\(assetLink(change.asset.id)) <span class=\"note\">\(texts.joined(separator: words("、", "; ")))</span>"
            })
        part(t("新しい検出事項", "New findings"), difference.newFindings.map { "\(findingLink($0)) \(say($0.title))" })
        part(t("なくなった検出事項", "Findings no longer made"), difference.resolvedFindings.map { "\(say($0.title))" })
        part(t("新しい区画", "New segments"), difference.newSegments.map { "\(segmentName($0))" })
        part(t("今回見えなかった区画", "Segments not seen again"), difference.unseenSegments.map { "\(segmentName($0))" })
        return parts.isEmpty
            ? t("<p>機器、検出事項、区画に変わりはない。</p>", "<p>Devices, findings and segments are the same.</p>")
            : "<div class=\"difference\">\(parts)</div>"
    }
}
