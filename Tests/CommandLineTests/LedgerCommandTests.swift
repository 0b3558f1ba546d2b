import Foundation
import Testing

/// The plant's own list beside what was seen.
@Suite struct LedgerCommandTests {
    private func match(_ folder: Folder) throws -> String {
        try Program.run(["ledger", "match", "plant.otscan", "--json"], in: folder).output
    }

    @Test func shiftJISAndUTF8GiveTheSame() throws {
        let folder = try Folder.withSample()
        let utf8 = try Program.run(["ledger", "import", Program.sample("ledger.csv"), "plant.otscan"], in: folder)
        #expect(utf8.output.contains("32 entries (UTF-8, commas)"))
        #expect(utf8.output.contains("matched 30, seen but not listed 1, listed but not seen 2"))
        let first = try match(folder)
        let shiftJIS = try Program.run(
            ["ledger", "import", Program.sample("ledger-sjis.csv"), "plant.otscan"], in: folder)
        #expect(shiftJIS.output.contains("32 entries (Shift_JIS, commas)"))
        #expect(try match(folder) == first)
        let rows = try #require(try JSON.object(first)["ledger"] as? [[String: Any]])
        let states = Dictionary(grouping: rows) { $0["state"] as? String ?? "" }.mapValues(\.count)
        #expect(states == ["matched": 30, "not_listed": 1, "not_seen": 2])
    }

    /// The assessment follows the list although no capture is at hand; the proof kept before stays.
    @Test func derivesAnewWithoutTheCapture() throws {
        let folder = try Folder.withSample()
        let findings = { try Program.run(["findings", "plant.otscan", "--format", "csv"], in: folder).output }
        let slice = { try Program.run(["exhibits", "flat-network", "plant.otscan", "-w", "-"], in: folder).output }
        #expect(try !findings().contains("unlisted-device"))
        let kept = try slice()
        try Program.run(["ledger", "import", Program.sample("ledger.csv"), "plant.otscan"], in: folder)
        #expect(try findings().contains("unlisted-device"))
        #expect(try slice() == kept)
        // What the list makes a finding has its first frame, too.
        let proof = try Program.run(["exhibits", "unlisted-device", "plant.otscan", "-w", "proof.pcapng"], in: folder)
        #expect(proof.status == 0 && proof.output.contains("1 frame"), "\(proof.output)\(proof.errors)")
    }

    @Test func aListBeforeAnyCaptureWaits() throws {
        let folder = try Folder()
        try Program.run(["init", "plant.otscan"], in: folder)
        let run = try Program.run(["ledger", "import", Program.sample("ledger.csv"), "plant.otscan"], in: folder)
        #expect(run.output.contains("next: otscan analyze"))
        try Program.run(["analyze", Program.sample("factory.pcapng")], in: folder)
        let rows = try #require(try JSON.object(try match(folder))["ledger"] as? [[String: Any]])
        #expect(rows.count { $0["state"] as? String == "matched" } == 30)
    }

    @Test func whatIsExportedImportsAgain() throws {
        let folder = try Folder.withSample()
        try Program.run(["ledger", "import", Program.sample("ledger.csv"), "plant.otscan"], in: folder)
        for language in ["ja", "en"] {
            let export = ["ledger", "export", "plant.otscan", "-o", "out.csv", "--lang", language]
            #expect(try Program.run(export, in: folder).status == 0)
            let again = try Program.run(["ledger", "import", "out.csv", "plant.otscan"], in: folder)
            #expect(again.output.contains("32 entries (UTF-8, commas)"))
            #expect(again.output.contains("matched 30, seen but not listed 1, listed but not seen 2"))
        }
        try Program.run(["ledger", "export", "plant.otscan", "-o", "all.csv", "--unlisted"], in: folder)
        let all = try Program.run(["ledger", "import", "all.csv", "plant.otscan"], in: folder)
        #expect(all.output.contains("33 entries"))
        #expect(all.output.contains("matched 31, seen but not listed 0, listed but not seen 2"))
    }

    @Test func whatWasSeenCanBeginAList() throws {
        let folder = try Folder.withSample()
        let export = try Program.run(["ledger", "export", "plant.otscan", "-o", "-", "--unlisted"], in: folder)
        #expect(export.status == 0)
        #expect(export.output.split(separator: "\r\n").count == 32)
    }

    @Test func cellsThatAreNoAddressesAreTold() throws {
        let folder = try Folder.withSample()
        try folder.write("odd.csv", "name,ip\nx,192.168.10.50\ny,192.168.10.999\n")
        let run = try Program.run(["ledger", "import", "odd.csv", "plant.otscan"], in: folder)
        #expect(run.status == 0)
        #expect(run.errors == "otscan: odd.csv:3:2: expected IP addresses, found \"192.168.10.999\"; kept as text\n")
    }
}
