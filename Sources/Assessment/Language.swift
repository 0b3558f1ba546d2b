/// One of the two languages in which otscan speaks.
public enum Language: String, Hashable, Sendable, CaseIterable, Codable {
    case japanese = "ja"
    case english = "en"
}

/// A text in both languages, each worded for its own readers.
public struct Bilingual: Hashable, Sendable, Codable {
    public let ja: String
    public let en: String

    public init(ja: String, en: String) {
        self.ja = ja
        self.en = en
    }

    public subscript(language: Language) -> String {
        switch language {
        case .japanese: ja
        case .english: en
        }
    }
}
