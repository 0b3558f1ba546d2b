import Foundation
import Model
import Protocols
import Testing

@Suite struct PrintingMediaTests {
    private var ippRequest: [UInt8] {
        ascii(
            "POST /ipp/print HTTP/1.1\r\nHost: printer-2:631\r\nContent-Type: application/ipp\r\nContent-Length: 4\r\n\r\n"
        )
            + hex("0101000b")
    }
    private var ippAnswer: [UInt8] {
        let body =
            hex("0101 0000 00000001 04 41 0016") + ascii("printer-make-and-model") + be16(12) + ascii("LaserJet 420")
            + [3]
        return ascii("HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: \(body.count)\r\n\r\n") + body
    }

    @Test func ippNamesTheModel() {
        #expect(probe(IPP.self, ippRequest) == .certain(from: .client))
        #expect(probe(IPP.self, ascii("POST / HTTP/1.1\r\nContent-Type: text/xml\r\n\r\n")) == .no)
        var bench = DissectorBench(IPP.self)
        bench.feed(ippRequest, fromClient: true)
        bench.feed(ippAnswer, fromClient: false)
        #expect(bench.value("make_and_model", about: DissectorBench.server) == "LaserJet 420")
        #expect(bench.values(.role) == ["printer"])
    }

    @Test func cupsAnnouncesQueues() {
        let line = ascii("9006 3 ipp://print-1:631/printers/lab \"Hall 2\" \"Label printer\" \"Zebra ZT411\"\n")
        #expect(probe(IPP.self, line, port: 631, isTCP: false) == .certain)
        var bench = DissectorBench(IPP.self, isTCP: false)
        bench.feed(line, fromClient: true)
        #expect(bench.value("browse_uri") == "ipp://print-1:631/printers/lab")
        #expect(bench.value("browse_location") == "Hall 2")
        #expect(bench.value("browse_make_and_model") == "Zebra ZT411")
    }

    @Test func lpdNamesHostAndUser() {
        let control = ascii("HMES-1\nPkato\nJlabel\n")
        #expect(probe(LPD.self, [2] + ascii("labels\n"), port: 515) == .certain(from: .client))
        #expect(probe(LPD.self, [2] + ascii("labels\n"), port: 516) == .no)
        var bench = DissectorBench(LPD.self)
        bench.feed([2] + ascii("labels\n"), fromClient: true)
        bench.feed([2] + ascii("\(control.count) cfA001MES-1\n") + control + [0], fromClient: true)
        bench.feed([0], fromClient: false)
        #expect(bench.value("queue") == "labels")
        #expect(bench.value("control_host", about: DissectorBench.client) == "MES-1")
        #expect(bench.values(.user) == ["kato"])
        #expect(bench.values(.role) == ["printer"])
        #expect(bench.names() == ["receive job", "control file"])
    }

    @Test func pjlNamesModelAndUser() {
        let job = [0x1b] + ascii("%-12345X@PJL JOB NAME=\"x\"\r\n@PJL SET USERNAME=\"kato\"\r\n@PJL INFO ID\r\n")
        #expect(probe(JetDirect.self, job) == .certain(from: .client))
        var bench = DissectorBench(JetDirect.self)
        bench.feed(job, fromClient: true)
        bench.feed(ascii("@PJL INFO ID\r\n\"HP LaserJet 4250\"\r\n\u{c}"), fromClient: false)
        #expect(bench.value("info_id", about: DissectorBench.server) == "HP LaserJet 4250")
        #expect(bench.values(.user) == ["kato"])
        #expect(bench.values(.role) == ["printer"])
        #expect(bench.names() == ["PJL JOB", "PJL INFO"])
    }

    private var register: [UInt8] {
        ascii(
            "REGISTER sip:pbx.plant.example SIP/2.0\r\nFrom: \"Gate\" <sip:201@plant.example>;tag=1\r\nUser-Agent: Yealink T41\r\n"
                + "Content-Length: 0\r\n\r\n")
    }

    @Test func sipNamesPhones() {
        #expect(probe(SIP.self, register, isTCP: false) == .certain)
        #expect(probe(SIP.self, ascii("OPTIONS * HTTP/1.1\r\n\r\n")) == .no)
        #expect(probe(SIP.self, ascii("INVITE sip:x@y HTTP/1.1\r\n")) == .no)
        var bench = DissectorBench(SIP.self, isTCP: false)
        bench.feed(register, fromClient: true)
        bench.feed(ascii("SIP/2.0 200 OK\r\nServer: Asterisk PBX 18\r\n\r\n"), fromClient: false)
        #expect(bench.value("user_agent") == "Yealink T41")
        #expect(bench.value("from") == "201@plant.example")
        #expect(bench.value("server", about: DissectorBench.server) == "Asterisk PBX 18")
        #expect(bench.names() == ["REGISTER", "status 200"])
    }

    @Test func sipURIsMayHoldPasswords() {
        var bench = DissectorBench(SIP.self, isTCP: false)
        bench.feed(
            ascii("REGISTER sip:pbx SIP/2.0\r\nFrom: <sip:201:geheim@plant.example>;tag=1\r\n\r\n"), fromClient: true)
        #expect(bench.value("from") == "201@plant.example")
    }

    private var describe: [UInt8] {
        ascii("DESCRIBE rtsp://10.0.0.2/ch1 RTSP/1.0\r\nCSeq: 2\r\nAuthorization: Basic Z2VoZWlt\r\n\r\n")
    }

    @Test func rtspTellsCameraAndLogin() {
        #expect(probe(RTSP.self, describe) == .certain(from: .client))
        #expect(probe(RTSP.self, ascii("OPTIONS / HTTP/1.1\r\n")) == .no)
        var bench = DissectorBench(RTSP.self)
        bench.feed(describe, fromClient: true)
        bench.feed(
            ascii("RTSP/1.0 200 OK\r\nServer: Hikvision\r\nContent-Length: 3\r\n\r\nv=0") + hex("24000002ffff")
                + ascii("RTSP/1.0 200 OK\r\n\r\n"), fromClient: false)
        #expect(bench.values(.cleartextCredential) == ["RTSP basic"])
        #expect(bench.values(.authentication) == ["accepted"])
        #expect(bench.value("server") == "Hikvision")
        #expect(bench.values(.role) == ["camera"])
        #expect(bench.names() == ["DESCRIBE", "status 200", "status 200"])
        #expect(!bench.d.observations.observations.contains { $0.value.raw.contains("Z2Vo") })
    }

    private var matches: [UInt8] {
        ascii(
            "<?xml version=\"1.0\"?><s:Envelope xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\"><s:Header>"
                + "<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</a:Action></s:Header><s:Body>"
                + "<d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>onvif://www.onvif.org/name/Gate%20North "
                + "onvif://www.onvif.org/hardware/DS-2CD onvif://www.onvif.org/location/hall</d:Scopes>"
                + "<d:XAddrs>http://10.0.0.2/onvif/device_service</d:XAddrs></s:Body></s:Envelope>")
    }

    @Test func onvifScopesNameTheCamera() {
        #expect(probe(WSDiscovery.self, matches, isTCP: false) == .certain)
        #expect(probe(WSDiscovery.self, ascii("<13>Oct 11 22:14:15 plc-1 su: failed"), isTCP: false) == .no)
        var bench = DissectorBench(WSDiscovery.self, isTCP: false)
        bench.feed(matches, fromClient: false)
        #expect(bench.value("onvif_name") == "Gate North")
        #expect(bench.value("onvif_hardware") == "DS-2CD")
        #expect(bench.value("onvif_location") == "hall")
        #expect(bench.value("xaddrs") == "http://10.0.0.2/onvif/device_service")
        #expect(bench.values(.role) == ["camera"])
        #expect(bench.names() == ["ProbeMatches"])
    }

    @Test func http2ByItsPreface() {
        #expect(probe(HTTP2.self, ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")) == .certain(from: .client))
        #expect(probe(HTTP2.self, ascii("PRI * HTTP/1.1\r\n\r\nSM\r\n\r\n")) == .no)
    }

    private var bjnpIdentity: [UInt8] {
        hex("424a4e50 81 30 0000 00000001 0000 0020") + ascii("\0 MFG:Canon;CMD:BJL;MDL:MX700 series;CLS:PRINTER;")
    }
    private var slpAttributes: [UInt8] {
        let list = ascii("(x-hp-hn=NPI5282)(x-hp-p1=MFG:HP;MDL:LaserJet 600;)")
        let body = hex("0000 0000 656e 0003 0001 0000") + be16(list.count) + list
        return [1, 7] + be16(4 + body.count) + body
    }

    @Test func discoveryNamesPrinters() {
        #expect(probe(BJNP.self, bjnpIdentity, isTCP: false) == .certain(from: .server))
        var bench = DissectorBench(BJNP.self, isTCP: false)
        bench.feed(bjnpIdentity, fromClient: false)
        #expect(bench.value("device_id_model") == "MX700 series")
        #expect(bench.values(.role) == ["printer"])
        #expect(probe(SLP.self, slpAttributes, port: 427, isTCP: false) == .certain)
        #expect(probe(SLP.self, slpAttributes + [0], port: 427, isTCP: false) == .no)
        var slp = DissectorBench(SLP.self, isTCP: false)
        slp.feed(slpAttributes, fromClient: false)
        #expect(slp.value("hp_host_name") == "NPI5282")
        #expect(slp.value("device_id_model") == "LaserJet 600")
        #expect(slp.names() == ["Attribute Reply"])
    }

    private var phone: [UInt8] {
        le32(40) + le32(0) + le32(1) + ascii("SEP001122334455", padTo: 16) + le32(0) + le32(1) + hex("0a000005")
            + le32(437)
            + le32(0)
    }

    @Test func phonesNameThemselves() {
        #expect(probe(SCCP.self, phone, port: 2_000) == .certain(from: .client))
        #expect(probe(SCCP.self, phone, port: 2_001) == .no)
        var bench = DissectorBench(SCCP.self)
        bench.feed(phone, fromClient: true)
        #expect(bench.value("device_name") == "SEP001122334455")
        #expect(bench.value("device_type") == "437")
        #expect(bench.values(.role) == ["phone"])
        let stun = hex("0001 000c 2112a442") + [UInt8](repeating: 3, count: 12) + hex("8022 0006") + ascii("libjin\0\0")
        #expect(probe(STUN.self, stun, isTCP: false) == .certain)
        #expect(probe(STUN.self, stun + [0], isTCP: false) == .no)
        var call = DissectorBench(STUN.self, isTCP: false)
        call.feed(stun, fromClient: true)
        #expect(call.value("software") == "libjin")
        #expect(call.names() == ["Binding request"])
    }

    @Test func hostileBytesDoNotTrap() {
        #expect(DissectorBench.torment(BJNP.self, [bjnpIdentity], isTCP: false) > 1_000)
        #expect(DissectorBench.torment(SLP.self, [slpAttributes], isTCP: false) > 1_000)
        #expect(DissectorBench.torment(SCCP.self, [phone]) > 1_000)
        #expect(DissectorBench.torment(STUN.self, [hex("0001000c2112a442") + phone], isTCP: false) > 1_000)
        #expect(DissectorBench.torment(IPP.self, [ippRequest, ippAnswer]) > 2_000)
        #expect(DissectorBench.torment(LPD.self, [[2] + ascii("labels\n"), [2] + ascii("9 cfA\nHa\nPb\n")]) > 2_000)
        #expect(
            DissectorBench.torment(
                JetDirect.self, [[0x1b] + ascii("%-12345X@PJL INFO ID\r\n"), ascii("@PJL INFO ID\r\n\"")]) > 2_000)
        #expect(DissectorBench.torment(SIP.self, [register, ascii("SIP/2.0 200 OK\r\n\r\n")]) > 2_000)
        #expect(DissectorBench.torment(SIP.self, [register], isTCP: false) > 1_000)
        #expect(
            DissectorBench.torment(RTSP.self, [describe, ascii("RTSP/1.0 200 OK\r\n\r\n") + hex("24000002")]) > 2_000)
        #expect(DissectorBench.torment(WSDiscovery.self, [matches], isTCP: false) > 1_000)
    }
}
