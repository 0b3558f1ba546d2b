import Analysis
import Assessment
import AssessmentFiles
import Captures
import Evidence
import Foundation
import Model
import Reporting
import TestSupport
import Testing

/// Stores and reports made of what the repository ships.
enum Fixtures {
    static func checklist() throws -> Checklist {
        let folder = CaptureCorpus.repository.appendingPathComponent("Signatures/checklist")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
        return try ChecklistFile.read(names.map { try FileText(path: folder.appendingPathComponent($0).path) })
    }

    static func policy() throws -> ScoringPolicy {
        let file = CaptureCorpus.repository.appendingPathComponent("Signatures/policy/default.yaml")
        return try PolicyFile.read(try FileText(path: file.path))
    }

    /// Answers of `Samples/assessments`, one sheet after the other, a month apart.
    static func answer(_ store: Store, _ sheets: [String]) throws {
        let folder = CaptureCorpus.repository.appendingPathComponent("Samples/assessments")
        let proposals = Dictionary(uniqueKeysWithValues: try store.proposals().map { ($0.item, $0) })
        for (index, name) in sheets.enumerated() {
            let sheet = try AnswerSheet(reading: try FileText(path: folder.appendingPathComponent(name).path))
            try store.setFact("plant", sheet.plant)
            for entry in sheet.answers {
                try store.append(
                    entry.decision(
                        time: 1_796_000_000_000_000_000 + Int64(index) * 2_592_000_000_000_000,
                        evidenceHash: proposals[entry.item]?.evidenceHash ?? ""))
            }
        }
    }

    /// A capture of `Samples`, analysed as the command line does, with the frames of its exhibits kept.
    static func analyse(_ store: Store, _ name: String, ledger: [LedgerEntry]? = nil) throws {
        let path = CaptureCorpus.repository.appendingPathComponent("Samples/\(name)").path
        let result = try CaptureReading.read(path: path, capture: try store.captureID())
        try store.add(result)
        if let ledger { try store.replaceLedger(ledger) }
        let (picture, proposals, match) = PlantAnalysis.derive(try store.results(), ledger: ledger)
        let kept = picture.exhibits.flatMap(\.frames).map { frame in
            KeptFrame(
                frame: frame, linkType: 1, originalLength: 60, bytes: (0..<60).map { UInt8($0) }, isRedacted: false,
                sha256Original: String(repeating: "ab", count: 32), sha256Kept: String(repeating: "ab", count: 32))
        }
        try store.replaceDerived(picture, proposals: proposals, ledgerMatch: match, keptFrames: kept)
    }

    static func options(_ language: Language = .japanese, masked: Bool = false) throws -> ReportOptions {
        ReportOptions(
            language: language, isMasked: masked, generatedAt: Timestamp(nanoseconds: 1_796_100_000_000_000_000),
            toolVersion: "0.1.0", timeZone: try #require(TimeZone(identifier: "Asia/Tokyo")))
    }

    static func report(_ store: Store, _ language: Language = .japanese, masked: Bool = false) throws -> Report {
        try Report(store: store, checklist: checklist(), policy: policy(), options: options(language, masked: masked))
    }

    static func sampleFactory(_ sheet: String = "factory.yaml") throws -> Store {
        let store = try Store()
        try analyse(store, "factory.pcapng")
        try answer(store, [sheet])
        return store
    }
}
