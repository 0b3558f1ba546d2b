import Assessment

/// Text of one cell, and how it is painted.
struct Cell: Sendable {
    var text: String
    var paint: TerminalStyle.Paint

    init(_ text: String, _ paint: TerminalStyle.Paint = .plain) {
        self.text = text
        self.paint = paint
    }
}

/// A table as people read it: headings, aligned columns, fitted into the terminal's width.
struct Table: Sendable {
    struct Column: Sendable {
        var title: String
        var isNumber = false
        /// Narrowest that the column may become; nil when it is never cut.
        var minimum: Int?
        /// How easily the column is done without: those with higher numbers are left out first where there is no room,
        /// those from `optional` on before another column is cut; 0 is never left out.
        var importance = 0

        static let optional = 5
    }

    var columns: [Column]
    var rows: [[Cell]]

    /// Space between columns.
    private static let gap = 2

    /// The table's lines, and the titles of columns for which there was no room.
    func lines(_ style: TerminalStyle) -> (lines: [String], hidden: [String]) {
        var shown = Array(columns.indices)
        var widths = columns.indices.map { index in
            rows.reduce(TextWidth.columns(columns[index].title)) { widest, row in
                index < row.count ? max(widest, TextWidth.columns(row[index].text)) : widest
            }
        }
        if let width = style.width { fit(&widths, &shown, to: width) }
        var lines = [line(shown.map { Cell(columns[$0].title, .strong) }, shown, widths, style)]
        for row in rows {
            lines.append(line(shown.map { $0 < row.count ? row[$0] : Cell("") }, shown, widths, style))
        }
        return (lines, columns.indices.filter { !shown.contains($0) }.map { columns[$0].title })
    }

    private func fit(_ widths: inout [Int], _ shown: inout [Int], to width: Int) {
        func excess() -> Int {
            shown.reduce(Table.gap * max(0, shown.count - 1)) { $0 + widths[$1] } - width
        }
        // Room at the minimum widths decides which columns stay.
        func least() -> Int {
            shown.reduce(Table.gap * max(0, shown.count - 1)) { sum, index in
                sum + min(widths[index], columns[index].minimum ?? widths[index])
            }
        }
        while least() > width {
            guard let last = mostDispensable(shown, from: 1) else { break }
            shown.removeAll { $0 == last }
        }
        while excess() > 0 {
            guard let last = mostDispensable(shown, from: Column.optional) else { break }
            shown.removeAll { $0 == last }
        }
        // Then the widest of those that may be cut give way, column by column.
        while excess() > 0 {
            guard
                let widest = shown.filter({ widths[$0] > (columns[$0].minimum ?? widths[$0]) }).max(by: {
                    widths[$0] < widths[$1]
                })
            else { break }
            widths[widest] -= 1
        }
    }

    private func mostDispensable(_ shown: [Int], from importance: Int) -> Int? {
        shown.filter { columns[$0].importance >= importance }.max { columns[$0].importance < columns[$1].importance }
    }

    private func line(_ cells: [Cell], _ shown: [Int], _ widths: [Int], _ style: TerminalStyle) -> String {
        var line = ""
        for (position, index) in shown.enumerated() where position < cells.count {
            let cell = cells[position]
            let text = TextWidth.cut(cell.text, to: widths[index])
            let space = String(repeating: " ", count: max(0, widths[index] - TextWidth.columns(text)))
            if columns[index].isNumber { line += space }
            line += style.paint(text, cell.paint)
            guard position + 1 < shown.count else { break }
            if !columns[index].isNumber { line += space }
            line += String(repeating: " ", count: Table.gap)
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}
