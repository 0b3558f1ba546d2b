import Analysis
import Foundation
import Model
import Protocols
import TestSupport
import Testing

@Suite struct ProfinetTests {
    private func dcp(_ frameID: Int, service: UInt8, type: UInt8, _ blocks: [UInt8]) -> [UInt8] {
        let body = be16(frameID) + [service, type] + hex("00000001 0000") + be16(blocks.count) + blocks
        return body + [UInt8](repeating: 0, count: max(0, 46 - body.count))
    }

    /// A block with the two bytes of information or qualifier before its value, padded to even.
    private func block(_ option: UInt8, _ suboption: UInt8, _ value: [UInt8]) -> [UInt8] {
        [option, suboption] + be16(value.count + 2) + [0, 1] + value + (value.count & 1 == 1 ? [0] : [])
    }

    private var identifyAnswer: [UInt8] {
        dcp(
            0xfeff, service: 5, type: 1,
            block(2, 1, ascii("EX-IO 16")) + block(2, 2, ascii("conveyor-io")) + block(2, 3, hex("002a 0301"))
                + block(2, 4, hex("0100")) + block(1, 2, hex("0a000002 ffffff00 0a000001")))
    }

    @Test func identifyAnswersNameTheStation() {
        var bench = DissectorBench(Profinet.self, isTCP: false, isLink: true)
        bench.feed(dcp(0xfefe, service: 5, type: 0, hex("ffff 0000")), fromClient: true)
        bench.feed(identifyAnswer, fromClient: false)
        #expect(bench.value("dcp_name_of_station", about: DissectorBench.server) == "conveyor-io")
        #expect(bench.values(.model) == ["EX-IO 16"])
        #expect(bench.values(.vendorID) == ["42"])
        #expect(bench.values(.vendor) == ["Siemens"])
        #expect(bench.values(.productCode) == ["769"])
        #expect(bench.values(.role) == ["io"])
        #expect(bench.values(.ip) == ["10.0.0.2"])
        #expect(bench.values(.subnet) == ["24"])
        #expect(bench.values(.gateway) == ["10.0.0.1"])
        #expect(bench.effects == [.identity, .none])
        #expect(bench.names() == ["DCP Identify", "DCP Identify (response)"])
    }

    @Test func settingChangesTheReceiver() {
        var bench = DissectorBench(Profinet.self, isTCP: false, isLink: true)
        bench.feed(dcp(0xfefd, service: 4, type: 0, block(2, 2, ascii("press-1"))), fromClient: true)
        bench.feed(
            dcp(0xfefd, service: 4, type: 0, block(1, 2, hex("0a000009 ffffff00 00000000")) + block(5, 2, [])),
            fromClient: true)
        bench.feed(dcp(0xfefd, service: 4, type: 0, block(5, 6, [])), fromClient: true)
        bench.feed(dcp(0xfefd, service: 4, type: 0, block(5, 3, hex("0100"))), fromClient: true)
        bench.feed(dcp(0xfefd, service: 4, type: 1, hex("0504 0003 020200 00")), fromClient: false)
        #expect(bench.effects == [.write, .write, .control, .none, .none])
        #expect(bench.value("dcp_set_name_of_station", about: DissectorBench.server) == "press-1")
        #expect(bench.value("dcp_set_ip_address", about: DissectorBench.server) == "10.0.0.9")
        #expect(bench.names()[0] == "DCP Set: name of station")
        #expect(bench.names()[4] == "DCP Set (response)")
    }

    @Test func framesAreCountedByKind() {
        var bench = DissectorBench(Profinet.self, isTCP: false, isLink: true)
        let rest = [UInt8](repeating: 0, count: 44)
        for id in ["0100", "8001", "c001", "ff40", "ff83"] { bench.feed(hex(id) + rest, fromClient: true) }
        bench.feed(hex("fc01 0001 0001 11 01 ffff fffe 001c 0001 001a 0100 0001") + rest, fromClient: true)
        #expect(
            bench.names() == [
                "cyclic data, RT class 3 (IRT)", "cyclic data, RT class 1", "cyclic data, frame id C000-FBFF",
                "PTCP frame id 0xff40", "fragment", "alarm: diagnosis",
            ])
        #expect(bench.value("alarm_notification", about: DissectorBench.client) == "io")
    }

    private func rpc(_ type: UInt8, operation: Int, interface: UInt8 = 1, _ blocks: [UInt8]) -> [UInt8] {
        let tail = hex("6c97 11d1 8271")
        let header =
            [4, type] + hex("2000 00000000") + hex("dea00000") + tail + hex("0001 0301 002a") + hex("dea000")
            + [interface] + tail + hex("00a02442df7d") + [UInt8](repeating: 0x11, count: 16)
        let body = [UInt8](repeating: 0, count: 20) + blocks
        return header + hex("00000000 00000001 00000000") + be16(operation) + hex("ffff ffff") + be16(body.count)
            + hex("0000 00 00") + body
    }

    private func record(_ type: Int, _ data: [UInt8]) -> [UInt8] { be16(type) + be16(data.count + 2) + [1, 0] + data }

    private var connect: [UInt8] {
        let name = ascii("line-plc")
        return rpc(
            0, operation: 0,
            record(
                0x0101,
                be16(1) + [UInt8](repeating: 1, count: 16) + be16(1) + hex("020000000001") + hex("dea000006c9711d18271")
                    + hex("0001 010d 002a") + hex("00000011 0064 8892") + be16(name.count) + name))
    }

    private var maintenance: [UInt8] {
        record(
            0x0020,
            be16(0x00b0) + ascii("0000001", padTo: 20, with: 0x20) + ascii("SN-42", padTo: 16, with: 0x20) + be16(2)
                + hex("56010203") + [UInt8](repeating: 0, count: 12))
    }

    @Test func connectTellsControllerAndDevice() {
        var bench = DissectorBench(ProfinetIOCM.self, isTCP: false)
        bench.feed(connect, fromClient: true)
        #expect(bench.value("connect_initiator", about: DissectorBench.client) == "plc")
        #expect(bench.value("connect_initiator_station_name") == "line-plc")
        #expect(bench.value("object_device_id", about: DissectorBench.server) == "769")
        bench.feed(rpc(2, operation: 2, maintenance), fromClient: false)
        #expect(bench.value("device_interface", about: DissectorBench.server) == "io")
        #expect(bench.value("im0_order_id") == "0000001")
        #expect(bench.value("im0_serial_number") == "SN-42")
        #expect(bench.value("im0_software_revision") == "V1.2.3")
        bench.feed(rpc(0, operation: 3, []), fromClient: true)
        #expect(bench.effects == [.none, .none, .write])
        #expect(bench.names() == ["Connect", "Read (response)", "Write"])
    }

    @Test func probeAsksForTheInterface() {
        #expect(probe(ProfinetIOCM.self, connect, port: 49_152, isTCP: false) == .certain(from: .client))
        var other = connect
        other[35] ^= 1
        #expect(probe(ProfinetIOCM.self, other, port: 34_964, isTCP: false) == .no)
    }

    @Test func hostileBytesDoNotTrap() {
        #expect(DissectorBench.torment(Profinet.self, [identifyAnswer], isTCP: false, isLink: true) > 1_000)
        let messages = [connect, rpc(2, operation: 2, maintenance)]
        #expect(DissectorBench.torment(ProfinetIOCM.self, messages, isTCP: false) > 2_000)
    }

    @Test func corpusNamesControllerAndDevice() throws {
        let path = "cisagov__icsnpp-profinet-io-cm/testing/traces/profinet_io_cm.pcap"
        guard let file = CaptureCorpus.file(path) else { return }
        let result = try CaptureReading.read(path: file.path)
        let names = result.observations.filter { $0.attribute == .name && $0.source.hasPrefix("profinet-io-cm") }
        #expect(names.contains { $0.value.raw == "pc-worx-rt-basic-6d-d3-43" })
        #expect(names.contains { $0.value.raw == "versamax-pns11" })
        // Every conversation with a context-management frame is recognised, whatever its ports.
        let unrecognised = result.conversations.filter { $0.key.transport == .udp && $0.service == nil }
        #expect(unrecognised.isEmpty, "\(unrecognised.map(\.first.number))")
    }
}
