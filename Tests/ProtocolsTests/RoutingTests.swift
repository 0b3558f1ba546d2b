import Foundation
import Model
import Protocols
import Testing

@Suite struct RoutingTests {
    private func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
    private var marker: [UInt8] { [UInt8](repeating: 0xff, count: 16) }

    @Test func routersSayThatTheyAre() {
        var ospf = DissectorBench(OSPF.self, isTCP: false)
        ospf.feed(hex("02 01 002c 0a000001 00000000 0000 0001") + ascii("geheim!!") + zeros(20), fromClient: true)
        #expect(ospf.value("router_id") == "10.0.0.1")
        #expect(ospf.values(.role) == ["router"])
        #expect(ospf.values(.cleartextCredential) == ["OSPF simple password"])
        #expect(ospf.names() == ["Hello"])
        #expect(!ospf.d.observations.observations.contains { $0.value.raw.contains("geheim") })
        var eigrp = DissectorBench(EIGRP.self, isTCP: false)
        eigrp.feed(hex("02 05 0000 00000000 00000000 00000000 0000 0064 0004 0008 0c04 0102"), fromClient: true)
        #expect(eigrp.value("software_version") == "Cisco IOS 12.4")
        #expect(eigrp.value("autonomous_system") == "100")
        var pim = DissectorBench(PIM.self, isTCP: false)
        pim.feed(hex("20 00 0000"), fromClient: true)
        #expect(pim.names() == ["Hello"])
        var rsvp = DissectorBench(RSVP.self, isTCP: false)
        rsvp.feed(hex("10 01 0000 ff 00 0008"), fromClient: true)
        #expect(rsvp.names() == ["Path"])
    }

    @Test func bgpNamesSystemAndIdentifier() {
        let open = marker + hex("001d 01 04 fde8 00b4 0a000001 00")
        #expect(probe(BGP.self, open) == .certain)
        #expect(probe(BGP.self, marker + hex("0012 01")) == .no)
        var bench = DissectorBench(BGP.self)
        bench.feed(open + marker + hex("0013 04"), fromClient: true)
        #expect(bench.value("autonomous_system") == "65000")
        #expect(bench.value("identifier") == "10.0.0.1")
        #expect(bench.names() == ["OPEN", "KEEPALIVE"])
    }

    @Test func ripKeepsNoPassword() {
        let response = hex("02 02 0000 ffff 0002") + ascii("geheim", padTo: 16) + hex("0002 0000") + zeros(16)
        #expect(probe(RIP.self, response, port: 520, isTCP: false) == .certain)
        #expect(probe(RIP.self, response + [0], port: 520, isTCP: false) == .no)
        #expect(probe(RIP.self, response, port: 530, isTCP: false) == .no)
        var bench = DissectorBench(RIP.self, isTCP: false)
        bench.serverPort = 520
        bench.feed(response, fromClient: true)
        #expect(bench.values(.cleartextCredential) == ["RIP simple password"])
        #expect(bench.values(.role) == ["router"])
        #expect(!bench.d.observations.observations.contains { $0.value.raw.contains("geheim") })
    }

    @Test func shapesDecide() {
        let bfd = hex("20 c0 03 18 00000001 00000002") + zeros(12)
        #expect(probe(BFD.self, bfd, port: 3_784, isTCP: false) == .certain)
        #expect(probe(BFD.self, bfd + [0], port: 3_784, isTCP: false) == .no)
        let wccp = hex("0000000a 0200 0004 00000000")
        #expect(probe(WCCP.self, wccp, isTCP: false) == .certain)
        #expect(probe(WCCP.self, wccp + [0], isTCP: false) == .no)
        let nine = hex("0009 0001 00000001 60000000 00000001 00000000 0000 000c") + zeros(8)
        #expect(probe(NetFlow.self, nine, isTCP: false) == .certain(from: .client))
        #expect(probe(NetFlow.self, nine + [0], isTCP: false) == .no)
        let five = hex("0005 0001 00000001 60000000") + zeros(12 + 48)
        #expect(probe(NetFlow.self, five, isTCP: false) == .certain(from: .client))
        #expect(probe(NetFlow.self, hex("0005 0001") + zeros(20 + 48), isTCP: false) == .no, "no time")
        let ipfix = hex("000a 0018 60000000 00000001 00000000 0002 0008 00000000")
        #expect(probe(NetFlow.self, ipfix, isTCP: false) == .certain(from: .client))
        let tacacs = hex("c0 01 01 00 01020304 00000008") + zeros(8)
        #expect(probe(TACACSPlus.self, tacacs, port: 49) == .certain(from: .client))
        #expect(probe(TACACSPlus.self, tacacs, port: 4_949) == .possible(from: .client))
        #expect(probe(TACACSPlus.self, hex("c0 04 01 00 01020304 00000008"), port: 49) == .no)
    }

    @Test func sflowNamesItsAgent() {
        let datagram =
            hex("00000005 00000001 0a000009 00000000 00000001 00000001 00000001 00000001 00000008") + zeros(8)
        #expect(probe(SFlow.self, datagram, isTCP: false) == .certain(from: .client))
        var bench = DissectorBench(SFlow.self, isTCP: false)
        bench.feed(datagram, fromClient: true)
        #expect(bench.value("agent_address") == "10.0.0.9")
    }

    @Test func magicPacketNamesItsTarget() {
        let mac = hex("020000000007")
        let packet = [UInt8](repeating: 0xff, count: 6) + (0..<16).flatMap { _ in mac }
        #expect(probe(WakeOnLAN.self, packet, isTCP: false) == .certain(from: .client))
        var bench = DissectorBench(WakeOnLAN.self, isTCP: false, isLink: true)
        bench.feed(packet, fromClient: true)
        #expect(bench.value("target") == "02:00:00:00:00:07")
        #expect(bench.effects == [.control])
        #expect(probe(WakeOnLAN.self, [UInt8](repeating: 0xff, count: 102), isTCP: false) == .no)
    }

    private func field(_ type: Int, _ value: [UInt8]) -> [UInt8] { be16(type) + be16(value.count) + value }

    @Test func neighboursNameThemselves() {
        let mndp =
            hex("0000 0001") + field(1, hex("020000000007")) + field(5, ascii("core-rt")) + field(7, ascii("6.48.6"))
            + field(8, ascii("MikroTik")) + field(12, ascii("RB4011"))
        #expect(probe(MNDP.self, mndp, port: 5_678, isTCP: false) == .certain)
        var bench = DissectorBench(MNDP.self, isTCP: false)
        bench.feed(mndp, fromClient: true)
        #expect(bench.value("identity") == "core-rt")
        #expect(bench.value("board") == "RB4011")
        #expect(bench.value("version") == "6.48.6")
        let body = [UInt8(11), 0, 4] + ascii("ap-1") + [20, 0, 6] + ascii("UAP-AC") + [13, 0, 3] + ascii("OT1")
        let ubiquiti = hex("0100") + be16(body.count) + body
        #expect(probe(UbiquitiDiscovery.self, ubiquiti, port: 10_001, isTCP: false) == .certain)
        #expect(probe(UbiquitiDiscovery.self, ubiquiti, port: 10_002, isTCP: false) == .no)
        var unifi = DissectorBench(UbiquitiDiscovery.self, isTCP: false)
        unifi.feed(ubiquiti, fromClient: true)
        #expect(unifi.value("host_name") == "ap-1")
        #expect(unifi.value("model") == "UAP-AC")
        #expect(unifi.values(.role) == ["access_point"])
        func pair(_ type: Int, _ value: [UInt8]) -> [UInt8] { be16(type) + be16(value.count + 4) + value }
        var fdp = DissectorBench(FDP.self, isTCP: false, isLink: true)
        fdp.feed(hex("01 b4 0000") + pair(1, ascii("sw-7")) + pair(6, ascii("ICX7150")), fromClient: true)
        #expect(fdp.value("device_id") == "sw-7")
        #expect(fdp.value("platform") == "ICX7150")
        var edp = DissectorBench(EDP.self, isTCP: false, isLink: true)
        edp.feed(
            hex("01 00 0040 0000 0001 0000 020000000007 99 01 0009") + ascii("sw-8\0")
                + hex("99 02 0014 0000 0004 0000 000000000000 1f070101"), fromClient: true)
        #expect(edp.value("display") == "sw-8")
        #expect(edp.value("port") == "1/5")
        #expect(edp.value("version") == "31.7.1.1")
    }

    @Test func hostileBytesDoNotTrap() {
        let packets: [[UInt8]] = [hex("02 01 002c 0a000001 00000000 0000 0001 0102030405060708")]
        #expect(DissectorBench.torment(OSPF.self, packets, isTCP: false) > 1_000)
        let hello = hex("02 05 0000 00000000 00000000 00000000 0000 0064 0004 0008 0c04 0102")
        #expect(DissectorBench.torment(EIGRP.self, [hello], isTCP: false) > 1_000)
        #expect(DissectorBench.torment(BGP.self, [marker + hex("001d 01 04 fde8 00b4 0a000001 00")]) > 1_000)
        #expect(DissectorBench.torment(RIP.self, [hex("02 02 0000 ffff 0002") + zeros(36)], isTCP: false) > 1_000)
        let nine = hex("0009 0001 00000001 60000000 00000001 00000000 0000 000c") + zeros(8)
        #expect(DissectorBench.torment(NetFlow.self, [nine], isTCP: false) > 1_000)
        #expect(
            DissectorBench.torment(SFlow.self, [hex("00000005 00000001 0a000009") + zeros(24)], isTCP: false) > 1_000)
        #expect(
            DissectorBench.torment(MNDP.self, [hex("0000 0001") + field(1, hex("020000000007"))], isTCP: false) > 1_000)
        #expect(DissectorBench.torment(UbiquitiDiscovery.self, [hex("0100 0004 0b 0001 41")], isTCP: false) > 1_000)
        #expect(
            DissectorBench.torment(EDP.self, [hex("0100004000000001 0000 020000000007 99010006 4142")], isTCP: false)
                > 1_000)
        #expect(DissectorBench.torment(FDP.self, [hex("01b40000 00010006 4142")], isTCP: false) > 1_000)
        #expect(DissectorBench.torment(TACACSPlus.self, [hex("c001010001020304 00000004 00000000")]) > 1_000)
        #expect(DissectorBench.torment(WCCP.self, [hex("0000000a0200000400000000")], isTCP: false) > 1_000)
        #expect(DissectorBench.torment(GRE.self, [hex("00002001 0102")], isTCP: false) > 1_000)
    }
}
