/// What is wrong with a list, and where.
package struct LedgerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Name of the file as the caller gave it.
    package let file: String
    /// Line from 1 and column (field) from 1, or nil when the trouble is not at one place.
    package let line: Int?
    package let column: Int?
    /// What was expected and what was found.
    package let problem: String

    init(file: String, line: Int? = nil, column: Int? = nil, problem: String) {
        self.file = file
        self.line = line
        self.column = column
        self.problem = problem
    }

    /// `ledger.csv:12:3: expected …, found …`
    package var description: String {
        var text = file
        if let line { text += ":\(line)" }
        if line != nil, let column { text += ":\(column)" }
        return text + ": \(problem)"
    }
}
