import Foundation
import Model

/// Prints a page as PDF with whichever of Chromium and WeasyPrint is installed.
enum PDFPrinting {
    private static let browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    /// Longest that printing may take, in seconds.
    private static let patience = 120.0

    static func print(_ html: String, to path: String) throws {
        let name = WireText(path).visible
        let target = URL(fileURLWithPath: path)
        guard FileManager.default.isWritableFile(atPath: target.deletingLastPathComponent().path) else {
            throw CommandError("\(name): cannot be written; check that the folder exists and is writable")
        }
        // The page holds what the store holds, so it is made where only its owner can read it.
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("otscan-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let page = folder.appendingPathComponent("report.html")
        let sheet = folder.appendingPathComponent("report.pdf")
        try Data(html.utf8).write(to: page)

        if let browser = browsers.lazy.compactMap(Programs.find).first {
            var arguments = [
                "--headless", "--disable-gpu", "--no-pdf-header-footer", "--generate-pdf-document-outline",
                "--user-data-dir=\(folder.path)/profile",
                "--print-to-pdf=\(sheet.path)", page.absoluteString,
            ]
            // Chromium refuses its sandbox to the superuser; the page is our own and loads nothing.
            if geteuid() == 0 { arguments.insert("--no-sandbox", at: 1) }
            try run(browser, arguments)
        } else if let weasyprint = Programs.find("weasyprint") {
            try run(weasyprint, [page.path, sheet.path])
        } else {
            throw CommandError(
                "\(name): a PDF needs chromium or weasyprint, and neither is installed; install one, or write .html and print it from a browser"
            )
        }
        guard let document = try? Data(contentsOf: sheet), document.starts(with: Data("%PDF".utf8)) else {
            throw CommandError("\(name): printing gave no PDF; write .html and print it from a browser")
        }
        do {
            try document.write(to: target, options: .atomic)
        } catch {
            throw CommandError("\(name): cannot be written; check that the folder exists and is writable")
        }
    }

    private static func run(_ program: URL, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let end = Date().addingTimeInterval(patience)
        while process.isRunning, Date() < end { Thread.sleep(forTimeInterval: 0.05) }
        if process.isRunning {
            process.terminate()
            throw CommandError(
                "\(program.lastPathComponent): did not finish in \(Int(patience)) s; write .html and print it from a browser"
            )
        }
    }
}
