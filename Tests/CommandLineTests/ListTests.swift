import Foundation
import Testing

/// The lists in every format.
@Suite struct ListTests {
    @Test func everyListReadsAsJSONLinesAndCSV() throws {
        let folder = try Folder.withSample()
        try Program.run(["ledger", "import", Program.sample("ledger.csv"), "plant.otscan"], in: folder)
        let lists: [([String], String, String)] = [
            (["assets"], "assets", "otscan-assets/1"), (["conversations"], "conversations", "otscan-conversations/1"),
            (["segments"], "segments", "otscan-segments/1"),
            (["segments", "--conduits"], "conduits", "otscan-conduits/1"),
            (["remote"], "remote_sessions", "otscan-remote-sessions/1"),
            (["findings"], "findings", "otscan-findings/1"),
            (["answers"], "answers", "otscan-standing-answers/1"), (["exhibits"], "exhibits", "otscan-exhibits/1"),
            (["coverage"], "captures", "otscan-coverage/1"), (["ledger", "match"], "ledger", "otscan-ledger/1"),
            (["protocols"], "protocols", "otscan-protocols/1"),
        ]
        for (command, key, format) in lists {
            let store = command == ["protocols"] ? [] : ["plant.otscan"]
            let json = try Program.run(command + store + ["--json"], in: folder)
            let document = try JSON.object(json.output)
            #expect(document["format"] as? String == format)
            let records = try #require(document[key] as? [Any], "\(key)")
            #expect(!records.isEmpty, "\(key)")
            #expect(try Program.run(command + ["--format", "json"] + store, in: folder).output == json.output)

            let lines = try Program.run(command + store + ["--format", "ndjson"], in: folder).output.split(
                separator: "\n")
            #expect(lines.count == records.count, "\(key)")
            for (line, record) in zip(lines, records) {
                #expect(try NSDictionary(dictionary: JSON.object(String(line))) == record as? NSDictionary, "\(key)")
            }

            let csv = try Program.run(command + store + ["--format", "csv"], in: folder).output
            let rows = ListTests.rows(csv)
            #expect(rows.count == records.count + 1, "\(key)")
            #expect(Set(rows.map(\.count)).count == 1, "\(key)")
            #expect(csv.hasSuffix("\r\n"))

            // To a file or a pipe: everything, and no colour.
            let table = try Program.run(command + store, in: folder).output
            #expect(!table.contains("\u{1b}"), "\(key)")
            #expect(!table.contains("…"), "\(key)")
        }
    }

    /// RFC 4180, read independently.
    private static func rows(_ text: String) -> [[String]] {
        var rows: [[String]] = [[""]]
        var isQuoted = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: rows[rows.count - 1].append("")
            case "\n" where !isQuoted: rows.append([""])
            case "\r" where !isQuoted: continue
            default: rows[rows.count - 1][rows[rows.count - 1].count - 1].unicodeScalars.append(scalar)
            }
        }
        return rows.filter { $0 != [""] }
    }

    @Test func frameReferencesNameTheCaptureAndTheFrame() throws {
        let folder = try Folder.withSample()
        let document = try JSON.object(try Program.run(["assets", "plant.otscan", "--json"], in: folder).output)
        let assets = try #require(document["assets"] as? [[String: Any]])
        let press = try #require(assets.first { ($0["addresses"] as? [String])?.contains("192.168.10.50") == true })
        let attributes = try #require(press["attributes"] as? [[String: Any]])
        let model = try #require(attributes.first { $0["attribute"] as? String == "model" })
        let source = try #require((model["sources"] as? [[String: Any]])?.first)
        let first = try #require(source["first"] as? [String: Any])
        #expect(first["capture"] as? String == "factory.pcapng")
        #expect(
            first["capture_sha256"] as? String == "19322c2c6d79a5f2bf74b1c0711ce32f593a5a9ef3b1cbcf6d608cf5ee8ca2ae")
        #expect((first["frame"] as? Int ?? 0) > 0)
        let time = try #require(first["time"] as? String)
        #expect(time.wholeMatch(of: /2026-11-24T05:1\d:\d\d\.\d{9}Z/) != nil)
    }

    @Test func detailShowsOneAssetByNameAddressOrMAC() throws {
        let folder = try Folder.withSample()
        let byAddress = try Program.run(["assets", "plant.otscan", "--detail", "192.168.10.60"], in: folder).output
        #expect(byAddress.hasPrefix("plc-paint01\n"))
        for text in [
            "28:63:36:10:31:3c", "Firmware         V3.2.6", "s7comm.", "#8", "Attributes and where they were read",
        ] {
            #expect(byAddress.contains(text), "\(text)")
        }
        #expect(
            try Program.run(["assets", "plant.otscan", "--detail", "28-63-36-10-31-3C"], in: folder).output == byAddress
        )
        #expect(try Program.run(["assets", "plant.otscan", "--detail", "PLC-PAINT01"], in: folder).output == byAddress)
        let json = try Program.run(["assets", "plant.otscan", "--detail", "plc-paint01", "--json"], in: folder).output
        #expect((try JSON.object(json)["assets"] as? [Any])?.count == 1)
    }

    /// A name that a spreadsheet would run is shown, and not run.
    @Test func formulasAreNeutralised() throws {
        let folder = try Folder.withSample()
        try folder.write(
            "evil.csv",
            "name,ip\n\"=cmd|' /C calc'!A0\",10.9.9.9\n+1,10.9.9.8\n-1,10.9.9.7\n@x,10.9.9.6\n\"a\"\"b,c\",10.9.9.5\n")
        try Program.run(["ledger", "import", "evil.csv", "plant.otscan"], in: folder)
        let csv = try Program.run(["ledger", "match", "plant.otscan", "--format", "csv"], in: folder).output
        for text in [",'=cmd|' /C calc'!A0,", ",'+1,", ",'-1,", ",'@x,", ",\"a\"\"b,c\","] {
            #expect(csv.contains(text), "\(text)")
        }
    }

    @Test func conversationsBearTheirCommunityID() throws {
        let folder = try Folder.withSample()
        let document = try JSON.object(try Program.run(["conversations", "plant.otscan", "--json"], in: folder).output)
        let conversations = try #require(document["conversations"] as? [[String: Any]])
        // 192.168.10.70:57470 to 192.168.10.54:502 over TCP.
        #expect(conversations.contains { $0["community_id"] as? String == "1:48dstzeH56MlETPbM37bM4Z9yyU=" })
        for conversation in conversations where conversation["transport"] as? String == "tcp" {
            #expect(conversation["community_id"] != nil)
        }
    }

    @Test func anEmptyStoreSaysSo() throws {
        let folder = try Folder()
        #expect(
            try Program.run(["init", "plant.otscan", "--plant", "Works"], in: folder).output == "plant.otscan: made\n")
        #expect(try Program.run(["init", "plant.otscan"], in: folder).output == "plant.otscan: updated\n")
        for command in ["assets", "conversations", "segments", "remote", "findings", "coverage", "exhibits"] {
            let table = try Program.run([command, "plant.otscan"], in: folder)
            #expect(table.status == 0)
            #expect(!table.output.isEmpty, "\(command)")
            _ = try JSON.object(try Program.run([command, "--json", "plant.otscan"], in: folder).output)
        }
        let score = try Program.run(["score", "plant.otscan"], in: folder)
        #expect(score.output.contains("not gradable: 0 of 32 decided"))
        #expect(score.output.contains("0.0–100.0"))
    }
}
