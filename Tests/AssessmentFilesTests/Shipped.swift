import Assessment
import AssessmentFiles
import Foundation
import TestSupport
import Testing

/// The checklist, policy and sample answers that the repository carries.
enum Shipped {
    static func files(in folder: String) throws -> [FileText] {
        let url = CaptureCorpus.repository.appendingPathComponent(folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: url.path).filter { $0.hasSuffix(".yaml") }
        return try names.map { try FileText(path: url.appendingPathComponent($0).path) }
    }

    static func checklist() throws -> Checklist {
        try ChecklistFile.read(try files(in: "Signatures/checklist"))
    }

    static func policy() throws -> ScoringPolicy {
        try PolicyFile.read(try #require(try files(in: "Signatures/policy").first))
    }

    static func scorer() throws -> Scorer {
        try Scorer(checklist: checklist(), policy: policy())
    }

    static func sheet(_ name: String) throws -> AnswerSheet {
        let folder = CaptureCorpus.repository.appendingPathComponent("Samples/assessments")
        return try AnswerSheet(reading: try FileText(path: folder.appendingPathComponent(name).path))
    }
}
