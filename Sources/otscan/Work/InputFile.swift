import AssessmentFiles
import Foundation
import Model
import Spreadsheets

/// Files that the user names for a command to read.
enum InputFile {
    /// Throws when there is no file of that name, or it is a folder, or it may not be read.
    static func expect(_ path: String) throws {
        let name = WireText(path).visible
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw CommandError("\(name): no such file; check the name")
        }
        if isFolder.boolValue { throw CommandError("\(name): a folder; name a file") }
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw CommandError("\(name): cannot be read; check its permissions")
        }
    }

    /// A document in YAML or JSON.
    static func text(_ path: String) throws -> FileText {
        try expect(path)
        return try FileText(path: path)
    }

    /// Answers as YAML or JSON, or as the first sheet of an Excel workbook that is a check sheet.
    static func answers(_ path: String) throws -> AnswerSheet {
        try expect(path)
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        let head = try handle.read(upToCount: 4) ?? Data()
        try handle.close()
        guard WorkbookReader.isWorkbook(head) else { return try AnswerSheet(reading: try FileText(path: path)) }
        let sheets = try WorkbookReader.sheets(path: path)
        let sheet = sheets.first { AnswerTable.isCheckSheet($0.rows) } ?? sheets.first
        return try AnswerTable.read(sheet?.rows ?? [], file: path) { WorkbookReader.day(serial: $0) }
    }
}
