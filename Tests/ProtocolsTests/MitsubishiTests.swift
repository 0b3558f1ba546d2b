import Analysis
import Foundation
import Model
import Protocols
import TestSupport
import Testing

@Suite struct SLMPTests {
    private let route = hex("00 ff ff03 00")

    private func request(_ command: Int, _ subcommand: Int = 0, _ data: [UInt8] = []) -> [UInt8] {
        hex("5000") + route + le16(data.count + 6) + le16(16) + le16(command) + le16(subcommand) + data
    }
    private func response(_ endCode: Int = 0, _ data: [UInt8] = []) -> [UInt8] {
        hex("d000") + route + le16(data.count + 2) + le16(endCode) + data
    }
    private func request4E(_ serial: Int, _ command: Int, _ data: [UInt8] = []) -> [UInt8] {
        hex("5400") + le16(serial) + hex("0000") + Array(request(command, 0, data).dropFirst(2))
    }
    private func response4E(_ serial: Int, _ data: [UInt8]) -> [UInt8] {
        hex("d400") + le16(serial) + hex("0000") + Array(response(0, data).dropFirst(2))
    }

    @Test func typeNameIsReadFromTheAnswerToItsRequest() {
        var bench = DissectorBench(SLMP.self)
        bench.feed(request(0x0401, 0, hex("6400 00a8 0200")), fromClient: true)
        bench.feed(response(0, ascii("Q03UDVCPU", padTo: 16, with: 0x20) + le16(0x0366)), fromClient: false)
        #expect(bench.values(.model).isEmpty, "the data of a device read are no name")
        bench.feed(request(0x0101), fromClient: true)
        bench.feed(response(0, ascii("Q03UDVCPU", padTo: 16, with: 0x20) + le16(0x0366)), fromClient: false)
        #expect(bench.value("model_name", about: DissectorBench.server) == "Q03UDVCPU")
        #expect(bench.value("model_code") == "870")
        #expect(bench.values(.role) == ["plc"])
        #expect(bench.effects == [.read, .none, .identity, .none])
    }

    @Test func serialNumbersMatchAnswersInAnyOrder() {
        var bench = DissectorBench(SLMP.self)
        bench.feed(request4E(7, 0x0101) + request4E(8, 0x0401), fromClient: true)
        bench.feed(response4E(8, hex("0100")), fromClient: false)
        bench.feed(response4E(7, ascii("FX5U-32MT/ES", padTo: 16, with: 0x20) + le16(0x4a29)), fromClient: false)
        #expect(bench.values(.model) == ["FX5U-32MT/ES"])
        #expect(bench.names() == ["Read Type Name", "Device Read", "Device Read", "Read Type Name"])
    }

    @Test func asciiCodeIsReadAlike() {
        var bench = DissectorBench(SLMP.self)
        bench.feed(ascii("500000FF03FF00000C001001010000"), fromClient: true)
        bench.feed(ascii("D00000FF03FF0000180000R04CPU          4800"), fromClient: false)
        #expect(bench.value("model_name", about: DissectorBench.server) == "R04CPU")
        #expect(bench.value("model_code") == "18432")
        #expect(bench.effects == [.identity, .none])
    }

    @Test func operationsHaveTheirEffects() {
        var bench = DissectorBench(SLMP.self)
        for command in [0x1401, 0x1002, 0x1006, 0x1828, 0x1829, 0x1630, 0x0619] {
            bench.feed(request(command), fromClient: true)
        }
        #expect(bench.effects == [.write, .control, .control, .upload, .download, .login, .none])
        #expect(bench.values(.cleartextCredential) == ["MELSEC remote password"])
        #expect(bench.names()[1] == "Remote Stop")
    }

    @Test func errorsNameNobody() {
        var bench = DissectorBench(SLMP.self)
        bench.feed(request(0x0101), fromClient: true)
        bench.feed(response(0xc059, ascii("NOTAMODELNAME###", padTo: 18)), fromClient: false)
        #expect(bench.values(.model).isEmpty)
    }

    @Test func nodeSearchTellsOfTheNodeThatAnswers() {
        var bench = DissectorBench(SLMP.self, isTCP: false)
        let master = hex("010000000002 04 0a00000a")
        bench.feed(request4E(1, 0x0e30, master), fromClient: true)
        let node =
            hex("665544332211 04 6402000a 00ffffff ffffffff 00") + le16(0x1234) + le32(0x0001_0002) + le16(3)
            + hex("04 ffffffff ffff 0000 0bf0 01")
        bench.feed(response4E(1, master + node), fromClient: false)
        let mac = Subject.mac(MACAddress(bits: 0x1122_3344_5566))
        let facts = bench.d.observations.observations.filter { $0.subject == mac }
        #expect(facts.first { $0.attribute == .ip }?.value.raw == "10.0.2.100")
        #expect(facts.first { $0.attribute == .subnet }?.value.raw == "24")
        #expect(facts.first { $0.attribute == .vendorID }?.value.raw == "4660")
        #expect(facts.first { $0.attribute == .productCode }?.value.raw == "65538")
    }

    @Test func probesTellItFromOthers() {
        #expect(probe(SLMP.self, request(0x0401)).certainty == .certain)
        #expect(probe(SLMP.self, request(0x0401)).sender == .client)
        #expect(probe(SLMP.self, response(0xc059)) == .certain(from: .server))
        #expect(probe(SLMP.self, request(0x7777)) == .no)
        #expect(probe(SLMP.self, ascii("500000FF03FF00000C001004010000")).certainty == .certain)
        // MySQL's greeting begins with a length of 50 00 00 and a sequence number of 0.
        #expect(probe(SLMP.self, hex("50000000 0a 352e372e3333 00 0c000000")) == .no)
        #expect(probe(SLMP.self, ascii("5000 is not a frame")) == .no)
        // A datagram holds one frame and nothing else.
        #expect(probe(SLMP.self, request(0x0401) + [0], isTCP: false) == .no)
    }

    @Test func nothingHostileTraps() {
        #expect(
            DissectorBench.torment(
                SLMP.self,
                [
                    request(0x0101), response(0, ascii("Q", padTo: 18)), request4E(1, 0x0e30),
                    response4E(1, [UInt8](repeating: 4, count: 60)), ascii("500000FF03FF00000C001001010000"),
                ])
                > 5_000)
    }
}

@Suite struct MELSOFTTests {
    /// Header of a request or response, then command, reference, size and data.
    private func frame(_ isRequest: Bool, _ command: Int, _ data: [UInt8], endCode: Int = 0) -> [UInt8] {
        var header: [UInt8] = isRequest ? hex("1c0a1614") : hex("9c021814")
        header += isRequest ? hex("e0030000") : le16(endCode) + hex("0000")
        header += [UInt8](repeating: 0, count: (isRequest ? 24 : 26) - header.count)
        let body = header + be16(command) + le16(1) + le16(data.count) + data
        let lead: [UInt8] =
            isRequest ? hex("57010000001111070000ffff030000fe030000") : hex("d70000000011117f000000a80300ffff030000")
        return lead + le16(body.count) + body
    }

    private func utf16(_ text: String) -> [UInt8] { text.utf16.flatMap { le16(Int($0)) } + [0, 0] }

    @Test func cpuModelAndRoles() {
        var bench = DissectorBench(MELSOFT.self)
        bench.feed(hex("5a0000ff"), fromClient: true)
        bench.feed(hex("da0000ff") + [UInt8](repeating: 0, count: 24), fromClient: false)
        bench.feed(frame(true, 0x0121, hex("00000001")), fromClient: true)
        bench.feed(frame(false, 0x0121, ascii("R04CPU", padTo: 16, with: 0x20) + le16(0x4800)), fromClient: false)
        #expect(bench.value("cpu_model", about: DissectorBench.server) == "R04CPU")
        #expect(bench.value("model_code") == "18432")
        #expect(bench.value("request", about: DissectorBench.client) == "hmi")
        bench.feed(frame(true, 0x1869, [1]), fromClient: true)
        #expect(bench.values(.role).contains("engineering_station"))
        #expect(bench.effects == [.none, .none, .identity, .none, .download])
    }

    @Test func loginsAndTheirOutcome() {
        var bench = DissectorBench(MELSOFT.self)
        bench.feed(frame(true, 0x0131, utf16("maintenance")), fromClient: true)
        bench.feed(frame(false, 0x0131, [], endCode: 0x4309), fromClient: false)
        bench.feed(frame(true, 0x0132, [1, 2, 3]), fromClient: true)
        bench.feed(frame(false, 0x0132, []), fromClient: false)
        #expect(bench.values(.user) == ["maintenance"])
        #expect(bench.values(.authentication) == ["rejected", "accepted"])
        #expect(bench.effects == [.login, .none, .login, .none])
    }

    @Test func greetingsAloneAreNotBelieved() {
        #expect(probe(MELSOFT.self, hex("5a000001")).certainty == .possible)
        #expect(probe(MELSOFT.self, frame(true, 0x0410, [0])) == .certain(from: .client))
        #expect(probe(MELSOFT.self, ascii("Where is the magic in this text? There is none.")) == .no)
    }

    @Test func nothingHostileTraps() {
        #expect(
            DissectorBench.torment(
                MELSOFT.self,
                [frame(true, 0x0131, utf16("u")), frame(false, 0x0121, ascii("R", padTo: 18)), hex("da0000ff00")])
                > 3_000)
    }

    @Test func realCPUsAreNamed() throws {
        guard
            let file = CaptureCorpus.file(
                "NozomiNetworks__blackhat23-melsoft/legitimate_user_addition_plc_stop_test.pcapng")
        else { return }
        let result = try CaptureReading.read(path: file.path)
        let model = zip(result.observations, result.sightings).first { $0.0.attribute == .model }
        #expect(model?.0.value.raw == "R08SFCPU")
        #expect(model?.1.first.number == 7)
        let stops = result.conversations.flatMap(\.messages).filter {
            $0.name == "Remote Stop" && $0.effect == .control
        }
        #expect(stops.map(\.first.number) == [1505])
        #expect(result.capture.malformedMessages == 0)
    }
}

@Suite struct CCLinkTests {
    private func basic(_ isRequest: Bool) -> [UInt8] {
        let body =
            isRequest
            ? hex("0000 700e 0000 0100 0000 2400") + [UInt8](repeating: 0, count: 30)
            : hex("0000 0100 0000 2800") + [UInt8](repeating: 0, count: 14) + hex("3412 0000 02000100 0300 0000")
                + [UInt8](repeating: 0, count: 12)
        return hex(isRequest ? "500000ffff0300" : "d00000ffff0300") + le16(body.count) + body
    }

    @Test func mastersAndSlavesAreTold() {
        var bench = DissectorBench(CCLinkFieldBasic.self, isTCP: false)
        bench.feed(basic(true), fromClient: true)
        bench.feed(basic(false), fromClient: false)
        #expect(bench.value("cyclic_request", about: DissectorBench.client) == "plc")
        #expect(bench.value("cyclic_response", about: DissectorBench.server) == "io")
        #expect(bench.value("vendor_code", about: DissectorBench.server) == "4660")
        #expect(bench.value("model_code") == "65538")
        #expect(bench.value("equipment_version") == "3")
        #expect(probe(CCLinkFieldBasic.self, basic(true), port: 1, isTCP: false) == .certain(from: .client))
        #expect(probe(CCLinkFieldBasic.self, basic(false), port: 1, isTCP: false) == .no)
        #expect(probe(CCLinkFieldBasic.self, basic(false), port: 61450, isTCP: false) == .certain(from: .server))
    }

    @Test func cyclicFramesOnTheLinkAreRecognised() throws {
        guard
            let file = CaptureCorpus.file(
                "nttcom__zeek-parser-CCLinkField-CCLinkControl/testing/Traces/cc_link_ief.pcap")
        else { return }
        let result = try CaptureReading.read(path: file.path)
        #expect(result.conversations.map(\.service) == ["cclink-ie"])
        #expect(result.conversations.first?.messages.count == 22)
    }

    @Test func timeSensitiveNetworksAreConfiguredByTheirMaster() {
        var bench = DissectorBench(CCLinkTSN.self, isTCP: false)
        let config = hex("68000000000000ffff03000000001c000000930e0300000000000000000000000100000003fd000000000000")
        bench.feed(config, fromClient: true)
        #expect(bench.names() == ["Cyclic Config (receive source)"])
        #expect(bench.value("network_management", about: DissectorBench.client) == "plc")
        #expect(probe(CCLinkTSN.self, config, isTCP: false) == .certain(from: .client))
        #expect(probe(CCLinkTSN.self, Array(config.dropLast()), isTCP: false) == .no)
        #expect(DissectorBench.torment(CCLinkTSN.self, [config], isTCP: false) > 1_000)
        #expect(DissectorBench.torment(CCLinkFieldBasic.self, [basic(true), basic(false)], isTCP: false) > 2_000)
    }
}

@Suite struct MCFrame1ETests {
    /// Batch read of two words from D100.
    private let read = hex("01 ff 0a00 64000000 2044 02 00")

    @Test func deviceAccessIsRecognisedByItsShape() {
        #expect(probe(MCFrame1E.self, read, port: 9999) == .certain(from: .client))
        #expect(probe(MCFrame1E.self, read + [0], port: 9999) == .no)
        let noDevice = hex("01 ff 0a00 64000000 2041 02 00")
        #expect(probe(MCFrame1E.self, noDevice, port: 5000) == .no)
        #expect(probe(MCFrame1E.self, hex("8100 1234"), from: 5000) == .possible(from: .server))
        #expect(probe(MCFrame1E.self, hex("8100 1234"), port: 5000) == .no, "a request's direction")
        #expect(probe(MCFrame1E.self, hex("8100 123456"), from: 5000) == .no, "words are two bytes")
        #expect(probe(MCFrame1E.self, hex("8000 10 11 01 00"), from: 5000) == .possible(from: .server))
        #expect(probe(MCFrame1E.self, hex("8000 10 12"), from: 5000) == .no, "bits are 0 or 1")
        #expect(probe(MCFrame1E.self, hex("8152 04"), from: 5000) == .no, "an error has nothing behind it")
        #expect(probe(MCFrame1E.self, hex("835b 1000"), from: 5000) == .possible(from: .server))
        #expect(probe(MCFrame1E.self, hex("8100 1234"), from: 80) == .no)
    }

    @Test func writesAndRemoteStopHaveEffects() {
        var bench = DissectorBench(MCFrame1E.self)
        bench.feed(read + hex("03 ff 0a00 64000000 2044 01 00 1234"), fromClient: true)
        bench.feed(hex("8300"), fromClient: false)
        bench.feed(hex("14ff0a00"), fromClient: true)
        #expect(bench.effects == [.read, .write, .none, .control])
        #expect(bench.value("response", about: DissectorBench.server) == "plc")
        #expect(DissectorBench.torment(MCFrame1E.self, [read, hex("14ff0a00")]) > 2_000)
    }
}
