import Foundation
import TestSupport
import Testing

/// The review in a real browser: by keyboard, by mouse, without JavaScript, killed and attacked. `Browser/review.py` holds the
/// steps; it drives Chromium by Playwright, and each check is a line of its output.
@Suite struct ReviewBrowserTests {
    private static let parts = [
        "by_keyboard", "by_mouse", "without_scripts", "tabs_and_drafts", "kills", "attacks", "hostile_text",
        "accessibility", "markup",
    ]

    private static let chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test(.serialized, arguments: parts) func review(part: String) throws {
        let folder = try Folder()
        guard let chromium = Self.chromium,
            try Program.shell("python3 -c 'import playwright'", in: folder).status == 0
        else {
            print("skipped: the review in a browser needs Chromium, and Playwright for Python")
            return
        }
        let script = CaptureCorpus.repository.appendingPathComponent("Tests/CommandLineTests/Browser/review.py").path
        let run = try Program.shell(
            "python3 '\(script)' '\(Program.path)' . '\(Program.sample("factory.pcapng"))' '\(chromium)'", in: folder,
            environment: ["OTSCAN_BROWSER_PART": part])
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(run.output.hasSuffix("done\n"))
        guard part == "markup", let checker = try HTMLChecker(in: folder) else { return }
        let pages = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).filter {
            $0.hasSuffix(".html")
        }
        #expect(pages.count == 28)
        let problems = try checker.problems(in: pages, folder)
        #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
    }
}
