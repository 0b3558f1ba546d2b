import Analysis
import Foundation
import Model
import Protocols
import TestSupport
import Testing

/// Telecontrol and phasor measurement: DNP3, IEC 60870-5-104, IEEE C37.118.
@Suite struct PowerTests {
    /// Checksums written out bit by bit, apart from the product's own.
    static func crc(_ bytes: [UInt8], _ polynomial: UInt32, start: UInt32, reflected: Bool) -> UInt32 {
        var crc = start
        for byte in bytes {
            for bit in 0..<8 {
                let input = UInt32(reflected ? byte >> bit & 1 : byte >> (7 - bit) & 1)
                if reflected {
                    crc = (crc & 1) ^ input == 1 ? crc >> 1 ^ polynomial : crc >> 1
                } else {
                    crc = (crc >> 15 & 1) ^ input == 1 ? (crc << 1 ^ polynomial) & 0xffff : crc << 1 & 0xffff
                }
            }
        }
        return crc
    }

    // MARK: DNP3

    private func dnp3(_ user: [UInt8], fromMaster: Bool, control: UInt8 = 0x44) -> [UInt8] {
        func sum(_ bytes: [UInt8]) -> [UInt8] {
            le16(Int(PowerTests.crc(bytes, 0xa6bc, start: 0, reflected: true) ^ 0xffff))
        }
        let ends = fromMaster ? le16(10) + le16(1) : le16(1) + le16(10)
        let header = hex("0564") + [UInt8(user.count + 5), control | (fromMaster ? 0x80 : 0)] + ends
        var frame = header + sum(header)
        for start in stride(from: 0, to: user.count, by: 16) {
            let block = Array(user[start..<min(start + 16, user.count)])
            frame += block + sum(block)
        }
        return frame
    }
    private func attribute(_ variation: UInt8, _ text: String) -> [UInt8] {
        [0, variation, 0, 0, 0, 1, UInt8(text.utf8.count)] + ascii(text)
    }
    private var attributes: [UInt8] {
        hex("c1 81 0000") + attribute(252, "Example Works") + attribute(250, "RTU-7 Model B") + attribute(242, "3.1.4")
            + attribute(248, "SN 0042") + attribute(247, "Feeder 3")
    }

    @Test func deviceAttributesNameTheOutstation() {
        var bench = DissectorBench(DNP3.self)
        bench.feed(dnp3(hex("c0 c1 01 00 fe 00 00 00"), fromMaster: true), fromClient: true)
        bench.feed(dnp3([0xc0] + attributes, fromMaster: false), fromClient: false)
        #expect(bench.value("manufacturer", about: DissectorBench.server) == "Example Works")
        #expect(bench.values(.model) == ["RTU-7 Model B"])
        #expect(bench.values(.firmware) == ["3.1.4"])
        #expect(bench.values(.serial) == ["SN 0042"])
        #expect(bench.values(.name) == ["Feeder 3"])
        #expect(bench.effects == [.identity, .none])
        #expect(bench.value("source_address", about: DissectorBench.server) == "10")
    }

    @Test func attributesAcrossSegmentsAreJoined() {
        var bench = DissectorBench(DNP3.self)
        let first = dnp3([0x40] + attributes.prefix(30), fromMaster: false)
        let last = dnp3([0x81] + attributes.dropFirst(30), fromMaster: false)
        bench.feed(first + last, fromClient: false)
        #expect(bench.values(.serial) == ["SN 0042"])
        #expect(bench.names() == ["Response"])
        var cut = DissectorBench(DNP3.self)
        cut.feed(first, fromClient: false)
        cut.feed(dnp3(hex("c2 c2 81 4020"), fromMaster: false), fromClient: false)
        cut.feed(last, fromClient: false)
        #expect(cut.values(.serial).isEmpty)
        #expect(cut.values(.status) == ["device trouble", "configuration corrupt"])
    }

    @Test func functionsHaveTheirEffects() {
        var bench = DissectorBench(DNP3.self, isTCP: false)
        let operate = dnp3(hex("c0 c1 05 0c 01 28 0100 0000 03 01 64000000 64000000 00"), fromMaster: true)
        let restart = dnp3(hex("c0 c2 0d"), fromMaster: true)
        let status = dnp3([], fromMaster: true, control: 0x49)
        #expect(
            bench.feed(operate + restart + status, fromClient: true) == .consumed(operate.count + restart.count + 10))
        #expect(bench.names() == ["Direct operate", "Cold restart", "Link: request status"])
        #expect(bench.effects == [.write, .control, .none])
    }

    @Test func dnp3IsKnownByItsChecksum() {
        #expect(probe(DNP3.self, hex("0564 05c0 0100 0004 e921")) == .certain(from: .client))
        #expect(probe(DNP3.self, hex("0564 05c0 0100 0004 e922"), port: 20_000) == .no)
        #expect(probe(DNP3.self, hex("0564"), port: 20_000) == .wait)
        #expect(probe(DNP3.self, hex("0464 05c0 0100 0004 e921"), port: 20_000) == .no)
    }

    /// Requests as tshark counts them; it joins four answers to segments of other answers, so that 368 first segments from
    /// the outstation become 364 messages there.
    @Test func corpusOfDNP3IsCounted() throws {
        let path = "cisagov__icsnpp-dnp3/testing/traces/dnp3_example.pcap"
        guard let file = CaptureCorpus.file(path) else { return }
        let result = try CaptureReading.read(path: file.path)
        var seen: [String: UInt64] = [:]
        for message in result.conversations.flatMap(\.messages) { seen[message.name, default: 0] += message.count }
        #expect(
            seen == [
                "Read": 97, "Select": 134, "Operate": 133, "Response": 364, "Unsolicited response": 4,
            ])
        let addresses = result.observations.filter { $0.attribute == "dnp3_address" }.map(\.value.raw)
        #expect(Set(addresses) == ["100", "5"])
    }

    @Test func conformanceRunsAreDNP3Throughout() throws {
        guard let folder = CaptureCorpus.folder else { return }
        var conversations = 0
        for path in try CaptureCorpus.manifest() where path.contains("/dnp3/") {
            let result = try CaptureReading.read(path: folder.appendingPathComponent(path).path)
            for one in result.conversations where one.key.transport == .tcp && one.fromClient.bytes > 400 {
                conversations += 1
                #expect(one.service == "dnp3", "\(path) #\(one.first.number)")
            }
        }
        #expect(conversations > 100)
    }

    // MARK: IEC 60870-5-104

    private func asdu(_ type: UInt8, cause: UInt8, _ object: [UInt8]) -> [UInt8] {
        let body = hex("0200 0400") + [type, 1, cause, 0] + le16(17) + object
        return [0x68, UInt8(body.count)] + body
    }

    @Test func telecontrolTellsCentreAndStation() {
        var bench = DissectorBench(IEC104.self)
        bench.feed(hex("68 04 07 00 00 00") + asdu(100, cause: 6, hex("000000 14")), fromClient: true)
        bench.feed(hex("68 04 0b 00 00 00") + asdu(13, cause: 3, hex("0a0000 0000803f 00")), fromClient: false)
        bench.feed(asdu(45, cause: 6, hex("640000 81")) + asdu(105, cause: 6, hex("000000 01")), fromClient: true)
        bench.feed(asdu(45, cause: 0x47, hex("640000 81")), fromClient: false)
        #expect(bench.effects == [.none, .read, .none, .none, .write, .control, .none])
        #expect(bench.names()[0] == "STARTDT act")
        #expect(bench.names()[3] == "Measured value, short floating point (spontaneous)")
        #expect(bench.names()[6] == "Single command (activation confirmation, negative)")
        #expect(bench.value("controlled_station", about: DissectorBench.server) == "plc")
        #expect(bench.value("controlling_station", about: DissectorBench.client) == "scada")
        #expect(bench.value("common_address", about: DissectorBench.server) == "17")
    }

    @Test func telecontrolIsKnownByLengthAndType() {
        #expect(probe(IEC104.self, hex("68 04 07 00 00 00")) == .certain(from: .client))
        #expect(probe(IEC104.self, hex("68 04 83 00 00 00")) == .certain(from: .server))
        #expect(probe(IEC104.self, asdu(13, cause: 3, hex("0a0000 0000803f 00"))) == .certain(from: .server))
        #expect(probe(IEC104.self, asdu(13, cause: 3, hex("0a0000 0000803f 0000")), port: 2404) == .no)
        #expect(probe(IEC104.self, ascii("hello, world and more"), port: 2404) == .no)
        #expect(probe(IEC104.self, hex("68 04 01 00 02 00")) == .possible)
    }

    // MARK: IEEE C37.118

    private func phasor(_ kind: UInt8, _ content: [UInt8]) -> [UInt8] {
        let frame = [0xaa, kind << 4 | 1] + be16(content.count + 16) + be16(7) + hex("5f000000 00000000") + content
        return frame + be16(Int(PowerTests.crc(frame, 0x1021, start: 0xffff, reflected: false)))
    }
    private func station(_ name: String) -> [UInt8] {
        ascii(name, padTo: 16, with: 0x20) + hex("0007 0000 0001 0000 0000") + ascii("VA", padTo: 16) + hex("00000000")
            + hex("0000 0001")
    }
    private var configuration: [UInt8] { phasor(3, hex("000f4240 0001") + station("Substation North") + be16(30)) }

    @Test func configurationNamesTheStation() {
        var bench = DissectorBench(Synchrophasor.self)
        bench.feed(phasor(4, hex("0005")), fromClient: true)
        bench.feed(configuration + phasor(0, hex("0000 0001")), fromClient: false)
        #expect(bench.value("station_name", about: DissectorBench.server) == "Substation North")
        #expect(bench.values("pmu_id") == ["7"])
        #expect(bench.effects == [.identity, .none, .none])
        var concentrator = DissectorBench(Synchrophasor.self, isTCP: false)
        concentrator.feed(
            phasor(3, hex("000f4240 0002") + station("One") + station("Two") + be16(30)), fromClient: false)
        #expect(concentrator.values("pmu_station") == ["One", "Two"])
        #expect(concentrator.values(.name).isEmpty)
    }

    @Test func phasorFramesAreKnownByTheirChecksum() {
        #expect(probe(Synchrophasor.self, phasor(4, hex("0002"))) == .certain(from: .client))
        #expect(probe(Synchrophasor.self, configuration, isTCP: false) == .certain(from: .server))
        var damaged = configuration
        damaged[20] ^= 1
        #expect(probe(Synchrophasor.self, damaged, port: 4712) == .no)
    }

    @Test func corpusNamesPMUs() throws {
        let expected = [
            "ntop__nDPI/tests/cfgs/default/pcap/ieee_c37118.pcap": ["Blue PMU", "PMU1"],
            "ITI__ICS-Security-Tools/pcaps/C37.118/C37118/c37_pmu_unclean.pcap": ["Reporting1"],
            "cisagov__icsnpp-synchrophasor/tests/traces/C37.118_1PMU_UDP_minimal_otherport.pcap": ["PMU1"],
        ]
        for (path, names) in expected {
            guard let file = CaptureCorpus.file(path) else { return }
            let result = try CaptureReading.read(path: file.path)
            let found = result.observations.filter { $0.source == "synchrophasor.station_name" }.map(\.value.raw)
            #expect(found == names, "\(path)")
        }
    }

    @Test func nothingHostileTraps() {
        #expect(DissectorBench.torment(DNP3.self, [dnp3([0xc0] + attributes, fromMaster: false)]) > 1_000)
        #expect(
            DissectorBench.torment(DNP3.self, [dnp3([0xc0] + attributes, fromMaster: false)], isTCP: false) > 1_000)
        #expect(
            DissectorBench.torment(IEC104.self, [asdu(13, cause: 3, hex("0a0000 0000803f 00")), hex("680407000000")])
                > 2_000)
        #expect(DissectorBench.torment(Synchrophasor.self, [configuration, phasor(4, hex("0002"))]) > 2_000)
    }
}
