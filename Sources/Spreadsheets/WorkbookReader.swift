import CZip
import Foundation
import FoundationXML

/// Reads the cells of an Excel workbook (ECMA-376, SpreadsheetML), within bounds: a small file cannot become a large one, and
/// nothing outside of the file is ever opened.
package struct WorkbookReader {
    package struct Sheet: Sendable {
        package var name: String
        /// Cells as text, row by row from the first; rows and cells that the file leaves out are empty.
        package var rows: [[String]]
    }

    package enum Limits {
        /// Largest file, largest part once expanded, and largest sum of the parts read, in bytes.
        package static let file = 32 << 20
        static let part = 64 << 20
        static let total = 128 << 20
        static let entries = 4096
        /// Most bytes that one byte of a packed part may become.
        static let ratio: UInt64 = 400
        static let rows = 100_000
        static let columns = 256
        static let cells = 4_000_000
        static let text = 32_768
        static let sheets = 64
    }

    /// True when the bytes begin as a ZIP file does.
    package static func isWorkbook(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.starts(with: [0x50, 0x4b, 0x03, 0x04])
    }

    package static func sheets(path: String) throws(SpreadsheetError) -> [Sheet] {
        var code: Int32 = 0
        guard let archive = zip_open(path, ZIP_RDONLY, &code) else {
            throw SpreadsheetError(file: path, "expected an Excel workbook (.xlsx), found no ZIP file that can be read")
        }
        defer { zip_discard(archive) }
        guard zip_get_num_entries(archive, 0) <= Limits.entries else {
            throw SpreadsheetError(file: path, "expected at most \(Limits.entries) parts, found more")
        }
        var parts = Parts(file: path, archive: archive)
        guard let book = try parts.read("xl/workbook.xml") else {
            throw SpreadsheetError(
                file: path, "expected an Excel workbook (.xlsx), found a ZIP file without xl/workbook.xml")
        }
        let listed = try parse(book, BookParser(), path).sheets
        let relations = try parts.read("xl/_rels/workbook.xml.rels")
        let targets =
            try relations.map { data throws(SpreadsheetError) in try parse(data, RelationParser(), path).targets }
            ?? [:]
        let strings = try parts.read("xl/sharedStrings.xml")
        let shared =
            try strings.map { data throws(SpreadsheetError) in try parse(data, StringParser(), path).strings } ?? []
        var sheets: [Sheet] = []
        for (name, relation) in listed.prefix(Limits.sheets) {
            guard let target = targets[relation], let part = partName(target), let data = try parts.read(part) else {
                continue
            }
            let parser = SheetParser(shared: shared)
            let rows = try parse(data, parser, path).rows
            sheets.append(Sheet(name: name, rows: rows))
        }
        return sheets
    }

    /// `worksheets/sheet1.xml` or `/xl/worksheets/sheet1.xml`, inside of the workbook only.
    private static func partName(_ target: String) -> String? {
        let name = target.hasPrefix("/") ? String(target.dropFirst()) : "xl/" + target
        return name.split(separator: "/").contains("..") ? nil : name
    }

    private struct Parts {
        let file: String
        let archive: OpaquePointer
        var total = 0

        mutating func read(_ name: String) throws(SpreadsheetError) -> Data? {
            let index = zip_name_locate(archive, name, zip_flags_t(ZIP_FL_NOCASE))
            guard index >= 0 else { return nil }
            var status = zip_stat_t()
            guard zip_stat_index(archive, zip_uint64_t(index), 0, &status) == 0, status.size <= Limits.part,
                status.size <= 1 << 20 || status.size / max(status.comp_size, 1) <= Limits.ratio,
                total + Int(status.size) <= Limits.total
            else {
                throw SpreadsheetError(
                    file: file, "\(name): expected a part of bounded size, found one that expands too far")
            }
            guard let handle = zip_fopen_index(archive, zip_uint64_t(index), 0) else {
                throw SpreadsheetError(file: file, "\(name): cannot be unpacked; it may be encrypted or damaged")
            }
            defer { zip_fclose(handle) }
            var data = Data()
            var piece = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = zip_fread(handle, &piece, zip_uint64_t(piece.count))
                guard count >= 0 else {
                    throw SpreadsheetError(file: file, "\(name): cannot be unpacked; it is damaged")
                }
                if count == 0 { break }
                data.append(contentsOf: piece.prefix(Int(count)))
                // The size in the directory is only what the file says.
                guard data.count <= Limits.part else {
                    throw SpreadsheetError(file: file, "\(name): expected at most \(Limits.part) bytes, found more")
                }
            }
            total += data.count
            return data
        }
    }

    private static func parse<Parser: PartParser>(
        _ data: Data, _ parser: Parser, _ file: String
    ) throws(SpreadsheetError) -> Parser {
        // Workbooks have no document type; whoever declares one wants entities expanded.
        guard data.range(of: Data("<!DOCTYPE".utf8)) == nil, data.range(of: Data("<!ENTITY".utf8)) == nil else {
            throw SpreadsheetError(file: file, "expected plain SpreadsheetML, found a document type declaration")
        }
        let xml = XMLParser(data: data)
        xml.shouldResolveExternalEntities = false
        xml.shouldProcessNamespaces = true
        xml.delegate = parser
        guard (xml.parse() && xml.parserError == nil) || parser.isFull else {
            throw SpreadsheetError(
                file: file,
                "expected XML in line \(xml.lineNumber) of a part, found something else; save it anew in Excel")
        }
        if let problem = parser.problem { throw SpreadsheetError(file: file, problem) }
        return parser
    }
}

/// What every part's parser has.
private class PartParser: NSObject, XMLParserDelegate {
    var problem: String?
    /// True when parsing was ended because there was enough.
    var isFull = false

    func end(_ parser: XMLParser, _ problem: String) {
        self.problem = problem
        isFull = true
        parser.abortParsing()
    }

    // Declared here so that subclasses override them: a default of the protocol would be called instead of theirs.
    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {}
    func parser(_ parser: XMLParser, foundCharacters part: String) {}
    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {}
}

private final class BookParser: PartParser {
    private(set) var sheets: [(name: String, relation: String)] = []

    override func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        guard name == "sheet" else { return }
        let relation =
            attributes["r:id"] ?? attributes["id"] ?? attributes.first { $0.key.hasSuffix(":id") }?.value ?? ""
        sheets.append((attributes["name"] ?? "", relation))
        if sheets.count > WorkbookReader.Limits.sheets {
            end(parser, "expected at most \(WorkbookReader.Limits.sheets) sheets, found more")
        }
    }
}

private final class RelationParser: PartParser {
    private(set) var targets: [String: String] = [:]

    override func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        guard name == "Relationship", attributes["TargetMode"] != "External", let id = attributes["Id"] else { return }
        targets[id] = attributes["Target"]
    }
}

private final class StringParser: PartParser {
    private(set) var strings: [String] = []
    private var text: String?
    private var isInText = false
    /// Readings of Japanese names stand beside the text (`rPh`) and are no part of it.
    private var phonetic = 0

    override func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        switch name {
        case "si": text = ""
        case "t": isInText = phonetic == 0
        case "rPh": phonetic += 1
        default: break
        }
    }

    override func parser(_ parser: XMLParser, foundCharacters part: String) {
        guard isInText, let known = text, known.utf8.count + part.utf8.count <= WorkbookReader.Limits.text else {
            return
        }
        text = known + part
    }

    override func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?)
    {
        switch name {
        case "t": isInText = false
        case "rPh": phonetic -= 1
        case "si":
            strings.append(text ?? "")
            text = nil
            if strings.count > WorkbookReader.Limits.cells {
                end(parser, "expected fewer texts than \(WorkbookReader.Limits.cells), found more")
            }
        default: break
        }
    }
}

private final class SheetParser: PartParser {
    private(set) var rows: [[String]] = []
    private let shared: [String]
    private var cells = 0
    private var place: (row: Int, column: Int) = (0, 0)
    private var kind = ""
    private var value: String?
    private var isInValue = false
    private var phonetic = 0

    init(shared: [String]) { self.shared = shared }

    override func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        switch name {
        case "row":
            let number = attributes["r"].flatMap { Int($0) } ?? rows.count + 1
            guard (1...WorkbookReader.Limits.rows).contains(number) else {
                return end(parser, "expected at most \(WorkbookReader.Limits.rows) rows, found more")
            }
            while rows.count < number { rows.append([]) }
            place = (number - 1, -1)
        case "c":
            place.column = attributes["r"].flatMap(SheetParser.column) ?? place.column + 1
            kind = attributes["t"] ?? "n"
            value = nil
        case "v", "t":
            isInValue = phonetic == 0
            if isInValue, value == nil { value = "" }
        case "rPh": phonetic += 1
        default: break
        }
    }

    override func parser(_ parser: XMLParser, foundCharacters part: String) {
        guard isInValue, let known = value, known.utf8.count + part.utf8.count <= WorkbookReader.Limits.text else {
            return
        }
        value = known + part
    }

    override func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?)
    {
        switch name {
        case "v", "t": isInValue = false
        case "rPh": phonetic -= 1
        case "c":
            guard let value, rows.indices.contains(place.row),
                (0..<WorkbookReader.Limits.columns).contains(place.column)
            else {
                return
            }
            cells += 1
            if cells > WorkbookReader.Limits.cells {
                return end(parser, "expected fewer cells than \(WorkbookReader.Limits.cells), found more")
            }
            while rows[place.row].count <= place.column { rows[place.row].append("") }
            rows[place.row][place.column] = text(value)
        default: break
        }
    }

    private func text(_ value: String) -> String {
        switch kind {
        case "s": Int(value).flatMap { shared.indices.contains($0) ? shared[$0] : nil } ?? ""
        case "b": value == "1" ? "TRUE" : "FALSE"
        case "n": Double(value).map { SheetTable.Cell.number($0).text } ?? value
        default: value
        }
    }

    /// Index of the column of a cell reference: `A1` → 0, `AB12` → 27.
    private static func column(_ reference: String) -> Int? {
        var number = 0
        for byte in reference.utf8.prefix(4) {
            guard (0x41...0x5a).contains(byte) else { break }
            number = number * 26 + Int(byte) - 0x40
        }
        return number > 0 ? number - 1 : nil
    }
}

extension WorkbookReader {
    /// The day that a number stands for in a cell formatted as a date: days since 1899-12-30, as `2026-04-01`; nil for what is no
    /// such number.
    package static func day(serial: String) -> String? {
        guard let number = Double(serial), number >= 1, number < 2_958_466 else { return nil }
        let day = Date(timeIntervalSince1970: (number.rounded(.down) - 25_569) * 86_400)
        var calendar = Calendar(identifier: .gregorian)
        guard let utc = TimeZone(identifier: "UTC") else { return nil }
        calendar.timeZone = utc
        let parts = calendar.dateComponents([.year, .month, .day], from: day)
        guard let year = parts.year, let month = parts.month, let date = parts.day else { return nil }
        return String(format: "%04d-%02d-%02d", year, month, date)
    }
}
