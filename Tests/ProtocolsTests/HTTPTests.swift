import Foundation
import Model
import Protocols
import Testing

@Suite struct HTTPTests {
    private func lines(_ text: String...) -> [UInt8] { ascii(text.joined(separator: "\r\n") + "\r\n\r\n") }

    @Test func requestAndResponseNameBothEnds() {
        var bench = DissectorBench(HTTP.self)
        bench.feed(
            lines("GET /index.html HTTP/1.1", "Host: plc.example:8080", "User-Agent: Mozilla/5.0 (Windows NT 6.1; x)"),
            fromClient: true)
        let page = ascii("<html><head><TITLE>Pump 3 &ndash; status</TITLE></head></html>")
        bench.feed(
            lines(
                "HTTP/1.1 200 OK", "server:  GoAhead-Webs ", "Content-Type: text/html", "Content-Length: \(page.count)")
                + page, fromClient: false)
        #expect(bench.value("host") == "plc.example")
        #expect(bench.value("user_agent", about: DissectorBench.client) == "Mozilla/5.0 (Windows NT 6.1; x)")
        #expect(bench.value("user_agent_os") == "Windows NT 6.1")
        #expect(bench.value("server", about: DissectorBench.server) == "GoAhead-Webs")
        #expect(bench.value("page_title") == "Pump 3 &ndash; status")
        #expect(bench.names() == ["GET", "status 200"])
        #expect(bench.effects == [.read, .none])
    }

    @Test func bodiesArePassedOver() {
        var bench = DissectorBench(HTTP.self)
        let put = lines("PUT /program HTTP/1.1", "Host: a", "Content-Length: 5000")
        #expect(bench.feed(put, fromClient: true) == .consumed(put.count + 5_000))
        // HEAD has a length but no body; 304 neither.
        bench.feed(lines("HEAD / HTTP/1.1", "Host: a") + lines("GET / HTTP/1.1", "Host: a"), fromClient: true)
        bench.feed(
            lines("HTTP/1.1 201 Created", "Content-Length: 0") + lines("HTTP/1.1 200 OK", "Content-Length: 90")
                + lines("HTTP/1.1 304 Not Modified", "Content-Length: 12"), fromClient: false)
        #expect(bench.names() == ["PUT", "HEAD", "GET", "status 201", "status 200", "status 304"])
    }

    @Test func chunksAreFollowed() {
        var bench = DissectorBench(HTTP.self)
        let body = ascii("7;x=y\r\n<title>\r\n9\r\nValve\r\nHT\r\n0\r\nTrailer: 1\r\n\r\n")
        bench.feed(
            lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + body + lines("HTTP/1.1 204 No Content"),
            fromClient: false)
        #expect(bench.names() == ["status 200", "status 204"])
    }

    @Test func secretsAreNotedNotKept() {
        var bench = DissectorBench(HTTP.self)
        // operator:geheim1
        bench.feed(
            lines("GET / HTTP/1.1", "Authorization: Basic b3BlcmF0b3I6Z2VoZWltMQ=="), fromClient: true)
        bench.feed(
            lines("HTTP/1.1 401 Unauthorized", "WWW-Authenticate: Basic realm=\"Panel 7\"", "Content-Length: 0"),
            fromClient: false)
        let form = ascii("username=mori%40example&login_password=geheim1")
        bench.feed(
            lines(
                "POST /login HTTP/1.1", "Content-Type: application/x-www-form-urlencoded",
                "Content-Length: \(form.count)") + form, fromClient: true)
        bench.feed(lines("GET /x?user=kato&pwd=geheim1 HTTP/1.1"), fromClient: true)
        let json = ascii(#"{"name":"a","password":"geheim1"}"#)
        bench.feed(
            lines("POST /api HTTP/1.1", "Content-Type: application/json", "Content-Length: \(json.count)") + json,
            fromClient: true)
        #expect(bench.values(.cleartextCredential) == ["HTTP Basic", "HTTP form", "HTTP URL", "HTTP JSON"])
        #expect(bench.values(.user) == ["operator", "mori@example", "kato"])
        #expect(bench.values(.authentication) == ["rejected"])
        #expect(bench.value("realm") == "Panel 7")
        #expect(bench.effects.filter { $0 == .login }.count == 2)
        #expect(!bench.d.observations.observations.contains { $0.value.raw.contains("geheim") })
    }

    @Test func digestIsNoClearCredential() {
        var bench = DissectorBench(HTTP.self)
        bench.feed(
            lines("GET / HTTP/1.1", #"Authorization: Digest username="sato", realm="x", response="00""#),
            fromClient: true)
        #expect(bench.values(.user) == ["sato"])
        #expect(bench.values(.cleartextCredential).isEmpty)
    }

    @Test func tunnelsLeadToTLS() {
        var bench = DissectorBench(HTTP.self)
        bench.feed(lines("CONNECT relay.example:443 HTTP/1.1"), fromClient: true)
        bench.feed(lines("HTTP/1.1 200 Connection established"), fromClient: false)
        bench.feed(TLSBytes.record(22, TLSBytes.handshake(1, TLSBytes.chrome)), fromClient: true)
        #expect(bench.value("connect_target") == "relay.example:443")
        #expect(bench.values(.serverName).contains("device.example"))
        #expect(bench.d.observations.observations.contains { $0.source == "tls.server_name" })
        #expect(bench.names().last == "ClientHello")
    }

    @Test func othersWithTheSameShapeAreNotClaimed() {
        #expect(probe(HTTP.self, lines("GET / HTTP/1.0")) == .certain(from: .client))
        #expect(probe(HTTP.self, lines("HTTP/1.1 404 Not Found")) == .certain(from: .server))
        #expect(probe(HTTP.self, lines("OPTIONS rtsp://camera/ RTSP/1.0")) == .no)
        #expect(probe(HTTP.self, lines("OPTIONS sip:a@example SIP/2.0")) == .no)
        #expect(probe(HTTP.self, ascii("GE")) == .wait)
        #expect(probe(HTTP.self, [0x47, 0x45, 0x54, 0x20, 0, 1, 2, 3, 0x0a]) == .no)
    }

    @Test func announcementsNameUPnPDevices() {
        var bench = DissectorBench(SSDP.self, isTCP: false)
        let notify = lines(
            "NOTIFY * HTTP/1.1", "HOST: 239.255.255.250:1900", "LOCATION: http://192.0.2.1/d.xml",
            "NT: urn:schemas-upnp-org:device:InternetGatewayDevice:1", "SERVER: Linux UPnP/1.0 Box/2")
        #expect(probe(SSDP.self, notify, isTCP: false) == .certain)
        bench.feed(notify, fromClient: true)
        #expect(bench.value("server") == "Linux UPnP/1.0 Box/2")
        #expect(bench.value("location") == "http://192.0.2.1/d.xml")
        #expect(bench.values(.role) == ["router"])
    }

    @Test func hostileBytesDoNotTrap() {
        let form = ascii("a=%4&password=%zz&b")
        let messages = [
            lines(
                "POST http://h/?a=b HTTP/1.1", "Authorization: NTLM TlRMTVNTUAADAAAA", "Content-Length: \(form.count)",
                "Content-Type: application/x-www-form-urlencoded") + form,
            lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Content-Type: text/html")
                + ascii("ffffffffffffffff\r\n<title>a</title>"),
            lines("HTTP/1.1 200 OK", "Content-Length: 99999999999999999999"),
        ]
        #expect(DissectorBench.torment(HTTP.self, messages) > 3_000)
        #expect(DissectorBench.torment(SSDP.self, [lines("NOTIFY * HTTP/1.1", "NT: :device:")], isTCP: false) > 1_000)
    }
}
