import Foundation
import Model
import Protocols
import Testing

/// Secrets seen on the wire are never stored: only what kind they were, and whose account.
@Suite struct SecretsTests {
    private static let secret = "Geheim-7731"

    /// Every form in which the secret could have been kept.
    private static let forms: [String] = {
        let base64 = Data(secret.utf8).base64EncodedString()
        let hexadecimal = secret.utf8.map { String($0, radix: 16) }.joined()
        return [secret, "7731", String(base64.prefix(8)), hexadecimal]
    }()

    private func lines(_ text: String...) -> [UInt8] { ascii(text.map { $0 + "\r\n" }.joined()) }
    private func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
    private func length(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + ascii(text) }

    /// Nothing observed holds the secret; the kinds of credential that were noticed.
    private func kinds(_ bench: borrowing DissectorBench, _ place: String) -> [String] {
        for observation in bench.d.observations.observations {
            for form in SecretsTests.forms {
                #expect(
                    !observation.value.raw.localizedCaseInsensitiveContains(form),
                    "\(place): \(observation.source) = \(observation.value)")
            }
        }
        return bench.values(.cleartextCredential)
    }

    @Test func fileTransferAndMail() {
        let secret = SecretsTests.secret
        var ftp = DissectorBench(FTP.self)
        ftp.feed(lines("USER plc", "PASS \(secret)", "ACCT \(secret)", "SITE PSWD \(secret)"), fromClient: true)
        ftp.feed(lines("230 in"), fromClient: false)
        #expect(kinds(ftp, "FTP") == ["FTP"])

        var pop = DissectorBench(POP3.self)
        pop.feed(lines("USER plc", "PASS \(secret)"), fromClient: true)
        #expect(kinds(pop, "POP3") == ["POP3"])
        #expect(pop.values(.user) == ["plc"])

        var imap = DissectorBench(IMAP.self)
        imap.feed(lines("a1 LOGIN \"plc\" \"\(secret)\""), fromClient: true)
        #expect(kinds(imap, "IMAP") == ["IMAP"])
        var literal = DissectorBench(IMAP.self)
        literal.feed(lines("a1 LOGIN {3}", "plc {11}", secret), fromClient: true)
        #expect(kinds(literal, "IMAP literal") == ["IMAP"])

        var plain = DissectorBench(SMTP.self)
        plain.feed(lines("AUTH PLAIN \(base64("\0plc\0\(secret)"))"), fromClient: true)
        #expect(kinds(plain, "SMTP PLAIN") == ["SMTP"])
        #expect(plain.values(.user) == ["plc"])
        var later = DissectorBench(SMTP.self)
        later.feed(lines("AUTH PLAIN"), fromClient: true)
        later.feed(lines("334 "), fromClient: false)
        later.feed(lines(base64("\0plc\0\(secret)")), fromClient: true)
        #expect(kinds(later, "SMTP PLAIN in two") == ["SMTP"])
    }

    /// The line that named the user was lost, or the server refused to ask for it: the next line is not a name.
    @Test func aSecretIsNotTakenForTheName() {
        let secret = SecretsTests.secret
        var lost = DissectorBench(SMTP.self)
        lost.feed(lines("AUTH LOGIN"), fromClient: true)
        lost.feed(lines("334 VXNlcm5hbWU6"), fromClient: false)
        lost.d.afterGap = true
        lost.feed(lines(base64(secret)), fromClient: true)
        #expect(kinds(lost, "SMTP with a gap") == ["SMTP"])
        #expect(lost.values(.user).isEmpty)

        var refused = DissectorBench(SMTP.self)
        refused.feed(lines("AUTH LOGIN"), fromClient: true)
        refused.feed(lines("504 no"), fromClient: false)
        refused.feed(lines("AUTH PLAIN \(base64("\0plc\0\(secret)"))"), fromClient: true)
        #expect(kinds(refused, "SMTP refused") == ["SMTP"])
        #expect(refused.values(.user) == ["plc"])

        var telnet = DissectorBench(Telnet.self)
        telnet.feed(ascii("login: "), fromClient: false)
        telnet.d.afterGap = true
        telnet.feed(ascii("\(secret)\r\n"), fromClient: true)
        #expect(kinds(telnet, "Telnet with a gap").isEmpty)
    }

    @Test func telnet() {
        let secret = SecretsTests.secret
        var bench = DissectorBench(Telnet.self)
        bench.feed(ascii("Controller\r\nUsername: "), fromClient: false)
        bench.feed(ascii("plc\r\n"), fromClient: true)
        bench.feed(ascii("\r\nPassword: "), fromClient: false)
        for byte in ascii(secret + "\r\n") { bench.feed([byte], fromClient: true) }
        bench.feed(ascii("\r\nPLC> "), fromClient: false)
        bench.feed(ascii("enable\r\n"), fromClient: true)
        bench.feed(ascii("Enable password: "), fromClient: false)
        bench.feed(ascii("\(secret)\r\n"), fromClient: true)
        #expect(kinds(bench, "Telnet") == ["Telnet"])
        #expect(bench.values(.user) == ["plc"])
    }

    @Test(arguments: [
        "POST /login HTTP/1.1\r\nHost: plc\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 33\r\n\r\n"
            + "user=plc&new_password2=Geheim-7731",
        "POST /login HTTP/1.1\r\nHost: plc\r\nContent-Type: application/json\r\nContent-Length: 39\r\n\r\n"
            + "{\"user\":\"plc\",\"password\":\"Geheim-7731\"}",
        "GET /cgi?user=plc&pwd=Geheim-7731 HTTP/1.1\r\nHost: plc\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: plc\r\nAuthorization: Bearer Geheim-7731\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: plc\r\nAuthorization: Basic cGxjOkdlaGVpbS03NzMx\r\n\r\n",
    ])
    func http(request: String) {
        var bench = DissectorBench(HTTP.self)
        bench.feed(ascii(request), fromClient: true)
        bench.feed(lines("HTTP/1.1 200 OK", "Content-Length: 0", ""), fromClient: false)
        #expect(kinds(bench, request).count == 1, "\(request)")
    }

    @Test(arguments: [
        "GET http://plc:Geheim-7731@camera/ HTTP/1.1\r\nHost: plc:Geheim-7731@camera\r\n\r\n",
        "CONNECT plc:Geheim-7731@camera:443 HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: plc\r\nAuthorization: Basic R2VoZWltLTc3MzE=\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: plc\r\nAuthorization: Digest username=\"plc\", response=\"Geheim-7731\"\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: plc\r\nCookie: session=Geheim-7731\r\nReferer: http://x/?pwd=Geheim-7731\r\n\r\n",
    ])
    func httpWhereNothingSaysThatItIsOne(request: String) {
        var bench = DissectorBench(HTTP.self)
        bench.feed(ascii(request), fromClient: true)
        _ = kinds(bench, request)
    }

    @Test func managementAndAccess() {
        let secret = SecretsTests.secret
        var snmp = DissectorBench(SNMP.self, isTCP: false)
        let pdu = hex("a0 13 020101 020100 020100 3008 3006 0602 2b06 0500")
        let message = [2, 1, 1, 4] + length(secret) + pdu
        snmp.feed([0x30, UInt8(message.count)] + message, fromClient: true)
        #expect(kinds(snmp, "SNMP").contains("SNMP community"))

        var socks = DissectorBench(SOCKS.self)
        socks.feed(hex("050102"), fromClient: true)
        socks.feed(hex("0502"), fromClient: false)
        socks.feed([1] + length("plc") + length(secret), fromClient: true)
        #expect(kinds(socks, "SOCKS") == ["SOCKS 5"])

        var radius = DissectorBench(RADIUS.self, isTCP: false)
        let attributes = [1, 5] + ascii("plc") + [2, UInt8(secret.utf8.count + 2)] + ascii(secret)
        radius.feed(
            [1, 1] + be16(20 + attributes.count) + [UInt8](repeating: 7, count: 16) + attributes, fromClient: true)
        #expect(kinds(radius, "RADIUS").isEmpty)
        #expect(radius.values(.user) == ["plc"])
    }

    @Test func machines() {
        let secret = SecretsTests.secret
        // Remote password unlock: length, then the password.
        var slmp = DissectorBench(SLMP.self)
        let data = hex("1000 3016 0000") + le16(secret.utf8.count) + ascii(secret)
        slmp.feed(hex("5000 00 ff ff03 00") + le16(data.count) + data, fromClient: true)
        #expect(kinds(slmp, "SLMP") == ["MELSEC remote password"])

        var fins = DissectorBench(FINS.self, isTCP: false)
        fins.feed(hex("80 00 02 00 01 00 00 63 00 01 0304 0000 00000000 ffffffff 00") + ascii(secret), fromClient: true)
        #expect(kinds(fins, "FINS") == ["FINS program area password"])

        var umas = DissectorBench(Modbus.self)
        let call = hex("5a 00 6e") + length(secret)
        umas.feed(be16(1) + be16(0) + be16(call.count + 1) + [0] + call, fromClient: true)
        _ = kinds(umas, "UMAS")

        var opcua = DissectorBench(OPCUA.self)
        let url = "opc.tcp://plc:\(secret)@line:4840/"
        let hello = le32(0) + le32(65_536) + le32(65_536) + le32(0) + le32(0) + le32(url.utf8.count) + ascii(url)
        opcua.feed(ascii("HELF") + le32(8 + hello.count) + hello, fromClient: true)
        _ = kinds(opcua, "OPC UA")
        #expect(opcua.messages.count == 1)
    }
}
