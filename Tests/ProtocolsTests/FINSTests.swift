import Analysis
import Foundation
import Model
import Protocols
import TestSupport
import Testing

@Suite struct FINSTests {
    private func command(_ code: Int, _ data: [UInt8] = []) -> [UInt8] {
        hex("80 00 02 00 01 00 00 63 00 01") + be16(code) + data
    }
    private func response(_ code: Int, _ data: [UInt8], end: Int = 0) -> [UInt8] {
        hex("c0 00 02 00 63 00 00 01 00 01") + be16(code) + be16(end) + data
    }
    private func tcp(_ command: Int, _ frame: [UInt8]) -> [UInt8] {
        ascii("FINS") + be16(0) + be16(frame.count + 8) + be16(0) + be16(command) + hex("00000000") + frame
    }
    private var controllerData: [UInt8] {
        ascii("CJ2M-CPU33", padTo: 20, with: 0x20) + ascii("02.01", padTo: 20, with: 0)
            + [UInt8](repeating: 0, count: 52)
    }

    @Test func controllerDataNamesModelAndVersion() {
        var bench = DissectorBench(FINS.self, isTCP: false)
        bench.feed(command(0x0501), fromClient: true)
        bench.feed(response(0x0501, controllerData), fromClient: false)
        #expect(bench.value("controller_model", about: DissectorBench.server) == "CJ2M-CPU33")
        #expect(bench.value("controller_version") == "02.01")
        #expect(bench.value("source_address", about: DissectorBench.client) == "0.99.0")
        #expect(bench.value("source_address", about: DissectorBench.server) == "0.1.0")
        #expect(bench.values(.role) == ["plc"])
        #expect(bench.effects == [.identity, .none])
    }

    @Test func framesInAStreamAreReadOneByOne() {
        var bench = DissectorBench(FINS.self)
        let requests =
            tcp(0, hex("00000000")) + tcp(2, command(0x0402)) + tcp(2, command(0x0307)) + tcp(2, command(0x0102))
        #expect(bench.feed(requests, fromClient: true) == .consumed(28))
        bench.feed(tcp(1, hex("0000006300000001")) + tcp(2, response(0x0601, hex("0104 0000"))), fromClient: false)
        #expect(bench.names().prefix(4) == ["Client Node Address", "Stop", "Program Area Write", "Memory Area Write"])
        #expect(bench.effects == [.none, .control, .download, .write, .none, .none])
        #expect(bench.values(.status) == ["run"])
    }

    @Test func refusalsAndEmptyFieldsNameNobody() {
        var bench = DissectorBench(FINS.self, isTCP: false)
        bench.feed(response(0x0501, controllerData, end: 0x0402), fromClient: false)
        bench.feed(response(0x0501, [UInt8](repeating: 0, count: 92)), fromClient: false)
        #expect(bench.values(.model).isEmpty)
        bench.feed(response(0x0501, controllerData, end: 0x0040), fromClient: false)
        #expect(bench.values(.model) == ["CJ2M-CPU33"], "a non-fatal CPU error leaves the answer valid")
    }

    @Test func passwordsAreNotedNotKept() {
        var bench = DissectorBench(FINS.self, isTCP: false)
        bench.feed(command(0x0305, hex("0000 00000000 ffffffff 00") + ascii("PASS")), fromClient: true)
        #expect(bench.values(.cleartextCredential) == ["FINS program area password"])
        #expect(!bench.d.observations.observations.contains { $0.value.raw.contains("PASS") })
    }

    @Test func probesTellItFromOthers() {
        #expect(probe(FINS.self, command(0x0101), port: 9600, isTCP: false) == .certain(from: .client))
        #expect(probe(FINS.self, command(0x0101), port: 7, isTCP: false) == .possible(from: .client))
        #expect(probe(FINS.self, command(0x7f7f), port: 9600, isTCP: false) == .no)
        #expect(probe(FINS.self, tcp(2, command(0x0101)), port: 1) == .certain(from: .client))
        #expect(probe(FINS.self, tcp(2, response(0x0101, [])), port: 1) == .certain(from: .server))
        #expect(probe(FINS.self, ascii("FINSBURY PARK STATION")) == .no)
    }

    @Test func nothingHostileTraps() {
        #expect(
            DissectorBench.torment(FINS.self, [tcp(2, response(0x0501, controllerData)), tcp(2, command(0x0304))])
                > 2_000)
        #expect(
            DissectorBench.torment(
                FINS.self, [response(0x0502, hex("03") + controllerData), response(0x0601, hex("0104"))], isTCP: false)
                > 2_000)
    }

    @Test func realControllerIsNamed() throws {
        guard let file = CaptureCorpus.file("ntop__nDPI/tests/cfgs/default/pcap/fins.pcap") else { return }
        let result = try CaptureReading.read(path: file.path)
        let facts = zip(result.observations, result.sightings).filter { $0.1.first.number == 252 }.map(\.0)
        #expect(facts.first { $0.attribute == .model }?.value.raw == "CP1L-EL20DR-D")
        #expect(facts.first { $0.attribute == .firmware }?.value.raw == "01.00")
    }
}
