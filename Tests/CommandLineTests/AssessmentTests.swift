import Foundation
import Testing

/// From answers to grades.
@Suite struct AssessmentTests {
    private func grades(_ arguments: [String], _ folder: Folder) throws -> [String] {
        let run = try Program.run(["score"] + arguments + ["--format", "csv"], in: folder)
        return run.output.split(separator: "\r\n").dropFirst().map { line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            return "\(fields[2]) \(fields[3])"
        }
    }

    @Test func theSampleGradesAsPublished() throws {
        let folder = try Folder()
        for name in ["factory.yaml", "factory.en.yaml"] {
            let sheet = Program.sample("assessments/\(name)")
            #expect(try grades([sheet], folder) == ["44.0 C", "40.0 C", "27.5 D", "13.3 D", "34.8 D"])
            let table = try Program.run(["score", sheet], in: folder).output
            for text in ["44.0 C", "40.0 C", "27.5 D", "13.3 D", "34.8 D", "30.2 D", "final", "otscan-default-1"] {
                #expect(table.contains(text), "\(text)")
            }
            let document = try JSON.object(try Program.run(["score", sheet, "--json"], in: folder).output)
            let total = try #require(document["total"] as? [String: Any])
            #expect((total["declared"] as? [String: Any])?["score"] as? String == "34.8")
            #expect((total["declared"] as? [String: Any])?["grade"] as? String == "D")
            #expect(document["policy"] as? String == "otscan-default-1")
        }
    }

    @Test func interviewAndReviewAddUpAndImportingTwiceAddsNothing() throws {
        let folder = try Folder.withSample()
        func take(_ name: String) throws -> String {
            try Program.run(["answers", "import", Program.sample("assessments/\(name)"), "plant.otscan"], in: folder)
                .output
        }
        #expect(try grades(["plant.otscan"], folder) == [" ", " ", " ", " ", " "])
        #expect(try take("factory-interview.yaml").hasSuffix(": 27 answers added\n"))
        let between = try Program.run(["score", "plant.otscan"], in: folder).output
        #expect(between.contains("not gradable: 5 of 8 decided"))
        #expect(between.contains("proposed, not yet decided: 2-6, 2-7, 3-5, 3-6, 3-7"))
        #expect(try take("factory-review.yaml").hasSuffix(": 5 answers added\n"))
        #expect(try grades(["plant.otscan"], folder) == ["44.0 C", "40.0 C", "27.5 D", "13.3 D", "34.8 D"])
        #expect(try take("factory-interview.yaml").hasSuffix(": 0 answers added, 27 already there\n"))
        #expect(try take("factory-review.yaml").hasSuffix(": 0 answers added, 5 already there\n"))
        #expect(try grades(["plant.otscan"], folder) == ["44.0 C", "40.0 C", "27.5 D", "13.3 D", "34.8 D"])
    }

    @Test func segmentationRaisesTechnology() throws {
        let folder = try Folder()
        try Program.run(["analyze", Program.sample("factory-segmented.pcapng")], in: folder)
        for name in ["factory-interview.yaml", "factory-segmented-review.yaml"] {
            try Program.run(["answers", "import", Program.sample("assessments/\(name)"), "plant.otscan"], in: folder)
        }
        #expect(try grades(["plant.otscan"], folder) == ["44.0 C", "40.0 C", "42.5 C", "13.3 D", "39.3 D"])
    }

    @Test func anAnswerStandsUntilTheNext() throws {
        let folder = try Folder.withSample()
        func answer(_ arguments: [String]) throws -> String {
            try Program.run(["answer"] + arguments, in: folder).output
        }
        func standing(_ item: String) throws -> [String: Any] {
            let document = try JSON.object(try Program.run(["answers", "plant.otscan", "--json"], in: folder).output)
            let answers = try #require(document["answers"] as? [[String: Any]])
            return try #require(answers.first { $0["item"] as? String == item })
        }
        let claim = [
            "3-5", "3", "plant.otscan", "--reason", "drawn so", "--reviewer", "Sato", "--evidence", "drawing 7",
        ]
        #expect(try answer(claim) == "3-5 Segmentation: 3 done  (contradicted)\n")
        var item = try standing("3-5")
        #expect(item["progress"] as? String == "contradicted")
        #expect(item["adjusted"] as? String == "1")
        let decision = try #require((item["decisions"] as? [[String: Any]])?.first)
        #expect(decision["reviewer"] as? String == "Sato")
        #expect(decision["evidence"] as? [String] == ["drawing 7"])
        #expect(try answer(["3-5", "1", "plant.otscan", "--reason", "seen flat"]) == "3-5 Segmentation: 1 not done\n")
        item = try standing("3-5")
        #expect(item["progress"] as? String == "done")
        #expect((item["decisions"] as? [Any])?.count == 1)
        #expect(try answer(["2-9", "4", "plant.otscan", "--reason", "x"]).contains("(unsupported)"))
        #expect(
            try !answer(["2-9", "4", "plant.otscan", "--document", "usb.pdf", "--review-date", "2026-03-01"])
                .contains("unsupported"))
        #expect(try answer(["2-7", "na", "plant.otscan", "--reason", "no Wi-Fi"]).contains("contradicted"))
    }

    @Test func evidenceThatChangesIsMarked() throws {
        let folder = try Folder.withSample()
        try Program.run(["answer", "2-6", "2", "plant.otscan", "--reason", "as proposed"], in: folder)
        let quiet = try Program.run(["score", "plant.otscan"], in: folder).output
        #expect(!quiet.contains("evidence changed"))
        try Program.run(["ledger", "import", Program.sample("ledger.csv"), "plant.otscan"], in: folder)
        let marked = try Program.run(["score", "plant.otscan"], in: folder).output
        #expect(marked.contains("evidence changed since the decision: 2-6"))
    }

    @Test func answersGoOutAndComeBack() throws {
        let folder = try Folder()
        for store in ["a.otscan", "b.otscan"] { try Program.run(["init", store], in: folder) }
        try Program.run(["answers", "import", Program.sample("assessments/factory.yaml"), "a.otscan"], in: folder)
        for name in ["out.yaml", "out.json"] {
            #expect(try Program.run(["answers", "export", "a.otscan", "-o", name], in: folder).status == 0)
            #expect(try grades([name], folder) == ["44.0 C", "40.0 C", "27.5 D", "13.3 D", "34.8 D"])
        }
        let back = try Program.run(["answers", "import", "out.yaml", "b.otscan"], in: folder)
        #expect(back.output == "out.yaml: 32 answers added\n")
        #expect(
            try Program.run(["answers", "import", "out.json", "b.otscan"], in: folder).output
                == "out.json: 0 answers added, 32 already there\n")
        let again = try Program.run(["answers", "export", "b.otscan", "-o", "-"], in: folder).output
        #expect(try again == String(contentsOfFile: folder.file("out.yaml"), encoding: .utf8))
    }

    /// An old sheet, imported again, takes nothing back that was decided since.
    @Test func anOldSheetDoesNotUndoALaterAnswer() throws {
        let folder = try Folder()
        try Program.run(["init", "plant.otscan"], in: folder)
        let sheet = Program.sample("assessments/factory.yaml")
        try Program.run(["answers", "import", sheet, "plant.otscan"], in: folder)
        try Program.run(["answer", "1-2", "1", "plant.otscan", "--reason", "no longer"], in: folder)
        let again = try Program.run(["answers", "import", sheet, "plant.otscan"], in: folder).output
        #expect(again.contains("0 answers added, 31 already there"))
        #expect(again.contains("1-2: imported before and replaced since"))
        #expect(try grades(["plant.otscan"], folder)[0] == "36.0 D")
    }
}
