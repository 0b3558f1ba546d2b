import Assessment
import Evidence
import Foundation
import Reporting
import Testing

/// Where reports go to be looked at: the folder named by `OTSCAN_REPORT_OUT`, nowhere without it.
enum Preview {
    static let folder = ProcessInfo.processInfo.environment["OTSCAN_REPORT_OUT"].map { URL(fileURLWithPath: $0) }

    static func put(_ name: String, _ text: @autoclosure () throws -> String) throws {
        guard let folder else { return }
        try Data(text().utf8).write(to: folder.appendingPathComponent(name))
    }
}

@Suite struct ReportPreview {
    @Test(.enabled(if: Preview.folder != nil)) func write() throws {
        let flat = try Fixtures.sampleFactory()
        try Preview.put("ja.html", Fixtures.report(flat).html())
        try Preview.put("masked.html", Fixtures.report(flat, masked: true).html())
        try Preview.put("ja.json", Fixtures.report(flat).json())
        try Preview.put("en.html", Fixtures.report(try Fixtures.sampleFactory("factory.en.yaml"), .english).html())
        let segmented = try Store()
        try Fixtures.analyse(segmented, "factory-segmented.pcapng")
        try Fixtures.answer(segmented, ["factory.yaml", "factory-segmented-review.yaml"])
        try Preview.put("segmented.html", Fixtures.report(segmented).html())
        let interview = try Store()
        try Fixtures.answer(interview, ["factory-interview.yaml"])
        try Preview.put("interview.html", Fixtures.report(interview).html())
        try Preview.put("empty.html", Fixtures.report(try Store()).html())
    }
}
