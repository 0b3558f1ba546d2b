import Analysis
import Captures
import Evidence
import Foundation
import Model
import TestSupport
import Testing

/// From captures to a store with proof in it, as the command line does it.
struct Plant {
    let store: Store
    var kept: [KeptFrame] = []
    var problems: [String] = []
    var exhibits: [Exhibit] = []
    var cited: Set<FrameRef> = []

    init(_ paths: [String], store: Store) throws {
        self.store = store
        var captures: [(id: UInt32, replay: CaptureReplay)] = []
        for path in paths {
            let next = try store.captureID()
            var (result, replay) = try CaptureReading.readWithReplay(path: path, capture: next)
            let id = try store.captureID(sha256: result.capture.sha256)
            if id != next { result = result.numbered(as: id) }
            try store.add(result)
            captures.removeAll { $0.id == id }
            captures.append((id, replay))
        }
        let (picture, proposals, match) = PlantAnalysis.derive(try store.results(), ledger: try store.ledger())
        let collected = ExhibitFrames.collect(picture.citedFrames, from: captures)
        try store.replaceDerived(picture, proposals: proposals, ledgerMatch: match, keptFrames: collected.frames)
        kept = collected.frames
        problems = collected.problems
        exhibits = picture.exhibits
        cited = Set(picture.citedFrames)
    }

    static func sample(_ name: String) -> String {
        CaptureCorpus.repository.appendingPathComponent("Samples/\(name)").path
    }
}

/// A folder that is gone after the test.
final class Scratch {
    let path: String
    init() throws {
        path = NSTemporaryDirectory() + "otscan-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
    func file(_ name: String) -> String { path + "/" + name }
}

@Suite struct ExhibitTests {
    /// The passwords that the sample factory sends in clear, as its maker lists them, and what Basic makes of them.
    static func canaries() throws -> [String] {
        let source = try String(contentsOfFile: Plant.sample("make/plant.py"), encoding: .utf8)
        let secrets = source.matches(of: /"(canary-[a-z0-9-]+)"/).map { String($0.1) }
        let accounts = source.matches(of: /\("([a-z0-9]+)", "(canary-[a-z0-9-]+)"\)/).map { ($0.1, $0.2) }
        return secrets + accounts.map { Data("\($0.0):\($0.1)".utf8).base64EncodedString() }
    }

    @Test func everyCitedFrameIsKeptOnce() throws {
        let plant = try Plant([Plant.sample("factory.pcapng")], store: Store())
        let cited = plant.cited
        #expect(cited.isSuperset(of: plant.exhibits.flatMap(\.frames)))
        // Of every asset, too, the first frame.
        #expect(cited.isSuperset(of: try plant.store.assets().map(\.seen.first)))
        #expect(plant.problems.isEmpty)
        #expect(cited.count > 20)
        #expect(Set(plant.kept.map(\.frame)) == cited)
        #expect(plant.kept.count == cited.count)
        for exhibit in plant.exhibits {
            let frames = try plant.store.keptFrames(of: exhibit)
            #expect(frames.map(\.frame) == exhibit.frames)
            #expect(frames.allSatisfy { $0.bytes.count <= 512 && $0.sha256Original.count == 64 })
        }
    }

    @Test func noSecretOfTheSamplesIsStoredOrWritten() throws {
        let canaries = try ExhibitTests.canaries()
        #expect(canaries.count >= 7)
        let folder = try Scratch()
        for sample in ["factory.pcapng", "factory-segmented.pcapng"] {
            // They are on the wire, or the test proves nothing.
            let wire = try Data(contentsOf: URL(fileURLWithPath: Plant.sample(sample)))
            #expect(canaries.contains { wire.range(of: Data($0.utf8)) != nil })
            let path = folder.file("\(sample).otscan")
            let plant = try Plant([Plant.sample(sample)], store: Store(path: path, create: true))
            let records = Dictionary(uniqueKeysWithValues: try plant.store.captures().map { ($0.id, $0.record) })
            try ExhibitSlice.write(frames: plant.kept, captures: records, to: folder.file("\(sample).slice.pcapng"))
            let encoder = JSONEncoder()
            try encoder.encode(plant.store.findings()).write(
                to: URL(fileURLWithPath: folder.file("\(sample).findings")))
            try encoder.encode(plant.store.assets()).write(to: URL(fileURLWithPath: folder.file("\(sample).assets")))
            try encoder.encode(plant.kept).write(to: URL(fileURLWithPath: folder.file("\(sample).kept")))
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(files.contains("\(sample).otscan-wal"))
            for file in files {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file(file)))
                for canary in canaries { #expect(bytes.range(of: Data(canary.utf8)) == nil, "\(canary) in \(file)") }
            }
            withExtendedLifetime(plant) {}
        }
    }

    @Test func derivingWithoutTheCapturesKeepsWhatIsStillCited() throws {
        let plant = try Plant([Plant.sample("factory.pcapng")], store: Store())
        let (picture, proposals, match) = PlantAnalysis.derive(try plant.store.results())
        try plant.store.replaceDerived(picture, proposals: proposals, ledgerMatch: match, keptFrames: [])
        for exhibit in picture.exhibits {
            #expect(try plant.store.keptFrames(of: exhibit).count == exhibit.frames.count)
        }
        var fewer = picture
        fewer.exhibits.removeAll()
        try plant.store.replaceDerived(fewer, proposals: proposals, ledgerMatch: match, keptFrames: [])
        for exhibit in picture.exhibits { #expect(try plant.store.keptFrames(of: exhibit).isEmpty) }
    }

    @Test func aSliceOpensInTshark() throws {
        let folder = try Scratch()
        let plant = try Plant([Plant.sample("factory.pcapng")], store: Store())
        let records = Dictionary(uniqueKeysWithValues: try plant.store.captures().map { ($0.id, $0.record) })
        let path = folder.file("slice.pcapng")
        try ExhibitSlice.write(frames: plant.kept + plant.kept, captures: records, to: path)
        var reader = try CaptureReader(path: path)
        var count = 0
        while reader.next() {
            count += 1
            #expect(reader.frame.originalLength >= reader.frame.capturedLength)
        }
        #expect(count == plant.kept.count)
        #expect(reader.ending == .complete)
        #expect(reader.statistics.commentCount == UInt64(count) + 1)
        guard let tshark = Tool.find("tshark") else {
            print("skipped: tshark is not installed")
            return
        }
        let (status, output, errors) = try Tool.run(
            tshark, ["-n", "-r", path, "-T", "fields", "-e", "frame.comment", "-e", "frame.time_epoch"])
        #expect(status == 0)
        #expect(!errors.lowercased().contains("error") && !errors.contains("cut short"), "\(errors)")
        #expect(output.split(separator: "\n").count { $0.contains("frame ") } == count)
        #expect(output.contains("redacted by otscan"))
    }
}

/// Programs of the machine that a test compares with.
enum Tool {
    static func find(_ name: String) -> String? {
        ["/usr/bin/", "/usr/local/bin/", "/bin/"].map { $0 + name }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    static func run(_ path: String, _ arguments: [String]) throws -> (status: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        let folder = try Scratch()
        for name in ["out", "err"] { _ = FileManager.default.createFile(atPath: folder.file(name), contents: nil) }
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.file("out")))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.file("err")))
        try process.run()
        process.waitUntilExit()
        return (
            process.terminationStatus, try String(contentsOfFile: folder.file("out"), encoding: .utf8),
            try String(contentsOfFile: folder.file("err"), encoding: .utf8)
        )
    }
}
