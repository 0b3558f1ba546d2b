import Assessment
import Foundation
import Glibc

/// How results are shown to people: language, colours and room.
struct TerminalStyle: Sendable {
    let language: Language
    let usesColor: Bool
    /// Columns to fit into; nil without bound, as in a file or a pipe.
    let width: Int?

    enum Paint: String, Sendable {
        case plain = ""
        case strong = "1"
        case faint = "2"
        case red = "1;31"
        case yellow = "33"
        case green = "32"
        case cyan = "36"
    }

    init(language: Language, usesColor: Bool, width: Int?) {
        self.language = language
        self.usesColor = usesColor
        self.width = width
    }

    func paint(_ text: String, _ paint: Paint) -> String {
        usesColor && paint != .plain && !text.isEmpty ? "\u{1b}[\(paint.rawValue)m\(text)\u{1b}[0m" : text
    }

    /// Width for running text.
    var textWidth: Int { min(width ?? 100, 110) }

    /// The text of `language`.
    func say(_ ja: String, _ en: String) -> String { language == .japanese ? ja : en }
}

/// When to use colours.
enum ColorChoice: String, CaseIterable, Sendable {
    case auto, always, never

    /// `auto`: on a terminal that has colours, unless the user wants none (https://no-color.org).
    func usesColor(isTerminal: Bool, environment: [String: String]) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .auto:
            isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
        }
    }
}

enum TerminalWidth {
    /// Columns of the terminal on standard output: `COLUMNS` where it is set, else as the terminal says; nil when
    /// standard output is no terminal.
    static func current(environment: [String: String]) -> Int? {
        guard StandardOutput.isTerminal else { return nil }
        if let told = environment["COLUMNS"].flatMap({ Int($0) }), told > 0 { return max(told, 20) }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return max(Int(size.ws_col), 20)
    }
}

extension Language {
    /// The user's language as the locale variables tell: Japanese where they say so, otherwise English.
    static func preferred(environment: [String: String]) -> Language {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        return locale?.lowercased().hasPrefix("ja") == true ? .japanese : .english
    }
}
