import Model
import Protocols
import TestSupport
import Testing

/// Serial device servers: RFC 2217, Digi and Moxa.
@Suite struct SerialServerTests {
    // MARK: RFC 2217 (beside what a real stack sends, in Tests/AnalysisTests/Stacks)

    @Test func settingsAreReadWhereTheServerConfirmsThem() {
        var bench = DissectorBench(SerialPortControl.self)
        bench.feed(hex("fffb2c fffa2c 01 00000000 fff0"), fromClient: true)
        bench.feed(hex("fffd2c fffa2c 65 0000ffff80 fff0"), fromClient: false)
        bench.feed(
            hex("fffa2c 01 00004b00 fff0 fffa2c 03 03 fff0 fffa2c 05 08 fff0 fffa2c 0c 01 fff0"), fromClient: true)
        bench.feed(hex("fffa2c 65 00004b00 fff0 fffa2c 67 03 fff0 fffa2c 69 03 fff0"), fromClient: false)
        // A doubled 255 is one byte of the value: 0x00ff80.
        #expect(bench.values("serial_baud_rate") == ["65408", "19200"])
        #expect(bench.values("serial_parity") == ["even"])
        #expect(bench.values("serial_flow_control") == ["hardware"])
        #expect(bench.value("com_port_option", about: DissectorBench.server) == "gateway")
        #expect(bench.value("com_port_option", about: DissectorBench.client) == nil)
        #expect(
            bench.names() == [
                "option negotiation", "baud rate", "option negotiation", "baud rate (answer)", "set baud rate",
                "set parity", "set control", "purge", "baud rate (answer)", "parity (answer)", "control (answer)",
            ])
        #expect(bench.effects == [.none, .read, .none, .none, .write, .write, .control, .control, .none, .none, .none])
    }

    @Test func signaturesAreTextOnly() {
        var bench = DissectorBench(SerialPortControl.self)
        bench.feed(hex("fffa2c 64") + ascii("Port 3, line A") + hex("fff0"), fromClient: false)
        bench.feed(hex("fffa2c 64 0102 fff0"), fromClient: false)
        #expect(bench.values(.description) == ["Port 3, line A"])
    }

    /// A command cut by a segment waits for its end; data on either side are the device's.
    @Test func commandsCutInTwoAreWaitedFor() {
        var bench = DissectorBench(SerialPortControl.self)
        #expect(bench.feed(ascii("#01\r") + hex("fffa2c 65 0000"), fromClient: false) == .needMore(7))
        bench.feed(hex("fffa2c 65 00002580 fff0"), fromClient: false)
        #expect(bench.values("serial_baud_rate") == ["9600"])
        #expect(bench.names() == ["serial data", "baud rate (answer)"])
    }

    @Test func theOptionTellsItFromTelnet() {
        let login = hex("fffd18 fffd20 fffd23 fffd27")
        let port = hex("fffb00 fffb03 fffb2c fffa2c 01 00002580 fff0")
        #expect(probe(SerialPortControl.self, login, port: 23) == .no)
        #expect(probe(SerialPortControl.self, port, port: 4_001) == .certain)
        #expect(probe(SerialPortControl.self, hex("fffb01"), port: 4_001) == .no)
        var telnet = DissectorBench(Telnet.self)
        #expect(telnet.feed(login, fromClient: false) == .consumed(login.count))
        #expect(telnet.feed(port, fromClient: true) == .notMine)
        // What comes before the command stays Telnet's.
        #expect(telnet.feed(ascii("\r\n") + port, fromClient: true) == .notMine)
        #expect(DissectorBench.torment(SerialPortControl.self, [port, hex("fffa2c 65 00002580 fff0 4142")]) > 1_000)
    }

    /// Offered and refused: a terminal's session stays one, with who logs in.
    @Test(arguments: ["fffe2c", "fffc2c", "fffb2c", "fffd2c"]) func anOfferIsNoProof(_ offer: String) {
        #expect(probe(SerialPortControl.self, hex(offer) + hex("fffb01"), port: 23) == .no)
        var telnet = DissectorBench(Telnet.self)
        telnet.feed(hex(offer) + hex("fffb01"), fromClient: true)
        telnet.feed(hex(offer) + ascii("\r\nlogin: "), fromClient: false)
        telnet.feed(ascii("admin\r\n"), fromClient: true)
        telnet.feed(ascii("Password: "), fromClient: false)
        telnet.feed(ascii("geheim1\r\n"), fromClient: true)
        #expect(telnet.values(.user) == ["admin"])
        #expect(telnet.values(.cleartextCredential) == ["Telnet"])
        // Nor is a command once somebody was asked to log in.
        let command = hex("fffa2c 01 00002580 fff0")
        #expect(telnet.feed(command, fromClient: true) == .consumed(command.count))
    }

    // MARK: Digi

    private static let digi: [UInt8] =
        hex("fc01 001e 0000000000000000") + ascii("Digi PortServer\r\n\u{0}") + hex("fc02 0006 0010")

    @Test func realPortServersSayWhatTheyAre() {
        var bench = DissectorBench(RealPort.self)
        bench.feed(hex("fb01 fb02 fb18"), fromClient: true)
        bench.feed(SerialServerTests.digi, fromClient: false)
        #expect(bench.values(.model) == ["Digi PortServer"])
        #expect(bench.values("serial_ports") == ["16"])
        #expect(bench.effects == [.identity, .identity, .identity, .none, .none])
        #expect(probe(RealPort.self, hex("fb01 fb02 fb18"), port: 9) == .certain(from: .client))
        #expect(probe(RealPort.self, SerialServerTests.digi, port: 9) == .certain(from: .server))
        #expect(probe(RealPort.self, hex("fb01 0002"), port: 771) == .no)
        // Two questions like any two bytes are something on its own ports only.
        #expect(probe(RealPort.self, hex("fb05 fb09"), port: 771) == .certain(from: .client))
        #expect(probe(RealPort.self, hex("fb05 fb09"), port: 9) == .possible(from: .client))
        #expect(DissectorBench.torment(RealPort.self, [SerialServerTests.digi]) > 500)
    }

    @Test func discoveryNamesTheDevice() {
        var bench = DissectorBench(ADDP.self, isTCP: false)
        let search = ascii("DIGI") + hex("0001 0006 ffffffffffff")
        let fields: [UInt8] =
            hex("01 06 0040 9d22 3344 02 04 c0a8 0a14 04 05") + ascii("line3") + hex("0d 0a") + ascii("Digi One S")
            + hex("12 01 02")
        let answer = ascii("DIGI") + hex("0002") + be16(fields.count) + fields
        bench.feed(search, fromClient: true)
        bench.feed(answer, fromClient: false)
        #expect(bench.values(.mac) == ["00:40:9d:22:33:44"])
        #expect(bench.values(.ip) == ["192.168.10.20"])
        #expect(bench.values(.name) == ["line3"])
        #expect(bench.values(.model) == ["Digi One S"])
        #expect(bench.values("serial_ports") == ["2"])
        #expect(probe(ADDP.self, search, port: 9, isTCP: false) == .certain(from: .client))
        #expect(probe(ADDP.self, answer, port: 9, isTCP: false) == .certain(from: .server))
        #expect(probe(ADDP.self, Array(search.dropLast()), port: 2_362, isTCP: false) == .no)
        #expect(DissectorBench.torment(ADDP.self, [search, answer], isTCP: false) > 1_000)
    }

    /// The password of a restart crosses in clear; it is told, never kept.
    @Test func restartsAreControl() {
        var bench = DissectorBench(ADDP.self, isTCP: false)
        bench.feed(ascii("DIGI") + hex("0005 000b 0040 9d22 3344 04") + ascii("dbps"), fromClient: true)
        #expect(bench.effects == [.control])
        #expect(bench.values(.cleartextCredential) == ["ADDP"])
        #expect(!bench.d.observations.observations.contains { $0.value.raw.contains("dbps") })
    }

    // MARK: Moxa

    private static let found = hex("8100 0018 00000000 0055 5555 1a51 0090e8aabbcc c0a87ffe")

    @Test func moxaServersAreFound() {
        var bench = DissectorBench(MoxaConfiguration.self, isTCP: false)
        bench.feed(hex("01000008 00000000"), fromClient: true)
        bench.feed(SerialServerTests.found, fromClient: false)
        bench.feed(
            hex("9000 003c 00000000 0055 5555 1a51 0090e8aabbcc") + ascii("NP-press-2", padTo: 40), fromClient: false)
        #expect(bench.values(.vendor) == ["Moxa"])
        #expect(bench.values(.mac) == ["00:90:e8:aa:bb:cc"])
        #expect(bench.values(.ip) == ["192.168.127.254"])
        #expect(bench.values(.productCode) == ["0x511a"])
        #expect(bench.values(.name) == ["NP-press-2"])
        #expect(bench.names() == ["search", "search (answer)", "server name (answer)"])
        #expect(
            probe(MoxaConfiguration.self, hex("01000008 00000000"), port: 4_800, isTCP: false)
                == .possible(from: .client))
        #expect(probe(MoxaConfiguration.self, hex("01000008 00000000"), port: 9, isTCP: false) == .no)
        #expect(
            probe(MoxaConfiguration.self, SerialServerTests.found, port: 9, isTCP: false) == .certain(from: .server))
        #expect(DissectorBench.torment(MoxaConfiguration.self, [SerialServerTests.found], isTCP: false) > 500)
    }
}
