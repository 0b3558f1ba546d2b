import Assessment
import Evidence
import Foundation
import Reporting
import Testing

/// Writes reports to the folder named by `OTSCAN_REPORT_OUT`, to be looked at.
@Suite struct ReportPreview {
    @Test(.enabled(if: ProcessInfo.processInfo.environment["OTSCAN_REPORT_OUT"] != nil)) func write() throws {
        let folder = URL(fileURLWithPath: ProcessInfo.processInfo.environment["OTSCAN_REPORT_OUT"] ?? "")
        func put(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: folder.appendingPathComponent(name))
        }
        let flat = try Fixtures.sampleFactory()
        try put("ja.html", try Fixtures.report(flat).html())
        try put("masked.html", try Fixtures.report(flat, masked: true).html())
        try put("ja.json", try Fixtures.report(flat).json())
        try put("en.html", try Fixtures.report(try Fixtures.sampleFactory("factory.en.yaml"), .english).html())
        let segmented = try Store()
        try Fixtures.analyse(segmented, "factory-segmented.pcapng")
        try Fixtures.answer(segmented, ["factory.yaml", "factory-segmented-review.yaml"])
        try put("segmented.html", try Fixtures.report(segmented).html())
        let interview = try Store()
        try Fixtures.answer(interview, ["factory-interview.yaml"])
        try put("interview.html", try Fixtures.report(interview).html())
        try put("empty.html", try Fixtures.report(try Store()).html())
    }
}
