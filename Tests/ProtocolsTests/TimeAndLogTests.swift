import Model
import Protocols
import Testing

@Suite struct NTPTests {
    private func packet(_ mode: UInt8, stratum: UInt8, reference: [UInt8]) -> [UInt8] {
        [0x20 | mode, stratum, 6, 0xec] + [UInt8](repeating: 0, count: 8) + reference + [UInt8](repeating: 1, count: 32)
    }

    @Test func serversTellStratumAndReference() {
        var bench = DissectorBench(NTP.self, isTCP: false)
        bench.feed(packet(3, stratum: 0, reference: hex("00000000")), fromClient: true)
        #expect(bench.d.observations.observations.isEmpty, "asking makes no server")
        bench.feed(packet(4, stratum: 2, reference: hex("c0a80001")), fromClient: false)
        #expect(bench.value("server", about: DissectorBench.server) == "time_server")
        #expect(bench.value("stratum") == "2")
        #expect(bench.value("reference_address") == "192.168.0.1")
        bench.feed(packet(4, stratum: 1, reference: ascii("GPS", padTo: 4)), fromClient: false)
        #expect(bench.value("reference_id") == "GPS")
    }

    @Test func anUnsynchronisedServerIsBelievedLess() {
        var bench = DissectorBench(NTP.self, isTCP: false)
        bench.feed(packet(4, stratum: 16, reference: hex("00000000")), fromClient: false)
        #expect(bench.d.observations.observations.first { $0.attribute == .role }?.confidence == .low)
    }

    @Test func controlAnswersNameTheSoftware() {
        var bench = DissectorBench(NTP.self, isTCP: false)
        let text = ascii("version=\"ntpd 4.2.8p15\", processor=\"armv7l\", system=\"Linux/5.10\"")
        bench.feed(hex("1682 0001 0000 0000 0000") + be16(text.count) + text, fromClient: false)
        #expect(bench.values(.software) == ["ntpd 4.2.8p15"])
        #expect(bench.values(.os) == ["Linux/5.10"])
    }

    @Test func nothingHostileTraps() {
        let server = packet(4, stratum: 1, reference: ascii("GPS", padTo: 4))
        #expect(probe(NTP.self, server, port: 123, isTCP: false) == .certain(from: .server))
        #expect(probe(NTP.self, server, port: 124, isTCP: false) == .no)
        #expect(
            DissectorBench.torment(NTP.self, [server, hex("1682000100000000000000046162633d")], isTCP: false) > 2_000)
    }
}

@Suite struct SyslogTests {
    @Test func hostAndApplicationInBothForms() {
        var bench = DissectorBench(Syslog.self, isTCP: false)
        bench.feed(ascii("<34>Oct 11 22:14:15 fw-line1 sshd[812]: Failed password"), fromClient: true)
        bench.feed(ascii("<165>1 2024-10-11T22:14:15.003Z gw7.example opcgw 42 ID47 - started"), fromClient: true)
        #expect(bench.values(.name) == ["fw-line1", "gw7.example"])
        #expect(bench.values("syslog_app") == ["sshd", "opcgw"])
        #expect(bench.value("receiver", about: DissectorBench.server) == "log_server")
        #expect(bench.names() == ["critical", "notice"])
    }

    @Test func textIsNotTakenForAHost() {
        var bench = DissectorBench(Syslog.self, isTCP: false)
        bench.feed(ascii("<13>Oct 11 22:14:15 kernel: link up"), fromClient: true)
        bench.feed(ascii("<13>Oct 11 22:14:15 went through the gate"), fromClient: true)
        bench.feed(ascii("<13>1 2024-10-11T22:14:15Z - - - - - nothing"), fromClient: true)
        bench.feed(ascii("<13>Oct 11 22:14:15 192.0.2.9 app: text"), fromClient: true)
        #expect(bench.values(.name).isEmpty)
    }

    @Test func securityEventsNameVendorAndProduct() {
        var bench = DissectorBench(Syslog.self, isTCP: false)
        bench.feed(
            ascii("<13>Oct 11 22:14:15 fw1 CEF: CEF:0|Example Works|Gate 5|2.1|100|Denied|5|src=1"), fromClient: true)
        #expect(bench.values(.vendor) == ["Example Works"])
        #expect(bench.values(.model) == ["Gate 5"])
        #expect(bench.values(.software) == ["2.1"])
    }

    @Test func streamsAreCountedOrLineByLine() {
        var bench = DissectorBench(Syslog.self)
        let message = "<34>Oct 11 22:14:15 fw-line1 sshd[812]: Failed"
        bench.feed(ascii("\(message.utf8.count) \(message)\(message.utf8.count) \(message)"), fromClient: true)
        bench.feed(ascii("\(message)\n\(message)\n"), fromClient: true)
        #expect(bench.messages.count == 4)
        #expect(bench.values(.name) == ["fw-line1"])
    }

    @Test func nothingHostileTraps() {
        let message = ascii("<34>Oct 11 22:14:15 fw1 sshd[812]: LEEF:1.0|V|P|1|x")
        #expect(probe(Syslog.self, message, port: 9999, isTCP: false).certainty == .certain)
        #expect(probe(Syslog.self, ascii("<html><body>no log</body>"), port: 514, isTCP: false) == .no)
        #expect(probe(Syslog.self, ascii("<999>Oct 11 22:14:15 x y: z"), port: 514, isTCP: false) == .no)
        #expect(DissectorBench.torment(Syslog.self, [message], isTCP: false) > 1_000)
        #expect(DissectorBench.torment(Syslog.self, [ascii("52 ") + message]) > 1_000)
    }
}

@Suite struct TFTPTests {
    @Test func requestsNameTheirFile() {
        var bench = DissectorBench(TFTP.self, isTCP: false)
        let write = hex("0002") + ascii("firmware.bin") + [0] + ascii("octet") + [0]
        bench.feed(write, fromClient: true)
        #expect(bench.values("file_name") == ["firmware.bin"])
        #expect(bench.effects == [.write])
        #expect(probe(TFTP.self, write, port: 69, isTCP: false) == .certain(from: .client))
        #expect(probe(TFTP.self, hex("0001 61 00 6e6f6d6f6465 00"), port: 69, isTCP: false) == .no)
        #expect(DissectorBench.torment(TFTP.self, [write], isTCP: false) > 1_000)
    }
}
