import Documents
import Foundation
import Model
import Signatures
import TestSupport
import Testing

/// The catalogue that is shipped, and what reading one refuses.
@Suite struct CatalogueTests {
    @Test func everyShippedSignatureDoesWhatItsSamplesSay() throws {
        let folder = CaptureCorpus.repository.appendingPathComponent("Signatures").path
        let report = CatalogueLint.lint(try Catalogue.files(folder: folder))
        for problem in report.problems { Issue.record("\(problem)") }
        #expect(report.signatures > 400)
        #expect(report.samples > 2 * report.signatures - 1)
    }

    @Test func theBinaryCarriesTheFolder() throws {
        let folder = CaptureCorpus.repository.appendingPathComponent("Signatures").path
        let files = try Catalogue.files(folder: folder)
        #expect(try Catalogue.embeddedFiles().map(\.text) == files.map(\.text))
        #expect(Catalogue.embedded.signatures.count == (try Catalogue.signatures(in: files)).count)
    }

    @Test func findsByEveryKindOfMatch() throws {
        let catalogue = try CatalogueTests.read(
            """
            - {id: a, rev: 1, match: {equals: Foo}, asserts: {role: plc}, tests: {match: foo, miss: foo2}}
            - {id: b, rev: 1, match: {begins: Foo Bar}, asserts: {role: hmi}, tests: {match: foo bar, miss: foo}}
            - {id: c, rev: 1, match: {words: [xyz]}, asserts: {role: io}, tests: {match: a xyz b, miss: axyzb}}
            - {id: d, rev: 1, match: {domain: example.com}, asserts: {role: server}, tests: {match: a.example.com, miss: anexample.com}}
            - {id: e, rev: 1, match: {pattern: '^v(\\d+)$'}, asserts: {firmware: $1}, tests: {match: [{value: v12, gives: {firmware: '12'}}], miss: v}}
            """)
        #expect(CatalogueLint.test(catalogue).problems.isEmpty)
        func found(_ value: String) -> [String] { catalogue.findings(on: value, of: .model).map(\.signature) }
        #expect(found("FOO") == ["a"])
        #expect(found("foo bar baz") == ["b"])
        #expect(found("foo barbecue") == [])
        #expect(found("the XYZ-1") == ["c"])
        #expect(found("www.Example.com.") == ["d"])
        #expect(found("example.com") == ["d"])
        #expect(catalogue.findings(on: "V7", of: .model).first?.value == "7")
        #expect(catalogue.findings(on: "foo", of: .name).isEmpty)
        #expect(!catalogue.looks(at: .name))
    }

    @Test func lintTellsOfSamplesThatFail() throws {
        let catalogue = try CatalogueTests.read(
            "- {id: a, rev: 1, match: {equals: foo}, asserts: {role: plc}, tests: {match: [bar, {value: foo, gives: {role: hmi}}], miss: [foo]}}"
        )
        let problems = CatalogueLint.test(catalogue).problems
        #expect(problems.count == 3)
        #expect(problems.allSatisfy { $0.description.contains("test.yaml:4: a: expected") })
    }

    @Test(arguments: [
        ("- {id: a, rev: 1, match: {equals: x}, asserts: {role: plc}}", "expected the key \"tests\""),
        ("- {id: a, rev: 1, match: {equals: x}, asserts: {role: plc}, tests: {match: x}}", "does not match"),
        (
            "- {id: a, rev: 1, match: {equals: x}, asserts: {role: boss}, tests: {match: x, miss: y}}",
            "expected one of plc"
        ),
        (
            "- {id: a, rev: 1, match: {equals: x}, asserts: {}, tests: {match: x, miss: y}}",
            "expected 1 to 8 attributes"
        ),
        ("- {id: a, rev: 1, match: {}, asserts: {role: plc}, tests: {match: x, miss: y}}", "expected one of equals"),
        (
            "- {id: a, rev: 1, match: {equals: x, begins: y}, asserts: {role: plc}, tests: {match: x, miss: y}}",
            "found 2"
        ),
        (
            "- {id: A B, rev: 1, match: {equals: x}, asserts: {role: plc}, tests: {match: x, miss: y}}",
            "lower-case words"
        ),
        ("- {id: a, rev: 0, match: {equals: x}, asserts: {role: plc}, tests: {match: x, miss: y}}", "from 1 to 9999"),
        (
            "- {id: a, rev: 1, colour: red, match: {equals: x}, asserts: {role: plc}, tests: {match: x, miss: y}}",
            "found \"colour\""
        ),
        (
            "- {id: a, rev: 1, match: {pattern: '(a{99}){99}'}, asserts: {role: plc}, tests: {match: x, miss: y}}",
            "at most 1024 steps"
        ),
        (
            "- {id: a, rev: 1, match: {pattern: '(a'}, asserts: {role: plc}, tests: {match: x, miss: y}}",
            "closes this group"
        ),
        (
            "- {id: a, rev: 1, match: {pattern: 'a'}, asserts: {model: $1}, tests: {match: x, miss: y}}",
            "expected at most $0"
        ),
        ("- {id: a, rev: 1, match: {equals: *x}, asserts: {role: plc}, tests: {match: x, miss: y}}", "an alias (*)"),
        ("- {id: a, rev: 1, match: {equals: !!str x}, asserts: {role: plc}, tests: {match: x, miss: y}}", "a tag (!)"),
        (
            "- {id: a, rev: 1, status: old, match: {equals: x}, asserts: {role: plc}, tests: {match: x, miss: y}}",
            "stable, experimental, retired"
        ),
    ])
    func refusesWithPlaceAndExpectation(_ text: String, _ expected: String) {
        let error = #expect(throws: FileError.self) { try CatalogueTests.read(text) }
        #expect(error?.line == 4, "\(error.map(\.description) ?? "nothing")")
        #expect(error?.description.contains(expected) == true, "\(error.map(\.description) ?? "nothing")")
    }

    @Test func refusesAnIdThatComesTwice() {
        let one = "{id: a, rev: 1, match: {equals: x}, asserts: {role: plc}, tests: {match: x, miss: y}}"
        let error = #expect(throws: FileError.self) { try CatalogueTests.read("- \(one)\n- \(one)") }
        #expect(error?.description == "test.yaml:5: expected each id once, found a again (first in test.yaml:4)")
    }

    /// A folder adds to the carried signatures, replaces by id and switches off.
    @Test func aFolderLiesOverTheCarriedCatalogue() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("otscan-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let text = CatalogueTests.file(
            """
            - {id: printer-ricoh, rev: 2, status: retired, match: {equals: x}, asserts: {role: printer}, tests: {match: x, miss: y}}
            - {id: our-cell, rev: 1, match: {begins: ACME Cell}, asserts: {role: robot}, tests: {match: ACME Cell 1, miss: y}}
            """)
        try text.write(to: folder.appendingPathComponent("own.yaml"), atomically: true, encoding: .utf8)
        let catalogue = try Catalogue.load(folder: folder.path)
        #expect(catalogue.signatures.count == Catalogue.embedded.signatures.count + 1)
        #expect(catalogue.findings(on: "ACME cell 7", of: .model).map(\.value) == ["robot"])
        #expect(!catalogue.findings(on: "RICOH IM C3000", of: .model).map(\.signature).contains("printer-ricoh"))
        #expect(throws: FileError.self) { try Catalogue.load(folder: folder.path + "/none") }
    }

    private static func file(_ signatures: String) -> String {
        """
        format: otscan-signatures/1
        defaults: {licence: CC0-1.0, attribute: model, references: ["https://example.org/"]}
        signatures:
        """ + "\n" + signatures + "\n"
    }

    @discardableResult
    private static func read(_ signatures: String) throws -> Catalogue {
        try Catalogue(files: [FileText(name: "test.yaml", text: file(signatures))])
    }
}
