/// Splits delimited text into records (RFC 4180, and what spreadsheets make of it): fields in quotes may hold the
/// delimiter, line breaks, and quotes written twice.
struct CSVReader {
    struct Record: Hashable {
        /// Line on which the record begins, from 1.
        var line: Int
        var fields: [String]

        var isBlank: Bool { fields.allSatisfy { $0.allSatisfy(\.isWhitespace) } }
    }

    let file: String
    let delimiter: Unicode.Scalar

    /// Every record that is not blank.
    func records(_ text: String) throws(LedgerError) -> [Record] {
        var records: [Record] = []
        var record = Record(line: 1, fields: [])
        var field = String.UnicodeScalarView()
        var line = 1
        var quoteLine: Int?
        var wasQuoted = false
        var scalars = text.unicodeScalars.makeIterator()
        var pending: Unicode.Scalar?

        func next() -> Unicode.Scalar? {
            if let held = pending {
                pending = nil
                return held
            }
            return scalars.next()
        }
        func endField() throws(LedgerError) {
            guard record.fields.count < LedgerFile.Limits.columns else {
                throw LedgerError(
                    file: file, line: line, problem: "expected at most \(LedgerFile.Limits.columns) columns, found more"
                )
            }
            record.fields.append(String(field))
            field.removeAll()
            wasQuoted = false
        }
        func endRecord() throws(LedgerError) {
            try endField()
            if !record.isBlank {
                guard records.count <= LedgerFile.Limits.rows else {
                    throw LedgerError(
                        file: file, line: line, problem: "expected at most \(LedgerFile.Limits.rows) lines, found more")
                }
                records.append(record)
            }
            record = Record(line: line, fields: [])
        }

        while let scalar = next() {
            if quoteLine != nil {
                if scalar == "\"" {
                    let following = next()
                    if following == "\"" {
                        field.append("\"")
                    } else {
                        quoteLine = nil
                        pending = following
                    }
                } else {
                    if scalar == "\n" { line += 1 }
                    field.append(scalar)
                }
                continue
            }
            switch scalar {
            case delimiter: try endField()
            case "\r", "\n":
                if scalar == "\r" {
                    let following = next()
                    if following != "\n" { pending = following }
                }
                line += 1
                try endRecord()
            case "\"" where field.isEmpty && !wasQuoted:
                quoteLine = line
                wasQuoted = true
            default: field.append(scalar)
            }
        }
        if let quoteLine {
            throw LedgerError(
                file: file, line: quoteLine, column: record.fields.count + 1,
                problem: "expected a closing quotation mark, found the end of the file")
        }
        if !field.isEmpty || wasQuoted || !record.fields.isEmpty { try endRecord() }
        return records
    }

    /// The delimiter that the first lines use most: comma, tab or semicolon, outside of quotes.
    static func delimiter(of text: String) -> Unicode.Scalar {
        var counts: [Unicode.Scalar: Int] = [:]
        var isQuoted = false
        var lines = 0
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": isQuoted.toggle()
            case ",", "\t", ";": if !isQuoted { counts[scalar, default: 0] += 1 }
            case "\n": if !isQuoted { lines += 1 }
            default: break
            }
            if lines >= 20 { break }
        }
        // On a tie the comma wins, then the tab.
        let order: [Unicode.Scalar] = [",", "\t", ";"]
        return order.max {
            (counts[$0] ?? 0, -(order.firstIndex(of: $0) ?? 0)) < (counts[$1] ?? 0, -(order.firstIndex(of: $1) ?? 0))
        }
            ?? ","
    }
}
