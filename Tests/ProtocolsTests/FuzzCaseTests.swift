import Foundation
import FuzzDriver
import Protocols
import TestSupport
import Testing
import Wire

/// Inputs with which a fuzz target once trapped, or broke what must hold of any run, replayed. Each lies in the folder of
/// its target, as hexadecimal digits; lines that start with # say what it is.
@Suite struct FuzzCaseTests {
    private static let folder = CaptureCorpus.repository.appendingPathComponent("Tests/ProtocolsTests/Cases")

    private static func bytes(_ file: URL) throws -> [UInt8] {
        hex(
            try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }
                .joined(separator: "\n"))
    }

    @Test func everyCaseEnds() throws {
        var cases = 0
        for place in try FileManager.default.contentsOfDirectory(
            at: FuzzCaseTests.folder, includingPropertiesForKeys: nil)
        {
            let target = try #require(FuzzTarget(place.lastPathComponent), "\(place.lastPathComponent)")
            for file in try FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil) {
                let input = try FuzzCaseTests.bytes(file)
                #expect(input.count > 2, "\(file.lastPathComponent)")
                target.run(input.span.bytes)
                cases += 1
            }
        }
        #expect(cases >= 1)
    }

    /// Whatever a protocol is sent first, in either direction and cut anywhere, the run ends and adds up.
    @Test func everyProtocolTakesAnything() {
        let openings: [[UInt8]] = [
            [], [0], [0xff, 0xff, 0xff, 0xff], [0x80, 0, 0, 0], hex("0300 0007 02f080"),
            hex("ffffffffffffffff7fffffff"),
            [UInt8](repeating: 0, count: 300), [UInt8](repeating: 0xff, count: 300), (0...255).map { UInt8($0) },
        ]
        for entry in ProtocolRegistry.all {
            for place in FuzzConversation.places(of: [entry]).indices {
                for (index, opening) in openings.enumerated() {
                    for control: UInt8 in [0, 1, 0x62, 0xb5] {
                        let record = FuzzRecords.record(control, opening.span.bytes)
                        let input = [UInt8(index & 7), UInt8(place)] + record + record
                        FuzzConversation.run(input.span.bytes, [entry])
                    }
                }
            }
        }
    }
}
