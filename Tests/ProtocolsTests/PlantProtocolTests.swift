import Model
import Protocols
import TestSupport
import Testing

/// Protocols of plants of which no capture and no stack was at hand: built after what is published of them.
@Suite struct PlantProtocolTests {
    // MARK: ProConOS: an exchange of a real controller, as somebody wrote it down

    private static let proconosAnswer = hex(
        "cc003030303030303030300050726f436f6e4f532056342e322e30323134204f6374203238203230313100205620332e3935412e3620"
            + "2020202020204d6172202039203230313200202020202020517569636b4d697800517569636b4d6978006e2f6100")

    @Test func runtimeSaysItsVersion() {
        var bench = DissectorBench(ProConOS.self)
        bench.feed(hex("cc01000b4002000047ee"), fromClient: true)
        bench.feed(PlantProtocolTests.proconosAnswer, fromClient: false)
        #expect(bench.values(.software) == ["ProConOS V4.2.0214 Oct 28 2011"])
        #expect(bench.effects == [.identity, .none])
        #expect(probe(ProConOS.self, hex("cc01000b4002000047ee"), port: 20_547) == .possible(from: .client))
        #expect(probe(ProConOS.self, PlantProtocolTests.proconosAnswer, port: 9) == .certain(from: .server))
        #expect(probe(ProConOS.self, hex("cc01000b4002000047ed"), port: 20_547) == .no)
    }

    // MARK: PC Worx, Crimson

    private static let pcworxAnswer: [UInt8] = {
        var bytes = hex("8106 00b4 0002 0000") + [UInt8](repeating: 0, count: 172)
        for (offset, text) in [(30, "ILC 330 ETH"), (66, "3.95T"), (79, "Mar  2 2012"), (152, "2737193")] {
            bytes.replaceSubrange(offset..<(offset + text.utf8.count), with: Array(text.utf8))
        }
        return bytes
    }()

    @Test func inlineControllersAreNamed() {
        var bench = DissectorBench(PCWorx.self)
        let opening = hex("0101001a00000000788000030 00c") + ascii("IBETH01N0_M\u{0}")
        #expect(probe(PCWorx.self, opening, port: 9) == .certain(from: .client))
        bench.feed(opening, fromClient: true)
        bench.feed(hex("0106000e00020000000000280400"), fromClient: true)
        bench.feed(PlantProtocolTests.pcworxAnswer, fromClient: false)
        #expect(bench.values(.vendor) == ["Phoenix Contact"])
        #expect(bench.values(.model) == ["ILC 330 ETH"])
        #expect(bench.values(.firmware) == ["3.95T"])
        #expect(bench.values(.productCode) == ["2737193"])
        #expect(bench.effects == [.none, .identity, .none])
    }

    @Test func panelsSayMakerAndModel() {
        var bench = DissectorBench(Crimson.self)
        #expect(probe(Crimson.self, hex("0004 012b 1b00"), port: 789) == .certain(from: .client))
        #expect(probe(Crimson.self, hex("0004 012b 1b00"), port: 790) == .no)
        bench.feed(hex("0004 012b 1b00"), fromClient: true)
        bench.feed(hex("0009 012b 1b00") + ascii("G306\u{0}"), fromClient: false)
        #expect(bench.values(.model) == ["G306"])
    }

    // MARK: FL-net, HSES, FOUNDATION Fieldbus HSE

    private static func flnet(_ transaction: Int, node: Int = 7) -> [UInt8] {
        ascii("FACN") + be16(0) + be16(64) + be16(0) + be16(node) + be16(0) + be16(255)
            + [UInt8](repeating: 0, count: 24) + be16(transaction) + [UInt8](repeating: 0, count: 22)
    }

    @Test func masterlessNodesAreNumbered() {
        let token = PlantProtocolTests.flnet(65_000)
        #expect(token.count == 64)
        #expect(probe(FLnet.self, token, port: 55_000, isTCP: false) == .certain)
        var bench = DissectorBench(FLnet.self, isTCP: false)
        bench.feed(token, fromClient: true)
        bench.feed(PlantProtocolTests.flnet(65_009), fromClient: true)
        #expect(bench.names() == ["Token", "Stop"])
        #expect(bench.effects == [.none, .control])
        #expect(bench.values("node") == ["7"])
    }

    private static func hses(_ isAnswer: Bool, _ tail: [UInt8], _ data: [UInt8] = []) -> [UInt8] {
        ascii("YERC") + le16(32) + le16(data.count) + [3, 1, isAnswer ? 1 : 0, 5, 0, 0, 0, isAnswer ? 0x80 : 0]
            + ascii("99999999") + tail + data
    }

    @Test func robotsSayTheirSystem() {
        var bench = DissectorBench(HSES.self, isTCP: false)
        bench.feed(PlantProtocolTests.hses(false, le16(0x89) + le16(11) + [0, 1, 0, 0]), fromClient: true)
        let system = ascii("FS2.80-00(JP)", padTo: 24) + ascii("MH5F", padTo: 16) + ascii("12.06", padTo: 8)
        bench.feed(PlantProtocolTests.hses(true, [0x81, 0, 0, 0, 0, 0, 0, 0], system), fromClient: false)
        bench.feed(PlantProtocolTests.hses(false, le16(0x86) + le16(1) + [1, 0x10, 0, 0], le32(1)), fromClient: true)
        #expect(bench.values(.vendor) == ["YASKAWA"])
        #expect(bench.values(.model) == ["MH5F"])
        #expect(bench.values(.firmware) == ["FS2.80-00(JP)"])
        #expect(bench.effects == [.identity, .none, .control])
    }

    @Test func fieldbusMessagesFillTheirLength() {
        let message = hex("01 00 0c 83 00010002 00000010 01020304")
        #expect(probe(FFHSE.self, message, port: 1090) == .certain)
        #expect(probe(FFHSE.self, message, port: 9) == .no)
        var bench = DissectorBench(FFHSE.self)
        bench.feed(message, fromClient: true)
        #expect(bench.names() == ["FMS service 3 (request)"])
    }

    @Test func nothingHostileTraps() {
        #expect(DissectorBench.torment(ProConOS.self, [PlantProtocolTests.proconosAnswer]) > 500)
        #expect(DissectorBench.torment(PCWorx.self, [PlantProtocolTests.pcworxAnswer]) > 500)
        #expect(DissectorBench.torment(Crimson.self, [hex("0009 012b 1b00") + ascii("G306\u{0}")]) > 100)
        #expect(DissectorBench.torment(FLnet.self, [PlantProtocolTests.flnet(65_000)]) > 500)
        #expect(DissectorBench.torment(HSES.self, [PlantProtocolTests.hses(false, le16(0x89) + le16(11))]) > 100)
        #expect(DissectorBench.torment(FFHSE.self, [hex("01 00 0c 83 00010002 00000010 01020304")]) > 100)
        #expect(
            DissectorBench.torment(
                HiSLIP.self, [ascii("HS") + hex("0700 00000000 0000000000000006") + ascii("*IDN?\n")]) > 100)
        #expect(DissectorBench.torment(HSMS.self, [hex("0000000c 0001 810e 0000 00000001 0100")]) > 100)
        #expect(DissectorBench.torment(LSV2.self, [hex("00000008") + ascii("A_LGINSPECT\u{0}")]) > 100)
        #expect(DissectorBench.torment(TOYOPUC.self, [hex("0000 0500 1c 0010 0200")]) > 100)
        #expect(DissectorBench.torment(KVHostLink.self, [ascii("RD DM100.U\r")]) > 100)
        #expect(DissectorBench.torment(ECHONETLite.self, [hex("1081 0001 05ff01 013001 62 02 8a00 8c00")]) > 100)
        #expect(DissectorBench.torment(SOMEIP.self, [hex("12340008 00000009 00000001 01010000 ab")]) > 100)
        #expect(DissectorBench.torment(DoIP.self, [hex("02fd 8001 00000006 0e80 1010 22f1")]) > 100)
        #expect(DissectorBench.torment(TankGauge.self, [hex("01 493230313030 0d0a")]) > 50)
        #expect(DissectorBench.torment(PVAccess.self, [hex("ca020007 04000000 01020304")]) > 100)
    }
}
