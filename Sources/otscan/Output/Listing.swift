import Assessment

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
    var records: [Record]
    /// Said in a table's place when there is no record.
    var whenEmpty: Bilingual
    /// What `format` says in a JSON document; nil for `otscan-KIND/1`.
    var format: String?

    /// Writes the list to standard output.
    func write(_ options: OutputOptions) throws {
        switch options.chosenFormat {
        case .table: try writeTable(options.style)
        case .json:
            try StandardOutput.write(
                try JSONText.document(
                    Document(
                        format: format ?? "otscan-\(kind.replacing("_", with: "-"))/1", kind: kind, records: records)))
        case .ndjson: for record in records { try StandardOutput.write(try JSONText.line(record)) }
        case .csv:
            try StandardOutput.write(CSVText.record(columns.map(\.key)))
            for record in records {
                try StandardOutput.write(CSVText.record(columns.map { $0.value(record) }))
            }
        }
    }

    func table(_ style: TerminalStyle) -> Table {
        // A column that says nothing about any record only takes room.
        let shown = columns.filter { column in
            column.title != nil && (column.importance == 0 || records.contains { !column.value($0).isEmpty })
        }
        return Table(
            columns: shown.map { column in
                Table.Column(
                    title: column.title?[style.language] ?? "", isNumber: column.isNumber, minimum: column.minimum,
                    importance: column.importance)
            },
            rows: records.map { record in
                shown.map { column in
                    if let cell = column.cell?(record, style) { return cell }
                    let value = column.value(record)
                    return value.isEmpty ? Cell("-", .faint) : Cell(value)
                }
            })
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

    /// `{"format": "otscan-assets/1", "assets": […]}`
    private struct Document: Encodable {
        var format: String
        var kind: String
        var records: [Record]

        struct Key: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(format, forKey: Key(stringValue: "format"))
            try container.encode(records, forKey: Key(stringValue: kind))
        }
    }
}
