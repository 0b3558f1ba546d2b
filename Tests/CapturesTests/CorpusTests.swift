import Foundation
import Model
import TestSupport
import Testing

@testable import Captures

@Suite struct CorpusTests {
    /// Every capture of the corpus has the frames, link type and digest that its manifest lists.
    @Test func everyCaptureHasItsFrames() throws {
        guard let manifest = CaptureCorpus.file("MANIFEST.tsv") else { return }
        let lines = try String(contentsOf: manifest, encoding: .utf8).split(whereSeparator: \.isNewline)
        let header = try #require(lines.first).split(separator: "\t", omittingEmptySubsequences: false)
        let file = try #require(header.firstIndex(of: "file"))
        let packets = try #require(header.firstIndex(of: "packets"))
        let linkType = try #require(header.firstIndex(of: "linktype"))
        let sha256 = try #require(header.firstIndex(of: "sha256"))
        var damaged: [String] = []
        for line in lines.dropFirst() {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count > max(file, packets, linkType, sha256), let url = CaptureCorpus.file(fields[file]) else {
                Issue.record("manifest line not understood: \(line)")
                continue
            }
            var reader = try CaptureReader(path: url.path)
            while reader.next() {}
            let statistics = reader.statistics
            #expect(statistics.frames &+ statistics.recordsWithoutFrame == UInt64(fields[packets]), "\(fields[file])")
            #expect(statistics.interfaces.reduce(0) { $0 &+ $1.frames } == statistics.frames, "\(fields[file])")
            #expect(reader.sha256 == fields[sha256], "\(fields[file])")
            // The manifest lists the header's whole field, and raw IP as DLT_RAW.
            let listed = fields[linkType].split(separator: ",").compactMap { UInt32($0) }
                .map { LinkType(capture: UInt16(truncatingIfNeeded: $0)) }
            #expect(Set(statistics.interfaces.map(\.linkType)) == Set(listed), "\(fields[file])")
            if let error = reader.ending.error { damaged.append("\(error)") }
        }
        // Captures that end within a frame: what is before it counts, in the manifest too.
        for error in damaged {
            print("damaged: \(error)")
            #expect(error.contains("the capture ends within frame"))
        }
    }
}
