import Analysis
import Foundation
import Model
import Protocols
import TestSupport
import Testing

/// Process plants, pipelines, meters, signals and buildings: HART-IP, ROC Plus, BSAP, C12.22, Genisys, KNXnet/IP, Niagara Fox.
@Suite struct ProcessTests {
    private func hartIP(_ type: UInt8, _ id: UInt8, _ body: [UInt8]) -> [UInt8] {
        [1, type, id, 0] + be16(5) + be16(body.count + 8) + body
    }
    private func hart(_ delimiter: UInt8, _ address: [UInt8], _ command: UInt8, _ data: [UInt8]) -> [UInt8] {
        let frame = [delimiter] + address + [command, UInt8(data.count)] + data
        return frame + [frame.reduce(0, ^)]
    }
    private var identity: [UInt8] {
        hartIP(
            1, 3,
            hart(0x86, hex("a64e 00002a"), 0, hex("0000 fe 264e 05 07 02 0b 18 00 00002a 05 08 0001 00 0026 0026 01")))
    }

    @Test func uniqueIdentifierNamesTheFieldDevice() {
        var bench = DissectorBench(HARTIP.self)
        bench.feed(hartIP(0, 0, hex("01 000927c0")) + hartIP(0, 3, hart(0x02, [0x80], 0, [])), fromClient: true)
        bench.feed(identity, fromClient: false)
        bench.feed(
            hartIP(
                1, 3,
                hart(0x86, hex("a64e00002a"), 13, hex("0000 504994C35D72") + hex("000000000000000000000000 010203"))),
            fromClient: false)
        #expect(bench.values("hart_device") == ["manufacturer 38, type 9806, id 42"])
        #expect(bench.values(.firmware) == ["11"])
        #expect(bench.values(.hardware) == ["3"])
        #expect(bench.effects == [.none, .identity, .none, .none])
        #expect(bench.names()[1] == "Read unique identifier")
        bench.feed(hartIP(0, 3, hart(0x82, hex("264e00002a"), 42, [])), fromClient: true)
        bench.feed(hartIP(0, 3, hart(0x82, hex("264e00002a"), 6, [1])), fromClient: true)
        #expect(bench.effects.suffix(2) == [.control, .write])
        bench.feed(hartIP(1, 3, hart(0x86, hex("a64e00002b"), 1, hex("0000 2700000000"))), fromClient: false)
        #expect(bench.values(.role).contains("gateway"))
    }

    @Test func hartIsKnownByItsCheckByte() {
        #expect(probe(HARTIP.self, identity, port: 9) == .certain(from: .server))
        var damaged = identity
        damaged[20] ^= 1
        #expect(probe(HARTIP.self, damaged, port: 9) == .no)
        #expect(probe(HARTIP.self, hartIP(0, 0, hex("01 000927c0")), port: 5094) == .certain(from: .client))
    }

    private func roc(_ opcode: UInt8, _ data: [UInt8], reply: Bool = false) -> [UInt8] {
        let frame: [UInt8] = (reply ? [3, 4, 1, 2] : [1, 2, 3, 4]) + [opcode, UInt8(data.count)] + data
        return frame + le16(Int(PowerTests.crc(frame, 0xa001, start: 0xffff, reflected: true)))
    }

    @Test func rocRequestsHaveTheirEffects() {
        var bench = DissectorBench(ROCPlus.self)
        bench.feed(roc(17, ascii("OP1") + le16(1000)) + roc(181, [1]) + roc(180, [1]) + roc(8, []), fromClient: true)
        bench.feed(roc(180, [1], reply: true), fromClient: false)
        #expect(bench.effects == [.login, .write, .read, .write, .none])
        #expect(bench.values(.cleartextCredential) == ["ROC Plus operator password"])
        #expect(bench.value("address", about: DissectorBench.server) == "1.2")
        #expect(probe(ROCPlus.self, hex("010203040600 3a2f"), port: 4000) == .certain)
        #expect(probe(ROCPlus.self, hex("010203040600 3a2e"), port: 4000) == .no)
    }

    private var search: [UInt8] {
        let device =
            hex("36 01 02 00 1101 0000 00c5 01020304 e000170c 020000000009") + ascii("IP Router", padTo: 30)
        let body = hex("08 01 0a000002 0e57") + device
        return hex("0610 0202") + be16(body.count + 6) + body
    }
    private func telegram(_ control: Int) -> [UInt8] {
        let body = hex("04 01 00 00 11 00 bce0 0000 0901 01") + be16(control)
        return hex("0610 0420") + be16(body.count + 6) + body
    }

    @Test func searchResponsesNameKNXDevices() {
        var bench = DissectorBench(KNXnetIP.self, isTCP: false)
        bench.feed(search, fromClient: false)
        #expect(bench.values(.name) == ["IP Router"])
        #expect(bench.values("knx_address") == ["1.1.1"])
        #expect(bench.values(.mac) == ["02:00:00:00:00:09"])
        for control in [0x0081, 0x0000, 0x0380, 0x0284] { bench.feed(telegram(control), fromClient: true) }
        #expect(bench.effects == [.none, .write, .read, .control, .download])
        #expect(bench.names()[1] == "Tunnelling request: group value write")
        #expect(probe(KNXnetIP.self, search, isTCP: false) == .certain(from: .server))
        #expect(probe(KNXnetIP.self, search + [0], isTCP: false) == .no)
    }

    private var hello: [UInt8] {
        ascii(
            "fox a 0 -1 fox hello\n{\nfox.version=s:1.0\nhostName=s:10.0.0.9\napp.name=s:Station\napp.version=s:3.8.1\n"
                + "os.name=s:QNX\nos.version=s:6.5\nstation.name=s:Tower\nhostId=s:Qnx-1\n};;\n")
    }

    @Test func foxGreetingsNameStations() {
        var bench = DissectorBench(Fox.self)
        bench.feed(hello, fromClient: false)
        #expect(bench.values(.name) == ["Tower"])
        #expect(bench.values(.software) == ["Niagara Station 3.8.1"])
        #expect(bench.values(.os) == ["QNX 6.5"])
        #expect(bench.values(.role) == ["building_controller"])
        #expect(probe(Fox.self, hello, port: 1) == .certain)
        #expect(probe(Fox.self, ascii("foxes are animals"), port: 1911) == .no)
    }

    private let named = hex(
        "0e00 0100 0600 834b0000 744b0000 6d000000 0c834b0000 a0 00 04 03d0 01 0f 01 4047562e44533100")

    @Test func bristolDatabaseRequestsAreRead() {
        var bench = DissectorBench(BSAP.self, isTCP: false)
        bench.feed(named, fromClient: true)
        bench.feed(hex("100200eba0e30803008401400f014047562e4153332e001003a94d"), fromClient: true)
        bench.feed(hex("100200eb03e308a000000182df82be10039102"), fromClient: false)
        #expect(bench.effects == [.read, .write, .none])
        #expect(bench.names() == ["Read signals by name", "Write signals by name", "Response"])
        #expect(probe(BSAP.self, named, port: 1234, isTCP: false) == .possible(from: .client))
        #expect(probe(BSAP.self, named, port: 53, isTCP: false) == .no)
    }

    private let logon = hex(
        "603ea211060f2b060104018285638e7f85f1c24e00a60a06082b06010401828563a806020413e81421be1528138111"
            + "800f50123468656c6c6f776f726c640000")

    @Test func meterServicesAreRead() {
        var bench = DissectorBench(C1222.self)
        bench.feed(logon, fromClient: true)
        bench.feed(hex("6013 a806020413e81421 be09 2807 8105 80033f0001"), fromClient: true)
        #expect(bench.values(.user) == ["helloworld"])
        #expect(bench.effects == [.login, .read])
        #expect(probe(C1222.self, logon, port: 1153) == .certain)
        #expect(probe(C1222.self, hex("60 06 06 04 2b060105 05"), port: 1153) == .no)
    }

    @Test func signallingIsKnownByItsChecksum() {
        var bench = DissectorBench(Genisys.self)
        bench.feed(hex("fb018340f6"), fromClient: true)
        bench.feed(hex("f101f6"), fromClient: false)
        #expect(bench.effects == [.read, .none])
        #expect(bench.values("genisys_station") == ["1"])
        bench.feed(hex("f20101061e042d040cfdf6"), fromClient: false)
        #expect(bench.names().last == "Indication data", "a checksum's bytes are not escaped")
        #expect(probe(Genisys.self, hex("fb018340f6"), port: 9) == .certain(from: .client))
        #expect(probe(Genisys.self, hex("fb018341f6"), port: 10_001) == .no)
        #expect(probe(Genisys.self, hex("f101f6"), port: 10_001) == .possible(from: .server))
    }

    @Test func corpusOfMetersSignalsAndPipelinesIsRead() throws {
        guard let bsap = CaptureCorpus.file("cisagov__icsnpp-bsap/testing/traces/bsap-serial_example.pcapng"),
            let meter = CaptureCorpus.file("cisagov__icsnpp-c1222/testing/Traces/c1222_logon_service_tcp.pcap"),
            let signals = CaptureCorpus.file("cisagov__icsnpp-genisys/tests/traces/genisys_otherport.pcap")
        else { return }
        func counts(_ file: URL, _ service: String) throws -> [String: UInt64] {
            var counts: [String: UInt64] = [:]
            for one in try CaptureReading.read(path: file.path).conversations where one.service == service {
                for message in one.messages { counts[message.name, default: 0] += message.count }
            }
            return counts
        }
        let database = try counts(bsap, "bsap")
        #expect(database["Read signals by name"] == 1344)
        #expect(database["Write signals by name"] == 63)
        #expect(database["Read signals by address"] == 6)
        #expect(try counts(meter, "c1222") == ["Logon": 1, "OK": 1])
        let lines = try counts(signals, "genisys")
        #expect(lines["Poll"] == 313)
        #expect(lines["Recall"] == 31)
        #expect(lines["Acknowledge"] == 217)
        #expect(lines["Indication data"] == 127)
    }

    @Test func corpusIsRead() throws {
        guard let fox = CaptureCorpus.file("ITI__ICS-Security-Tools/pcaps/fox/fox_info.pcap"),
            let hart = CaptureCorpus.file(
                "cisagov__icsnpp-hart-ip/testing/traces/hart-ip_publish_and_keepAlive.pcapng"),
            let roc = CaptureCorpus.file("cisagov__icsnpp-roc-plus/testing/traces/all_opcodes_udp.pcap"),
            let knx = CaptureCorpus.file("ntop__nDPI/tests/cfgs/default/pcap/knxip.pcapng")
        else { return }
        let station = try CaptureReading.read(path: fox.path)
        #expect(station.observations.contains { $0.attribute == .name && $0.value.raw == "Legion_HQ_V4" })
        #expect(station.observations.contains { $0.attribute == .os && $0.value.raw == "QNX 6.3.2" })
        let field = try CaptureReading.read(path: hart.path)
        #expect(field.observations.contains { $0.attribute == .serial && $0.value.raw == "9774703" })
        #expect(field.observations.contains { $0.attribute == "hart_tag" && $0.value.raw == "b8-27-eb-95-26-6f" })
        let controller = try CaptureReading.read(path: roc.path)
        let messages = controller.conversations.flatMap(\.messages)
        #expect(messages.reduce(0) { $0 + $1.count } == 109)
        #expect(try CaptureReading.read(path: knx.path).conversations.allSatisfy { $0.service == "knxnet-ip" })
    }

    @Test func nothingHostileTraps() {
        #expect(DissectorBench.torment(HARTIP.self, [identity, hartIP(0, 4, hex("0000002a"))]) > 2_000)
        #expect(DissectorBench.torment(ROCPlus.self, [roc(17, ascii("OP1") + le16(1000))]) > 1_000)
        #expect(DissectorBench.torment(KNXnetIP.self, [search, telegram(0x80)], isTCP: false) > 2_000)
        #expect(DissectorBench.torment(Fox.self, [hello]) > 1_000)
        #expect(DissectorBench.torment(BSAP.self, [named], isTCP: false) > 1_000)
        #expect(DissectorBench.torment(C1222.self, [logon]) > 1_000)
        #expect(DissectorBench.torment(Genisys.self, [hex("fb018340f6"), hex("f101f6")]) > 2_000)
    }
}
