import Foundation
import Testing

/// Every error is one line that names what it is about, and every status is the right one.
@Suite struct ErrorTests {
    @Test func atRunTime() throws {
        let folder = try Folder.withSample()
        try folder.write("bad.yaml", "format: otscan-answers/1\nanswers:\n  - item: 2-6\n    level: 9\n")
        try folder.write("empty.pcap", "")
        let expectations: [([String], String)] = [
            (["analyze", "none.pcap", "-o", "new.otscan"], "otscan: none.pcap: no such file; check the name"),
            (
                ["analyze", "none.pcap", "-o", "plant.otscan"],
                "otscan: none.pcap: cannot open: No such file or directory"
            ),
            (["analyze", "empty.pcap", "-o", "new.otscan"], "otscan: empty.pcap: the file is empty"),
            (
                ["analyze", "bad.yaml", "-o", "new.otscan"],
                "otscan: bad.yaml: offset 0: expected a pcap or pcapng capture"
            ),
            (["analyze", Program.sample("factory.pcapng"), "-o", "none/x"], "otscan: none/x: "),
            (["analyze", Program.sample("factory.pcapng"), "-o", "x", "--own", "ten"], "otscan: --own ten: expected"),
            (["assets", "none.otscan"], "otscan: none.otscan: no such store"),
            (["assets", "bad.yaml"], "otscan: bad.yaml: not a store"),
            (["assets", "."], "otscan: .: a folder"),
            (["assets", "plant.otscan", "--detail", "nobody"], "otscan: plant.otscan: no asset nobody"),
            (["exhibits", "nothing", "plant.otscan"], "otscan: plant.otscan: no exhibit nothing"),
            (["answer", "9-9", "1", "plant.otscan"], "otscan: plant.otscan: the checklist"),
            (
                ["answers", "import", "bad.yaml", "plant.otscan"],
                "otscan: bad.yaml:4:12: answers[0].level: expected 1, 2, 3, 4"
            ),
            (["answers", "import", "none.yaml", "plant.otscan"], "otscan: none.yaml: no such file"),
            (["answers", "export", "plant.otscan", "-o", "none/x.yaml"], "otscan: none/x.yaml: cannot be written"),
            (["score", "none.yaml"], "otscan: none.yaml: no such file"),
            (["score", "plant.otscan", "--policy", "bad.yaml"], "otscan: bad.yaml"),
            (["ledger", "import", "none.csv", "plant.otscan"], "otscan: none.csv: cannot be read"),
            (
                ["ledger", "import", Program.sample("factory.pcapng"), "plant.otscan"],
                "expected CSV, found binary data"
            ),
            (["ledger", "export", "plant.otscan", "-o", "-"], "otscan: plant.otscan: no ledger was imported"),
        ]
        for (arguments, expected) in expectations {
            let run = try Program.run(arguments, in: folder)
            #expect(run.status == 1, "\(arguments)")
            #expect(run.errors.contains(expected), "\(arguments): \(run.errors)")
            #expect(run.errors.hasPrefix("otscan: "), "\(arguments)")
            #expect(run.errors.split(separator: "\n").count == 1, "\(arguments): \(run.errors)")
            #expect(run.output.isEmpty, "\(arguments)")
        }
        // What could not be analysed leaves no store behind.
        #expect(!FileManager.default.fileExists(atPath: folder.file("new.otscan")))
    }

    @Test func wrongUse() throws {
        let folder = try Folder.withSample()
        let expectations: [([String], String)] = [
            (["analyze"], "see otscan analyze --help"),
            (["analyze", "-", "-"], "standard input (-) can be read only once"),
            (["assets"], "see otscan assets --help"),
            (["assets", "plant.otscan", "--format", "xml"], "'table', 'json', 'ndjson' or 'csv'"),
            (["assets", "plant.otscan", "--json", "--format", "csv"], "contradict"),
            (["assets", "plant.otscan", "--lang", "fr"], "'ja' and 'en'"),
            (["answer", "2-6", "5", "plant.otscan"], "expected 1, 2, 3, 4, na or unanswered, found 5"),
            (["answer", "two", "1", "plant.otscan"], "expected an item such as 2-6, found two"),
            (["answer", "2-6", "na", "plant.otscan"], "na needs a --reason"),
            (["answer", "2-6", "4", "plant.otscan", "--review-date", "May"], "expected a date such as"),
            (["exhibits", "plant.otscan", "-w", "x.pcapng"], "-w needs the id"),
            (["report", "plant.otscan"], "--output"),
            (
                ["report", "plant.otscan", "-o", "r.docx"],
                "r.docx: expected a name that ends in .html, .pdf, .xlsx, .json or .csv"
            ),
            (["analyze", "-", "--report", "r"], "r: expected a name that ends in"),
            (["verify", "plant.otscan", "--head", "abc"], "expected at least 12 hexadecimal digits, found abc"),
            (["merge", "-o", "x.otscan"], "see otscan merge --help"),
            (["nonsense"], "nonsense"),
        ]
        for (arguments, expected) in expectations {
            let run = try Program.run(arguments, in: folder)
            #expect(run.status == 64, "\(arguments)")
            #expect(run.errors.contains(expected), "\(arguments): \(run.errors)")
            #expect(run.errors.split(separator: "\n").count == 1, "\(arguments): \(run.errors)")
        }
    }

    @Test func helpAndVersionAreNoErrors() throws {
        let folder = try Folder()
        let help = try Program.run(["--help"], in: folder)
        #expect(help.status == 0)
        for command in ["analyze", "assets", "score", "report", "ledger", "exhibits"] {
            #expect(help.output.contains("  \(command) "), "\(command)")
        }
        let version = try Program.run(["--version"], in: folder)
        #expect(version.status == 0)
        #expect(version.output.split(separator: ".").count == 3)
    }

    /// `otscan … | head -1` is how people look at long lists.
    @Test func aClosedPipeIsSuccess() throws {
        let folder = try Folder.withSample()
        for format in ["table", "json", "ndjson", "csv"] {
            let line =
                "for i in 1 2 3; do otscan conversations plant.otscan --format \(format) | head -c 1 >/dev/null; echo ${PIPESTATUS[0]}; done"
            let run = try Program.shell(line, in: folder)
            #expect(run.output == "0\n0\n0\n", "\(format)")
            #expect(run.errors.isEmpty, "\(run.errors)")
        }
    }

    @Test func aFullDiskIsNot() throws {
        let folder = try Folder.withSample()
        let run = try Program.shell("otscan assets plant.otscan --json > /dev/full", in: folder)
        #expect(run.status == 1)
        #expect(run.errors == "otscan: standard output: cannot be written: No space left on device\n")
    }
}
