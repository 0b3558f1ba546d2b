/// Columns of a check sheet as a table: first those that its users know, in their order, then what a decision holds beside.
public enum CheckSheetColumn: Hashable, Sendable, CaseIterable {
    case category, subcategory, number, question, level, status, risk, measure
    case reason, evidence, document, reviewDate, reviewer

    /// The column's heading.
    public func title(in language: Language) -> String {
        let words: (ja: String, en: String) =
            switch self {
            case .category: ("カテゴリ", "Category")
            case .subcategory: ("サブ項目", "Sub-category")
            case .number: ("番号", "Number")
            case .question: ("確認項目", "Question")
            case .level: ("レベル", "Level")
            case .status: ("現状", "Current state")
            case .risk: ("リスク", "Risk")
            case .measure: ("対策", "Measure")
            case .reason: ("判定の理由", "Grounds")
            case .evidence: ("根拠資料", "Evidence")
            case .document: ("手順書", "Document")
            case .reviewDate: ("見直し日", "Review date")
            case .reviewer: ("確認者", "Reviewer")
            }
        return language == .japanese ? words.ja : words.en
    }
}
