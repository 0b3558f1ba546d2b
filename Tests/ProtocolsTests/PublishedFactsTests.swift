import Model
import Protocols
import TestSupport
import Testing

/// Protocols of which open implementations and manuals tell the frames, but no capture was at hand.
@Suite struct PublishedFactsTests {
    // MARK: Fuji Electric MICREX-SX

    private static func fuji(_ command: Int, _ mode: Int, status: Int = 0xff, _ data: [UInt8] = []) -> [UInt8] {
        hex("fb808000") + [UInt8(status)] + hex("7bfe0011 0000000000") + [UInt8(command), UInt8(mode)] + hex("0001")
            + le16(data.count) + data
    }

    @Test func loaderCommandsAreOperations() {
        var bench = DissectorBench(FujiLoader.self)
        let read = PublishedFactsTests.fuji(0, 0, hex("02 640000 0400"))
        let answer = PublishedFactsTests.fuji(0, 0, status: 0, [UInt8](repeating: 7, count: 14))
        bench.feed(read + PublishedFactsTests.fuji(1, 0, hex("02 640000 0100 0500")), fromClient: true)
        bench.feed(answer, fromClient: false)
        bench.feed(PublishedFactsTests.fuji(4, 2), fromClient: true)
        bench.feed(PublishedFactsTests.fuji(4, 2, status: 0x28), fromClient: false)
        #expect(bench.effects == [.read, .write, .none, .control, .none])
        #expect(bench.names() == ["read", "write", "read (answer)", "stop all CPUs", "stop all CPUs (refused)"])
        #expect(bench.values(.role) == ["plc"])
        #expect(bench.values(.rack) == ["CPU 0"])
        #expect(probe(FujiLoader.self, read, port: 9) == .certain(from: .client))
        #expect(probe(FujiLoader.self, answer, port: 9) == .possible(from: .server))
        #expect(probe(FujiLoader.self, hex("fb808000ff000000000000000000000000000000"), port: 18_245) == .no)
        #expect(DissectorBench.torment(FujiLoader.self, [read, answer]) > 1_000)
    }

    // MARK: Yokogawa FA-M3

    @Test func upperLinkIsReadWhereTheControllerListens() {
        var bench = DissectorBench(FAM3.self)
        let read = hex("1101 0008 0004 00000001 0002")
        bench.feed(read, fromClient: true)
        bench.feed(hex("9100 0004 0001 0002"), fromClient: false)
        bench.feed(hex("1201 000a 0004 00000001 0001 0005") + hex("4601 0000"), fromClient: true)
        bench.feed(hex("c652 0000"), fromClient: false)
        #expect(bench.effects == [.read, .none, .write, .control, .none])
        #expect(
            bench.names() == [
                "word read", "word read (answer)", "word write", "stop program", "stop program (refused)",
            ])
        #expect(probe(FAM3.self, read, port: 12_289) == .possible(from: .client))
        #expect(probe(FAM3.self, hex("9100 0004 0001 0002"), from: 12_289) == .possible(from: .server))
        #expect(probe(FAM3.self, read, port: 12_288) == .no)
        #expect(probe(FAM3.self, read + [0], port: 12_289) == .no)
        #expect(probe(FAM3.self, hex("1109 0008 0004 00000001 0002"), port: 12_289) == .no)
        #expect(DissectorBench.torment(FAM3.self, [read]) > 500)
    }

    // MARK: CODESYS V2

    @Test func olderRuntimesSayTheirProduct() {
        var bench = DissectorBench(CODESYSV2.self)
        let question = hex("bbbb 01000000 01")
        let text: [UInt8] =
            [UInt8](repeating: 0, count: 57) + ascii("Nucleus PLUS", padTo: 32) + ascii("1.14", padTo: 32)
            + ascii("3S-TEST 750", padTo: 32)
        let answer = hex("bbbb") + le32(text.count + 1) + [1] + text
        bench.feed(question, fromClient: true)
        #expect(bench.feed(Array(answer.prefix(40)), fromClient: false) == .needMore(answer.count))
        bench.feed(answer, fromClient: false)
        #expect(bench.values(.model) == ["3S-TEST 750"])
        #expect(bench.values(.os) == ["Nucleus PLUS"])
        #expect(bench.effects == [.identity, .none])
        #expect(probe(CODESYSV2.self, question, port: 9) == .certain)
        #expect(probe(CODESYSV2.self, hex("bbbb 00000001 01"), port: 9) == .certain)
        #expect(probe(CODESYSV2.self, hex("bbbb 01010101 01"), port: 2_455) == .no)
        #expect(DissectorBench.torment(CODESYSV2.self, [question, answer]) > 1_000)
    }

    // MARK: SEL

    private static func checked(_ bytes: [UInt8]) -> [UInt8] { bytes + [bytes.reduce(0) { $0 &+ $1 }] }

    @Test func relaysAreAskedAndOperated() {
        var bench = DissectorBench(SELFastMessage.self)
        let operate = PublishedFactsTests.checked(hex("a5e3 06 31 c5"))
        let definition = PublishedFactsTests.checked(hex("a5c0 0c 01 00 a5c1 a5d1 0000"))
        bench.feed(hex("a5c0"), fromClient: true)
        bench.feed(ascii("=>\r\n") + definition, fromClient: false)
        bench.feed(operate, fromClient: true)
        #expect(bench.effects == [.identity, .none, .control])
        #expect(bench.names() == ["relay definition", "relay definition (answer)", "operate breaker"])
        #expect(probe(SELFastMessage.self, operate, port: 23) == .certain(from: .client))
        #expect(probe(SELFastMessage.self, operate + definition, port: 23) == .certain(from: .client))
        #expect(probe(SELFastMessage.self, operate, port: 9) == .possible(from: .client))
        #expect(probe(SELFastMessage.self, operate + [0], port: 9) == .no)
        #expect(probe(SELFastMessage.self, definition, port: 40_000, from: 9) == .possible(from: .server))
        // The sum is right, the validation is not four times the code and one; then the length is another.
        #expect(probe(SELFastMessage.self, PublishedFactsTests.checked(hex("a5e3 06 31 c4")), port: 23) == .no)
        #expect(probe(SELFastMessage.self, PublishedFactsTests.checked(hex("a5e3 07 31 c5 00")), port: 23) == .no)
        // The checksum that Wireshark asks for.
        let message = hex("a546 12 0000000000 00 05 80 c0 00000000 2a9b")
        #expect(probe(SELFastMessage.self, message, port: 23) == .certain)
        #expect(probe(SELFastMessage.self, message.dropLast() + [0x9a], port: 23) == .no)
        #expect(probe(SELFastMessage.self, hex("a5e3 06 31 c5 00"), port: 9) == .no)
        #expect(probe(SELFastMessage.self, hex("a5c0"), port: 9) == .possible(from: .client))
        #expect(DissectorBench.torment(SELFastMessage.self, [operate, definition]) > 1_000)
    }

    // MARK: EtherCAT Automation Protocol

    private static let published =
        hex("2240 05232a010101 0200 0700 0000 0100 0000 0400 0000 01020304 0200 0000 0200 0000 0506")

    @Test func networkVariablesNameTheirPublisher() {
        var bench = DissectorBench(EtherCATAutomation.self, isTCP: false)
        bench.feed(PublishedFactsTests.published, fromClient: true)
        #expect(bench.values("ams_net_id") == ["5.35.42.1.1.1"])
        #expect(bench.names() == ["network variables"])
        #expect(probe(EtherCATAutomation.self, PublishedFactsTests.published, port: 9, isTCP: false) == .certain)
        #expect(probe(EtherCATAutomation.self, PublishedFactsTests.published + [0], port: 34_980, isTCP: false) == .no)
        // The header's length is beyond the datagram, then less than it.
        let variables = Array(PublishedFactsTests.published.dropFirst(2))
        #expect(probe(EtherCATAutomation.self, hex("2340") + variables, port: 34_980, isTCP: false) == .no)
        #expect(probe(EtherCATAutomation.self, hex("2040") + variables, port: 34_980, isTCP: false) == .certain)
        #expect(probe(EtherCATAutomation.self, hex("2040") + variables, port: 9, isTCP: false) == .possible)
        #expect(DissectorBench.torment(EtherCATAutomation.self, [PublishedFactsTests.published], isTCP: false) > 500)
    }

    @Test func networkVariablesOnEthernetAreTheirOwn() {
        var bench = DissectorBench(EtherCAT.self, isTCP: false, isLink: true)
        bench.feed(PublishedFactsTests.published + [UInt8](repeating: 0, count: 12), fromClient: true)
        #expect(bench.names() == ["network variables (EAP)"])
        #expect(bench.d.observations.observations.map(\.source).contains("ethercat-ap.publisher"))
        // Cut off short, it is counted all the same.
        bench.d.isCut = true
        bench.feed(Array(PublishedFactsTests.published.prefix(30)), fromClient: true)
        #expect(bench.names() == ["network variables (EAP)", "network variables (EAP)"])
        #expect(bench.d.malformedCount == 0)
    }

    // MARK: CC-Link IE TSN

    @Test func detectionAnswersNameStations() {
        var answer = hex("c200 01 01 02 05 020000000005") + [UInt8](repeating: 0, count: 180)
        answer.replaceSubrange(58..<70, with: hex("c0a80305 ffffff00 c0a803fe"))
        answer.replaceSubrange(118..<130, with: hex("0001 0000 12345678 0000 0020"))
        answer.replaceSubrange(120..<122, with: hex("0065"))
        var bench = DissectorBench(CCLinkIE.self, isTCP: false, isLink: true)
        bench.feed(hex("c100 0000 0101") + [UInt8](repeating: 0, count: 46), fromClient: true)
        bench.feed(answer, fromClient: false)
        bench.feed(hex("c481 0003 0000 00000000 0000") + [UInt8](repeating: 0, count: 30), fromClient: true)
        #expect(bench.values(.ip) == ["192.168.3.5"])
        #expect(bench.values(.gateway) == ["192.168.3.254"])
        #expect(bench.values(.vendorID) == ["101"])
        #expect(bench.values(.productCode) == ["0x12345678"])
        #expect(bench.values(.deviceType) == ["32"])
        #expect(bench.value("node_type", about: DissectorBench.server) == "io")
        #expect(bench.value("cyclic_master", about: DissectorBench.client) == "plc")
        #expect(bench.names() == ["TSN detection", "TSN detection answer", "TSN cyclic data of a master"])
        for type in ["10", "11"] { bench.feed(hex("1100 0000 0000 0000 \(type) 000000"), fromClient: true) }
        let networks = bench.d.observations.observations.filter { $0.source == "cclink-ie.protocol_type" }
        #expect(networks.map(\.value.raw) == ["CC-Link IE Control", "CC-Link IE Field"])
        #expect(networks.map(\.confidence) == [.low, .medium])
        #expect(DissectorBench.torment(CCLinkIE.self, [answer], isTCP: false, isLink: true) > 500)
    }

    // MARK: TSN registration

    @Test func streamsAreRegistered() {
        var bench = DissectorBench(MultipleRegistration.self, isTCP: false, isLink: true)
        bench.etherType = 0x22ea
        let talker =
            hex("01 19 001e 0001 0200000000aa 0007 91e0f0000e80 0002 00e0 0001 70 00000000 24 0000")
        bench.feed(hex("00") + talker + hex("0000"), fromClient: true)
        #expect(bench.values("tsn_stream") == ["02:00:00:00:00:aa 7"])
        #expect(bench.names() == ["MSRP talker advertise"])
        bench.feed(hex("00 04 04 0009 0001 06 03 0002 24 0000 0000"), fromClient: true)
        #expect(bench.names().last == "MSRP domain")
        #expect(bench.d.malformedCount == 0)
        #expect(
            DissectorBench.torment(
                MultipleRegistration.self, [hex("00") + talker + hex("0000")], isTCP: false, isLink: true)
                > 500)
    }

    /// As a trunk with many VLANs sends: a vector for each that has no neighbour.
    @Test func aFrameMayBeFullOfVectors() {
        var bench = DissectorBench(MultipleRegistration.self, isTCP: false, isLink: true)
        bench.etherType = 0x88f5
        let vectors = (1...200).flatMap { hex("0001") + be16($0 * 2) + hex("48") }
        bench.feed(hex("00 01 02") + vectors + hex("0000 0000"), fromClient: true)
        #expect(bench.names() == ["MVRP VLAN"])
        #expect(bench.d.malformedCount == 0)
        bench.feed(hex("00 01 02") + vectors, fromClient: true)
        #expect(bench.d.malformedCount == 1, "the end mark is missing")
    }

    // MARK: RTP

    @Test func reportsTellMediaStreams() {
        var bench = DissectorBench(RTP.self, isTCP: false)
        let report =
            hex("80c9 0001 11223344 81ca 0005 11223344 01 0c") + ascii("cam@10.0.0.9") + hex("0000")
        let speech = hex("8000 0001 00000000 11223344") + [UInt8](repeating: 0xff, count: 160)
        bench.feed(report, fromClient: true)
        bench.feed(speech, fromClient: true)
        #expect(bench.names() == ["RTCP receiver report", "RTCP source description", "PCMU"])
        // Padded, cut and encrypted reports are reports.
        bench.feed(hex("a0c8 0006") + [UInt8](repeating: 1, count: 24), fromClient: true)
        bench.feed(Array(report.prefix(20)), fromClient: true)
        #expect(bench.names().suffix(2) == ["RTCP sender report", "RTCP receiver report"])
        #expect(probe(RTP.self, report, port: 9, isTCP: false) == .certain)
        #expect(probe(RTP.self, Array(report.dropLast()), port: 9, isTCP: false) == .no)
        #expect(probe(RTP.self, speech, port: 40_000, from: 40_002, isTCP: false) == .possible)
        #expect(probe(RTP.self, speech, port: 53, isTCP: false) == .no)
        #expect(DissectorBench.torment(RTP.self, [report, speech], isTCP: false) > 1_000)
    }

    // MARK: WSUS

    @Test func updateServersAreToldByTheirPaths() {
        let request = ascii("POST /ClientWebService/client.asmx HTTP/1.1\r\nHost: wsus01:8530\r\n\r\n")
        #expect(probe(WindowsUpdateServices.self, request, port: 8_530) == .certain(from: .client))
        #expect(
            probe(WindowsUpdateServices.self, ascii("HEAD /selfupdate/wuident.cab HTTP/1.1\r\n"), port: 80)
                == .certain(from: .client))
        for other in ["ClientWeb", "ClientWebService/", "ClientWebService/other.asmx", "ClientWebService/client.asmx2"]
        {
            #expect(
                probe(WindowsUpdateServices.self, ascii("POST /\(other) HTTP/1.1\r\n"), port: 8_530) == .no, "\(other)")
        }
        #expect(
            probe(WindowsUpdateServices.self, ascii("GET /SimpleAuthWebService/SimpleAuth.asmx?wsdl HTTP/1.1\r\n"))
                == .certain(from: .client))
        var bench = DissectorBench(WindowsUpdateServices.self)
        bench.feed(request, fromClient: true)
        #expect(bench.value("update_server", about: DissectorBench.server) == "server")
    }
}
