/// Comma-separated values by RFC 4180, safe to open in a spreadsheet.
enum CSVText {
    /// One record with its line end (CRLF).
    static func record(_ fields: [String]) -> String {
        fields.map(field).joined(separator: ",") + "\r\n"
    }

    /// A field, quoted where RFC 4180 wants it. A text that a spreadsheet would take for a formula gets an apostrophe
    /// before it (OWASP, "CSV Injection"): names and texts come from the wire.
    static func field(_ text: String) -> String {
        let safe = startsFormula(text) ? "'" + text : text
        guard safe.utf8.contains(where: { [0x22, 0x2c, 0x0a, 0x0d].contains($0) }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }

    private static func startsFormula(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return false }
        return [0x3d, 0x2b, 0x2d, 0x40, 0x09, 0x0d].contains(first)
    }
}
