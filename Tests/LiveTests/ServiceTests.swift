import Foundation
import TestSupport
import Testing

/// The systemd unit, as systemd itself reads it; what runs it is not asked for.
@Suite struct ServiceTests {
    @Test func systemdUnderstandsTheUnit() throws {
        guard Machine.has(["systemd-analyze"], root: false) else { return }
        let folder = try Folder()
        let unit = CaptureCorpus.repository.appendingPathComponent("packaging/otscan-capture.service")
        let text = try String(contentsOf: unit, encoding: .utf8)
        func judge(_ text: String) throws -> Shell.Result {
            // The program is not installed here, and systemd looks whether it is.
            try Data(text.replacingOccurrences(of: "/usr/bin/otscan", with: "/bin/true").utf8)
                .write(to: URL(fileURLWithPath: folder.file("otscan-capture.service")))
            return try Shell.run("systemd-analyze verify ./otscan-capture.service", in: folder)
        }
        let result = try judge(text)
        #expect(result.status == 0 && result.output.isEmpty, "\(result.output)")
        // It does notice what is wrong.
        let wrong = try judge(text.replacingOccurrences(of: "KillMode=mixed", with: "KillMode=whatever"))
        #expect(wrong.output.contains("kill mode"), "\(wrong.output)")
    }
}
