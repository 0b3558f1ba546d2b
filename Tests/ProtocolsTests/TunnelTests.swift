import Foundation
import Model
import Protocols
import Testing

@Suite struct TunnelTests {
    private func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
    private func filled(_ count: Int) -> [UInt8] { [UInt8](repeating: 0xa5, count: count) }
    private func be32(_ value: Int) -> [UInt8] { be16(value >> 16) + be16(value & 0xffff) }

    private func ike(
        version: UInt8, exchange: UInt8, next: UInt8, responder: [UInt8], _ payloads: [UInt8]
    ) -> [UInt8] {
        hex("1122334455667788") + responder + [next, version, exchange, 0] + zeros(4) + be32(28 + payloads.count)
            + payloads
    }

    @Test func ikeNamesProducts() {
        let identity = hex("0d00 0016 02 11 01f4") + ascii("gate.example.x")
        let unity = hex("00 00 0014 12f5f28c457168a9702d9fe274cc0100")
        let offer = ike(version: 0x10, exchange: 4, next: 5, responder: zeros(8), identity + unity)
        #expect(probe(IKE.self, offer, port: 500, isTCP: false) == .certain)
        var bench = DissectorBench(IKE.self, isTCP: false)
        bench.feed(offer, fromClient: true)
        bench.feed(ike(version: 0x10, exchange: 4, next: 0, responder: filled(8), []), fromClient: false)
        #expect(bench.value("version") == "IKEv1")
        #expect(bench.value("exchange") == "IKEv1 aggressive mode")
        #expect(bench.value("vendor_id", about: DissectorBench.client) == "Cisco Unity")
        #expect(bench.value("identity") == "gate.example.x")
        #expect(bench.value("responder", about: DissectorBench.server) == "vpn_gateway")
        #expect(bench.names().first == "Aggressive Mode")
    }

    @Test func ikeNeedsItsLength() {
        let offer = ike(version: 0x20, exchange: 34, next: 0, responder: zeros(8), [])
        #expect(probe(IKE.self, offer, isTCP: false) == .certain)
        #expect(probe(IKE.self, zeros(4) + offer, port: 4_500, isTCP: false) == .certain)
        #expect(probe(IKE.self, offer + [0], isTCP: false) == .no)
        #expect(probe(IKE.self, [0xff], port: 4_500, isTCP: false) == .possible)
        #expect(probe(IKE.self, filled(40), port: 4_500, isTCP: false) == .possible)
        #expect(probe(IKE.self, filled(40), port: 500, isTCP: false) == .no)
    }

    @Test func openVPNByItsResets() {
        let session = filled(8)
        let client = [0x38] + session + [0] + zeros(4)
        let server = [0x40] + filled(8) + [1] + zeros(4) + session + zeros(4)
        #expect(probe(OpenVPN.self, client, isTCP: false) == .certain(from: .client))
        #expect(probe(OpenVPN.self, server, isTCP: false) == .certain(from: .server))
        for digest in [16, 20, 28, 32, 48, 64] {
            let signed = [0x38] + session + filled(digest) + be32(1) + be32(0x6000_0000) + [0] + zeros(4)
            #expect(probe(OpenVPN.self, signed, isTCP: false) == .certain(from: .client), "HMAC of \(digest)")
        }
        let crypt = [0x38] + session + be32(1) + be32(0x6000_0000) + filled(32 + 5)
        #expect(probe(OpenVPN.self, crypt, isTCP: false) == .certain(from: .client))
        #expect(probe(OpenVPN.self, be16(client.count) + client) == .certain(from: .client))
        #expect(probe(OpenVPN.self, [0x38] + session + filled(5), isTCP: false) == .no)
        #expect(probe(OpenVPN.self, [0x48] + filled(60), isTCP: false) == .no, "data alone, off its port")
        var bench = DissectorBench(OpenVPN.self)
        bench.feed(be16(client.count) + client, fromClient: true)
        bench.feed(be16(server.count) + server, fromClient: false)
        #expect(bench.value("server_reset", about: DissectorBench.server) == "vpn_gateway")
        #expect(bench.feed(be16(61) + [0x48] + filled(60), fromClient: true) == .conversationDone)
        #expect(bench.names().first == "P_CONTROL_HARD_RESET_CLIENT_V2")
    }

    @Test func wireGuardByItsSizes() {
        let initiation = hex("01000000") + filled(128) + zeros(16)
        #expect(probe(WireGuard.self, initiation, isTCP: false) == .certain(from: .client))
        #expect(probe(WireGuard.self, initiation + [0], isTCP: false) == .no)
        #expect(probe(WireGuard.self, hex("01000000") + filled(144), isTCP: false) == .possible(from: .client))
        #expect(
            probe(WireGuard.self, hex("02000000") + filled(72) + zeros(16), isTCP: false) == .certain(from: .server))
        #expect(probe(WireGuard.self, hex("04000000") + filled(4) + zeros(8) + filled(16), isTCP: false) == .possible)
        #expect(probe(WireGuard.self, hex("04000000") + filled(4) + zeros(8) + filled(17), isTCP: false) == .no)
        #expect(probe(WireGuard.self, hex("04000000") + filled(28), isTCP: false) == .no, "a counter that large")
        var bench = DissectorBench(WireGuard.self, isTCP: false)
        bench.feed(initiation, fromClient: true)
        bench.feed(hex("02000000") + filled(88), fromClient: false)
        #expect(bench.names() == ["Handshake Initiation", "Handshake Response"])
    }

    @Test func pptpNamesTheServer() {
        let reply =
            be16(156) + be16(1) + hex("1a2b3c4d") + be16(2) + zeros(18) + ascii("gw-1", padTo: 64)
            + ascii("MoretonBay", padTo: 64)
        #expect(probe(PPTP.self, reply) == .certain(from: .server))
        var bench = DissectorBench(PPTP.self)
        bench.feed(reply, fromClient: false)
        #expect(bench.value("host_name") == "gw-1")
        #expect(bench.value("vendor_name") == "MoretonBay")
        #expect(bench.values(.role) == ["vpn_gateway"])
    }

    @Test func l2tpNamesThePeer() {
        let pairs =
            hex("8008 0000 0000 0002") + be16(0x8006 + 5) + hex("0000 0007") + ascii("lns-1") + be16(6 + 5)
            + hex("0000 0008") + ascii("Cisco")
        let message = hex("c802") + be16(12 + pairs.count) + zeros(8) + pairs
        #expect(probe(L2TP.self, message, isTCP: false) == .certain)
        #expect(probe(L2TP.self, message + [0], isTCP: false) == .no)
        var bench = DissectorBench(L2TP.self, isTCP: false)
        bench.feed(message, fromClient: false)
        #expect(bench.value("host_name") == "lns-1")
        #expect(bench.value("vendor_name") == "Cisco")
        #expect(bench.names() == ["SCCRP"])
    }

    @Test func socksTellsWhereTo() {
        var bench = DissectorBench(SOCKS.self)
        #expect(probe(SOCKS.self, [5, 1, 2]) == .possible(from: .client))
        #expect(probe(SOCKS.self, [5, 1, 2, 3]) == .no)
        bench.feed([5, 1, 2], fromClient: true)
        bench.feed([5, 2], fromClient: false)
        bench.feed([1, 4] + ascii("kato") + [7] + ascii("geheim1"), fromClient: true)
        bench.feed([1, 0], fromClient: false)
        bench.feed([5, 1, 0, 3, 11] + ascii("plc.example") + be16(502), fromClient: true)
        bench.feed(hex("05 00 00 01 0a000001 1234"), fromClient: false)
        bench.feed(TLSBytes.record(22, TLSBytes.handshake(1, TLSBytes.chrome)), fromClient: true)
        #expect(bench.value("target") == "plc.example:502")
        #expect(bench.values(.user) == ["kato"])
        #expect(bench.values(.cleartextCredential) == ["SOCKS 5"])
        #expect(bench.values(.authentication) == ["accepted"])
        #expect(bench.values(.serverName) == ["device.example"])
        #expect(!bench.d.observations.observations.contains { $0.value.raw.contains("geheim") })

        var old = DissectorBench(SOCKS.self)
        old.feed(hex("04 01 01bb 00000001") + ascii("me\0relay.example\0"), fromClient: true)
        #expect(old.value("target") == "relay.example:443")
    }

    @Test func hostileBytesDoNotTrap() {
        let offer = ike(version: 0x10, exchange: 2, next: 13, responder: zeros(8), hex("0d000014") + filled(16))
        #expect(DissectorBench.torment(IKE.self, [offer], isTCP: false) > 1_000)
        #expect(DissectorBench.torment(OpenVPN.self, [[0x38] + filled(60)], isTCP: false) > 1_000)
        #expect(DissectorBench.torment(OpenVPN.self, [be16(61) + [0x38] + filled(60)]) > 1_000)
        #expect(DissectorBench.torment(WireGuard.self, [hex("01000000") + filled(144)], isTCP: false) > 1_000)
        #expect(DissectorBench.torment(PPTP.self, [be16(156) + be16(1) + hex("1a2b3c4d0001") + zeros(146)]) > 1_000)
        #expect(
            DissectorBench.torment(L2TP.self, [hex("c8020014") + zeros(8) + hex("8008000000000001")], isTCP: false)
                > 1_000)
        #expect(
            DissectorBench.torment(
                SOCKS.self, [[5, 1, 0, 5, 1, 0, 3, 200], hex("0401005000000001") + ascii("a\0b\0")]) > 2_000)
        #expect(DissectorBench.torment(ESP.self, [filled(16)]) > 1_000)
        #expect(DissectorBench.torment(AuthenticationHeader.self, [filled(16)]) > 1_000)
    }
}
