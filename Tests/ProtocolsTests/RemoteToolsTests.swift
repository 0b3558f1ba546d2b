import Foundation
import Model
import Protocols
import Testing

@Suite struct RemoteToolsTests {
    private func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
    private func filled(_ count: Int) -> [UInt8] { [UInt8](repeating: 0xa5, count: count) }

    private var x11Setup: [UInt8] {
        hex("6c 00 0b00 0000 1200 1000 0000") + ascii("MIT-MAGIC-COOKIE-1", padTo: 20) + filled(16)
    }
    private var x11Answer: [UInt8] {
        hex("01 00 0b00 0000 1000") + le32(12_101_004) + zeros(12) + le16(20) + zeros(14)
            + ascii("The X.Org Foundation") + zeros(20)
    }

    @Test func x11NamesTheDisplay() {
        #expect(probe(X11.self, x11Setup) == .certain(from: .client))
        #expect(probe(X11.self, hex("6c 00 0c00 0000 0000 0000 0000")) == .no, "another version")
        #expect(probe(X11.self, ascii("login: guest")) == .no)
        var bench = DissectorBench(X11.self)
        bench.feed(x11Setup, fromClient: true)
        bench.feed(x11Answer, fromClient: false)
        #expect(
            bench.value("vendor", about: DissectorBench.server) == "X server of The X.Org Foundation, release 12101004")
        #expect(bench.value("authorization_protocol") == "MIT-MAGIC-COOKIE-1")
        #expect(bench.values(.cleartextCredential) == ["X11 cookie"])
        #expect(bench.values(.authentication) == ["accepted"])
        #expect(bench.names() == ["connection setup", "setup success"])
    }

    @Test func rloginNamesUsers() {
        let opening = [0] + ascii("kato\0root\0xterm/38400\0")
        #expect(probe(RLogin.self, opening) == .certain(from: .client))
        #expect(probe(RLogin.self, [0] + ascii("kato\0root\0xterm\0")) == .no)
        #expect(probe(RLogin.self, [0], port: 513) == .wait)
        #expect(probe(RLogin.self, [0]) == .no)
        var bench = DissectorBench(RLogin.self)
        bench.feed(opening, fromClient: true)
        bench.feed([0], fromClient: false)
        bench.feed(ascii("Password: "), fromClient: false)
        #expect(bench.value("server_user") == "root")
        #expect(bench.value("client_user") == "kato")
        #expect(bench.values(.cleartextCredential) == ["rlogin"])
    }

    @Test func remoteShellNeverTellsItsCommand() {
        let opening = ascii("1022\0kato\0root\0cat /etc/geheim\0")
        #expect(probe(RemoteShell.self, opening, port: 514) == .possible(from: .client))
        #expect(probe(RemoteShell.self, opening, port: 5_140) == .no)
        #expect(probe(RemoteShell.self, ascii("<13>Oct 11 plc-1 su: failed"), port: 514) == .no, "syslog")
        var bench = DissectorBench(RemoteShell.self)
        bench.serverPort = 514
        bench.feed(opening, fromClient: true)
        bench.feed([1] + ascii("Login incorrect.\n"), fromClient: false)
        #expect(bench.value("server_user") == "root")
        #expect(bench.values(.authentication) == ["rejected"])
        #expect(!bench.d.observations.observations.contains { $0.value.raw.contains("geheim") })
        var execution = DissectorBench(RemoteShell.self)
        execution.serverPort = 512
        execution.feed(ascii("0\0kato\0geheim\0ls\0"), fromClient: true)
        #expect(execution.values(.user) == ["kato"])
        #expect(execution.values(.cleartextCredential) == ["rexec"])
        #expect(!execution.d.observations.observations.contains { $0.value.raw.contains("geheim") })
    }

    @Test func displaysByTheirOpenings() {
        #expect(probe(CitrixICA.self, hex("7f7f 49434100")) == .certain)
        #expect(probe(CitrixICA.self, [0x1a] + ascii("CGP/01")) == .certain)
        #expect(probe(CitrixICA.self, hex("7f454c46 0201")) == .no, "an ELF file")
        let link = ascii("REDQ") + le32(2) + le32(2) + le32(18) + zeros(4) + [1, 0] + zeros(12)
        #expect(probe(SPICE.self, link) == .certain(from: .client))
        #expect(probe(SPICE.self, ascii("RFB 003.008\n")) == .no)
        var spice = DissectorBench(SPICE.self)
        spice.feed(link, fromClient: true)
        spice.feed(ascii("REDQ") + le32(2) + le32(2) + le32(178) + le32(6) + zeros(174), fromClient: false)
        #expect(spice.value("version", about: DissectorBench.server) == "SPICE 2.2")
        #expect(spice.values(.status) == ["PERMISSION_DENIED"])
        #expect(spice.names() == ["link main"])
        var nx = DissectorBench(NoMachine.self)
        #expect(probe(NoMachine.self, ascii("NXSH-8.10.1\n")) == .certain(from: .client))
        nx.feed(ascii("NXSH-8.10.1\n"), fromClient: true)
        nx.feed(ascii("NXD-8.11.3\n"), fromClient: false)
        nx.feed(TLSBytes.record(22, TLSBytes.handshake(1, TLSBytes.chrome)), fromClient: true)
        #expect(nx.value("client_version", about: DissectorBench.client) == "NoMachine client 8.10.1")
        #expect(nx.value("server_version", about: DissectorBench.server) == "NoMachine server 8.11.3")
        #expect(nx.names().last == "ClientHello")
    }

    @Test func radminByItsBlocks() {
        #expect(probe(Radmin.self, hex("01 00000001 00000008 08")) == .certain(from: .client))
        #expect(probe(Radmin.self, hex("01 00000001 00000009 09")) == .no)
        let answer = hex("01 00000025 00000212 08 02 00000a") + zeros(32)
        #expect(probe(Radmin.self, answer) == .certain(from: .server))
        #expect(probe(Radmin.self, answer + [0]) == .no)
        // Modbus: a transaction of 1 with a short length.
        #expect(probe(Radmin.self, hex("01 00 0000 0006 01 03 0000 000a")) == .no)
    }

    @Test func dameWareStatesItsVersion() {
        let opening = hex("30110000 00000000 c3f5285c8fc20d40") + zeros(12) + hex("01000000 00000000 01000000")
        #expect(opening.count == 40)
        #expect(probe(DameWare.self, opening) == .certain)
        #expect(probe(DameWare.self, hex("30110000 00000000 0000000000000000") + zeros(24)) == .no)
        var bench = DissectorBench(DameWare.self)
        bench.feed(opening, fromClient: true)
        #expect(bench.value("version", about: DissectorBench.client) == "DameWare Mini Remote Control 3.72")
        #expect(bench.effects == [.login])
    }

    @Test func rustDeskNamesItsPeers() {
        let id = ascii("123456789")
        let register = [0x32, UInt8(id.count + 4), 0x0a, UInt8(id.count)] + id + [0x10, 0x01]
        #expect(probe(RustDesk.self, register, port: 21_116, isTCP: false) == .certain)
        #expect(probe(RustDesk.self, register + [0], port: 21_116, isTCP: false) == .no)
        func field(_ number: UInt8, _ text: String) -> [UInt8] {
            [number << 3 | 2, UInt8(text.utf8.count)] + ascii(text)
        }
        let discovery =
            field(1, "pong") + field(2, "aa:bb") + field(3, "987654321") + field(4, "kato") + field(5, "HMI-PC-3")
            + field(6, "Windows")
        let datagram = hex("b201") + [UInt8(discovery.count)] + discovery
        #expect(probe(RustDesk.self, datagram, port: 21_119, isTCP: false) == .certain)
        var bench = DissectorBench(RustDesk.self, isTCP: false)
        bench.feed(datagram, fromClient: true)
        #expect(bench.value("discovery_host_name") == "HMI-PC-3")
        #expect(bench.value("discovery_user") == "kato")
        #expect(bench.value("discovery_platform") == "Windows")
        let relay = field(1, "123456789") + field(2, "uuid") + field(6, "geheim")
        let envelope = hex("9201") + [UInt8(relay.count)] + relay
        let stream = [UInt8(envelope.count << 2)] + envelope
        #expect(probe(RustDesk.self, stream, port: 21_117) == .certain(from: .client))
        var tcp = DissectorBench(RustDesk.self)
        tcp.feed(stream, fromClient: true)
        #expect(tcp.value("peer") == "123456789")
        #expect(tcp.names() == ["RequestRelay"])
        #expect(!tcp.d.observations.observations.contains { $0.value.raw.contains("geheim") })
    }

    @Test func winRMIsReadAsHTTP() {
        let request = ascii("POST /wsman HTTP/1.1\r\nHost: hmi-3:5985\r\nUser-Agent: Microsoft WinRM Client\r\n\r\n")
        #expect(probe(WinRM.self, request) == .certain(from: .client))
        #expect(probe(WinRM.self, ascii("POST /wsmanx HTTP/1.1\r\n\r\n")) == .no)
        #expect(probe(WinRM.self, ascii("POST / HTTP/1.1\r\n\r\n")) == .no)
        var bench = DissectorBench(WinRM.self)
        bench.feed(request, fromClient: true)
        #expect(bench.value("host") == "hmi-3")
        #expect(bench.names() == ["POST"])
    }

    @Test func overlaysByTheirMarks() {
        let disco = hex("5453f09f92ac") + filled(100)
        #expect(probe(Tailscale.self, disco, isTCP: false) == .certain)
        #expect(probe(Tailscale.self, Array(disco.prefix(61)), isTCP: false) == .no)
        let source = hex("1a2b3c4d5e")
        let hello =
            filled(8) + hex("a1a2a3a4a5") + source + [0] + filled(8) + [1] + hex("0b 01 0c 0002") + zeros(8) + source
            + [0]
            + filled(64) + [0]
        #expect(probe(ZeroTier.self, hello, isTCP: false) == .certain)
        var other = hello
        other[41] ^= 1
        #expect(probe(ZeroTier.self, other, isTCP: false) == .no, "another's identity")
        #expect(probe(ZeroTier.self, zeros(160), port: 9_993, isTCP: false) == .no)
        var bench = DissectorBench(ZeroTier.self, isTCP: false)
        bench.feed(hello, fromClient: true)
        #expect(bench.value("version") == "ZeroTier 1.12.2")
        #expect(bench.value("source") == "1a2b3c4d5e")
        let hamachi = hex("00000150 00000000 00000000 7b7a0dad") + filled(324)
        #expect(probe(Hamachi.self, hamachi) == .certain)
        #expect(probe(SSTP.self, ascii("SSTP_DUPLEX_POST /sra_{BA19}/ HTTP/1.1\r\n")) == .certain(from: .client))
        #expect(probe(SoftEther.self, ascii("IP=192.0.2.7,PORT=4321"), isTCP: false) == .certain(from: .server))
        #expect(probe(SoftEther.self, ascii("IP=192.0.2.7"), isTCP: false) == .no)
    }

    private var teredo: [UInt8] {
        hex("0001 00 00") + filled(8) + [0] + hex("60000000 0008 3a ff") + hex("fe80") + zeros(13) + [1] + hex("ff02")
            + zeros(13) + [2] + hex("8500 0000 00000000")
    }

    @Test func teredoByTheLengthInside() {
        #expect(probe(Teredo.self, teredo, port: 3_544, isTCP: false) == .certain)
        #expect(probe(Teredo.self, teredo + [0], port: 3_544, isTCP: false) == .no)
        #expect(probe(Teredo.self, teredo, port: 3_545, isTCP: false) == .no, "no address of Teredo")
        var bench = DissectorBench(Teredo.self, isTCP: false)
        bench.feed(teredo, fromClient: true)
        #expect(bench.names() == ["ICMPv6"])
        #expect(DissectorBench.torment(Teredo.self, [teredo], isTCP: false) > 1_000)
    }

    @Test func ipmiTellsWhatIsDone() {
        let request = hex("0600ff07 00 00000000 00000000 09 20 18 c8 81 00 38 8e 04 b5")
        #expect(probe(IPMI.self, request, isTCP: false) == .certain)
        var bench = DissectorBench(IPMI.self, isTCP: false)
        bench.feed(request, fromClient: true)
        // Power off in clear: chassis, command 2.
        bench.feed(
            hex("0600ff07 04 01000000 02000000") + filled(16) + hex("08 20 00 e0 81 08 02 00 75"), fromClient: true)
        let rakp = hex("00000000 01020304") + filled(16) + hex("14 0000 05") + ascii("ADMIN")
        bench.feed(hex("0600ff07 06 12 00000000 00000000") + le16(rakp.count) + rakp, fromClient: true)
        bench.feed(hex("0600ff07 06 15 00000000 00000000 0800 00 00 0000 01020304"), fromClient: false)
        #expect(
            bench.names() == [
                "Get Channel Authentication Capabilities", "Chassis Control", "RAKP Message 1", "RAKP Message 4",
            ])
        #expect(bench.effects[1] == .control)
        #expect(bench.values(.user) == ["ADMIN"])
        #expect(bench.values(.cleartextCredential) == ["IPMI password"])
        #expect(bench.values(.authentication) == ["accepted"])
    }

    private var willing: [UInt8] { hex("0001 0005 000d 0000 0005") + ascii("mes-1") + hex("0002") + ascii("ok") }

    @Test func consolesTellWhoIsAsked() {
        #expect(probe(XDMCP.self, willing, port: 177, isTCP: false) == .certain)
        var terminal = DissectorBench(XDMCP.self, isTCP: false)
        terminal.feed(willing, fromClient: false)
        #expect(terminal.value("host_name", about: DissectorBench.server) == "mes-1")

        let greeting = ascii("220 VMware Authentication Daemon Version 1.10: SSL Required, MKSDisplayProtocol:VNC\r\n")
        #expect(probe(VMwareAuthentication.self, greeting) == .certain(from: .server))
        #expect(probe(VMwareAuthentication.self, ascii("220 mail.example ESMTP\r\n")) == .no)
        var host = DissectorBench(VMwareAuthentication.self)
        host.feed(greeting, fromClient: false)
        #expect(host.value("greeting") == "VMware Authentication Daemon 1.10")

        let start = hex("10000000") + ascii("KVMR")
        #expect(probe(AMTRedirection.self, start) == .certain(from: .client))
        var engine = DissectorBench(AMTRedirection.self)
        engine.feed(start, fromClient: true)
        engine.feed(hex("13000000 01 0d000000 05") + ascii("admin") + [6] + ascii("geheim"), fromClient: true)
        #expect(engine.values(.user) == ["admin"])
        #expect(engine.values(.cleartextCredential) == ["Intel AMT"])
        #expect(engine.names() == ["start KVM", "authentication"])
        #expect(!engine.d.observations.observations.contains { $0.value.raw.contains("geheim") })

        let winbox = [39, 6] + ascii("admin\0") + filled(32) + [1]
        #expect(probe(WinBox.self, winbox, port: 8_291) == .certain(from: .client))
        #expect(probe(WinBox.self, winbox, port: 8_292) == .no)
        var router = DissectorBench(WinBox.self)
        router.feed(winbox, fromClient: true)
        #expect(router.values(.user) == ["admin"])

        var gate = DissectorBench(Guacamole.self)
        #expect(probe(Guacamole.self, ascii("6.select,3.rdp;")) == .certain(from: .client))
        gate.feed(ascii("6.select,3.rdp;"), fromClient: true)
        #expect(gate.value("protocol") == "rdp")
        #expect(gate.value("select", about: DissectorBench.server) == "jump_host")
    }

    @Test func hostileBytesDoNotTrap() {
        #expect(DissectorBench.torment(XDMCP.self, [willing], isTCP: false) > 1_000)
        #expect(DissectorBench.torment(AMTRedirection.self, [hex("13000000010d00000005") + ascii("admin")]) > 1_000)
        #expect(DissectorBench.torment(WinBox.self, [[39, 6] + ascii("admin\0") + filled(33)]) > 1_000)
        #expect(DissectorBench.torment(Guacamole.self, [ascii("6.select,3.rdp;")]) > 1_000)
        #expect(
            DissectorBench.torment(VMwareAuthentication.self, [ascii("220 VMware Authentication Daemon Version 1:\n")])
                > 1_000)
        #expect(DissectorBench.torment(X11.self, [x11Setup, x11Answer]) > 2_000)
        #expect(DissectorBench.torment(RLogin.self, [[0] + ascii("a\0b\0c/1\0")]) > 1_000)
        #expect(DissectorBench.torment(RemoteShell.self, [ascii("1022\0kato\0root\0ls\0")]) > 1_000)
        #expect(DissectorBench.torment(CitrixICA.self, [hex("7f7f49434100"), [0x1a] + ascii("CGP/01")]) > 1_000)
        #expect(DissectorBench.torment(SPICE.self, [ascii("REDQ") + zeros(40)]) > 1_000)
        #expect(DissectorBench.torment(NoMachine.self, [ascii("NXSH-8.10.1\n"), ascii("NXD-8\n")]) > 1_000)
        #expect(DissectorBench.torment(Radmin.self, [hex("01000000010000000808")]) > 1_000)
        #expect(DissectorBench.torment(DameWare.self, [hex("3011000000000000c3f5285c8fc20d40") + zeros(24)]) > 1_000)
        let register = hex("320d0a09") + ascii("123456789") + hex("1001")
        #expect(DissectorBench.torment(RustDesk.self, [register], isTCP: false) > 1_000)
        #expect(DissectorBench.torment(RustDesk.self, [[UInt8(register.count << 2)] + register]) > 1_000)
        #expect(DissectorBench.torment(Tailscale.self, [hex("5453f09f92ac") + filled(60)], isTCP: false) > 1_000)
        #expect(DissectorBench.torment(ZeroTier.self, [filled(120)], isTCP: false) > 1_000)
        #expect(DissectorBench.torment(SoftEther.self, [ascii("IP=1.2.3.4,PORT=1")], isTCP: false) > 1_000)
        let ipmi = hex("0600ff07 06 12 00000000 00000000 2000") + filled(40)
        #expect(DissectorBench.torment(IPMI.self, [ipmi, hex("0600ff0700") + filled(30)], isTCP: false) > 2_000)
    }
}
