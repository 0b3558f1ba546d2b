import Assessment
import Evidence
import Foundation
import Glibc
import Model
import Reporting
import Spreadsheets

/// Writes the report of a store in the format that a file's name asks for.
struct ReportWriting {
    let store: Store
    let rulebook: Rulebook
    let language: Language
    let isMasked: Bool
    /// The signed-off edition to write; nil for what stands now.
    var edition: Int?
    /// The assessment to compare with.
    var earlier: Store?
    /// Which table a CSV file holds.
    var table = ReportTables.Name.plan

    enum Format: String, CaseIterable {
        case html, json, pdf, xlsx, csv

        init?(path: String) {
            let ending = path.split(separator: "/").last?.split(separator: ".").last?.lowercased()
            switch ending {
            case "html", "htm": self = .html
            case "json": self = .json
            case "pdf": self = .pdf
            case "xlsx": self = .xlsx
            case "csv": self = .csv
            default: return nil
            }
        }
    }

    /// What is wrong with a file of this name as a report; nil when it can become one.
    static func problem(with path: String) -> String? {
        guard Format(path: path) == nil else { return nil }
        return "\(WireText(path).visible): expected a name that ends in .html, .pdf, .xlsx, .json or .csv"
    }

    func write(to path: String) throws {
        guard let format = Format(path: path) else { throw CommandError(ReportWriting.problem(with: path) ?? path) }
        let report = try Report(
            store: store, checklist: rulebook.checklist, policy: rulebook.policy,
            options: ReportOptions(
                language: language, isMasked: isMasked, toolVersion: Otscan.version, edition: edition),
            earlier: earlier)
        switch format {
        case .html: try OutputFile.write(report.html(), to: path)
        case .json: try OutputFile.write(try report.json(), to: path)
        case .pdf: try PDFPrinting.print(report.html(), to: path)
        case .xlsx: try writeWorkbook(report, to: path)
        case .csv: try OutputFile.write(try ReportTables(report, store).table(table).csv, to: path)
        }
    }

    /// Written beside its place and moved there, so that it is whole or not there.
    private func writeWorkbook(_ report: Report, to path: String) throws {
        let target = URL(fileURLWithPath: path)
        let beside = target.deletingLastPathComponent().appendingPathComponent(
            ".\(target.lastPathComponent).\(getpid())")
        defer { try? FileManager.default.removeItem(at: beside) }
        do {
            try WorkbookWriter.write(try ReportTables(report, store).all(), to: beside.path, title: report.title)
        } catch let error as SpreadsheetError {
            throw CommandError(error.description.replacing(beside.path, with: WireText(path).visible))
        }
        guard rename(beside.path, path) == 0 else {
            throw CommandError("\(WireText(path).visible): cannot be written: \(String(cString: strerror(errno)))")
        }
    }
}
