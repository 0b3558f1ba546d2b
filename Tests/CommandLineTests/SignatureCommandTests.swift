import Foundation
import Testing

/// `otscan signatures`: the list, and what is said of files of one's own.
@Suite struct SignatureCommandTests {
    private static func file(_ signature: String) -> String {
        """
        format: otscan-signatures/1
        defaults: {licence: CC0-1.0, attribute: [server_name, certificate_name], references: ['https://example.com/']}
        signatures:
          - \(signature)
        """
    }

    private static func folder(_ signature: String) throws -> Folder {
        let folder = try Folder()
        try FileManager.default.createDirectory(
            at: folder.url.appendingPathComponent("own"), withIntermediateDirectories: true)
        try folder.write("own/one.yaml", file(signature))
        return folder
    }

    @Test func listsWhatIsInForce() throws {
        let folder = try SignatureCommandTests.folder(
            "{id: our-gate, title: Our gate, rev: 3, match: {domain: gate.example}, asserts: {remote_service: our-gate}, tests: {match: a.gate.example, miss: gate}}"
        )
        let document = try JSON.object(
            try Program.run(["signatures", "--signatures", "own", "--json"], in: folder).output)
        #expect(document["format"] as? String == "otscan-signature-list/1")
        let records = try #require(document["signatures"] as? [[String: Any]])
        #expect(records.count > 400)
        let own = try #require(records.first { $0["id"] as? String == "our-gate" })
        #expect(own["title"] as? String == "Our gate")
        #expect(own["rev"] as? Int == 3)
        #expect(own["texts"] as? [String] == ["gate.example"])
        #expect(own["asserts"] as? [String] == ["remote_service: our-gate"])
        let talk2m = try #require(records.first { $0["id"] as? String == "remote-talk2m" })
        #expect(talk2m["match"] as? String == "domain")
        let table = try Program.run(["signatures", "list", "--lang", "ja"], in: folder).output
        #expect(table.contains("remote-talk2m") && table.contains("正式"))
    }

    @Test func samplesOfAllAreRun() throws {
        let folder = try SignatureCommandTests.folder(
            "{id: our-gate, rev: 1, match: {domain: gate.example}, asserts: {remote_service: our-gate}, tests: {match: other.example, miss: x}}"
        )
        let fine = try Program.run(["signatures", "test", "--lang", "en"], in: folder)
        #expect(fine.status == 0 && fine.output.hasSuffix(" 0 problems\n"))
        let broken = try Program.run(["signatures", "test", "--signatures", "own", "--lang", "en"], in: folder)
        #expect(broken.status == 1)
        #expect(broken.errors.contains("our-gate: expected \"other.example\" to match"))
    }

    /// What takes the place of a built-in signature and says something else bears a higher number.
    @Test func changesNeedAnotherRevision() throws {
        func lint(_ rev: Int, _ domain: String) throws -> Program.Result {
            let folder = try SignatureCommandTests.folder(
                "{id: remote-talk2m, rev: \(rev), match: {domain: \(domain)}, asserts: {remote_service: talk2m}, tests: {match: a.\(domain), miss: x}}"
            )
            return try Program.run(["signatures", "lint", "own", "--lang", "en"], in: folder)
        }
        let changed = try lint(1, "talk2m.example")
        #expect(changed.status == 1)
        #expect(changed.errors.contains("own/one.yaml:4: remote-talk2m: expected rev 2 or higher"))
        #expect(try lint(2, "talk2m.example").status == 0)
        #expect(try lint(1, "talk2m.com").status == 0)
    }

    @Test func mistakesAreToldWithTheirPlace() throws {
        let folder = try SignatureCommandTests.folder(
            "{id: our-gate, rev: 1, colour: red, match: {domain: gate.example}, asserts: {remote_service: x}, tests: {match: gate.example, miss: x}}"
        )
        let result = try Program.run(["signatures", "lint", "own"], in: folder)
        #expect(result.status == 1)
        #expect(result.errors.contains("own/one.yaml:4") && result.errors.contains("colour"))
        #expect(try Program.run(["signatures", "lint", "nowhere"], in: folder).status != 0)
    }
}
