import Analysis
import Foundation
import Model
import Protocols
import TestSupport
import Testing

/// Controllers' own protocols: Beckhoff ADS, CODESYS, GE SRTP, FANUC FOCAS, Panasonic MEWTOCOL, Modbus RTU in TCP.
@Suite struct ControllerTests {
    // MARK: ADS

    private func ads(_ command: Int, _ data: [UInt8], isResponse: Bool = false, port: Int = 801) -> [UInt8] {
        let device = hex("050d75600101") + le16(port)
        let station = hex("c0a801630101") + le16(33_000)
        let ams =
            (isResponse ? station + device : device + station) + le16(command) + le16(isResponse ? 5 : 4)
            + le32(data.count) + le32(0) + le32(7) + data
        return [0, 0] + le32(ams.count) + ams
    }

    @Test func deviceInfoNamesTheRuntime() {
        var bench = DissectorBench(ADS.self)
        bench.feed(ads(1, []), fromClient: true)
        let info = hex("00000000 03 01") + le16(4024) + ascii("Plc30 App", padTo: 16)
        bench.feed(ads(1, info, isResponse: true), fromClient: false)
        #expect(bench.value("device_info", about: DissectorBench.server) == "Plc30 App 3.1.4024")
        #expect(bench.values("ams_net_id") == ["192.168.1.99.1.1", "5.13.117.96.1.1"])
        #expect(bench.value("runtime_port", about: DissectorBench.server) == "plc")
        #expect(bench.effects == [.identity, .none])
    }

    @Test func adsOperationsAreToldApart() {
        var bench = DissectorBench(ADS.self)
        let control = ads(5, le16(6) + le16(0) + le32(0))
        let write = ads(3, le32(0xf005) + le32(1) + le32(2) + le16(1))
        let file = ads(9, le32(123) + le32(1) + le32(0) + le32(4) + le32(0), port: 10_000)
        let start = ads(3, le32(500) + le32(1) + le32(0), port: 10_000)
        bench.feed(control + write + file + start + ads(2, le32(0x4020) + le32(0) + le32(2)), fromClient: true)
        #expect(bench.effects == [.control, .write, .download, .control, .read])
        #expect(bench.names()[0] == "Write Control: Stop")
    }

    @Test func adsIsKnownByItsLengths() {
        #expect(probe(ADS.self, ads(1, []), port: 1) == .certain(from: .client))
        var wrong = ads(1, [])
        wrong[2] += 1
        #expect(probe(ADS.self, wrong, port: 48_898) == .no)
    }

    private var addRoute: [UInt8] {
        func tag(_ id: Int, _ value: [UInt8]) -> [UInt8] { le16(id) + le16(value.count) + value }
        return hex("03661471 05000000 06000000 c0a801630101 1027 05000000") + tag(12, ascii("ENG-01\u{0}"))
            + tag(7, hex("c0a801630101")) + tag(13, ascii("engineer\u{0}")) + tag(2, ascii("example\u{0}"))
            + tag(5, ascii("10.0.0.1\u{0}"))
    }

    @Test func addingARouteShowsUserAndPasswordButKeepsNoPassword() {
        var bench = DissectorBench(ADSDiscovery.self, isTCP: false)
        bench.feed(addRoute, fromClient: true)
        #expect(bench.values(.user) == ["engineer"])
        #expect(bench.values("route_name") == ["ENG-01"])
        #expect(bench.values(.cleartextCredential) == ["TwinCAT route password"])
        #expect(!bench.d.observations.observations.contains { $0.value.raw.contains("example") })
        #expect(bench.effects == [.login])
    }

    @Test func corpusOfBeckhoffIsRead() throws {
        guard let file = CaptureCorpus.file("ITI__ICS-Security-Tools/pcaps/beckoff/beckoffiplink.pcapng") else {
            return
        }
        let result = try CaptureReading.read(path: file.path)
        func value(_ source: String) -> [String] {
            result.observations.filter { $0.source == source }.map(\.value.raw)
        }
        #expect(value("ads-discovery.computer_name") == ["CX_0D7560"])
        #expect(value("ads-discovery.os_version") == ["Windows CE 6.0"])
        #expect(value("ads-discovery.twincat_version") == ["TwinCAT 2.11.2228"])
        #expect(value("ads.device_info").contains("PLC Server 2.11.2103"))
        // Counts as an independent dissector has them; it tells two retransmitted requests apart from new ones.
        let ads = result.conversations.filter { $0.service == "ads" }.flatMap(\.messages)
        func count(_ name: String) -> UInt64 { ads.filter { $0.name == name }.reduce(0) { $0 + $1.count } }
        #expect(count("Read") == 1039 && count("Read (response)") == 1038)
        #expect(count("Read State") == 1037 && count("Read State (response)") == 1037)
        #expect(count("Read Device Info (response)") == 4)
    }

    // MARK: CODESYS

    private var identification: [UInt8] {
        func wide(_ text: String) -> [UInt8] { text.utf16.flatMap { le16(Int($0)) } + [0, 0] }
        let header = hex("c5 7b 40 04 00 21 0102 0304 0506") + [0, 0, 0, 0]
        let counts = le16(4) + [1, 0] + le16(0) + le16(6) + le16(8) + le16(4)
        let target = le32(0x1000) + le32(0x1006_120b) + le32(0x0305_1304) + le32(0)
        let tail: [UInt8] = [4, 0, 1, 0] + [UInt8](repeating: 0, count: 8)
        return Array(header.prefix(12)) + le16(0xc280) + le16(0x0400) + le32(1) + counts + target + tail
            + wide("LINE-1")
            + wide("EX 750-8") + wide("ACME") + ascii("S-99")
    }

    @Test func nameServiceNamesTheController() {
        var bench = DissectorBench(CODESYS.self, isTCP: false)
        bench.feed(hex("c5 7c 40 03 00 10 1234 0001 0000 02c2 0004 69692004"), fromClient: true)
        bench.feed(identification, fromClient: false)
        #expect(bench.values(.name) == ["LINE-1"])
        #expect(bench.values(.model) == ["EX 750-8"])
        #expect(bench.values(.vendor) == ["ACME"])
        #expect(bench.values(.firmware) == ["3.5.19.4"])
        #expect(bench.values(.serial) == ["S-99"])
        #expect(bench.effects == [.identity, .none])
        let block = hex("e8170100") + le32(identification.count + 8) + identification
        var stream = DissectorBench(CODESYS.self)
        #expect(stream.feed(block + block, fromClient: false) == .consumed(block.count))
        #expect(stream.values(.name) == ["LINE-1"])
        #expect(probe(CODESYS.self, block, port: 1) == .certain)
        #expect(probe(CODESYS.self, identification, port: 1740, isTCP: false) == .certain(from: .server))
        #expect(probe(CODESYS.self, identification, port: 9, isTCP: false) == .no)
    }

    // MARK: GE SRTP, FOCAS, MEWTOCOL

    private func srtp(_ first: UInt8, _ type: UInt8, service: UInt8 = 0, text: [UInt8] = []) -> [UInt8] {
        var message = [UInt8](repeating: 0, count: 56)
        message[0] = first
        message[4] = UInt8(text.count)
        message[31] = type
        message[type == 0x80 ? 50 : 42] = service
        return message + text
    }

    @Test func serviceRequestsHaveTheirEffects() {
        var bench = DissectorBench(GESRTP.self)
        bench.feed(srtp(0, 0) + srtp(2, 0xc0, service: 0x43) + srtp(2, 0xc0, service: 0x23), fromClient: true)
        bench.feed(srtp(2, 0x80, service: 0x40, text: [1, 2, 3]), fromClient: true)
        bench.feed(srtp(1, 0) + srtp(3, 0x94, text: [1, 2]), fromClient: false)
        #expect(bench.effects == [.none, .identity, .control, .download, .none, .none])
        #expect(bench.values(.role) == ["plc"])
        #expect(probe(GESRTP.self, srtp(2, 0xc0, service: 4), port: 18_245) == .certain(from: .client))
        #expect(probe(GESRTP.self, srtp(2, 0xc0, service: 4), port: 9) == .no)
    }

    private var controlInformation: [UInt8] {
        let data = hex("0202 0020") + ascii("31 MG42151.0") + ascii("06")
        let part = hex("0001 0001 0018 000000000000") + be16(data.count) + data
        let body = be16(1) + be16(part.count + 2) + part
        return hex("a0a0a0a0 0001 2102") + be16(body.count) + body
    }

    @Test func machineToolControlsAreNamed() {
        var bench = DissectorBench(FOCAS.self)
        bench.feed(hex("a0a0a0a0 0001 0101 0002 0002"), fromClient: true)
        bench.feed(
            hex("a0a0a0a0 0001 2101 001e 0001 001c 0001 0001 0018 0000000000000000000000000000000000000000"),
            fromClient: true)
        bench.feed(controlInformation, fromClient: false)
        #expect(bench.values(.vendor) == ["FANUC"])
        #expect(bench.values(.model) == ["Series 31-M"])
        #expect(bench.values(.firmware) == ["G421 51.0"])
        #expect(bench.effects == [.none, .identity, .none])
        #expect(probe(FOCAS.self, hex("a0a0a0a0 0001 0101 0002 0002"), port: 9) == .certain(from: .client))
        #expect(probe(FOCAS.self, hex("a0a0a0a0 0001 0103 0002 0002"), port: 8193) == .no)
    }

    private func mewtocol(_ text: String) -> [UInt8] {
        let sum = String(text.utf8.reduce(0, ^), radix: 16, uppercase: true)
        return ascii(text + (sum.count == 1 ? "0" : "") + sum) + [13]
    }

    @Test func panasonicControllersAreRead() {
        var bench = DissectorBench(MEWTOCOL.self)
        bench.feed(mewtocol("%01#RT") + ascii("%01#RMP**") + [13] + mewtocol("%01#WDD0000100001FFFF"), fromClient: true)
        bench.feed(mewtocol("%01$RT2025168100E12D00") + mewtocol("%01!41"), fromClient: false)
        #expect(bench.effects == [.identity, .control, .write, .none, .none])
        #expect(bench.values(.firmware) == ["2.5"])
        #expect(bench.values("model_code") == ["32"])
        #expect(bench.values(.status) == ["run"])
        #expect(probe(MEWTOCOL.self, mewtocol("%01#RT"), port: 9) == .certain(from: .client))
        #expect(probe(MEWTOCOL.self, ascii("%01#RT00") + [13], port: 9094) == .no)
    }

    // MARK: Modbus RTU

    private func rtu(_ text: String) -> [UInt8] {
        let frame = hex(text)
        return frame + le16(Int(PowerTests.crc(frame, 0xa001, start: 0xffff, reflected: true)))
    }

    @Test func serialFramesInStreamsNameTheirUnits() {
        var bench = DissectorBench(ModbusRTU.self)
        bench.feed(rtu("11 03 006b 0003"), fromClient: true)
        bench.feed(rtu("11 03 06 022b 0000 0064"), fromClient: false)
        bench.feed(rtu("11 06 0001 0003"), fromClient: true)
        #expect(bench.effects == [.read, .none, .write])
        #expect(bench.values("unit_id") == ["17"])
        #expect(probe(ModbusRTU.self, hex("11 03 006b 0003 7687"), port: 4001) == .possible(from: .client))
        #expect(probe(ModbusRTU.self, hex("11 03 006b 0003 7686"), port: 502) == .no)
    }

    @Test func nothingHostileTraps() {
        #expect(DissectorBench.torment(GESRTP.self, [srtp(0, 0), srtp(2, 0x80, service: 0x40, text: [1, 2])]) > 2_000)
        #expect(DissectorBench.torment(FOCAS.self, [controlInformation]) > 1_000)
        #expect(
            DissectorBench.torment(MEWTOCOL.self, [mewtocol("%01$RT2025168100E12D00"), mewtocol("%01#RT")]) > 2_000)
        #expect(DissectorBench.torment(ModbusRTU.self, [rtu("11 03 006b 0003")]) > 1_000)
        let info = hex("00000000 03 01") + le16(4024) + ascii("Plc30 App", padTo: 16)
        #expect(DissectorBench.torment(ADS.self, [ads(1, info, isResponse: true), ads(5, le16(6))]) > 2_000)
        #expect(DissectorBench.torment(ADSDiscovery.self, [addRoute], isTCP: false) > 1_000)
        #expect(DissectorBench.torment(CODESYS.self, [identification], isTCP: false) > 1_000)
        #expect(DissectorBench.torment(CODESYS.self, [hex("e8170100") + le32(300) + identification]) > 1_000)
    }
}
