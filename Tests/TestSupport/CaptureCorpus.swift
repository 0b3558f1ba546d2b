package import Foundation

/// The shared corpus of real captures, when it is there.
package enum CaptureCorpus {
    /// The folder named by `OTSCAN_CAPTURES`, or `../shared/captures` beside the repository; nil when absent.
    package static let folder: URL? = {
        let environment = ProcessInfo.processInfo.environment["OTSCAN_CAPTURES"]
        let candidate =
            environment.map { URL(fileURLWithPath: $0) }
            ?? repository.deletingLastPathComponent().appendingPathComponent("shared/captures")
        return FileManager.default.fileExists(atPath: candidate.appendingPathComponent("MANIFEST.tsv").path)
            ? candidate : nil
    }()

    /// The root of this repository.
    package static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A corpus file by its path as in MANIFEST.tsv; prints "skipped" and returns nil when the corpus is absent.
    package static func file(_ path: String) -> URL? {
        guard let folder else {
            print("skipped: corpus of captures not found (set OTSCAN_CAPTURES)")
            return nil
        }
        return folder.appendingPathComponent(path)
    }

    /// Paths of all captures, as listed in MANIFEST.tsv.
    package static func manifest() throws -> [String] {
        guard let folder else { return [] }
        let text = try String(contentsOf: folder.appendingPathComponent("MANIFEST.tsv"), encoding: .utf8)
        return text.split(whereSeparator: \.isNewline).dropFirst().compactMap {
            $0.split(separator: "\t").first.map(String.init)
        }
    }
}
