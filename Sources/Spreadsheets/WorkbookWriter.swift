import CXLSXWriter

/// Writes tables as an Excel workbook: headings that stay in place, filters, and cells that are text or numbers, never formulas.
package enum WorkbookWriter {
    /// What Excel takes at most of a cell, in UTF-16 units, and of a sheet.
    private static let longestText = 32_767
    private static let mostRows = 1_048_575
    private static let longestName = 31

    package static func write(_ tables: [SheetTable], to path: String, title: String) throws(SpreadsheetError) {
        guard let book = workbook_new(path) else {
            throw SpreadsheetError(file: path, "cannot be written; there is no memory for it")
        }
        var name = Array(title.utf8CString)
        name.withUnsafeMutableBufferPointer { text in
            var properties = lxw_doc_properties()
            properties.title = text.baseAddress
            _ = workbook_set_properties(book, &properties)
        }
        let heading = workbook_add_format(book)
        format_set_bold(heading)
        format_set_font_color(heading, 0xff_ffff)
        format_set_bg_color(heading, 0x17_405c)
        format_set_align(heading, UInt8(LXW_ALIGN_VERTICAL_CENTER.rawValue))
        format_set_text_wrap(heading)
        let body = workbook_add_format(book)
        format_set_align(body, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
        format_set_text_wrap(body)
        var names: Set<String> = []
        for table in tables {
            guard let sheet = workbook_add_worksheet(book, sheetName(table.title, &names)) else {
                _ = workbook_close(book)
                throw SpreadsheetError(file: path, "the sheet \(table.title) cannot be made")
            }
            fill(sheet, table, heading, body)
        }
        let result = workbook_close(book)
        guard result == LXW_NO_ERROR else {
            throw SpreadsheetError(
                file: path,
                "cannot be written: \(String(cString: lxw_strerror(result))); check folder, permissions and room")
        }
    }

    private static func fill(
        _ sheet: UnsafeMutablePointer<lxw_worksheet>, _ table: SheetTable, _ heading: UnsafeMutablePointer<lxw_format>?,
        _ body: UnsafeMutablePointer<lxw_format>?
    ) {
        for (index, column) in table.columns.enumerated() {
            let place = lxw_col_t(clamping: index)
            _ = worksheet_set_column(sheet, place, place, column.width, nil)
            _ = worksheet_write_string(sheet, 0, place, column.title, heading)
        }
        let rows = table.rows.prefix(mostRows)
        for (index, row) in rows.enumerated() {
            let line = lxw_row_t(clamping: index + 1)
            for (column, cell) in row.enumerated() {
                let place = lxw_col_t(clamping: column)
                switch cell {
                case .text(let text): _ = worksheet_write_string(sheet, line, place, clipped(text), body)
                case .number(let number): _ = worksheet_write_number(sheet, line, place, number, body)
                }
            }
        }
        worksheet_freeze_panes(sheet, 1, 0)
        if !table.columns.isEmpty {
            _ = worksheet_autofilter(
                sheet, 0, 0, lxw_row_t(clamping: rows.count), lxw_col_t(clamping: table.columns.count - 1))
        }
        worksheet_set_landscape(sheet)
        worksheet_set_paper(sheet, 9)
        worksheet_fit_to_pages(sheet, 1, 0)
        worksheet_repeat_rows(sheet, 0, 0)
    }

    private static func clipped(_ text: String) -> String {
        guard text.utf16.count > longestText else { return text }
        var (kept, size) = ("", 1)
        for character in text {
            size += character.utf16.count
            if size > longestText { break }
            kept.append(character)
        }
        return kept + "…"
    }

    /// A name as Excel allows it: at most 31 characters, none of `[]:*?/\`, each once.
    private static func sheetName(_ title: String, _ used: inout Set<String>) -> String {
        let plain = String(title.map { "[]:*?/\\'".contains($0) ? " " : $0 }.prefix(longestName - 3))
        var name = plain.isEmpty ? "Sheet" : plain
        var number = 2
        while !used.insert(name.lowercased()).inserted {
            name = "\(plain) \(number)"
            number += 1
        }
        return name
    }
}
