import Model
import Protocols
import Testing

/// Fieldbuses straight on Ethernet; no public capture of them is in the corpus.
@Suite struct RealTimeEthernetTests {
    private func datagram(
        _ command: UInt8, _ address: Int, _ offset: Int, _ data: [UInt8], counter: Int = 0, more: Bool = false
    ) -> [UInt8] {
        [command, 0] + le16(address) + le16(offset) + le16(data.count | (more ? 0x8000 : 0)) + [0, 0] + data
            + le16(counter)
    }
    private func ethercat(_ datagrams: [UInt8]) -> [UInt8] { le16(datagrams.count | 0x1000) + datagrams }
    private func mailbox(_ type: UInt8, _ body: [UInt8], size: Int = 32) -> [UInt8] {
        let message = le16(body.count) + hex("0000 00") + [type | 0x10] + body
        return message + [UInt8](repeating: 0, count: max(0, size - message.count))
    }

    @Test func slaveMemoryAndObjectsNameTheSlaves() {
        var bench = DissectorBench(EtherCAT.self, isTCP: false, isLink: true)
        bench.feed(ethercat(datagram(5, 1001, 0x0502, hex("0001 08000000"))), fromClient: true)
        bench.feed(ethercat(datagram(4, 1001, 0x0508, hex("02000000 52301e0c"), counter: 1)), fromClient: true)
        bench.feed(ethercat(datagram(5, 1002, 0x1000, mailbox(3, hex("0020 40 1810 04 00000000")))), fromClient: true)
        bench.feed(
            ethercat(datagram(4, 1002, 0x1080, mailbox(3, hex("0030 43 1810 04 39300000")), counter: 1)),
            fromClient: true)
        bench.feed(
            ethercat(
                datagram(
                    4, 1002, 0x1080, mailbox(3, hex("0030 41 0810 00 06000000") + ascii("EX1100")), counter: 1)),
            fromClient: true)
        #expect(bench.values("ethercat_vendor") == ["1001: Beckhoff"])
        #expect(bench.values("ethercat_product") == ["1001: 0x0c1e3052"])
        #expect(bench.values("ethercat_serial") == ["1002: 12345"])
        #expect(bench.values("ethercat_name") == ["1002: EX1100"])
        #expect(bench.effects == [.none, .none, .identity, .none, .none])
        #expect(bench.values(.role) == ["plc"])
    }

    @Test func statesDownloadsAndFirmwareAreOperations() {
        var bench = DissectorBench(EtherCAT.self, isTCP: false, isLink: true)
        let frame = ethercat(
            datagram(8, 0, 0x0120, hex("0800"), more: true)
                + datagram(5, 1001, 0x1000, mailbox(3, hex("0020 2f 6060 00 08000000")), more: true)
                + datagram(5, 1001, 0x1000, mailbox(4, hex("0200 00000000") + ascii("fw.efw")), more: true)
                + datagram(12, 0, 1, hex("0102030405060708")))
        bench.feed(frame, fromClient: true)
        #expect(bench.effects == [.control, .write, .firmware, .none])
        #expect(bench.names() == ["AL control: Operational", "CoE SDO download", "FoE write", "LRW"])
    }

    @Test func returnedFramesAreTheMastersOwn() {
        var bench = DissectorBench(EtherCAT.self, isTCP: false, isLink: true)
        bench.feed(ethercat(datagram(8, 0, 0x0120, hex("0100"), counter: 3)), fromClient: true)
        #expect(bench.effects == [.none])
        #expect(bench.names() == ["AL control: Init (returned)"])
        #expect(bench.values(.mac) == ["00:00:00:00:00:01"])
    }

    private var ident: [UInt8] {
        var frame = hex("06 f0 05 01") + [UInt8](repeating: 0, count: 154)
        frame.replaceSubrange(26..<46, with: hex("91010f00 6c000001 42000000 05000000 d2040000"))
        frame.replaceSubrange(70..<74, with: hex("c0a86405"))
        frame.replaceSubrange(82..<90, with: ascii("valve-05"))
        return frame
    }

    @Test func identResponseNamesTheNode() {
        var bench = DissectorBench(Powerlink.self, isTCP: false, isLink: true)
        bench.feed(ident, fromClient: false)
        #expect(bench.values(.vendorID) == ["16777324"])
        #expect(bench.values(.productCode) == ["66"])
        #expect(bench.values(.serial) == ["1234"])
        #expect(bench.values(.ip) == ["192.168.100.5"])
        #expect(bench.values(.name) == ["valve-05"])
        #expect(bench.values(.role) == ["io"])
        bench.feed(hex("06 ff f0 04 22 00") + [UInt8](repeating: 0, count: 40), fromClient: true)
        bench.feed(hex("01 ff f0 00") + [UInt8](repeating: 0, count: 42), fromClient: true)
        #expect(bench.names() == ["ASnd IdentResponse", "ASnd NMT StopNode", "SoC"])
        #expect(bench.effects == [.none, .control, .none])
        #expect(bench.value("managing_node", about: DissectorBench.client) == "plc")
    }

    @Test func ringsAndCyclesAreCounted() {
        var ring = DissectorBench(DeviceLevelRing.self, isTCP: false, isLink: true)
        let beacon = hex("02 01 01 00 0a000007 00000001 02 00 00000190 000007a8") + [UInt8](repeating: 0, count: 20)
        ring.feed(beacon, fromClient: true)
        #expect(ring.values(.ip) == ["10.0.0.7"])
        #expect(ring.values(.status) == ["ring fault"])
        #expect(ring.values("ring_supervisor") == ["DLR"])
        var cycle = DissectorBench(Sercos.self, isTCP: false, isLink: true)
        cycle.feed(hex("00 04 00000000") + [UInt8](repeating: 0, count: 40), fromClient: true)
        cycle.feed(hex("c1 04 00000000") + [UInt8](repeating: 0, count: 40), fromClient: true)
        #expect(cycle.names() == ["MDT0, phase 4", "AT1, phase 4"])
        var node = DissectorBench(SeamlessRedundancy.self, isTCP: false, isLink: true)
        let supervision = hex("0001 0042 14 06 020000000009 1e 06 02000000000a 0000") + [UInt8](repeating: 0, count: 30)
        node.feed(supervision, fromClient: true)
        #expect(node.values("redundancy") == ["PRP"])
        #expect(node.values(.role) == ["switch"])
        #expect(DissectorBench.torment(DeviceLevelRing.self, [beacon], isTCP: false, isLink: true) > 1_000)
        #expect(DissectorBench.torment(SeamlessRedundancy.self, [supervision], isTCP: false, isLink: true) > 1_000)
    }

    @Test func nothingHostileTraps() {
        let object = ethercat(
            datagram(4, 1002, 0x1080, mailbox(3, hex("0030 41 0810 00 06000000") + ascii("EX1100")), counter: 1))
        let memory = ethercat(datagram(4, 1001, 0x0508, hex("02000000 52301e0c"), counter: 1))
        #expect(DissectorBench.torment(EtherCAT.self, [object, memory], isTCP: false, isLink: true) > 2_000)
        #expect(DissectorBench.torment(Powerlink.self, [ident], isTCP: false, isLink: true) > 1_000)
        #expect(DissectorBench.torment(Sercos.self, [hex("00 04 00000000")], isTCP: false, isLink: true) > 1_000)
    }
}
