public import Assessment

/// What is allowed in a checklist or policy of one's own, and yet is probably not meant.
public enum CustomisationLint {
    /// One remark: what it is about, what will happen, what to do.
    public struct Remark: Hashable, Sendable {
        public let text: Bilingual
    }

    /// - Parameters:
    ///   - base: the checklist that was overlaid, where one was.
    ///   - proposable: the items for which traffic can propose something.
    public static func remarks(
        on checklist: Checklist, over base: Checklist? = nil, proposable: Set<ItemID>
    ) -> [Remark] {
        var remarks: [Remark] = []
        func remark(_ ja: String, _ en: String) { remarks.append(Remark(text: Bilingual(ja: ja, en: en))) }
        if let base, same(base, checklist) {
            remark("このオーバーレイは何も変えない。", "This overlay changes nothing.")
        }
        for item in checklist.items {
            let texts = [("title", item.title), ("question", item.question), ("subcategory", item.subcategory)]
            for (key, text) in texts where text.ja == text.en && text.ja.contains(where: { !$0.isASCII }) {
                remark(
                    "項目\(item.id)の\(key)は日本語と英語が同じで、英語の報告書にもそのまま出る。",
                    "item \(item.id): \(key) is the same in Japanese and English, and stands so in English reports")
            }
            if item.countermeasures.isEmpty {
                remark(
                    "項目\(item.id)に対策の例がなく、計画に何も書かれない。",
                    "item \(item.id) has no countermeasures, so the plan has nothing to say about it")
            }
            if item.questions.isEmpty {
                remark("項目\(item.id)に聞くことがない。", "item \(item.id) has no questions to ask")
            }
            if checklist.risks(of: item.id).isEmpty {
                remark("項目\(item.id)はどのリスクとも結び付いていない。", "item \(item.id) lowers no risk that is listed")
            }
            if let before = base?[item.id], before.weight != item.weight {
                remark(
                    "項目\(item.id)の重みが\(before.weight)から\(item.weight)に変わり、変更前の得点とは比べられない。",
                    "item \(item.id): its weight changes from \(before.weight) to \(item.weight); scores cannot be compared with earlier ones"
                )
            }
            if item.isAutoFilled, !proposable.contains(item.id) {
                remark(
                    "項目\(item.id)は通信から提案できる項目とされているが、提案の規則がない。",
                    "item \(item.id) is marked as filled in from traffic, but no rule proposes anything for it")
            }
        }
        return remarks
    }

    public static func remarks(on policy: ScoringPolicy, checklist: Checklist) -> [Remark] {
        var remarks: [Remark] = []
        func remark(_ ja: String, _ en: String) { remarks.append(Remark(text: Bilingual(ja: ja, en: en))) }
        let known = Set(checklist.categories.map(\.id))
        for id in policy.categoryWeights.keys.sorted() where !known.contains(id) {
            remark(
                "分野「\(id)」はチェックリストにない。分野は\(known.sorted().joined(separator: "、"))。",
                "the checklist has no category “\(id)”; it has \(known.sorted().joined(separator: ", "))")
        }
        for (letter, bound) in [("A", policy.bands.a), ("B", policy.bands.b), ("C", policy.bands.c)]
        where bound > policy.points.managed {
            remark(
                "\(letter)は\(bound.shortDecimal)点からだが、全項目がレベル4でも\(policy.points.managed.shortDecimal)点にしかならない。",
                "\(letter) begins at \(bound.shortDecimal), but all items at level 4 give only \(policy.points.managed.shortDecimal)"
            )
        }
        if policy.bands.c <= policy.points.notDone {
            remark(
                "全項目がレベル1でもDにならない。", "even with every item at level 1 there is no D")
        }
        if let half = Fraction(decimal: "0.5"), policy.decidedShare < half {
            remark(
                "半分に満たない項目の判定で評価が付く。", "a letter is given with fewer than half of the items decided")
        }
        return remarks
    }

    private static func same(_ a: Checklist, _ b: Checklist) -> Bool {
        a.items == b.items && a.title == b.title && a.levelTexts == b.levelTexts
            && a.categories.map(\.risks) == b.categories.map(\.risks)
            && a.categories.map(\.name) == b.categories.map(\.name)
    }
}
