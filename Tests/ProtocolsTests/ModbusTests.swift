import Analysis
import Foundation
import Model
import Protocols
import TestSupport
import Testing

@Suite struct ModbusTests {
    private func adu(_ pdu: [UInt8], transaction: Int = 1, unit: UInt8 = 1) -> [UInt8] {
        be16(transaction) + be16(0) + be16(pdu.count + 1) + [unit] + pdu
    }

    private var identification: [UInt8] {
        var pdu: [UInt8] = [43, 14, 3, 0x83, 0, 0, 4]
        for (id, text) in [(0, "Example Works"), (1, "EX-100"), (2, "V2.7"), (0x80, "private")] {
            pdu += [UInt8(id), UInt8(text.utf8.count)] + ascii(text)
        }
        return adu(pdu)
    }

    @Test func deviceIdentificationNamesTheServer() {
        var bench = DissectorBench(Modbus.self)
        bench.feed(adu([43, 14, 3, 0]), fromClient: true)
        bench.feed(identification, fromClient: false)
        #expect(bench.value("vendor_name", about: DissectorBench.server) == "Example Works")
        #expect(bench.value("product_code") == "EX-100")
        #expect(bench.value("revision") == "V2.7")
        #expect(bench.values("object") == ["Example Works", "EX-100", "V2.7", "private"])
        #expect(bench.values("object_id") == ["0", "1", "2", "128"])
        #expect(bench.effects == [.identity, .none])
    }

    @Test func effectsBelongToRequests() {
        var bench = DissectorBench(Modbus.self)
        bench.feed(adu(hex("0300000002")), fromClient: true)
        bench.feed(adu(hex("030400010002")), fromClient: false)
        bench.feed(adu(hex("0500 01 ff00")), fromClient: true)
        bench.feed(adu(hex("0500 01 ff00")), fromClient: false)
        bench.feed(adu(hex("08 0001 0000")), fromClient: true)
        bench.feed(adu(hex("85 02")), fromClient: false)
        #expect(bench.effects == [.read, .none, .write, .none, .control, .none])
        #expect(bench.names().last == "Write Single Coil (exception)")
        #expect(bench.names()[4] == "Diagnostics: Restart Communications")
    }

    /// A response is known by its shape, also where the direction was guessed wrong.
    @Test func shapeOutweighsDirection() {
        var bench = DissectorBench(Modbus.self)
        bench.feed(adu(hex("0304 0001 0002")), fromClient: true)
        #expect(bench.names() == ["Read Holding Registers (response)"])
        #expect(bench.value("server", about: DissectorBench.client) == "plc")
    }

    @Test func severalUnitsMakeAGateway() {
        var bench = DissectorBench(Modbus.self)
        for unit in [UInt8(3), 9] { bench.feed(adu(hex("0302 0001"), unit: unit), fromClient: false) }
        #expect(bench.value("unit_ids", about: DissectorBench.server) == "gateway")
        #expect(bench.values("unit_id") == ["3", "9"])
    }

    @Test func serverIDTextIsFound() {
        var bench = DissectorBench(Modbus.self)
        let text = ascii("Pump Controller 7")
        bench.feed(adu([17, UInt8(text.count + 2), 0x0a, 0xff] + text), fromClient: false)
        #expect(bench.value("server_id") == "Pump Controller 7")
    }

    @Test func umasIsReadByItsRequest() {
        var bench = DissectorBench(Modbus.self)
        bench.feed(adu(hex("5a 00 02"), transaction: 7), fromClient: true)
        let model = ascii("TSX P57 0000")
        let data = [UInt8](repeating: 0, count: 8) + hex("7002") + [UInt8](repeating: 0, count: 12)
        bench.feed(adu(hex("5a 00 fe") + data + [UInt8(model.count)] + model, transaction: 7), fromClient: false)
        bench.feed(adu(hex("5a 00 41 ff00"), transaction: 8), fromClient: true)
        #expect(bench.value("umas_model", about: DissectorBench.server) == "TSX P57 0000")
        #expect(bench.value("umas_version") == "2.70")
        #expect(bench.effects == [.identity, .none, .control])
        #expect(bench.names().last == "UMAS Stop PLC")
    }

    @Test func probeAsksForShapes() {
        #expect(probe(Modbus.self, adu(hex("0300000002")), port: 502) == .certain(from: .client))
        #expect(probe(Modbus.self, adu(hex("0300000002")), port: 4_000) == .possible(from: .client))
        #expect(probe(Modbus.self, adu(hex("03000000020000")), port: 502) == .no)
        // LDAP: a SEQUENCE with a long length, message id 1.
        #expect(probe(Modbus.self, hex("3084 0000 0010 020101 6384 0000 0007 0400 0a0102"), port: 389) == .no)
        #expect(probe(Modbus.self, [UInt8](repeating: 0, count: 32), port: 502) == .no)
    }

    @Test func hostileBytesDoNotTrap() {
        #expect(DissectorBench.torment(Modbus.self, [adu(hex("0300000002")), identification]) > 2_000)
    }

    @Test func corpusStatesWhatWiresharkShows() throws {
        guard let file = CaptureCorpus.file("cisagov__icsnpp-modbus/testing/traces/modbus_example.pcap") else { return }
        let result = try CaptureReading.read(path: file.path)
        let objects = zip(result.observations, result.sightings).filter { $0.0.source == "modbus.object_str_value" }
        #expect(objects.map(\.0.value.raw) == ["Zeek Modbus Test", "Protocol Parsing is fun!", "1.2.3.6"])
        #expect(objects.allSatisfy { $0.1.first.number == 94 })
    }
}
