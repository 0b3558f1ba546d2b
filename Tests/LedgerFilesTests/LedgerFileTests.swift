import Foundation
import LedgerFiles
import Model
import TestSupport
import Testing

/// Lists as plants keep them: encodings, delimiters, headings and cells of many writings.
@Suite struct LedgerFileTests {
    private func read(_ text: String) throws -> LedgerFile {
        try LedgerFile(name: "list.csv", bytes: Array(text.utf8))
    }

    private func error(_ bytes: [UInt8]) -> String {
        do {
            _ = try LedgerFile(name: "list.csv", bytes: bytes)
            return "no error"
        } catch {
            return error.description
        }
    }

    private func sample(_ name: String) throws -> LedgerFile {
        try LedgerFile(path: CaptureCorpus.repository.appendingPathComponent("Samples/\(name)").path)
    }

    @Test func theSampleReadsTheSameInEveryEncoding() throws {
        let utf8 = try sample("ledger.csv")
        #expect(utf8.entries.count == 32)
        #expect(utf8.encoding == .utf8)
        #expect(utf8.warnings.isEmpty)
        let first = try #require(utf8.entries.first)
        #expect(first.key == "CM-001")
        #expect(first.line == 2)
        #expect(first.macs.map(\.description) == ["00:80:f0:44:02:78"])
        #expect(first.addresses.map(\.description) == ["192.168.10.120"])
        #expect(first.owner == "総務部 佐藤")
        #expect(utf8.columns.allSatisfy { $0.field != nil })

        let shiftJIS = try sample("ledger-sjis.csv")
        #expect(shiftJIS.encoding == .shiftJIS)
        #expect(shiftJIS.entries == utf8.entries)

        let path = CaptureCorpus.repository.appendingPathComponent("Samples/ledger.csv")
        let text = try String(contentsOf: path, encoding: .utf8)
        let plain = text.unicodeScalars.first == "\u{feff}" ? String(text.unicodeScalars.dropFirst()) : text
        for (mark, big) in [([0xff, 0xfe] as [UInt8], false), ([0xfe, 0xff], true)] {
            let units = plain.utf16.flatMap { unit -> [UInt8] in
                let (high, low) = (UInt8(unit >> 8), UInt8(unit & 255))
                return big ? [high, low] : [low, high]
            }
            let utf16 = try LedgerFile(name: "list.csv", bytes: mark + units)
            #expect(utf16.encoding == (big ? .utf16BigEndian : .utf16LittleEndian))
            #expect(utf16.entries == utf8.entries)
        }
    }

    /// 機器名,IPアドレス / 制御盤ﾌﾟ,10.0.0.5 as an EUC-JP editor saves it.
    @Test func readsEUCJP() throws {
        var bytes: [UInt8] = [0xb5, 0xa1, 0xb4, 0xef, 0xcc, 0xbe, 0x2c]
        bytes += [0x49, 0x50, 0xa5, 0xa2, 0xa5, 0xc9, 0xa5, 0xec, 0xa5, 0xb9, 0x0a]
        bytes += [0xc0, 0xa9, 0xb8, 0xe6, 0xc8, 0xd7, 0x8e, 0xcc, 0x8e, 0xdf, 0x2c] + Array("10.0.0.5\n".utf8)
        let ledger = try LedgerFile(name: "list.csv", bytes: bytes)
        #expect(ledger.encoding == .eucJP)
        #expect(ledger.entries.map(\.name) == ["制御盤ﾌﾟ"])
        #expect(ledger.entries.first?.addresses == [IPAddress(v4: 0x0a00_0005)])
    }

    @Test(arguments: [",", "\t", ";"])
    func findsTheDelimiter(delimiter: String) throws {
        let lines = [["Name", "IP address", "Remark"], ["PLC", "10.0.0.1", "spare"], ["HMI", "10.0.0.2", ""]]
        let ledger = try read(lines.map { $0.joined(separator: delimiter) }.joined(separator: "\r\n"))
        #expect(ledger.delimiter.map { String($0) } == delimiter)
        #expect(ledger.entries.map(\.name) == ["PLC", "HMI"])
        #expect(ledger.entries[0].extra == ["Remark": "spare"])
        #expect(ledger.entries[1].extra.isEmpty)
    }

    @Test func quotesHoldDelimitersLineBreaksAndQuotes() throws {
        let ledger = try read("name,ip,note\n\"A, \"\"big\"\"\none\",10.0.0.1,x\nB,10.0.0.2,y\n")
        #expect(ledger.entries.map(\.name) == ["A, \"big\"\none", "B"])
        #expect(ledger.entries.map(\.line) == [2, 4])
    }

    @Test func headingsComeInManyWritings() throws {
        let ledger = try read(
            "生産設備ネットワーク機器一覧,,,,,,\n,,,,,,\n"
                + "Ｎｏ．,装置 名称,IPアドレス１,ＩＰアドレス２,MACアドレス(有線),設置場所【棟】,備考\n"
                + "１,ＰＬＣ－１,１９２．１６８．１．５,192.168.1.006,00-1B-1B-01-02-03,A棟,停止中\n")
        let fields: [LedgerField?] = [.key, .name, .address, .address, .mac, .location, nil]
        #expect(ledger.columns.map(\.field) == fields)
        let entry = try #require(ledger.entries.first)
        #expect(entry.line == 4)
        #expect(entry.key == "1")
        #expect(entry.name == "PLC-1")
        #expect(entry.addresses.map(\.description) == ["192.168.1.5", "192.168.1.6"])
        #expect(entry.macs.map(\.description) == ["00:1b:1b:01:02:03"])
        #expect(entry.extra == ["備考": "停止中"])
        #expect(ledger.warnings.isEmpty)
    }

    @Test(arguments: [
        "00:1b:1b:01:02:03", "00-1B-1B-01-02-03", "001b.1b01.0203", "001B1B010203", "00 1B 1B 01 02 03",
        "0:1b:1b:1:2:3",
        "００：１Ｂ：１Ｂ：０１：０２：０３", "00‐1B‐1B‐01‐02‐03",
    ])
    func macsInEveryWriting(text: String) throws {
        let ledger = try read("name,mac\nx,\(text)\n")
        #expect(ledger.entries.first?.macs.map(\.description) == ["00:1b:1b:01:02:03"])
        #expect(ledger.warnings.isEmpty)
    }

    @Test func severalAddressesInACell() throws {
        let ledger = try read(
            "name,ip,mac\nx,\"10.0.0.1、10.0.0.2\nfd00::5/64\",\"00:00:5e:00:01:01 / 00:00:5e:00:01:02\"\n"
                + "y,10.0.0.3 / 24,DHCP\nz,DHCP,なし\n")
        #expect(ledger.entries[0].addresses.map(\.description) == ["10.0.0.1", "10.0.0.2", "fd00::5"])
        #expect(ledger.entries[0].macs.count == 2)
        #expect(ledger.entries[1].addresses.map(\.description) == ["10.0.0.3"])
        #expect(ledger.entries[2].addresses.isEmpty)
        #expect(ledger.warnings.isEmpty)
    }

    @Test func whatIsNoAddressIsToldAndKept() throws {
        let ledger = try read("name,ip\nx,10.0.0.1\ny,10.0.0.300\n")
        #expect(
            ledger.warnings.map(\.description) == ["list.csv:3:2: expected IP addresses, found \"10.0.0.300\""])
        #expect(ledger.entries[1].extra == ["ip": "10.0.0.300"])
    }

    /// What a spreadsheet export put an apostrophe before comes back as it was.
    @Test func formulaGuardsAreTakenOff() throws {
        #expect(try read("name,ip\n'=1+1,10.0.0.1\n").entries[0].name == "=1+1")
        #expect(try read("name,ip\n'quoted,10.0.0.1\n").entries[0].name == "'quoted")
    }

    @Test func errorsNameThePlaceAndWhatWasExpected() {
        #expect(error([]).contains("found an empty file"))
        #expect(error([0x50, 0x4b, 0x03, 0x04, 0, 0]).contains("Excel workbook"))
        #expect(error(Array("a,b\n1,2\n".utf8)).hasPrefix("list.csv:1: expected headings such as"))
        #expect(
            error(Array("name,ip\nx,\"10.0.0.1\n".utf8))
                == "list.csv:2:2: expected a closing quotation mark, found the end of the file")
        #expect(
            error(Array("name,ip\nx,10.0.0.1,extra\n".utf8))
                == "list.csv:2:3: expected 2 columns as in the headings, found 3")
        #expect(error([0xff, 0xff, 0x81]).contains("expected text in UTF-8, Shift_JIS"))
        let wide = [String](repeating: "name", count: LedgerFile.Limits.columns + 1).joined(separator: ",")
        #expect(error(Array(wide.utf8)).contains("at most 256 columns"))
        let long = "name\n" + String(repeating: "x\n", count: LedgerFile.Limits.rows + 1)
        #expect(error(Array(long.utf8)).contains("at most 100000 lines"))
    }

    /// Damaged lists give entries or an error, never a trap.
    @Test func bytesChangedAtRandomDoNoHarm() throws {
        var random = SplitMix(seed: 7)
        let whole = try [UInt8](
            Data(contentsOf: CaptureCorpus.repository.appendingPathComponent("Samples/ledger-sjis.csv")))
        for _ in 0..<2000 {
            var bytes = Array(whole.prefix(Int(random.next() % UInt64(whole.count)) + 1))
            for _ in 0..<(random.next() % 8) {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            _ = try? LedgerFile(name: "x", bytes: bytes)
        }
    }
}
