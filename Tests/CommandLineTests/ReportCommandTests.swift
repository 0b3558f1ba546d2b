import Foundation
import Testing

@Suite struct ReportCommandTests {
    @Test func writesPagesAndDocuments() throws {
        let folder = try Folder.withSample()
        for (language, words) in [("ja", "lang=\"ja\""), ("en", "lang=\"en\"")] {
            let run = try Program.run(["report", "plant.otscan", "-o", "r.html", "--lang", language], in: folder)
            #expect(run.status == 0)
            let page = try String(contentsOfFile: folder.file("r.html"), encoding: .utf8)
            #expect(page.contains(words))
            #expect(page.contains("192.168.10.50"))
        }
        #expect(try Program.run(["report", "plant.otscan", "-o", "m.html", "--masked"], in: folder).status == 0)
        #expect(try !String(contentsOfFile: folder.file("m.html"), encoding: .utf8).contains("192.168.10.50"))
        #expect(try Program.run(["report", "plant.otscan", "-o", "r.json"], in: folder).status == 0)
        _ = try JSON.object(try String(contentsOfFile: folder.file("r.json"), encoding: .utf8))
    }

    @Test func aPDFWithoutAPrinterSaysWhatToInstall() throws {
        let folder = try Folder.withSample()
        let run = try Program.run(
            ["report", "plant.otscan", "-o", "r.pdf"], in: folder, environment: ["PATH": folder.url.path])
        #expect(run.status == 1)
        #expect(run.errors.hasPrefix("otscan: r.pdf: a PDF needs chromium or weasyprint"))
        #expect(!FileManager.default.fileExists(atPath: folder.file("r.pdf")))
    }

    /// A stand-in browser shows that its PDF arrives, and that one that gives none is told.
    @Test func aPDFComesFromTheBrowser() throws {
        let folder = try Folder.withSample()
        try folder.write(
            "chromium",
            "#!/bin/bash\nfor a in \"$@\"; do case $a in --print-to-pdf=*) printf '%%PDF-1.7 x' > \"${a#*=}\";; esac; done\n"
        )
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.file("chromium"))
        let environment = ["PATH": folder.url.path]
        #expect(
            try Program.run(["report", "plant.otscan", "-o", "r.pdf"], in: folder, environment: environment).status == 0
        )
        #expect(try String(contentsOfFile: folder.file("r.pdf"), encoding: .utf8) == "%PDF-1.7 x")
        try folder.write("chromium", "#!/bin/bash\nexit 3\n")
        let failed = try Program.run(["report", "plant.otscan", "-o", "s.pdf"], in: folder, environment: environment)
        #expect(failed.status == 1)
        #expect(failed.errors.contains("printing gave no PDF"))
    }

    @Test func exhibitsAreCapturesAgain() throws {
        let folder = try Folder.withSample()
        let shown = try Program.run(["exhibits", "flat-network", "plant.otscan"], in: folder).output
        #expect(shown.contains("Display filter"))
        #expect(shown.contains("factory.pcapng#"))
        let document = try JSON.object(
            try Program.run(["exhibits", "flat-network", "plant.otscan", "--json"], in: folder).output)
        let exhibit = try #require((document["exhibits"] as? [[String: Any]])?.first)
        let kept = try #require(exhibit["kept"] as? [[String: Any]])
        #expect(!kept.isEmpty)
        for frame in kept { #expect((frame["sha256_kept"] as? String)?.count == 64) }
        let written = try Program.run(["exhibits", "flat-network", "plant.otscan", "-w", "slice.pcapng"], in: folder)
        #expect(written.output == "slice.pcapng: \(kept.count) frames\n")
        let slice = try JSON.object(
            try Program.run(["analyze", "slice.pcapng", "-o", "slice.otscan", "--json"], in: folder).output)
        let capture = ((slice["captures"] as? [[String: Any]])?.first?["capture"] as? [String: Any])
        #expect(capture?["frames"] as? Int == kept.count)
    }
}
