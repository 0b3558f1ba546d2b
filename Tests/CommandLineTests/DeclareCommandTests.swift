import Foundation
import Testing

/// Declared zones and remote access, and the proposed division.
@Suite struct DeclareCommandTests {
    @Test func zonesBecomeFindings() throws {
        let folder = try Folder.withSample()
        try folder.write(
            "zones.yaml",
            """
            format: otscan-zones/1
            zones:
              - {name: office, level: 4, prefixes: [192.168.10.96/27]}
              - {name: line, level: 1, prefixes: [192.168.10.32/27, 192.168.10.64/28]}
            allowed: []
            """)
        let run = try Program.run(["declare", "zones.yaml", "plant.otscan"], in: folder)
        #expect(run.status == 0 && run.output.contains("2 zones"), "\(run.output)\(run.errors)")
        let findings = try Program.run(["findings", "plant.otscan", "--format", "csv"], in: folder).output
        #expect(findings.contains("zone-crossing-office-line"))
        // What was declared stays in force when the list of devices changes.
        try Program.run(["ledger", "import", Program.sample("ledger.csv"), "plant.otscan"], in: folder)
        #expect(
            try Program.run(["findings", "plant.otscan", "--format", "csv"], in: folder).output.contains(
                "zone-crossing"))
    }

    @Test func remoteAccessIsComparedWithWhatIsPermitted() throws {
        let folder = try Folder.withSample()
        try folder.write(
            "remote.yaml", "format: otscan-remote/1\nvendors:\n  - {name: Other, prefixes: [198.51.100.0/24]}\n")
        let run = try Program.run(["declare", "remote.yaml", "plant.otscan"], in: folder)
        #expect(run.output.contains("1 vendor, 0 windows"), "\(run.output)\(run.errors)")
        let sessions = try Program.run(["remote", "plant.otscan", "--format", "csv"], in: folder).output
        #expect(sessions.contains("unknown_vendor"))
        let rules = try Program.run(["findings", "plant.otscan", "--rules", "--format", "csv"], in: folder).output
        #expect(rules.contains("remote-outside-window,cannot_tell,"))
        #expect(rules.contains("remote-unknown-user,fails,"))
    }

    @Test func mistakesNameFileAndLine() throws {
        let folder = try Folder.withSample()
        try folder.write("zones.yaml", "format: otscan-zones/1\nzones:\n  - {name: a, prefixes: [999]}\n")
        let run = try Program.run(["declare", "zones.yaml", "plant.otscan"], in: folder)
        #expect(run.status == 1)
        #expect(run.errors.hasPrefix("otscan: zones.yaml:3:"), "\(run.errors)")
    }

    @Test func theProposalIsListedAndExported() throws {
        let folder = try Folder.withSample()
        for (command, key) in [
            (["segments", "--propose"], "planned_zones"),
            (["segments", "--propose", "--conduits"], "planned_conduits"),
        ] {
            let json = try JSON.object(try Program.run(command + ["plant.otscan", "--json"], in: folder).output)
            #expect(json["format"] as? String == "otscan-\(key.replacing("_", with: "-"))/1")
            #expect((json[key] as? [Any])?.isEmpty == false)
        }
        let list = try Program.run(["segments", "--propose", "--nftables", "-", "plant.otscan"], in: folder)
        #expect(list.output.hasPrefix("#!/usr/sbin/nft -f\n") && list.output.contains("policy drop;"))
        let table = try Program.run(["segments", "--propose", "plant.otscan"], in: folder).output
        #expect(table.contains("A worm reaches"))
        let wrong = try Program.run(["segments", "--nftables", "-", "plant.otscan"], in: folder)
        #expect(wrong.status == 64)
    }
}
