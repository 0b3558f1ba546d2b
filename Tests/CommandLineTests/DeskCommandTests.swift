import Foundation
import Testing

/// What is done with stores as a whole, and the files that people carry to and from them.
@Suite struct DeskCommandTests {
    private func answered(_ name: String) throws -> Folder {
        let folder = try Folder.withSample()
        let sheet = Program.sample("assessments/factory.en.yaml")
        #expect(try Program.run(["answers", "import", sheet, name], in: folder).status == 0)
        return folder
    }

    @Test func verifyFindsWhatWasTampered() throws {
        let folder = try answered("plant.otscan")
        let sound = try Program.run(["verify", "plant.otscan", "--json"], in: folder)
        #expect(sound.status == 0)
        let document = try JSON.object(sound.output)
        #expect(document["is_sound"] as? Bool == true)
        let head = try #require((document["heads"] as? [[String: Any]])?.first?["id"] as? String)
        #expect(try Program.run(["verify", "plant.otscan", "--head", String(head.prefix(16))], in: folder).status == 0)
        // The last row taken away with the triggers: inside the store nothing tells, the head does.
        let cut = """
            import sqlite3; d = sqlite3.connect('plant.otscan')
            d.execute('DROP TRIGGER decision_is_never_deleted')
            d.execute('DELETE FROM decision WHERE sequence = (SELECT MAX(sequence) FROM decision)'); d.commit()
            """
        #expect(try Program.shell("python3 -c \"\(cut)\"", in: folder).status == 0)
        #expect(try Program.run(["verify", "plant.otscan"], in: folder).status == 0)
        let missed = try Program.run(["verify", "plant.otscan", "--head", head], in: folder)
        #expect(missed.status == 1 && missed.output.contains("recorded as a head, but not in the store"))
        let change = """
            import sqlite3; d = sqlite3.connect('plant.otscan')
            d.execute('DROP TRIGGER decision_is_never_changed')
            d.execute('UPDATE decision SET document = replace(document, char(34) + char(49) + char(34), char(34)) WHERE sequence = 3')
            d.execute('UPDATE decision SET reviewer = 1 WHERE sequence = 5'); d.commit()
            """
        #expect(try Program.shell("python3 -c \"\(change)\"", in: folder).status == 0)
        let changed = try Program.run(["verify", "plant.otscan"], in: folder)
        #expect(changed.status == 1 && changed.output.contains("its content was changed"))
    }

    @Test func mergingIsTheSameInEitherOrder() throws {
        let folder = try answered("plant.otscan")
        #expect(
            try Program.run(["analyze", Program.sample("factory-segmented.pcapng"), "-o", "other.otscan"], in: folder)
                .status == 0)
        #expect(try Program.run(["merge", "plant.otscan", "other.otscan", "-o", "a.otscan"], in: folder).status == 0)
        #expect(try Program.run(["merge", "other.otscan", "plant.otscan", "-o", "b.otscan"], in: folder).status == 0)
        #expect(try Program.run(["merge", "plant.otscan", "other.otscan", "-o", "b.otscan"], in: folder).status == 0)
        let (a, b) = (
            try Program.run(["assets", "a.otscan", "--format", "csv"], in: folder).output,
            try Program.run(["assets", "b.otscan", "--format", "csv"], in: folder).output
        )
        #expect(a.split(separator: "\n").sorted() == b.split(separator: "\n").sorted())
        let same = try Program.run(["diff", "a.otscan", "b.otscan", "--exit-code"], in: folder)
        #expect(same.status == 0 && same.output.contains("no difference"))
        let different = try Program.run(["diff", "plant.otscan", "other.otscan", "--exit-code", "--json"], in: folder)
        #expect(different.status == 3)
        let document = try JSON.object(different.output)
        #expect(document["format"] as? String == "otscan-diff/1")
        #expect((document["new_assets"] as? [Any])?.isEmpty == false && (document["answers"] as? [Any])?.count == 32)
        let failed = try Program.run(["merge", "plant.otscan", "nowhere.otscan", "-o", "c.otscan"], in: folder)
        #expect(failed.status == 1 && !FileManager.default.fileExists(atPath: folder.file("c.otscan")))
    }

    @Test func aBundleIsTheStoreInOneFile() throws {
        let folder = try answered("plant.otscan")
        #expect(try Program.run(["bundle", "plant.otscan", "-o", "copy.otscan"], in: folder).status == 0)
        #expect(try Program.run(["diff", "plant.otscan", "copy.otscan", "--exit-code"], in: folder).status == 0)
        let mode = try FileManager.default.attributesOfItem(atPath: folder.file("copy.otscan"))[.posixPermissions]
        #expect(mode as? Int == 0o600)
        let again = try Program.run(["bundle", "plant.otscan", "-o", "copy.otscan"], in: folder)
        #expect(again.status == 1 && again.errors.contains("is there already"))
    }

    @Test func theCheckSheetGoesOutAndComesBack() throws {
        let folder = try answered("plant.otscan")
        for language in ["ja", "en"] {
            let sheet = "sheet-\(language).xlsx"
            #expect(
                try Program.run(["answers", "export", "plant.otscan", "-o", sheet, "--lang", language], in: folder)
                    .status == 0)
            #expect(
                try Program.run(["report", "plant.otscan", "-o", "r-\(language).xlsx", "--lang", language], in: folder)
                    .status == 0)
            let before = try Program.run(["score", "plant.otscan", "--format", "csv"], in: folder).output
            for file in [sheet, "r-\(language).xlsx"] {
                let after = try Program.run(["score", file, "--format", "csv"], in: folder)
                // Scores are those of the store; only traffic's contradictions need the store.
                let scores = { (text: String) in
                    text.split(separator: "\n").map {
                        $0.split(separator: ",", omittingEmptySubsequences: false).prefix(4)
                    }
                }
                #expect(scores(after.output) == scores(before), "\(file)")
            }
            #expect(try Program.run(["init", "new.otscan"], in: folder).status == 0)
            let added = try Program.run(["answers", "import", sheet, "new.otscan"], in: folder)
            #expect(added.status == 0 && added.output.contains(language == "ja" ? "32 answers added" : "already"))
        }
    }

    @Test func tablesAndEditionsOfTheReport() throws {
        let folder = try answered("plant.otscan")
        for table in ["checksheet", "inventory", "conversations", "remote", "findings", "plan"] {
            let run = try Program.run(["report", "plant.otscan", "-o", "t.csv", "--table", table], in: folder)
            #expect(run.status == 0)
            let bytes = try Data(contentsOf: folder.url.appendingPathComponent("t.csv"))
            let text = String(decoding: bytes.dropFirst(3), as: UTF8.self)
            #expect(bytes.starts(with: [0xef, 0xbb, 0xbf]) && text.split(separator: "\r\n").count > 1, "\(table)")
        }
        let none = try Program.run(["report", "plant.otscan", "-o", "r.html", "--edition", "2"], in: folder)
        #expect(none.status == 1 && none.errors.contains("none was signed off yet"))
        #expect(
            try Program.run(["report", "plant.otscan", "-o", "r.html", "--compare", "plant.otscan"], in: folder).status
                == 0)
        let page = try String(contentsOfFile: folder.file("r.html"), encoding: .utf8)
        #expect(page.contains("Devices, findings and segments are the same"))
    }

    @Test func aChecklistOfOnesOwnIsExplained() throws {
        let folder = try Folder()
        try folder.write(
            "overlay.yaml",
            """
            format: otscan-checklist-overlay/1
            base: otscan-factory-32/1
            id: mine/1
            categories:
              - id: technology
                items:
                  - {id: 3-5, weight: 3, title: {ja: 自社の区画, en: 自社の区画}, countermeasures: []}

            """)
        try folder.write(
            "policy.yaml",
            """
            format: otscan-policy/1
            id: strict
            title: {ja: 厳しい, en: strict}
            points: {1: 0, 2: 20, 3: 50, 4: 90}
            bands: {A: 95, B: 60, C: 40}
            category_weights: {organization: 3, operation: 3, technology: 3, supply_chain: 1, people: 2}
            decided_share: 0.4
            not_applicable_share: 0.5

            """)
        let run = try Program.run(["checklist", "lint", "overlay.yaml", "policy.yaml"], in: folder)
        #expect(run.status == 0)
        for text in [
            "overlay.yaml: fine, an overlay of otscan-factory-32/1", "its weight changes from 1 to 3",
            "is the same in Japanese and English", "has no countermeasures", "A begins at 95",
            "the checklist has no category “people”", "with fewer than half of the items decided",
        ] { #expect(run.output.contains(text), "\(text)") }
        try folder.write("bad.yaml", "format: otscan-checklist-overlay/1\nbase: other/1\nid: x\n")
        try folder.write("odd.yaml", "format: something/1\n")
        let failed = try Program.run(["checklist", "lint", "bad.yaml", "odd.yaml", "none.yaml"], in: folder)
        #expect(failed.status == 1)
        #expect(failed.errors.contains("otscan: bad.yaml:") && failed.errors.contains("expected the checklist in use"))
        #expect(failed.errors.contains("otscan: odd.yaml: expected format:"))
        #expect(failed.errors.contains("otscan: none.yaml: no such file"))
        // What is shown can be read again.
        let shown = try Program.run(["checklist", "show"], in: folder)
        try folder.write("whole.yaml", shown.output)
        let whole = try Program.run(["checklist", "lint", "whole.yaml"], in: folder)
        #expect(whole.status == 0 && whole.output.contains("fine, 32 items"))
    }

    @Test func theCoverBearsALogo() throws {
        let folder = try answered("plant.otscan")
        try Data([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]).write(
            to: folder.url.appendingPathComponent("logo.png"))
        try folder.write("logo.svg", "<svg/>")
        #expect(try Program.run(["init", "plant.otscan", "--logo", "logo.png"], in: folder).status == 0)
        let wrong = try Program.run(["init", "plant.otscan", "--logo", "logo.svg"], in: folder)
        #expect(wrong.status == 1 && wrong.errors.contains("expected a PNG or JPEG picture"))
        #expect(try Program.run(["report", "plant.otscan", "-o", "r.html"], in: folder).status == 0)
        let page = try String(contentsOfFile: folder.file("r.html"), encoding: .utf8)
        #expect(page.contains("<img class=\"logo\" src=\"data:image/png;base64,iVBORw0K"))
        #expect(page.contains("What lifts a grade"))
    }
}
