package import Assessment
package import Evidence

extension AssetNote.Criticality {
    package func name(in language: Language) -> String {
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
