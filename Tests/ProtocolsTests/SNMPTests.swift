import Analysis
import Foundation
import Model
import Protocols
import TestSupport
import Testing

@Suite struct SNMPTests {
    private func element(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
        contents.count < 128
            ? [tag, UInt8(contents.count)] + contents : [tag, 0x82] + be16(contents.count) + contents
    }
    private func integer(_ value: UInt8) -> [UInt8] { [2, 1, value] }
    private func string(_ text: String) -> [UInt8] { element(4, ascii(text)) }
    private func variable(_ name: [UInt8], _ value: [UInt8]) -> [UInt8] { element(0x30, element(6, name) + value) }
    private func pdu(_ tag: UInt8, _ variables: [[UInt8]]) -> [UInt8] {
        element(tag, integer(1) + integer(0) + integer(0) + element(0x30, variables.flatMap { $0 }))
    }
    private func v2c(_ community: String, _ pdu: [UInt8]) -> [UInt8] {
        element(0x30, integer(1) + string(community) + pdu)
    }
    private func bench() -> DissectorBench {
        var bench = DissectorBench(SNMP.self, isTCP: false)
        bench.serverPort = 161
        return bench
    }
    private func system(_ column: UInt8) -> [UInt8] { hex("2b06010201 01") + [column, 0] }
    private func entity(_ column: UInt8, _ index: UInt8 = 1) -> [UInt8] {
        hex("2b060102012f01010101") + [column, index]
    }

    private var answer: [UInt8] {
        v2c(
            "s3cret",
            pdu(
                0xa2,
                [
                    variable(system(1), string("Managed switch, 8 ports")),
                    variable(system(2), element(6, hex("2b06010401 8178 0e01"))),
                    variable(system(5), string("SW-LINE4")), variable(system(6), string("Hall 2")),
                    variable(entity(11), string("SN0042")), variable(entity(13), string("RS20")),
                    variable(entity(13, 7), string("SFP module")),
                    variable(hex("2b0601020102020106 03"), element(4, hex("020000000042"))),
                    variable(hex("2b06010201041401010a000007"), element(0x40, hex("0a000007"))),
                ]))
    }

    @Test func agentsSayWhatTheyAre() {
        var bench = bench()
        bench.feed(answer, fromClient: false)
        #expect(bench.value("sys_name", about: DissectorBench.server) == "SW-LINE4")
        #expect(bench.value("sys_descr") == "Managed switch, 8 ports")
        #expect(bench.value("sys_location") == "Hall 2")
        #expect(bench.value("sys_object_id") == "1.3.6.1.4.1.248.14.1")
        #expect(bench.value("sys_object_id_vendor") == "Hirschmann")
        #expect(bench.value("ent_physical_serial_num") == "SN0042")
        #expect(bench.value("ent_physical_model_name") == "RS20")
        #expect(bench.values("module") == ["SFP module"])
        #expect(bench.values(.mac) == ["02:00:00:00:00:42"])
        #expect(bench.values(.ip) == ["10.0.0.7"])
        #expect(bench.d.malformedCount == 0)
    }

    @Test func communitiesAreNotedNotKept() {
        var bench = bench()
        bench.feed(answer, fromClient: false)
        #expect(bench.values(.cleartextCredential) == ["SNMP community"])
        bench.feed(v2c("public", pdu(0xa0, [])), fromClient: true)
        #expect(bench.values(.cleartextCredential) == ["SNMP community", "SNMP community (common default)"])
        for observation in bench.d.observations.observations {
            #expect(!observation.value.raw.contains("s3cret") && !observation.value.raw.contains("public"))
        }
    }

    @Test func onlySetChangesTheAgent() {
        var bench = bench()
        for tag in [0xa0, 0xa1, 0xa3, 0xa5, 0xa7] as [UInt8] { bench.feed(v2c("c", pdu(tag, [])), fromClient: true) }
        #expect(bench.effects == [.read, .read, .write, .read, .none])
        // What a manager would set, or asks for, is no fact about anybody.
        bench.feed(v2c("c", pdu(0xa3, [variable(system(5), string("NEW-NAME"))])), fromClient: true)
        #expect(bench.values(.name).isEmpty)
    }

    @Test func version3TellsEngineUserAndLevel() {
        var bench = bench()
        let security = element(
            0x30,
            element(4, hex("800000f803 020000000055")) + integer(1) + integer(1) + string("operator") + element(4, [])
                + element(4, []))
        let header = element(0x30, integer(1) + [2, 2, 5, 220] + element(4, [3]) + integer(3))
        bench.feed(
            element(0x30, integer(3) + header + element(4, security) + element(4, hex("a7a7a7a7"))), fromClient: false)
        #expect(bench.values(.version) == ["SNMPv3"])
        #expect(bench.values(.security) == ["authPriv"])
        #expect(bench.values(.user) == ["operator"])
        #expect(bench.value("engine_id_vendor", about: DissectorBench.server) == "Hirschmann")
        #expect(bench.value("engine_id_mac") == "02:00:00:00:00:55")
        #expect(bench.values(.cleartextCredential).isEmpty)
        #expect(bench.names() == ["Encrypted PDU"])
    }

    @Test func nestingAndLengthsAreBounded() {
        var bench = bench()
        var nested = element(0x30, [])
        for _ in 0..<60 { nested = element(0x30, nested) }
        bench.feed(element(0x30, integer(1) + string("c") + nested), fromClient: false)
        bench.feed(hex("3084 ffffffff 020101"), fromClient: false)
        #expect(bench.d.malformedCount == 2)
    }

    @Test func probesTellItFromOthers() {
        #expect(probe(SNMP.self, answer, port: 9, isTCP: false) == .certain(from: .server))
        // LDAP's envelope: sequence, message id, application tag.
        #expect(probe(SNMP.self, hex("300c 020101 6007 020103 0400 8000"), port: 161, isTCP: false) == .no)
    }

    @Test func nothingHostileTraps() {
        #expect(DissectorBench.torment(SNMP.self, [answer, v2c("c", pdu(0xa4, []))], isTCP: false) > 2_000)
    }

    @Test func realAgentsAreNamed() throws {
        guard let file = CaptureCorpus.file("zeek__zeek/testing/btest/Traces/snmp/snmpwalk-short.pcap") else { return }
        let result = try CaptureReading.read(path: file.path)
        #expect(result.observations.contains { $0.source == "snmp.sys_name" && $0.value.raw == "ubuntu-512mb-sfo2-01" })
        #expect(result.capture.malformedMessages == 0)
    }
}
