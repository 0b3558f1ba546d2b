import Assessment
import Spreadsheets

/// A list of one kind of record that can be shown as a table, as JSON, as one JSON object a line, or as CSV.
struct Listing<Record: Encodable & Sendable>: Sendable {
    struct Column: Sendable {
        /// Heading in CSV.
        var key: String
        /// Heading in tables; nil for columns that only CSV has.
        var title: Bilingual?
        var isNumber = false
        var minimum: Int?
        var importance = 0
        /// The value in CSV.
        var value: @Sendable (Record) -> String
        /// The cell in tables, where it is not the CSV value.
        var cell: (@Sendable (Record, TerminalStyle) -> Cell)?

        init(
            _ key: String, _ title: Bilingual? = nil, isNumber: Bool = false, minimum: Int? = nil, importance: Int = 0,
            value: @escaping @Sendable (Record) -> String, cell: (@Sendable (Record, TerminalStyle) -> Cell)? = nil
        ) {
            self.key = key
            self.title = title
            self.isNumber = isNumber
            self.minimum = minimum
            self.importance = importance
            self.value = value
            self.cell = cell
        }
    }

    /// Key of the list in a JSON document, and the document's kind: `assets`.
    var kind: String
    var columns: [Column]
    var records: Records<Record>
    /// Said in a table's place when there is no record.
    var whenEmpty: Bilingual
    /// What `format` says in a JSON document; nil for `otscan-KIND/1`.
    var format: String?

    init(
        kind: String, columns: [Column], records: Records<Record>, whenEmpty: Bilingual, format: String? = nil
    ) {
        self.kind = kind
        self.columns = columns
        self.records = records
        self.whenEmpty = whenEmpty
        self.format = format
    }

    init(kind: String, columns: [Column], records: [Record], whenEmpty: Bilingual, format: String? = nil) {
        self.init(
            kind: kind, columns: columns, records: Records(records), whenEmpty: whenEmpty, format: format)
    }

    /// Writes the list to standard output.
    func write(_ options: OutputOptions) throws {
        switch options.chosenFormat {
        case .table: try writeTable(options.style)
        case .json: try writeDocument()
        case .ndjson:
            var output = BufferedOutput()
            let encoder = JSONText.Lines()
            for record in records { try output.write(try encoder.line(record) + "\n") }
            try output.flush()
        case .csv:
            var output = BufferedOutput()
            try output.write(CSVText.record(columns.map(\.key)))
            for record in records { try output.write(CSVText.record(columns.map { $0.value(record) })) }
            try output.flush()
        }
    }

    /// `{"format":"otscan-assets/1","assets":[…]}`, one record a line: written as it is made, however long it is.
    private func writeDocument() throws {
        var output = BufferedOutput()
        let encoder = JSONText.Lines()
        let format = try encoder.line(format ?? "otscan-\(kind.replacing("_", with: "-"))/1")
        try output.write("{\"format\":\(format),\"\(kind)\":[")
        var separator = "\n"
        for record in records {
            try output.write(separator + (try encoder.line(record)))
            separator = ",\n"
        }
        try output.write("\n]}\n")
        try output.flush()
    }

    func table(_ style: TerminalStyle) -> Table {
        let titled = columns.filter { $0.title != nil }
        var tells = titled.map { $0.importance == 0 }
        var rows: [[Cell]] = []
        rows.reserveCapacity(records.count)
        for record in records {
            rows.append(
                titled.enumerated().map { index, column in
                    let value = column.value(record)
                    if !value.isEmpty { tells[index] = true }
                    return column.cell?(record, style) ?? (value.isEmpty ? Cell("-", .faint) : Cell(value))
                })
        }
        // A column that says nothing about any record only takes room.
        let shown = titled.indices.filter { tells[$0] }
        return Table(
            columns: shown.map { index in
                Table.Column(
                    title: titled[index].title?[style.language] ?? "", isNumber: titled[index].isNumber,
                    minimum: titled[index].minimum, importance: titled[index].importance)
            },
            rows: shown.count == titled.count ? rows : rows.map { row in shown.map { row[$0] } })
    }

    private func writeTable(_ style: TerminalStyle) throws {
        guard !records.isEmpty else { return try StandardOutput.write(whenEmpty[style.language] + "\n") }
        let (lines, hidden) = table(style).lines(style)
        try StandardOutput.write(lines.joined(separator: "\n") + "\n")
        guard !hidden.isEmpty else { return }
        let titles = hidden.joined(separator: style.say("、", ", "))
        let note = style.say(
            "(\(titles) は端末の幅に収まらないため省略。--format csv で全列を出力)",
            "(no room for: \(titles); a wider terminal or --format csv shows them)")
        let wrapped = TextWidth.wrap(note, to: style.width ?? 100)
        try StandardOutput.write(wrapped.map { style.paint($0, .faint) }.joined(separator: "\n") + "\n")
    }
}
