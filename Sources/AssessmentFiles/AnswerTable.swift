import Assessment
public import Documents

/// Answers as the rows of a check sheet: category, sub-category, number, question, level, current state, risk, measure, and what
/// otscan adds behind them. Columns are told by their headings, so their order does not matter and others may stand between.
public enum AnswerTable {
    /// Lines above the headings, such as a title.
    private static let headingLines = 20

    /// Column of each meaning when a row has headings of a check sheet.
    private static func headings(_ row: [String]) -> [CheckSheetColumn: Int]? {
        var columns: [CheckSheetColumn: Int] = [:]
        for (index, cell) in row.enumerated() {
            let text = String(cell.filter { !$0.isWhitespace }).lowercased()
            for column in CheckSheetColumn.allCases where columns[column] == nil {
                let names = Language.allCases.map { column.title(in: $0).filter { !$0.isWhitespace }.lowercased() }
                if names.contains(text) { columns[column] = index }
            }
        }
        return columns[.number] != nil && columns[.level] != nil ? columns : nil
    }

    /// True when the rows hold a check sheet.
    public static func isCheckSheet(_ rows: [[String]]) -> Bool {
        rows.prefix(headingLines).contains { headings($0) != nil }
    }

    /// Reads the answers of a check sheet; rows without an item's number are passed over, and so are rows without a level.
    ///
    /// - Parameter day: what a cell's number means as a date, where the table comes from a program that writes dates as numbers.
    public static func read(
        _ rows: [[String]], file: String, day: (String) -> String? = { _ in nil }
    ) throws(FileError) -> AnswerSheet {
        guard let top = rows.prefix(headingLines).firstIndex(where: { headings($0) != nil }),
            let columns = headings(rows[top])
        else {
            throw FileError(
                file: file, line: 1, column: 1, path: "",
                problem: "expected a check sheet with the headings 番号 and レベル (Number, Level), found none")
        }
        var sheet = AnswerSheet()
        var places: [ItemID: Int] = [:]
        for (index, row) in rows.enumerated().dropFirst(top + 1) {
            func cell(_ column: CheckSheetColumn) -> String {
                guard let place = columns[column], place < row.count else { return "" }
                return trimmed(row[place])
            }
            guard let item = ItemID(cell(.number)), !cell(.level).isEmpty else { continue }
            func error(_ column: CheckSheetColumn, _ problem: String) -> FileError {
                FileError(
                    file: file, line: index + 1, column: (columns[column] ?? 0) + 1, path: item.description,
                    problem: problem)
            }
            guard let answer = answer(cell(.level)) else {
                throw error(.level, "expected 1, 2, 3, 4, na or unanswered, found \(FileError.quoted(cell(.level)))")
            }
            if let line = places.updateValue(index + 1, forKey: item) {
                throw error(
                    .number, "expected each item once, found \(item) again; it is answered in line \(line), too")
            }
            if answer == .notApplicable, cell(.reason).isEmpty {
                throw error(.reason, "expected a reason for \"not applicable\", found none")
            }
            var date: CalendarDate?
            if !cell(.reviewDate).isEmpty {
                date = CalendarDate(cell(.reviewDate)) ?? day(cell(.reviewDate)).flatMap { CalendarDate($0) }
                if date == nil {
                    throw error(
                        .reviewDate, "expected a date such as 2026-04-01, found \(FileError.quoted(cell(.reviewDate)))")
                }
            }
            sheet.answers.append(
                AnswerSheet.Entry(
                    item: item, answer: answer, reason: cell(.reason), status: cell(.status), measure: cell(.measure),
                    evidence: cell(.evidence).split(whereSeparator: \.isNewline).map { trimmed(String($0)) },
                    document: cell(.document), reviewDate: date, reviewer: cell(.reviewer)))
        }
        return sheet
    }

    /// `2`, `2:一部実施`, `2 partly done`, `対象外`, `na`, `未回答`.
    private static func answer(_ text: String) -> Answer? {
        if let answer = Answer(text) { return answer }
        for known in [Answer.notApplicable, .unanswered]
        where Language.allCases.contains(where: { known.name(in: $0) == text.lowercased() }) {
            return known
        }
        guard let first = text.first, let answer = Answer(String(first)), answer.level != nil,
            let next = text.dropFirst().first, !next.isNumber
        else { return nil }
        return answer
    }

    private static func trimmed(_ text: String) -> String {
        var view = Substring(text)
        while view.first?.isWhitespace == true { view.removeFirst() }
        while view.last?.isWhitespace == true { view.removeLast() }
        return String(view)
    }
}
