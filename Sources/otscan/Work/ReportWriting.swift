import Assessment
import Evidence
import Foundation
import Model
import Reporting

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

    enum Format: String, CaseIterable {
        case html, json, pdf

        init?(path: String) {
            let ending = path.split(separator: "/").last?.split(separator: ".").last?.lowercased()
            switch ending {
            case "html", "htm": self = .html
            case "json": self = .json
            case "pdf": self = .pdf
            default: return nil
            }
        }
    }

    /// Throws unless a file of this name can become a report, before anything is done for it.
    static func expectFormat(_ path: String) throws {
        guard Format(path: path) == nil else { return }
        throw CommandError("\(WireText(path).visible): expected a name that ends in .html, .json or .pdf")
    }

    func write(to path: String) throws {
        guard let format = Format(path: path) else { return try ReportWriting.expectFormat(path) }
        let report = try Report(
            store: store, checklist: rulebook.checklist, policy: rulebook.policy,
            options: ReportOptions(
                language: language, isMasked: isMasked, toolVersion: Otscan.version, edition: edition),
            earlier: earlier)
        switch format {
        case .html: try OutputFile.write(report.html(), to: path)
        case .json: try OutputFile.write(try report.json(), to: path)
        case .pdf: try PDFPrinting.print(report.html(), to: path)
        }
    }
}
