import Foundation
import Model
import Protocols
import Testing

@Suite struct RemoteAccessTests {
    private func tpkt(_ tpdu: [UInt8]) -> [UInt8] { [3, 0] + be16(tpdu.count + 4) + tpdu }
    private func connection(_ code: UInt8, _ variable: [UInt8]) -> [UInt8] {
        tpkt([UInt8(variable.count + 6), code, 0, 0, 0, 0, 0] + variable)
    }
    private var request: [UInt8] {
        connection(0xe0, ascii("Cookie: mstshash=suzuki\r\n") + hex("01 00 0800 0b000000"))
    }

    @Test func rdpStatesUserAndSecurity() {
        var bench = DissectorBench(RDP.self)
        #expect(probe(RDP.self, request) == .certain(from: .client))
        bench.feed(request, fromClient: true)
        bench.feed(connection(0xd0, hex("02 1f 0800 02000000")), fromClient: false)
        bench.feed(TLSBytes.record(22, TLSBytes.handshake(1, TLSBytes.chrome)), fromClient: true)
        bench.feed(TLSBytes.record(22, TLSBytes.certificateMessage), fromClient: false)
        #expect(bench.value("cookie") == "suzuki")
        #expect(bench.value("selected_protocol") == "CredSSP (NLA)")
        #expect(bench.values(.certificateName).contains("plc-7.example"))
        #expect(bench.names() == ["Connection Request", "Connection Confirm", "ClientHello", "Certificate"])
        #expect(bench.effects.first == .login)
    }

    @Test func rdpRefusalIsTold() {
        var bench = DissectorBench(RDP.self)
        bench.feed(request, fromClient: true)
        bench.feed(connection(0xd0, hex("03 00 0800 05000000")), fromClient: false)
        #expect(bench.values(.authentication) == ["rejected"])
        #expect(bench.values(.status) == ["HYBRID_REQUIRED_BY_SERVER"])
    }

    @Test func oldRDPNamesTheClient() {
        let name = "OPERATOR-PC".utf16.flatMap { le16(Int($0)) }
        let core =
            le16(0xc001) + le16(216) + [UInt8](repeating: 0, count: 16) + le32(2_600) + name
            + [UInt8](repeating: 0, count: 216 - 24 - name.count)
        let mcs =
            hex("7f65 82 0194") + [UInt8](repeating: 0, count: 20) + ascii("Duca") + be16(0x8000 | core.count) + core
        var bench = DissectorBench(RDP.self)
        bench.feed(connection(0xe0, []), fromClient: true)
        bench.feed(connection(0xd0, []), fromClient: false)
        bench.feed(tpkt(hex("02 f0 80") + mcs), fromClient: true)
        #expect(bench.value("selected_protocol") == "RDP")
        #expect(bench.value("client_name", about: DissectorBench.client) == "OPERATOR-PC")
        #expect(bench.value("client_build") == "RDP client build 2600")
    }

    @Test func otherISOTransportIsNotRDP() {
        // S7comm: TPDU size and the two selectors.
        let s7 = connection(0xe0, hex("c0010a c1020100 c2020102"))
        #expect(probe(RDP.self, s7, port: 102) == .no)
        #expect(probe(RDP.self, connection(0xe0, []), port: 102) == .no)
        #expect(probe(RDP.self, connection(0xe0, []), port: 3389) == .possible(from: .client))
    }

    @Test func vncSessionIsFollowed() {
        var bench = DissectorBench(VNC.self)
        #expect(probe(VNC.self, ascii("RFB 003.008\n")).certainty == .certain)
        bench.feed(ascii("RFB 003.008\n"), fromClient: false)
        bench.feed(ascii("RFB 003.008\n"), fromClient: true)
        bench.feed([2, 1, 2], fromClient: false)
        bench.feed([2], fromClient: true)
        bench.feed([UInt8](repeating: 5, count: 16), fromClient: false)
        bench.feed([UInt8](repeating: 6, count: 16), fromClient: true)
        bench.feed([0, 0, 0, 0], fromClient: false)
        bench.feed([1], fromClient: true)
        bench.feed([UInt8](repeating: 0, count: 20) + [0, 0, 0, 6] + ascii("HMI-03"), fromClient: false)
        bench.feed(
            [3] + [UInt8](repeating: 0, count: 9) + [4, 1, 0, 0, 0, 0, 0, 65] + [5, 1, 0, 9, 0, 9], fromClient: true)
        #expect(bench.value("version") == "RFB 003.008")
        #expect(bench.values(.security) == ["VNC None", "VNC Authentication", "VNC Authentication"])
        #expect(bench.value("chosen_security_type") == "VNC Authentication")
        #expect(bench.values(.authentication) == ["accepted"])
        #expect(bench.value("desktop_name", about: DissectorBench.server) == "HMI-03")
        #expect(bench.names().suffix(3) == ["FramebufferUpdateRequest", "KeyEvent", "PointerEvent"])
    }

    @Test func vncWithoutPassword() {
        var bench = DissectorBench(VNC.self)
        bench.feed(ascii("RFB 003.003\n"), fromClient: false)
        bench.feed(ascii("RFB 003.003\n"), fromClient: true)
        bench.feed([0, 0, 0, 1], fromClient: false)
        bench.feed([1], fromClient: true)
        bench.feed([UInt8](repeating: 0, count: 20) + [0, 0, 0, 1, 0x41], fromClient: false)
        #expect(bench.value("chosen_security_type") == "VNC None")
        #expect(bench.value("desktop_name") == "A")
    }

    @Test func teamViewerByItsFraming() {
        let first = hex("1724 0a 2000") + [UInt8](repeating: 0, count: 32)
        #expect(probe(TeamViewer.self, first) == .certain)
        #expect(probe(TeamViewer.self, first + hex("1724 28 0000")) == .certain)
        #expect(probe(TeamViewer.self, first + hex("1725 28 0000")) == .no)
        #expect(probe(TeamViewer.self, hex("1130 36 00 04000000") + [UInt8](repeating: 0, count: 20)) == .certain)
        #expect(probe(TeamViewer.self, hex("1130 36 01 04000000") + [UInt8](repeating: 0, count: 20)) == .no)
        let relay = TLSBytes.hello(ciphers: [0x1301], extensions: [TLSBytes.serverName("router7.teamviewer.com")])
        let site = TLSBytes.hello(ciphers: [0x1301], extensions: [TLSBytes.serverName("www.teamviewer.com")])
        #expect(probe(TeamViewer.self, TLSBytes.record(22, TLSBytes.handshake(1, relay))).certainty == .certain)
        #expect(probe(TeamViewer.self, TLSBytes.record(22, TLSBytes.handshake(1, site))) == .no)
    }

    @Test func anyDeskByItsHello() {
        let offer = TLSBytes.hello(ciphers: [0xc02b], extensions: [TLSBytes.protocols(["anydesk/6.2.0/linux"])])
        let hello = TLSBytes.record(22, TLSBytes.handshake(1, offer))
        #expect(probe(AnyDesk.self, hello) == .certain(from: .client))
        var bench = DissectorBench(AnyDesk.self)
        bench.feed(hello, fromClient: true)
        #expect(bench.value("application_protocol") == "anydesk/6.2.0/linux")
        #expect(probe(AnyDesk.self, TLSBytes.record(22, TLSBytes.handshake(1, TLSBytes.chrome))) == .no)
    }

    @Test func hostileBytesDoNotTrap() {
        let mcs = tpkt(hex("02 f080 7f65") + ascii("Duca") + hex("8010 01c00800 00000000"))
        #expect(DissectorBench.torment(RDP.self, [request, mcs, connection(0xd0, hex("02000800ffffffff"))]) > 3_000)
        #expect(DissectorBench.torment(VNC.self, [ascii("RFB 003.008\n") + [1, 2, 0, 0]]) > 1_000)
        #expect(DissectorBench.torment(TeamViewer.self, [hex("1724 0a 2000 1130 36 00 ffffffff")]) > 1_000)
        let offer = TLSBytes.hello(ciphers: [1], extensions: [TLSBytes.protocols(["anydesk/1"])])
        #expect(DissectorBench.torment(AnyDesk.self, [TLSBytes.record(22, TLSBytes.handshake(1, offer))]) > 1_000)
    }
}
