/// What is wrong with a checklist, policy or answers file, and where.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Name of the file as the caller gave it.
    public let file: String
    /// Line and column from 1 (columns count Unicode scalars), or nil when the trouble is not at one place.
    public let line: Int?
    public let column: Int?
    /// Where in the document, such as `answers[3].level`; empty for the document itself.
    public let path: String
    /// What was expected and what was found.
    public let problem: String

    package init(file: String, line: Int? = nil, column: Int? = nil, path: String = "", problem: String) {
        self.file = file
        self.line = line
        self.column = column
        self.path = path
        self.problem = problem
    }

    /// `answers.yaml:12:5: answers[3].level: expected …, found …`
    public var description: String {
        var text = FileError.visible(file)
        if let line { text += ":\(line)" }
        if line != nil, let column { text += ":\(column)" }
        if !path.isEmpty { text += ": \(FileError.visible(path))" }
        return text + ": \(problem)"
    }

    /// `text` in quotation marks, cut to a length that fits an error message, unprintable characters made visible.
    package static func quoted(_ text: String) -> String {
        let limit = 60
        let head = text.unicodeScalars.prefix(limit)
        let cut = head.endIndex != text.unicodeScalars.endIndex
        return "\"\(visible(String(head)))\(cut ? "…" : "")\""
    }

    package static func visible(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
                shown += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}
