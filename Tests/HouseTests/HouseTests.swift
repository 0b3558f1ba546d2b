import Foundation
import TestSupport
import Testing

/// The arrows between the rooms: a target imports only what lies below it.
@Suite struct HouseTests {
    private static let below: [String: Set<String>] = [
        "Model": [],
        "Assessment": [],
        "Wire": ["Model"],
        "LedgerFiles": ["Model", "Spreadsheets"],
        "DeclarationFiles": ["Model", "Documents"],
        "Embedded": ["CEmbedded"],
        "Captures": ["Model", "CDecompression"],
        "Confinement": ["CLinux"],
        "LiveAnalysis": ["Analysis", "Protocols", "Evidence", "Captures", "Confinement", "Model", "CLinux"],
        "Supervision": ["Captures", "Model", "CLinux"],
        // The only program with a privilege: what it is made of can be read in an hour.
        "otscan-collector": ["Confinement", "CLinux", "CPcap"],
        "Protocols": ["Wire", "Model"],
        "Documents": [],
        "Signatures": ["Model", "Embedded", "CEmbedded", "Documents"],
        "AssessmentFiles": ["Assessment", "Documents"],
        "Analysis": ["Protocols", "Wire", "Signatures", "Assessment", "Captures", "Model"],
        "Evidence": ["Model", "Assessment"],
        "Wording": ["Assessment", "Model"],
        "Reporting": ["Evidence", "Assessment", "Wording", "Spreadsheets", "Model", "Embedded", "CEmbedded"],
        "Review": ["Evidence", "Assessment", "Reporting", "Wording", "Embedded", "Model"],
        "Spreadsheets": ["CXLSXWriter", "CZip"],
    ]
    private static let rooms = Set(below.keys).union([
        "CEmbedded", "CDecompression", "CPcap", "CLinux", "CXLSXWriter", "CZip", "otscan",
    ])

    @Test func arrowsPointDown() throws {
        var checked = 0
        for (room, allowed) in HouseTests.below {
            for (file, imports) in try HouseTests.imports(of: room) {
                checked += 1
                let upward = imports.intersection(HouseTests.rooms).subtracting(allowed)
                #expect(upward.isEmpty, "\(file) imports \(upward.sorted())")
            }
        }
        #expect(checked > 100)
    }

    /// The scoring core is for any program: it needs nothing but the standard library.
    @Test func scoringCoreAndVocabularyImportNothing() throws {
        for room in ["Assessment", "Model"] {
            for (file, imports) in try HouseTests.imports(of: room) {
                #expect(imports.isEmpty, "\(file) imports \(imports)")
            }
        }
    }

    private static func imports(of room: String) throws -> [(file: String, imports: Set<String>)] {
        let folder = CaptureCorpus.repository.appendingPathComponent("Sources/\(room)")
        guard let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else { return [] }
        return try files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }.map { url in
            let lines = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline)
            let imports = lines.compactMap { line -> String? in
                let words = line.split(separator: " ")
                guard let position = words.firstIndex(of: "import"), position <= 1, position + 1 < words.count else {
                    return nil
                }
                return words[position + 1].split(separator: ".").first.map(String.init)
            }
            return ("\(room)/\(url.lastPathComponent)", Set(imports))
        }
    }
}
