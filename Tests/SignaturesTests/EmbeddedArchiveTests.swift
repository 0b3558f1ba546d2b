import Embedded
import Foundation
import TestSupport
import Testing

/// The committed archive carries what the repository holds now.
@Suite struct EmbeddedArchiveTests {
    @Test(arguments: [("Signatures", "Signatures"), ("Sources/Review/Assets", "Review")])
    func isFresh(_ folder: String, _ name: String) throws {
        let top = CaptureCorpus.repository.appendingPathComponent(folder)
        var files: [String: [UInt8]] = [:]
        for case let path as String in FileManager.default.enumerator(atPath: top.path) ?? .init() {
            let url = top.appendingPathComponent(path)
            var isFolder: ObjCBool = false
            guard !path.split(separator: "/").contains(where: { $0.hasPrefix(".") }),
                FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), !isFolder.boolValue
            else { continue }
            files["\(name)/\(path)"] = Array(try Data(contentsOf: url))
        }
        #expect(EmbeddedArchive.names(under: name) == files.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        for (name, bytes) in files {
            #expect(EmbeddedArchive.bytes(named: name) == bytes, "\(name) is stale: run Scripts/embed.py archive")
        }
    }

    @Test func carriesChecklistAndPolicy() {
        #expect(!EmbeddedArchive.names(under: "Signatures/checklist").isEmpty)
        #expect(EmbeddedArchive.text(named: "Signatures/policy/default.yaml") != nil)
        #expect(EmbeddedArchive.bytes(named: "Signatures/none") == nil)
    }
}
