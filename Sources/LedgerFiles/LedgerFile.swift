import Foundation
package import Model
import Spreadsheets

/// A plant's own asset list as a file.
package struct LedgerFile: Sendable {
    package enum Limits {
        /// Largest file, in bytes.
        package static let size = 32 << 20
        package static let rows = 100_000
        package static let columns = 256
        /// Lines above the headings, such as a title.
        static let headingLines = 20
    }

    /// The heading of a column and what the column was taken for; nil for one that is kept as it is.
    package struct Column: Hashable, Sendable {
        package var heading: String
        package var field: LedgerField?
    }

    package let entries: [LedgerEntry]
    package let columns: [Column]
    package let encoding: TextEncoding
    /// `,`, tab or `;`; nil for a workbook.
    package let delimiter: Unicode.Scalar?
    /// Cells in which an address was expected and something else was found; the text is kept in `extra`.
    package let warnings: [LedgerError]

    /// Reads a file, of which at most `Limits.size` bytes are taken into memory; `-` is standard input.
    package init(path: String) throws(LedgerError) {
        let name = path == "-" ? "standard input" : path
        var bytes: [UInt8] = []
        do {
            let handle =
                path == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            while bytes.count <= Limits.size, let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
                bytes.append(contentsOf: piece)
            }
        } catch {
            throw LedgerError(file: name, problem: "cannot be read; check the name and the permissions")
        }
        if path != "-", WorkbookReader.isWorkbook(bytes) {
            self = try LedgerFile.workbook(name, path)
        } else {
            try self.init(name: name, bytes: bytes)
        }
    }

    /// The first sheet of an Excel workbook that has headings of an asset list.
    private static func workbook(_ name: String, _ path: String) throws(LedgerError) -> LedgerFile {
        let sheets: [WorkbookReader.Sheet]
        do {
            sheets = try WorkbookReader.sheets(path: path)
        } catch {
            throw LedgerError(file: name, problem: error.description.replacing("\(path): ", with: ""))
        }
        var failure: LedgerError?
        for sheet in sheets {
            let records = sheet.rows.enumerated().map { CSVReader.Record(line: $0.offset + 1, fields: $0.element) }
                .filter { !$0.isBlank }
            do throws(LedgerError) {
                return try LedgerFile(name: name, records: records, encoding: .utf8, delimiter: nil)
            } catch {
                failure = failure ?? error
            }
        }
        throw failure ?? LedgerError(file: name, problem: "expected a sheet with headings, found none")
    }

    package init(name: String, bytes: [UInt8]) throws(LedgerError) {
        guard bytes.count <= Limits.size else {
            throw LedgerError(file: name, problem: "expected at most \(Limits.size) bytes, found more")
        }
        try LedgerFile.expectText(bytes, name)
        guard let (text, encoding) = TextEncoding.decode(bytes) else {
            throw LedgerError(
                file: name,
                problem:
                    "expected text in UTF-8, Shift_JIS, EUC-JP or UTF-16, found bytes that are none; save it as CSV UTF-8"
            )
        }
        let delimiter = CSVReader.delimiter(of: text)
        try self.init(
            name: name, records: try CSVReader(file: name, delimiter: delimiter).records(text), encoding: encoding,
            delimiter: delimiter)
    }

    private init(
        name: String, records: [CSVReader.Record], encoding: TextEncoding, delimiter: Unicode.Scalar?
    ) throws(LedgerError) {
        self.encoding = encoding
        self.delimiter = delimiter
        let (headings, rows) = try LedgerFile.table(records, name)
        columns = headings
        var entries: [LedgerEntry] = []
        var warnings: [LedgerError] = []
        for row in rows {
            guard row.fields.count <= headings.count || row.fields[headings.count...].allSatisfy(\.isEmpty) else {
                throw LedgerError(
                    file: name, line: row.line, column: headings.count + 1,
                    problem: "expected \(headings.count) columns as in the headings, found \(row.fields.count)")
            }
            entries.append(LedgerFile.entry(row, headings, name, &warnings))
        }
        self.entries = entries
        self.warnings = warnings
    }

    private static func expectText(_ bytes: [UInt8], _ name: String) throws(LedgerError) {
        let advice = "save it as CSV (in Excel: Save as, CSV UTF-8)"
        if bytes.isEmpty {
            throw LedgerError(file: name, problem: "expected a list with headings, found an empty file")
        }
        if bytes.starts(with: [0x50, 0x4b, 0x03, 0x04]) {
            throw LedgerError(
                file: name, problem: "expected CSV, found an Excel workbook or another ZIP file; \(advice)")
        }
        if bytes.starts(with: [0xd0, 0xcf, 0x11, 0xe0]) {
            throw LedgerError(file: name, problem: "expected CSV, found an old Excel workbook; \(advice)")
        }
        let hasMark = bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff])
        if !hasMark, bytes.prefix(4096).contains(0) {
            throw LedgerError(file: name, problem: "expected CSV, found binary data; \(advice)")
        }
    }

    /// The headings and the rows below them. Lines above the headings are titles.
    private static func table(
        _ records: [CSVReader.Record], _ name: String
    ) throws(LedgerError) -> ([Column], ArraySlice<CSVReader.Record>) {
        for (index, record) in records.prefix(Limits.headingLines).enumerated() {
            let columns = record.fields.map { Column(heading: Cells.text($0), field: Headings.field($0)) }
            let fields = Set(columns.compactMap(\.field))
            let identifies = !fields.isDisjoint(with: [.name, .address, .mac, .hostname, .serial])
            guard identifies, fields.count >= 2 || record.fields.count == 1 else { continue }
            return (columns, records[(index + 1)...])
        }
        let found =
            records.first?.fields.prefix(6).map { "\"\(WireText($0).visible)\"" }.joined(separator: ", ") ?? "none"
        throw LedgerError(
            file: name, line: records.first?.line ?? 1,
            problem: "expected headings such as 機器名, IPアドレス, MACアドレス (name, IP address, MAC address), found \(found)")
    }

    private static func entry(
        _ row: CSVReader.Record, _ headings: [Column], _ file: String, _ warnings: inout [LedgerError]
    ) -> LedgerEntry {
        var entry = LedgerEntry(line: row.line)
        func keep(_ heading: String, _ text: String) {
            guard !text.isEmpty else { return }
            // Two columns may bear the same heading.
            var key = heading.isEmpty ? "column" : heading
            var number = 2
            while entry.extra[key] != nil {
                key = "\(heading.isEmpty ? "column" : heading) (\(number))"
                number += 1
            }
            entry.extra[key] = text
        }
        func set(_ value: inout String, _ heading: String, _ text: String) {
            if value.isEmpty { value = text } else { keep(heading, text) }
        }
        func warn(_ column: Int, _ expected: String, _ strange: [String]) {
            let found = strange.prefix(3).map { "\"\(WireText($0).visible)\"" }.joined(separator: ", ")
            warnings.append(
                LedgerError(
                    file: file, line: row.line, column: column + 1, problem: "expected \(expected), found \(found)"))
        }
        for (index, (cell, column)) in zip(row.fields, headings).enumerated() {
            let text = Cells.text(cell)
            switch column.field {
            case nil: keep(column.heading, text)
            case .key: set(&entry.key, column.heading, text)
            case .name: set(&entry.name, column.heading, text)
            case .vendor: set(&entry.vendor, column.heading, text)
            case .model: set(&entry.model, column.heading, text)
            case .serial: set(&entry.serial, column.heading, text)
            case .hostname: set(&entry.hostname, column.heading, text)
            case .location: set(&entry.location, column.heading, text)
            case .owner: set(&entry.owner, column.heading, text)
            case .address:
                let (addresses, strange) = Cells.addresses(cell)
                entry.addresses += addresses.filter { !entry.addresses.contains($0) }
                if !strange.isEmpty {
                    warn(index, "IP addresses", strange)
                    keep(column.heading, text)
                }
            case .mac:
                let (macs, strange) = Cells.macs(cell)
                entry.macs += macs.filter { !entry.macs.contains($0) }
                if !strange.isEmpty {
                    warn(index, "MAC addresses", strange)
                    keep(column.heading, text)
                }
            }
        }
        return entry
    }
}
