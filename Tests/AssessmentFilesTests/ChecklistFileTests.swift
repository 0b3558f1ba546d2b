import Assessment
import AssessmentFiles
import Testing

@Suite struct ChecklistFileTests {
    private func overlay(_ text: String) throws -> Checklist {
        try ChecklistFile.overlay(try FileText(name: "overlay.yaml", text: text), on: try Shipped.checklist())
    }

    @Test(arguments: FileText.Format.allCases)
    func checklistAndPolicyReadBack(format: FileText.Format) throws {
        let checklist = try Shipped.checklist()
        let written = ChecklistFile.write(checklist, as: format)
        #expect(try ChecklistFile.read([try FileText(name: "c.\(format.rawValue)", text: written)]) == checklist)
        let policy = try Shipped.policy()
        let text = PolicyFile.write(policy, as: format)
        #expect(try PolicyFile.read(try FileText(name: "p.\(format.rawValue)", text: text)) == policy)
    }

    @Test func theOrderOfFilesDoesNotMatter() throws {
        let files = try Shipped.files(in: "Signatures/checklist").sorted { $0.name < $1.name }
        let (forwards, backwards) = (try ChecklistFile.read(files), try ChecklistFile.read(files.reversed()))
        #expect(forwards == backwards)
    }

    @Test func anOverlayChangesWhatItSaysAndAddsItems() throws {
        let base = try Shipped.checklist()
        let checklist = try overlay(
            """
            format: otscan-checklist-overlay/1
            base: otscan-factory-32/1
            id: works-a/1
            categories:
              - id: technology
                risks:
                  - {id: radio, items: [3-9], ja: 電波が漏れる。, en: Radio leaks.}
                items:
                  - id: 3-5
                    weight: 3
                    mappings: {attack-ics: [M0930]}
                    levels: {2: {ja: 工場だけ分けている。, en: Only the plant is separated.}}
                  - id: 3-9
                    subcategory: {ja: 無線, en: Radio}
                    title: {ja: 電波の管理, en: Radio control}
                    question: {ja: 電波を測っているか。, en: Are radio signals measured?}
            """)
        let item = try #require(ItemID("3-5"))
        #expect(checklist.id == "works-a/1")
        #expect(checklist.items.count == 33)
        #expect(checklist[item]?.weight == 3)
        #expect(checklist[item]?.question == base[item]?.question)
        #expect(checklist[item]?.mappings.attackICS == ["M0930"])
        #expect(checklist[item]?.mappings.nistCSF2 == base[item]?.mappings.nistCSF2)
        #expect(checklist[item]?.levelTexts[.partly].en == "Only the plant is separated.")
        #expect(checklist[item]?.levelTexts[.done] == base[item]?.levelTexts[.done])
        let added = try #require(ItemID("3-9"))
        #expect(checklist[added]?.weight == 1)
        #expect(checklist[added]?.levelTexts == base.levelTexts)
        #expect(checklist.risks(of: added).map(\.id) == ["radio"])
        for other in base.items where other.id != item { #expect(checklist[other.id] == other) }
    }

    @Test(arguments: [
        (
            "base: other\nid: x",
            "overlay.yaml:1:1: base: expected the checklist in use, \"otscan-factory-32/1\", found \"other\""
        ),
        (
            "base: otscan-factory-32/1",
            "overlay.yaml:1:1: id: expected an id of the overlay's own, so that reports can tell what was asked"
        ),
        (
            "base: otscan-factory-32/1\nid: x\ncategories: [{id: operation, items: [{id: 3-5, weight: 2}]}]",
            "overlay.yaml:4:38: categories[0].items[0]: expected item 3-5 in its category \"technology\""
        ),
        (
            "base: otscan-factory-32/1\nid: x\ncategories: [{id: operation, items: [{id: 2-99, weight: 2}]}]",
            "overlay.yaml:4:38: categories[0].items[0]: expected the key \"subcategory\" of item 2-99, found none"
        ),
        (
            "base: otscan-factory-32/1\nid: x\ncategories: [{id: operation, items: [{id: 2-6, weight: 0}]}]",
            "overlay.yaml:4:56: categories[0].items[0].weight: expected a whole number from 1 to 100, found \"0\""
        ),
        (
            "base: otscan-factory-32/1\nid: x\ncategories: [{id: operation, items: [{id: 2-6, title: {ja: 台帳}}]}]",
            "overlay.yaml:4:55: categories[0].items[0].title: expected the key \"en\", found none"
        ),
    ])
    func overlaysThatDoNotFitAreExplained(body: String, message: String) throws {
        do {
            _ = try overlay("format: otscan-checklist-overlay/1\n" + body)
            Issue.record("the overlay was taken")
        } catch {
            #expect("\(error)" == message)
        }
    }

    @Test func partsMustBeWholeTogether() throws {
        let files = try Shipped.files(in: "Signatures/checklist")
        let header = try #require(files.first { $0.name.hasSuffix("checklist.yaml") })
        #expect(throws: FileError.self) { try ChecklistFile.read([]) }
        #expect(throws: FileError.self) { try ChecklistFile.read([header]) }
        #expect(throws: FileError.self) { try ChecklistFile.read(files.filter { $0 != header }) }
        #expect(throws: FileError.self) { try ChecklistFile.read(files + [header]) }
        #expect(throws: FileError.self) { try ChecklistFile.read(files + files.filter { $0 != header }.prefix(1)) }
    }

    @Test(arguments: [
        (
            "points: {1: 0, 2: 40, 3: 60, 4: 100}", "points: {1: 0, 2: 70, 3: 60, 4: 100}",
            "level 3 must not give fewer points than level 2"
        ),
        (
            "points: {1: 0, 2: 40, 3: 60, 4: 100}", "points: {1: 0, 2: 40, 3: 60}",
            "points: expected the key \"4\", found none"
        ),
        (
            "points: {1: 0, 2: 40, 3: 60, 4: 100}", "points: {1: 0, 2: 40, 3: 60, 4: 100, 5: 1}",
            "expected one of the keys 1, 2, 3, 4, found \"5\""
        ),
        ("bands: {A: 80, B: 60, C: 40}", "bands: {A: 80, B: 90, C: 40}", "the bands must not rise from A to C"),
        (
            "decided_share: 0.8", "decided_share: 80%",
            "expected a number with at most three decimal places, found \"80%\""
        ),
        ("decided_share: 0.8", "decided_share: 8", "expected 0 to 1"),
        ("supply_chain: 1}", "supply_chain: 0}", "expected a whole number from 1 to 100, found \"0\""),
    ])
    func policiesThatDoNotFitAreExplained(old: String, new: String, message: String) throws {
        let text = try #require(try Shipped.files(in: "Signatures/policy").first).text
        let (before, after) = try #require(
            text.firstRange(of: old).map { (text[..<$0.lowerBound], text[$0.upperBound...]) })
        do {
            _ = try PolicyFile.read(try FileText(name: "p.yaml", text: before + new + after))
            Issue.record("the policy was taken")
        } catch {
            #expect("\(error)".contains(message), "\(error)")
        }
    }
}
