/// Comma-separated values by RFC 4180, safe to open in a spreadsheet.
package enum CSVText {
    /// One record with its line end (CRLF).
    package static func record(_ fields: [String]) -> String {
        fields.map(field).joined(separator: ",") + "\r\n"
    }

    /// A field, quoted where RFC 4180 wants it. A text that a spreadsheet would take for a formula gets an apostrophe
    /// before it (OWASP, "CSV Injection"): names and texts come from the wire.
    package static func field(_ text: String) -> String {
        let safe = startsFormula(text) ? "'" + text : text
        guard safe.utf8.contains(where: needsQuotes) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }

    /// The quotation mark, the comma, line feed and carriage return.
    private static func needsQuotes(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x22, 0x2c, 0x0a, 0x0d: true
        default: false
        }
    }

    /// `=`, `+`, `-`, `@`, tab and carriage return.
    private static func startsFormula(_ text: String) -> Bool {
        switch text.utf8.first {
        case 0x3d, 0x2b, 0x2d, 0x40, 0x09, 0x0d: true
        default: false
        }
    }
}
