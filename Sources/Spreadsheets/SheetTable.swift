/// A table that becomes a sheet of a workbook, or a CSV file.
package struct SheetTable: Sendable {
    package struct Column: Sendable {
        package var title: String
        /// In characters.
        package var width: Double

        package init(_ title: String, width: Double = 16) {
            self.title = title
            self.width = width
        }
    }

    package enum Cell: Sendable, Hashable {
        case text(String)
        case number(Double)

        package var text: String {
            switch self {
            case .text(let text): text
            case .number(let number):
                number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : String(number)
            }
        }
    }

    /// What the table is called in file names and on the command line: `inventory`.
    package var name: String
    /// What its sheet is called.
    package var title: String
    package var columns: [Column]
    package var rows: [[Cell]]

    package init(name: String, title: String, columns: [Column], rows: [[Cell]]) {
        self.name = name
        self.title = title
        self.columns = columns
        self.rows = rows
    }

    /// The table as CSV by RFC 4180 in UTF-8 with a byte order mark, which Excel needs to read Japanese.
    package var csv: String {
        var text = "\u{feff}" + CSVText.record(columns.map(\.title))
        for row in rows { text += CSVText.record(row.map(\.text)) }
        return text
    }
}

/// Why a workbook could not be written or read: one line that names the file.
package struct SpreadsheetError: Error, CustomStringConvertible {
    package let description: String
    package init(file: String, _ problem: String) { description = "\(file): \(problem)" }
}
