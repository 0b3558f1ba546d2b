import Assessment
import AssessmentFiles
import Foundation
import LedgerFiles
import Model
import Spreadsheets
import Testing

/// Workbooks written and read back, and workbooks that mean harm.
@Suite struct WorkbookTests {
    private func path(_ name: String) -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString)-\(name)").path
    }

    private func table(_ rows: [[SheetTable.Cell]], _ titles: [String]) -> SheetTable {
        SheetTable(name: "t", title: "表/1", columns: titles.map { SheetTable.Column($0) }, rows: rows)
    }

    @Test func cellsComeBackAsTheyWere() throws {
        let file = path("book.xlsx")
        defer { try? FileManager.default.removeItem(atPath: file) }
        let texts = [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "<b>&\"'", "日本語\n二行目", "", " space ", "'quoted", "_x0041_", "🏭",
            String(repeating: "長", count: 40_000),
        ]
        try WorkbookWriter.write(
            [table(texts.map { [.text($0), .number(12.5)] }, ["text", "number"])], to: file, title: "t")
        let sheet = try #require(try WorkbookReader.sheets(path: file).first)
        #expect(sheet.name == "表 1")
        #expect(sheet.rows.count == texts.count + 1 && sheet.rows[0] == ["text", "number"])
        for (row, text) in zip(sheet.rows.dropFirst(), texts.dropLast()) where text != "_x0041_" {
            #expect((row.first ?? "") == text && row.last == "12.5", "\(text)")
        }
        #expect(sheet.rows.last?.first?.hasPrefix("長長") == true)
        // No cell is a formula.
        let unzip = Process()
        unzip.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        unzip.arguments = [
            "-c",
            "import sys, zipfile; sys.exit(b'<f>' in zipfile.ZipFile(sys.argv[1]).read('xl/worksheets/sheet1.xml'))",
            file,
        ]
        try unzip.run()
        unzip.waitUntilExit()
        #expect(unzip.terminationStatus == 0)
    }

    @Test func answersAreReadFromACheckSheet() throws {
        let rows = [
            ["工場セキュリティ チェックシート"], [],
            ["カテゴリ", "サブ項目", "番号", "確認項目", "レベル", "現状", "リスク", "対策", "根拠資料", "見直し日", "判定の理由"],
            ["組織", "体制", "1-1", "…", "3:実施済み", "ある", "", "続ける", "議事録\n組織図", "", ""],
            ["", "", "1-2", "…", "2", "", "", "", "", "46113", ""],
            ["", "", "1-3", "…", "対象外", "", "", "", "", "", "該当なし"],
            ["", "", "1-4", "…", "", "", "", "", "", "", ""],
        ]
        let sheet = try AnswerTable.read(rows, file: "a.xlsx") { WorkbookReader.day(serial: $0) }
        #expect(sheet.answers.map(\.answer) == [.level(.done), .level(.partly), .notApplicable])
        #expect(sheet.answers[0].evidence == ["議事録", "組織図"] && sheet.answers[0].measure == "続ける")
        #expect(sheet.answers[1].reviewDate?.description == "2026-04-01")
        func problem(_ cells: [String]) -> String {
            do {
                _ = try AnswerTable.read([["番号", "レベル", "判定の理由"], cells], file: "a.xlsx")
                return ""
            } catch { return "\(error)" }
        }
        #expect(problem(["1-1", "5"]).hasPrefix("a.xlsx:2:2: 1-1: expected 1, 2, 3, 4, na or unanswered, found \"5\""))
        #expect(problem(["1-1", "na"]).contains("expected a reason"))
        #expect(throws: FileError.self) { try AnswerTable.read([["a", "b"]], file: "a.xlsx") }
    }

    @Test func aLedgerIsReadFromAWorkbook() throws {
        let file = path("ledger.xlsx")
        defer { try? FileManager.default.removeItem(atPath: file) }
        try WorkbookWriter.write(
            [
                table([[.text("x")]], ["memo"]),
                SheetTable(
                    name: "l", title: "台帳", columns: ["機器名", "IPアドレス"].map { SheetTable.Column($0) },
                    rows: [[.text("PLC-1"), .text("192.168.10.50")]]),
            ], to: file, title: "t")
        let ledger = try LedgerFile(path: file)
        #expect(ledger.entries.map(\.name) == ["PLC-1"] && ledger.delimiter == nil)
        #expect(ledger.entries.first?.addresses.map(\.description) == ["192.168.10.50"])
    }

    @Test func harmfulWorkbooksGiveOneError() throws {
        let maker = """
            import sys, zipfile
            kind, path = sys.argv[1:]
            z = zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED)
            book = '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
            rels = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Target="%s"/></Relationships>'
            sheet = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
            target, body = 'worksheets/sheet1.xml', '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'
            if kind == 'entity': book = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + book
            if kind == 'bomb': body = ' ' * (300 << 20)
            if kind == 'rows': body = '<row r="2000000000"><c r="A1"><v>1</v></c></row>'
            if kind == 'columns': body = '<row r="1"><c r="ZZZZ1"><v>1</v></c><c r="9"><v>1</v></c></row>'
            if kind == 'outside': target = '../../../etc/passwd'
            if kind == 'broken': body = '<row><c>'
            if kind == 'shared': body = '<row r="1"><c r="A1" t="s"><v>99999999999</v></c></row>'
            if kind != 'empty':
                z.writestr('xl/workbook.xml', book)
                z.writestr('xl/_rels/workbook.xml.rels', rels % target)
                z.writestr('xl/worksheets/sheet1.xml', sheet % body)
            z.close()
            """
        for (kind, fails) in [
            ("entity", true), ("bomb", true), ("rows", true), ("columns", false), ("outside", false), ("broken", true),
            ("shared", false), ("empty", true),
        ] {
            let file = path("\(kind).xlsx")
            defer { try? FileManager.default.removeItem(atPath: file) }
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
            process.arguments = ["-c", maker, kind, file]
            try process.run()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0)
            do {
                let sheets = try WorkbookReader.sheets(path: file)
                #expect(!fails, "\(kind) gave \(sheets.count) sheets")
                #expect(!sheets.contains { $0.rows.contains { $0.contains { $0.contains("root:") } } })
            } catch {
                #expect(fails, "\(kind): \(error)")
                #expect("\(error)".hasPrefix(file), "\(kind)")
                #expect(!"\(error)".contains("\n"))
            }
        }
        let file = path("cut.xlsx")
        defer { try? FileManager.default.removeItem(atPath: file) }
        try Data([0x50, 0x4b, 3, 4, 0, 0, 0]).write(to: URL(fileURLWithPath: file))
        #expect(throws: SpreadsheetError.self) { try WorkbookReader.sheets(path: file) }
    }
}
