import Analysis
import Foundation
import Model
import Protocols
import TestSupport
import Testing

/// Messages in the format that DNS, multicast DNS, LLMNR and NetBIOS name service share.
private enum Message {
    static func name(_ text: String) -> [UInt8] {
        text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }
    static func question(_ text: String, _ type: Int = 1) -> [UInt8] { name(text) + be16(type) + be16(1) }
    static func record(_ owner: [UInt8], _ type: Int, _ data: [UInt8], class number: Int = 1) -> [UInt8] {
        owner + be16(type) + be16(number) + hex("00000e10") + be16(data.count) + data
    }
    static func message(
        flags: Int, questions: [[UInt8]] = [], answers: [[UInt8]] = [], authorities: [[UInt8]] = [],
        additionals: [[UInt8]] = []
    ) -> [UInt8] {
        hex("1234") + be16(flags) + be16(questions.count) + be16(answers.count) + be16(authorities.count)
            + be16(additionals.count) + (questions + answers + authorities + additionals).flatMap { $0 }
    }
    /// A pointer to the first question's name.
    static let pointer = hex("c00c")

    static func netBIOS(_ text: [UInt8], _ suffix: UInt8) -> [UInt8] {
        var padded = text
        while padded.count < 15 { padded.append(0x20) }
        return [32] + (padded + [suffix]).flatMap { [0x41 + ($0 >> 4), 0x41 + ($0 & 15)] } + [0]
    }
}

extension DissectorBench {
    fileprivate func names(of address: UInt32) -> [String] {
        d.observations.observations.filter {
            $0.subject == .address(IPAddress(v4: address)) && $0.attribute == .name
        }.map(\.value.raw)
    }
}

@Suite struct DNSTests {
    private let query = Message.message(flags: 0x0100, questions: [Message.question("historian.plant.example")])

    @Test func answersNameAddresses() {
        var bench = DissectorBench(DNS.self, isTCP: false)
        bench.feed(query, fromClient: true)
        bench.feed(
            Message.message(
                flags: 0x8580, questions: [Message.question("historian.plant.example")],
                answers: [Message.record(Message.pointer, 1, hex("0a000007"))]), fromClient: false)
        #expect(bench.names(of: 0x0a00_0007) == ["historian.plant.example"])
        #expect(bench.value("answer", about: DissectorBench.server) == "dns_server")
        #expect(bench.values("query") == ["historian.plant.example"])
        #expect(bench.names() == ["Query", "Query response"])
    }

    @Test func pointerRecordsAndUpdatesNameAddressesToo() {
        var bench = DissectorBench(DNS.self, isTCP: false)
        bench.feed(
            Message.message(
                flags: 0x8180, questions: [Message.question("9.0.0.10.in-addr.arpa", 12)],
                answers: [Message.record(Message.pointer, 12, Message.name("eng-station.plant.example"))]),
            fromClient: false)
        bench.feed(
            Message.message(
                flags: 0x2800, questions: [Message.question("plant.example", 6)],
                authorities: [Message.record(Message.name("pc7.plant.example"), 1, hex("0a000001"))]), fromClient: true)
        #expect(bench.names(of: 0x0a00_0009) == ["eng-station.plant.example"])
        #expect(bench.names(of: 0x0a00_0001) == ["pc7.plant.example"])
        let own = bench.d.observations.observations.first { $0.source == "dns.update" }
        #expect(own?.confidence == .high, "a host registers its own address")
    }

    @Test func domainControllersAreFoundThroughTheirServiceRecords() {
        var bench = DissectorBench(DNS.self, isTCP: false)
        let owner = "_ldap._tcp.dc._msdcs.plant.example"
        bench.feed(
            Message.message(
                flags: 0x8580, questions: [Message.question(owner, 33)],
                answers: [
                    Message.record(Message.pointer, 33, hex("0000 0064 0185") + Message.name("dc1.plant.example"))
                ],
                additionals: [Message.record(Message.name("dc1.plant.example"), 1, hex("0a000005"))]), fromClient: false
        )
        let role = bench.d.observations.observations.first { $0.source == "dns.service_record" }
        #expect(role?.value.raw == "domain_controller")
        #expect(role?.subject == .address(IPAddress(v4: 0x0a00_0005)))
    }

    @Test func queriedNamesAreBoundedPerClient() {
        var bench = DissectorBench(DNS.self, isTCP: false)
        for index in 0..<600 {
            bench.feed(
                Message.message(flags: 0x0100, questions: [Message.question("host\(index).example")]), fromClient: true)
        }
        #expect(bench.values("query").count == 256)
        #expect(bench.values("query").first == "host0.example")
    }

    @Test func loopsAndForwardPointersEnd() {
        var bench = DissectorBench(DNS.self, isTCP: false)
        // A name that points to itself, and a chain of pointers, each to the one before.
        bench.feed(Message.message(flags: 0x8180, questions: [hex("c00c 0001 0001")], answers: []), fromClient: false)
        var chain: [UInt8] = hex("01 61 00")
        for hop in 0..<40 { chain += [0xc0, UInt8(12 + (hop == 0 ? 0 : 3 + (hop - 1) * 2))] }
        bench.feed(
            hex("1234 8180 0000 0001 0000 0000") + chain + hex("0001 0001 00000000 0004 0a000001"), fromClient: false)
        #expect(bench.values(.name).isEmpty)
    }

    @Test func streamsCarryALengthBeforeEachMessage() {
        var bench = DissectorBench(DNS.self)
        bench.feed(be16(query.count) + query + be16(query.count) + query, fromClient: true)
        #expect(bench.names() == ["Query", "Query"])
        #expect(bench.feed(be16(query.count) + query.dropLast(), fromClient: true) == .needMore(query.count + 2))
        #expect(probe(DNS.self, be16(query.count) + query, port: 53) == .certain(from: .client))
    }

    @Test func probesLeaveRelativesAlone() {
        #expect(probe(DNS.self, query, port: 53, isTCP: false) == .certain(from: .client))
        #expect(probe(DNS.self, query, port: 8053, isTCP: false) == .possible(from: .client))
        #expect(probe(DNS.self, query, port: 5355, isTCP: false) == .no)
        #expect(probe(DNS.self, [UInt8](repeating: 0, count: 40), port: 53, isTCP: false) == .no)
        #expect(probe(LLMNR.self, query, port: 5355, isTCP: false) == .certain(from: .client))
        #expect(probe(MulticastDNS.self, query, port: 53, isTCP: false) == .no)
    }

    @Test func nothingHostileTraps() {
        let answer = Message.message(
            flags: 0x8180, questions: [Message.question("a.example", 33)],
            answers: [
                Message.record(Message.pointer, 1, hex("0a000001")),
                Message.record(Message.pointer, 33, hex("000000000035c00c")),
                Message.record(Message.name("1.0.0.10.in-addr.arpa"), 12, Message.pointer),
                Message.record(Message.pointer, 16, hex("0361626300"), class: 3),
            ])
        #expect(DissectorBench.torment(DNS.self, [query, answer], isTCP: false) > 2_000)
        #expect(DissectorBench.torment(DNS.self, [be16(answer.count) + answer]) > 1_000)
        #expect(DissectorBench.torment(MulticastDNS.self, [answer], isTCP: false) > 1_000)
        #expect(DissectorBench.torment(LLMNR.self, [answer], isTCP: false) > 1_000)
    }
}

@Suite struct MulticastDNSTests {
    @Test func hostsAnnounceNamesAndServices() {
        var bench = DissectorBench(MulticastDNS.self, isTCP: false)
        let instance = "Office._ipp._tcp.local"
        bench.feed(
            Message.message(
                flags: 0x8400,
                answers: [
                    Message.record(Message.name("_ipp._tcp.local"), 12, Message.name(instance)),
                    Message.record(
                        Message.name(instance), 33, hex("0000 0000 0277") + Message.name("prn1.local"), class: 0x8001),
                    Message.record(
                        Message.name(instance), 16, [15] + ascii("ty=LaserPrint 9") + [13] + ascii("note=Hall two")),
                    Message.record(Message.name("prn1.local"), 1, hex("0a000001"), class: 0x8001),
                    Message.record(Message.name("x._ssh._tcp.local"), 1, hex("0a000001")),
                ]), fromClient: true)
        #expect(bench.value("address_record", about: DissectorBench.client) == "prn1")
        #expect(bench.values(.name) == ["prn1"], "an instance is no host")
        #expect(bench.values("service") == ["_ipp._tcp"])
        #expect(bench.values(.role) == ["printer"])
        #expect(bench.values(.model) == ["LaserPrint 9"])
        #expect(bench.values(.location) == ["Hall two"])
    }

    @Test func whatAQuestionAlreadyKnowsIsNotItsSenders() {
        var bench = DissectorBench(MulticastDNS.self, isTCP: false)
        bench.feed(
            Message.message(
                flags: 0, questions: [Message.question("_ipp._tcp.local", 12)],
                answers: [Message.record(Message.pointer, 12, Message.name("Office._ipp._tcp.local"))]),
            fromClient: true)
        #expect(bench.values("service").isEmpty)
        #expect(bench.values("query") == ["_ipp._tcp.local"])
    }
}

@Suite struct LLMNRTests {
    @Test func aHostAnswersForItself() {
        var bench = DissectorBench(LLMNR.self, isTCP: false)
        bench.feed(Message.message(flags: 0, questions: [Message.question("CELL4-HMI")]), fromClient: true)
        bench.feed(
            Message.message(
                flags: 0x8000, questions: [Message.question("CELL4-HMI")],
                answers: [Message.record(Message.pointer, 1, hex("0a000002"))]), fromClient: false)
        #expect(bench.value("address_record", about: DissectorBench.server) == "CELL4-HMI")
        #expect(bench.values("query") == ["CELL4-HMI"])
    }
}

@Suite struct NetBIOSNamesTests {
    private func registration(_ name: [UInt8], _ suffix: UInt8, flags: Int, opcode: Int = 5) -> [UInt8] {
        Message.message(
            flags: opcode << 11 | 0x0110, questions: [Message.netBIOS(name, suffix) + be16(32) + be16(1)],
            additionals: [Message.record(Message.pointer, 32, be16(flags) + hex("0a000001"))])
    }

    @Test func registrationsNameTheirSender() {
        var bench = DissectorBench(NetBIOSNames.self, isTCP: false)
        bench.feed(registration(ascii("CELL4-HMI"), 0x00, flags: 0), fromClient: true)
        bench.feed(registration(ascii("FACTORY"), 0x00, flags: 0x8000), fromClient: true)
        bench.feed(registration([0x8d, 0x48, 0x92, 0xf6], 0x20, flags: 0), fromClient: true)
        #expect(bench.value("workstation_name", about: DissectorBench.client) == "CELL4-HMI")
        #expect(bench.value("domain_name", about: DissectorBench.client) == "FACTORY")
        #expect(bench.value("server_name", about: DissectorBench.client) == "工程")
        #expect(bench.names().first == "Registration")
    }

    @Test func releasesAndForeignKindsSayNothing() {
        var bench = DissectorBench(NetBIOSNames.self, isTCP: false)
        bench.feed(registration(ascii("GONE"), 0x00, flags: 0, opcode: 6), fromClient: true)
        bench.feed(registration(ascii("INet~Services"), 0x1c, flags: 0x8000), fromClient: true)
        #expect(bench.d.observations.observations.isEmpty)
    }

    @Test func nodeStatusListsNamesAndTheAdapter() {
        var bench = DissectorBench(NetBIOSNames.self, isTCP: false)
        let names =
            ascii("DC1", padTo: 15, with: 0x20) + hex("00 0400") + ascii("PLANT", padTo: 15, with: 0x20)
            + hex("1c 8400")
            + ascii("PLANT", padTo: 15, with: 0x20) + hex("1b 0400")
        bench.feed(
            Message.message(
                flags: 0x8400,
                answers: [
                    Message.record(
                        Message.netBIOS([0x2a] + [UInt8](repeating: 0, count: 14), 0), 33,
                        [3] + names + hex("020000000099") + [UInt8](repeating: 0, count: 40))
                ]), fromClient: false)
        #expect(bench.value("workstation_name", about: DissectorBench.server) == "DC1")
        #expect(bench.values(.domain) == ["PLANT"])
        #expect(bench.values(.role) == ["domain_controller", "domain_controller"])
        #expect(bench.values(.mac) == ["02:00:00:00:00:99"])
    }

    @Test func nothingHostileTraps() {
        let message = registration(ascii("CELL4"), 0, flags: 0)
        #expect(probe(NetBIOSNames.self, message, port: 137, isTCP: false).certainty == .certain)
        #expect(probe(DNS.self, message, port: 137, isTCP: false) == .no)
        #expect(DissectorBench.torment(NetBIOSNames.self, [message], isTCP: false) > 1_000)
    }
}
