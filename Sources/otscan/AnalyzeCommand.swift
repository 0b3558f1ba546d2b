import Analysis
import ArgumentParser
import Assessment
import Evidence
import Foundation
import Model

/// Reads captures into a store and derives everything that follows from them.
struct AnalyzeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze", abstract: "Reads captures: assets, segments, remote access, findings and proposals.")

    @Argument(help: "Capture files; - is standard input.")
    var files: [String]

    @Option(name: .shortAndLong, help: "Store to write or to add to.")
    var output = "plant.otscan"

    func validate() throws {
        if files.isEmpty { throw ValidationError("name at least one capture file") }
    }

    func run() throws {
        let store = try Store(path: output, create: true)
        var failed = false
        for file in files {
            do {
                try add(file, to: store)
            } catch {
                failed = true
                FileHandle.standardError.write(Data("otscan: \(error)\n".utf8))
            }
        }
        let (picture, proposals, match) = PlantAnalysis.derive(try store.results(), ledger: try store.ledger())
        try store.replaceDerived(picture, proposals: proposals, ledgerMatch: match, keptFrames: [])
        print(
            "\(picture.assets.count) assets, \(picture.segments.count) segments, \(picture.remoteSessions.count) remote sessions, "
                + "\(picture.findings.count) findings")
        for finding in picture.findings { print("[\(finding.severity.rawValue)] \(finding.title.en)") }
        for proposal in proposals {
            let low = proposal.levels.lowerBound.rawValue
            let high = proposal.levels.upperBound.rawValue
            print(
                "\(proposal.item): \(low == high ? "\(low)" : "\(low)-\(high)") \(proposal.verdict.rawValue): \(proposal.reason.en)"
            )
        }
        if failed { throw ExitCode.failure }
    }

    private func add(_ file: String, to store: Store) throws {
        let next = try store.captureID()
        var result = try CaptureReading.read(path: file, capture: next)
        let known = try store.captureID(sha256: result.capture.sha256)
        // A capture that is already there keeps its id, so that frame references stay what they were.
        if known != next, file != "-" { result = try CaptureReading.read(path: file, capture: known) }
        try store.add(result)
        if let damage = result.capture.damage { FileHandle.standardError.write(Data("otscan: \(damage)\n".utf8)) }
    }
}
