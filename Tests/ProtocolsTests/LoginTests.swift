import Foundation
import Model
import Protocols
import Testing

/// Protocols whose logins are lines of text: SSH's greeting, FTP, Telnet and mail.
@Suite struct LoginTests {
    private func lines(_ text: String...) -> [UInt8] { ascii(text.map { $0 + "\r\n" }.joined()) }

    @Test func sshNamesSoftwareOnBothEnds() {
        var bench = DissectorBench(SSH.self)
        bench.feed(
            lines("Authorized use only", "SSH-2.0-OpenSSH_8.9p1 Ubuntu-3ubuntu0.1")
                + hex("0000000c 04 14 00000000000000000000") + hex("0000000c 0a 15 00000000000000000000"),
            fromClient: false)
        bench.feed(lines("SSH-2.0-PuTTY_Release_0.78"), fromClient: true)
        #expect(bench.value("software", about: DissectorBench.server) == "OpenSSH_8.9p1")
        #expect(bench.value("software", about: DissectorBench.client) == "PuTTY_Release_0.78")
        #expect(bench.value("comments") == "Ubuntu-3ubuntu0.1")
        #expect(bench.value("software_os") == "Ubuntu Linux")
        #expect(bench.names() == ["identification", "SSH_MSG_KEXINIT", "SSH_MSG_NEWKEYS", "identification"])
        #expect(probe(SSH.self, ascii("SSH-2.0-x")).certainty == .certain)
        #expect(probe(SSH.self, ascii("SSH")) == .wait)
    }

    @Test func ftpLoginAndTransfers() {
        var bench = DissectorBench(FTP.self)
        bench.feed(lines("220-*****", "220 Controller FTP server"), fromClient: false)
        bench.feed(lines("USER engineer", "PASS geheim1"), fromClient: true)
        bench.feed(lines("331 Password", "230 Welcome"), fromClient: false)
        bench.feed(lines("STOR main.prg", "RETR log.txt", "NOOP"), fromClient: true)
        #expect(bench.value("banner") == "Controller FTP server")
        #expect(bench.value("user") == "engineer")
        #expect(bench.values(.cleartextCredential) == ["FTP"])
        #expect(bench.values(.authentication) == ["accepted"])
        #expect(bench.effects.suffix(3) == [.write, .read, .none])
        #expect(!bench.d.observations.observations.contains { $0.value.raw.contains("geheim") })
    }

    @Test func anonymousFTPIsNoCredential() {
        var bench = DissectorBench(FTP.self)
        bench.feed(lines("USER anonymous", "PASS guest@"), fromClient: true)
        bench.feed(lines("230 ok"), fromClient: false)
        #expect(bench.values(.cleartextCredential).isEmpty)
        #expect(bench.value("anonymous_login") == "anonymous FTP")
    }

    @Test func ftpTurnsToTLS() {
        var bench = DissectorBench(FTP.self)
        bench.feed(lines("AUTH TLS"), fromClient: true)
        bench.feed(lines("234 go"), fromClient: false)
        bench.feed(TLSBytes.record(22, TLSBytes.handshake(1, TLSBytes.chrome)), fromClient: true)
        #expect(bench.values(.serverName) == ["device.example"])
    }

    @Test func repliesAloneAreNotFTP() {
        #expect(probe(FTP.self, lines("200 news.example ready"), port: 119) == .no)
        #expect(probe(FTP.self, lines("USER guest 0 * :real name"), port: 6667) == .no)
        #expect(probe(FTP.self, lines("220 mail.example ESMTP")) == .no)
        #expect(probe(FTP.self, lines("220 Box FTP ready")) == .certain(from: .server))
        #expect(probe(SMTP.self, lines("220 mail.example ESMTP")) == .certain(from: .server))
        #expect(probe(POP3.self, lines("+OK")) == .no, "Redis")
        #expect(probe(POP3.self, lines("+OK ready"), port: 110) == .certain(from: .server))
        #expect(probe(IMAP.self, lines("* OK IMAP4rev1")) == .certain(from: .server))
    }

    @Test func mailLogins() {
        var smtp = DissectorBench(SMTP.self)
        smtp.feed(lines("220 mail.example ESMTP"), fromClient: false)
        smtp.feed(lines("EHLO pump7", "AUTH LOGIN"), fromClient: true)
        smtp.feed(lines("334 VXNlcm5hbWU6"), fromClient: false)
        smtp.feed(lines("YWxhcm0=", "Z2VoZWltMQ=="), fromClient: true)  // alarm, geheim1
        smtp.feed(lines("235 ok"), fromClient: false)
        #expect(smtp.values(.user) == ["alarm"])
        #expect(smtp.values(.cleartextCredential) == ["SMTP"])
        #expect(smtp.values(.authentication) == ["accepted"])
        #expect(smtp.feed(lines("DATA"), fromClient: true) == .conversationDone)
        #expect(!smtp.d.observations.observations.contains { $0.value.raw.contains("Z2Vo") })

        var pop = DissectorBench(POP3.self)
        pop.feed(lines("USER abe", "PASS geheim1"), fromClient: true)
        #expect(pop.feed(lines("-ERR no"), fromClient: false) != .conversationDone)
        #expect(pop.values(.user) == ["abe"])
        #expect(pop.values(.authentication) == ["rejected"])

        var imap = DissectorBench(IMAP.self)
        imap.feed(lines(#"a1 LOGIN "doi kenta" geheim1"#), fromClient: true)
        #expect(imap.feed(lines("a1 OK done"), fromClient: false) == .conversationDone)
        #expect(imap.values(.user) == ["doi kenta"])
        #expect(imap.values(.cleartextCredential) == ["IMAP"])
    }

    @Test func telnetLoginIsFollowedByItsPrompts() {
        var bench = DissectorBench(Telnet.self)
        bench.feed(hex("fffd18 fffd20 fffb01") + ascii("\r\nVxWorks 6.9\r\n\r\nlogin: "), fromClient: false)
        bench.feed(ascii("ad") + [0x7f] + ascii("dmin\r\n"), fromClient: true)
        bench.feed(ascii("admin\r\nPassword: "), fromClient: false)
        bench.feed(ascii("geheim1\r\n"), fromClient: true)
        #expect(bench.value("banner") == "VxWorks 6.9")
        #expect(bench.values(.user) == ["admin"])
        #expect(bench.values(.cleartextCredential) == ["Telnet"])
        #expect(bench.effects.filter { $0 == .login }.count == 1)
        #expect(!bench.d.observations.observations.contains { $0.value.raw.contains("geheim") })
        #expect(probe(Telnet.self, hex("fffd18 fffd20 fffd23")).certainty == .certain)
        #expect(probe(Telnet.self, hex("ffd8ffe0 0010 4a464946")) == .no, "a JPEG begins with 0xff too")
    }

    @Test func hostileBytesDoNotTrap() {
        let text = lines("220-x", "USER a", "AUTH PLAIN AGEAYg==", "a LOGIN \"", "PASS b", "\u{1}")
        #expect(DissectorBench.torment(FTP.self, [text]) > 1_000)
        #expect(DissectorBench.torment(SMTP.self, [text]) > 1_000)
        #expect(DissectorBench.torment(POP3.self, [text]) > 1_000)
        #expect(DissectorBench.torment(IMAP.self, [text]) > 1_000)
        #expect(DissectorBench.torment(SSH.self, [lines("SSH-2.0-a b") + hex("0000000c0414000000")]) > 1_000)
        #expect(DissectorBench.torment(Telnet.self, [hex("fffa1801fff0 fffd") + ascii("login: ")]) > 1_000)
    }
}
