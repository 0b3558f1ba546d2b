import Foundation
import Testing

@Suite struct AnalyzeTests {
    private static let lists = [
        "assets", "conversations", "segments", "remote", "findings", "answers", "coverage", "exhibits",
    ]

    private func everything(_ folder: Folder, _ store: String) throws -> [String] {
        try AnalyzeTests.lists.map { try Program.run([$0, "--json", store], in: folder).output }
    }

    @Test func saysWhatWasSeenAndWhatIsNext() throws {
        let folder = try Folder()
        let run = try Program.run(["analyze", Program.sample("factory.pcapng"), "-o", "p.otscan"], in: folder)
        #expect(run.status == 0)
        #expect(run.errors.isEmpty)
        #expect(
            run.output.hasPrefix("factory.pcapng: 4,997 frames, 679 kB, 2 min 38 s, 2026-11-24 14:11:03 – 14:13:41\n"))
        for text in [
            "Assets           31: ", "Remote sessions  1: from outside 1, 1 reaching OT",
            "HIGH    Plant and office devices share one flat network", "  2-6  ", "  2-7  ", "  3-5  ", "  3-6  ",
            "  3-7  ",
            "level 1, traffic rules out a higher level, confidence high, provisional", "next: otscan assets p.otscan",
        ] {
            #expect(run.output.contains(text), "\(text)")
        }
        let japanese = try Program.run(
            ["analyze", Program.sample("factory.pcapng"), "-o", "p.otscan"], in: folder,
            environment: ["LANG": "ja_JP.UTF-8"])
        #expect(japanese.output.hasPrefix("factory.pcapng: 4,997フレーム、679 kB、2分38秒、"))
        #expect(japanese.output.contains("読み込み済み"))
        #expect(japanese.output.contains("次は: otscan assets p.otscan"))
    }

    @Test func theSameCaptureAgainChangesNothing() throws {
        let folder = try Folder.withSample()
        let before = try everything(folder, "plant.otscan")
        for text in before { _ = try JSON.object(text) }
        try Program.run(["analyze", Program.sample("factory.pcapng")], in: folder)
        #expect(try everything(folder, "plant.otscan") == before)
        // From a pipe, too: the content is the capture's identity.
        let piped = try Program.run(
            ["analyze", "-", "-o", "plant.otscan"], in: folder, input: Program.sample("factory.pcapng"))
        #expect(piped.status == 0)
        #expect(try everything(folder, "plant.otscan") == before)
    }

    @Test func anotherCaptureAdds() throws {
        let folder = try Folder.withSample()
        let run = try Program.run(["analyze", Program.sample("factory-segmented.pcapng"), "--json"], in: folder)
        let document = try JSON.object(run.output)
        #expect(document["format"] as? String == "otscan-analysis/1")
        #expect((document["captures"] as? [Any])?.count == 1)
        let coverage = try JSON.object(try Program.run(["coverage", "--json", "plant.otscan"], in: folder).output)
        let captures = try #require(coverage["captures"] as? [[String: Any]])
        #expect(captures.compactMap { $0["name"] as? String } == ["factory.pcapng", "factory-segmented.pcapng"])
        for capture in captures {
            let classes = try #require(capture["accounting"] as? [String: Int])
            #expect(classes.values.reduce(0, +) == capture["frames"] as? Int)
        }
        // Both at once give the same as one after the other.
        let both = try Program.run(
            [
                "analyze", Program.sample("factory.pcapng"), Program.sample("factory-segmented.pcapng"), "-o",
                "both.otscan",
            ],
            in: folder)
        #expect(both.status == 0)
        #expect(try everything(folder, "both.otscan") == everything(folder, "plant.otscan"))
    }

    @Test func damageKeepsWhatCameBefore() throws {
        let folder = try Folder()
        let whole = try Data(contentsOf: URL(fileURLWithPath: Program.sample("factory.pcapng")))
        try whole.prefix(300_000).write(to: URL(fileURLWithPath: folder.file("cut.pcapng")))
        let run = try Program.run(["analyze", "cut.pcapng", Program.sample("factory-segmented.pcapng")], in: folder)
        #expect(run.status == 1)
        #expect(run.errors.split(separator: "\n").count == 1)
        #expect(run.errors.hasPrefix("otscan: cut.pcapng: "))
        #expect(run.errors.contains("frames) was kept"))
        #expect(run.output.contains("damaged; everything before the damage was kept"))
        let coverage = try JSON.object(try Program.run(["coverage", "--json", "plant.otscan"], in: folder).output)
        let captures = try #require(coverage["captures"] as? [[String: Any]])
        #expect(captures.count == 2)
        #expect((captures[0]["frames"] as? Int ?? 0) > 1000)
        #expect(captures[0]["damage"] is String)
        #expect(captures[1]["damage"] == nil)
    }

    @Test func failOnTellsByItsStatus() throws {
        let folder = try Folder.withSample()
        let sample = Program.sample("factory.pcapng")
        #expect(try Program.run(["analyze", sample, "--fail-on", "high"], in: folder).status == 3)
        #expect(try Program.run(["analyze", sample, "--fail-on", "low"], in: folder).status == 3)
        #expect(try Program.run(["analyze", sample, "--fail-on", "grave"], in: folder).status == 64)
    }

    @Test func ownPrefixesAreRemembered() throws {
        let folder = try Folder()
        try Program.run(
            ["analyze", Program.sample("factory.pcapng"), "--own", "203.0.113.0/24", "--plant", "=Works"], in: folder)
        let sessions = { try JSON.object(try Program.run(["remote", "--json", "plant.otscan"], in: folder).output) }
        let origins = {
            (try sessions()["remote_sessions"] as? [[String: Any]])?.compactMap { $0["origin"] as? String }
        }
        #expect(try origins()?.contains("outside") == false)
        // Deriving anew for another reason keeps to them.
        try Program.run(["ledger", "import", Program.sample("ledger.csv"), "plant.otscan"], in: folder)
        #expect(try origins()?.contains("outside") == false)
    }
}
