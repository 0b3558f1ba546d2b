// Every word of the scoring core that a reader sees, in one place. Names of categories stand in the checklist itself.

extension Level {
    /// A short name, as in a table: `一部実施`, `partly done`.
    public func name(in language: Language) -> String {
        switch (self, language) {
        case (.notDone, .japanese): "未実施"
        case (.notDone, .english): "not done"
        case (.partly, .japanese): "一部実施"
        case (.partly, .english): "partly done"
        case (.done, .japanese): "実施"
        case (.done, .english): "done"
        case (.managed, .japanese): "定着"
        case (.managed, .english): "managed"
        }
    }
}

extension Answer {
    public func name(in language: Language) -> String {
        switch (self, language) {
        case (.level(let level), _): "\(level.rawValue) \(level.name(in: language))"
        case (.notApplicable, .japanese): "対象外"
        case (.notApplicable, .english): "not applicable"
        case (.unanswered, .japanese): "未回答"
        case (.unanswered, .english): "unanswered"
        }
    }
}

extension Grade {
    /// What the letter means.
    public func meaning(in language: Language) -> String {
        switch (self, language) {
        case (.a, .japanese): "良好"
        case (.a, .english): "good"
        case (.b, .japanese): "おおむね良好"
        case (.b, .english): "fair"
        case (.c, .japanese): "改善が必要"
        case (.c, .english): "needs improvement"
        case (.d, .japanese): "早急な対策が必要"
        case (.d, .english): "needs urgent action"
        }
    }

    /// The scale, to be printed wherever a letter is: `A (good) – D`.
    public static func scale(in language: Language) -> String {
        switch language {
        case .japanese: "A(良好)～D"
        case .english: "A (good) – D"
        }
    }
}

extension Proposal.Verdict {
    public func name(in language: Language) -> String {
        switch (self, language) {
        case (.supports, .japanese): "通信で裏付けあり"
        case (.supports, .english): "supported by traffic"
        case (.contradicts, .japanese): "通信はより高い水準を否定"
        case (.contradicts, .english): "traffic rules out a higher level"
        case (.undetermined, .japanese): "通信からは判断不能"
        case (.undetermined, .english): "not decidable from traffic"
        }
    }
}

extension Proposal.Confidence {
    public func name(in language: Language) -> String {
        switch (self, language) {
        case (.low, .japanese): "低"
        case (.low, .english): "low"
        case (.medium, .japanese): "中"
        case (.medium, .english): "medium"
        case (.high, .japanese): "高"
        case (.high, .english): "high"
        }
    }
}

extension ItemScore.Mark {
    public func name(in language: Language) -> String {
        switch (self, language) {
        case (.unsupported, .japanese): "裏付け不足"
        case (.unsupported, .english): "unsupported"
        case (.contradicted, .japanese): "通信と矛盾"
        case (.contradicted, .english): "contradicted"
        case (.evidenceChanged, .japanese): "判定後に証拠が変化"
        case (.evidenceChanged, .english): "evidence changed since the decision"
        case (.conflict, .japanese): "回答が不一致"
        case (.conflict, .english): "conflicting answers"
        }
    }
}

extension ItemScore.Progress {
    public func name(in language: Language) -> String {
        switch (self, language) {
        case (.proposed, .japanese): "提案あり"
        case (.proposed, .english): "proposed"
        case (.needsAnswer, .japanese): "回答待ち"
        case (.needsAnswer, .english): "needs answer"
        case (.contradicted, .japanese): "通信と矛盾"
        case (.contradicted, .english): "contradicted"
        case (.conflict, .japanese): "回答が不一致"
        case (.conflict, .english): "conflict"
        case (.done, .japanese): "判定済み"
        case (.done, .english): "done"
        }
    }
}

extension ItemScore.Origin {
    public func name(in language: Language) -> String {
        switch (self, language) {
        case (.auto, .japanese): "自動提案"
        case (.auto, .english): "auto"
        case (.reviewed, .japanese): "確認済み"
        case (.reviewed, .english): "reviewed"
        case (.overridden, .japanese): "提案を変更"
        case (.overridden, .english): "overridden"
        }
    }
}

extension GradeState {
    /// How firm a grade is, or why there is none. `checklist` gives the names of categories.
    public func text(in language: Language, checklist: Checklist) -> String {
        switch (self, language) {
        case (.final, .japanese): "確定"
        case (.final, .english): "final"
        case (.provisional(let open), .japanese): "暫定(未判定\(open)項目)"
        case (.provisional(let open), .english): "provisional: \(open) open"
        case (.tooFewDecided(let decided, let count), .japanese): "判定不可: \(count)項目中\(decided)項目のみ判定済み"
        case (.tooFewDecided(let decided, let count), .english): "not gradable: \(decided) of \(count) decided"
        case (.mostlyNotApplicable(let number, let count), .japanese): "判定不可: \(count)項目中\(number)項目が対象外"
        case (.mostlyNotApplicable(let number, let count), .english):
            "not gradable: \(number) of \(count) not applicable"
        case (.categoriesNotGradable(let ids), .japanese):
            "判定不可: 判定できない分野がある(\(GradeState.names(of: ids, in: language, checklist).joined(separator: "、")))"
        case (.categoriesNotGradable(let ids), .english):
            "not gradable: no grade for \(GradeState.names(of: ids, in: language, checklist).joined(separator: ", "))"
        }
    }

    private static func names(of ids: [String], in language: Language, _ checklist: Checklist) -> [String] {
        ids.map { id in checklist.categories.first { $0.id == id }?.name[language] ?? id }
    }
}

extension ScoringPolicy {
    /// The rule in sentences, for the report.
    public func rule(in language: Language, checklist: Checklist) -> [String] {
        let points = Level.allCases.map { "\($0.rawValue) → \(self.points[$0].shortDecimal)" }.joined(separator: ", ")
        let weights = checklist.categories.map { category in
            "\(category.name[language]) \(categoryWeights[category.id] ?? 0)"
        }
        let (decided, open) = ((decidedShare * 100).shortDecimal, (notApplicableShare * 100).shortDecimal)
        let (a, b, c) = (bands.a.shortDecimal, bands.b.shortDecimal, bands.c.shortDecimal)
        switch language {
        case .japanese:
            return [
                "採点規則: \(id)",
                "レベルごとの配点: \(points)",
                "分野の得点は、対象となる項目の配点の加重平均とする。\(a)点以上をA、\(b)点以上をB、\(c)点以上をC、それ未満をDとし、端数を丸める前の値で判定する。",
                "総合得点は、分野の得点を次の重みで平均する: \(weights.joined(separator: "、"))",
                "対象外の項目は計算から除く。対象外が\(open)%以上を占める分野は判定しない。",
                "対象項目の\(decided)%以上が判定されるまで、その分野の評価は付けない。総合評価は全分野の評価がそろってから付ける。",
                "レベル3は証拠を1件以上、レベル4は手順書と見直し日を求める。不足する回答は「裏付け不足」、通信と食い違う回答は「通信と矛盾」と記し、申告による得点と証拠による補正後の得点を並べて示す。",
            ]
        case .english:
            return [
                "Scoring policy: \(id)",
                "Points per level: \(points)",
                "A category's score is the weighted mean of its applicable items' points; A from \(a), B from \(b), "
                    + "C from \(c), D below, judged on the unrounded value.",
                "The total is the mean of the categories by these weights: \(weights.joined(separator: ", "))",
                "Items that are not applicable are left out; a category with \(open) % or more of them is not graded.",
                "A category gets a letter once \(decided) % of its applicable items are decided; the total needs a letter "
                    + "in every category.",
                "Level 3 asks for at least one piece of evidence, level 4 for a document and its review date. Answers "
                    + "without them are marked unsupported, answers that traffic speaks against are marked contradicted, and "
                    + "the declared score is shown beside the evidence-adjusted one.",
            ]
        }
    }
}

extension Fraction {
    /// Up to three decimal places without trailing zeros: `40`, `13.5`.
    public var shortDecimal: String {
        var text = decimal(places: Fraction.places)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
