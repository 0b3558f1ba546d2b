import Analysis
import Foundation
import Model
import Protocols
import TestSupport
import Testing
import Wire

@Suite struct ISOTransportTests {
    @Test func unitsAreReadWhole() {
        let request = hex("0300 0016 11 e0 0000 0001 00 c0010a c1020100 c2020302")
        let reading = withBytes(request) { ISOTransport.read($0) }
        guard case .unit(let unit) = reading else {
            Issue.record("\(reading)")
            return
        }
        #expect(unit.kind == .connectionRequest)
        #expect(unit.length == 22)
        withBytes(request) {
            let selectors = ISOTransport.selectors($0, unit)
            #expect($0.be16(selectors.called.lowerBound) == 0x0302)
            #expect($0.be16(selectors.calling.lowerBound) == 0x0100)
        }
        for length in 0..<request.count {
            let cut = withBytes(Array(request.prefix(length))) { ISOTransport.read($0) }
            guard case .needMore(let wanted) = cut else {
                Issue.record("\(length): \(cut)")
                continue
            }
            #expect(wanted > length)
        }
        #expect(withBytes(hex("0300 0004 02f080")) { ISOTransport.read($0) } == .malformed)
        #expect(withBytes(hex("0400 0007 02f080")) { ISOTransport.read($0) } == .malformed)
    }

    @Test func segmentsAreBounded() {
        var segments = ISOTransport.Segments()
        withBytes([1, 2]) { segments.append($0) }
        withBytes([3]) { segments.append($0) }
        #expect(segments.isOpen)
        #expect(segments.take() == [1, 2, 3])
        #expect(!segments.isOpen)
        let large = [UInt8](repeating: 7, count: 40_000)
        withBytes(large) { segments.append($0) }
        withBytes(large) { segments.append($0) }
        #expect(segments.take() == nil)
        #expect(!segments.isOpen)
    }
}

/// TPKT and a last data TPDU around user data.
func isoData(_ user: [UInt8], isLast: Bool = true) -> [UInt8] {
    hex("0300") + be16(user.count + 7) + hex("02f0") + [isLast ? 0x80 : 0] + user
}

@Suite struct S7commTests {
    private let request = hex("0300 0016 11 e0 0000 0001 00 c0010a c1020100 c2020122")

    private func job(_ parameters: [UInt8], _ data: [UInt8] = []) -> [UInt8] {
        isoData(hex("3201 0000 0005") + be16(parameters.count) + be16(data.count) + parameters + data)
    }

    private func userData(_ parameters: [UInt8], _ data: [UInt8]) -> [UInt8] {
        isoData(hex("3207 0000 0005") + be16(parameters.count) + be16(data.count) + parameters + data)
    }

    private func listAnswer(_ id: Int, recordSize: Int, _ records: [UInt8], more: UInt8 = 0) -> [UInt8] {
        let list = be16(id) + be16(0) + be16(recordSize) + be16(records.count / recordSize) + records
        return userData(hex("000112 08 12 84 01 01 00") + [more] + hex("0000"), hex("ff09") + be16(list.count) + list)
    }

    private var identification: [UInt8] {
        listAnswer(
            0x0011, recordSize: 28,
            be16(1) + ascii("6ES7 000-0AA00-0AB0", padTo: 20, with: 0x20) + hex("00c0 0003 0001") + be16(7)
                + ascii("", padTo: 20, with: 0x20) + hex("00c0 5604 0109"))
    }

    private var components: [UInt8] {
        var records: [UInt8] = []
        for (index, text) in [(1, "Line 4"), (2, "PLC_1"), (3, "Plant A"), (5, "S X-TEST0001"), (7, "CPU 300 TEST")] {
            records += be16(index) + ascii(text, padTo: 32)
        }
        return listAnswer(0x001c, recordSize: 34, records)
    }

    @Test func statusListsNameTheController() {
        var bench = DissectorBench(S7comm.self)
        bench.feed(request, fromClient: true)
        bench.feed(identification, fromClient: false)
        bench.feed(components, fromClient: false)
        #expect(bench.value("called_tsap", about: DissectorBench.server) == "1/2")
        #expect(bench.values(.productCode) == ["6ES7 000-0AA00-0AB0"])
        #expect(bench.values(.firmware) == ["V4.1.9"])
        #expect(bench.values(.hardware) == ["3"])
        #expect(bench.values(.name) == ["Line 4"])
        #expect(bench.values(.serial) == ["S X-TEST0001"])
        #expect(bench.values(.model) == ["CPU 300 TEST"])
        #expect(bench.value("module_name") == "PLC_1")
        #expect(bench.value("plant_identification") == "Plant A")
        #expect(bench.value("module_order_number", about: DissectorBench.server) != nil)
    }

    /// A list in two parts: the second goes on in the middle of a record.
    @Test func listsInPartsAreJoined() {
        var bench = DissectorBench(S7comm.self)
        let record = be16(7) + ascii("", padTo: 20, with: 0x20) + hex("00c0 5602 0306")
        let list = be16(0x11) + be16(0) + be16(28) + be16(1) + record
        let head = hex("000112 08 12 84 01 09")
        let first = Array(list.prefix(20))
        let second = Array(list.dropFirst(20))
        bench.feed(userData(head + hex("0101 0000"), hex("ff09") + be16(first.count) + first), fromClient: false)
        #expect(bench.values(.firmware).isEmpty)
        bench.feed(userData(head + hex("0100 0000"), hex("ff09") + be16(second.count) + second), fromClient: false)
        #expect(bench.values(.firmware) == ["V2.3.6"])
    }

    @Test func functionsHaveTheirEffects() {
        var bench = DissectorBench(S7comm.self)
        bench.feed(job(hex("0401")), fromClient: true)
        bench.feed(job(hex("0501")), fromClient: true)
        bench.feed(job(hex("2900000000 0009") + ascii("P_PROGRAM")), fromClient: true)
        bench.feed(job(hex("28000000000000fd 0000 09") + ascii("P_PROGRAM")), fromClient: true)
        bench.feed(job(hex("28000000000000fd 0002 3041 05") + ascii("_INSE")), fromClient: true)
        bench.feed(job(hex("1a00")), fromClient: true)
        bench.feed(job(hex("1d00")), fromClient: true)
        bench.feed(userData(hex("000112 04 11 45 01 00"), hex("ff090008 6464646464646464")), fromClient: true)
        bench.feed(userData(hex("000112 04 11 47 02 00"), hex("ff090002 0000")), fromClient: true)
        bench.feed(userData(hex("000112 08 12 87 02 00 00000000"), hex("0a000000")), fromClient: false)
        #expect(
            bench.effects == [.read, .write, .control, .control, .download, .download, .upload, .login, .write, .none])
        #expect(bench.names()[3] == "PLC Control: start")
        #expect(bench.values(.cleartextCredential) == ["S7 CPU password (obfuscated)"])
    }

    /// The controller asks for the blocks of a download itself; that acts on nobody.
    @Test func blockTransferIsNoSecondDownload() {
        var bench = DissectorBench(S7comm.self)
        bench.feed(job(hex("1b00")), fromClient: false)
        #expect(bench.effects == [.none])
    }

    @Test func segmentedMessagesAreJoined() {
        var bench = DissectorBench(S7comm.self)
        let message = Array(components.dropFirst(7))
        bench.feed(isoData(Array(message.prefix(50)), isLast: false), fromClient: false)
        #expect(bench.values(.model).isEmpty)
        bench.feed(isoData(Array(message.dropFirst(50))), fromClient: false)
        #expect(bench.values(.model) == ["CPU 300 TEST"])
    }

    @Test func probeWaitsForData() {
        #expect(probe(S7comm.self, request, port: 102) == .wait)
        #expect(probe(S7comm.self, request + job(hex("0401")), port: 102) == .certain(from: .client))
        #expect(probe(S7comm.self, job(hex("0401")), port: 9_000).certainty == .certain)
        #expect(probe(S7comm.self, isoData(hex("7203 0004 00000000")), port: 102) == .no)
        // MCS Connect-Initial of remote desktop.
        #expect(probe(S7comm.self, isoData(hex("7f6582019a0401010401")), port: 102) == .no)
        #expect(probe(ISOOnTCP.self, request, port: 102) == .wait)
        #expect(probe(ISOOnTCP.self, request + isoData(ascii("telegram")), port: 102) == .possible(from: .client))
    }

    /// S7 on "ISO": LLC FE, inactive network layer, class 4 data TPDU.
    @Test func llcCarriesTheSameMessages() {
        var bench = DissectorBench(ISONetwork.self, isTCP: false, isLink: true)
        let message = Array(job(hex("0501")).dropFirst(7))
        bench.feed(hex("00 04 f0 0001 80") + message, fromClient: true)
        #expect(bench.effects == [.write])
        #expect(bench.d.observations.observations.contains { $0.source == "s7comm.client" })
        bench.feed(hex("83 1b 01 00 0f 01 00 00 00"), fromClient: true)
        #expect(bench.names().last == "IS-IS L1 LAN hello")
    }

    @Test func hostileBytesDoNotTrap() {
        let messages = [
            request, identification, components, job(hex("28000000000000fd 0002 3041 05") + ascii("_INSE")),
        ]
        #expect(DissectorBench.torment(S7comm.self, messages) > 4_000)
        let onLLC = [hex("00 04 f0 0001 80") + Array(components.dropFirst(7))]
        #expect(DissectorBench.torment(ISONetwork.self, onLLC, isTCP: false, isLink: true) > 1_000)
    }

    @Test func corpusStatesTheKnownDevice() throws {
        guard let file = CaptureCorpus.file("cisagov__icsnpp-s7comm/tests/traces/s7ident.pcap") else { return }
        let result = try CaptureReading.read(path: file.path)
        func value(_ field: String) -> String? {
            result.observations.first { $0.source == "s7comm.\(field)" }?.value.raw
        }
        #expect(value("automation_system_name") == "SNAP7-SERVER")
        #expect(value("module_name") == "CPU 315-2 PN/DP")
        #expect(value("plant_identification") == nil)
        #expect(value("module_serial_number") == "S C-C2UR28922012")
        #expect(value("basic_firmware_version") == "V3.2.6")
    }
}

@Suite struct S7commPlusTests {
    private func fragment(_ version: UInt8, _ body: [UInt8]) -> [UInt8] {
        let inner = version == 3 ? [0x20] + [UInt8](repeating: 0xaa, count: 32) + body : body
        return isoData([0x72, version] + be16(inner.count) + inner + [0x72, version, 0, 0])
    }

    private func request(_ function: Int, _ set: [UInt8]) -> [UInt8] {
        hex("31 0000") + be16(function) + hex("0000 0001 00000120 36") + set
    }

    private var session: [UInt8] {
        let text = ascii("1;6ES7 200-0AA00-0XB0 ;V4.2")
        return fragment(
            1,
            hex("32 0000 04ca 0000 0001 36 00 0287") + hex("a381 6a00 15") + [UInt8(text.count)] + text
                + hex("a2 00000000"))
    }

    @Test func sessionVersionNamesTheController() {
        var bench = DissectorBench(S7commPlus.self)
        bench.feed(fragment(1, request(0x04ca, hex("0000011d 00 04 00"))), fromClient: true)
        bench.feed(session, fromClient: false)
        #expect(bench.values(.productCode) == ["6ES7 200-0AA00-0XB0"])
        #expect(bench.values(.firmware) == ["V4.2"])
        #expect(bench.effects == [.none, .none])
    }

    @Test func requestsHaveTheirEffects() {
        var bench = DissectorBench(S7commPlus.self)
        // Set operating state (attribute 2167) of the CPU's execution unit (52).
        bench.feed(fragment(3, request(0x04f2, hex("00000034 01 9077 00 08 01"))), fromClient: true)
        // Credit of a subscription.
        bench.feed(fragment(3, request(0x04f2, hex("70000e51 01 881d 00 07 00ce"))), fromClient: true)
        // Answer to the challenge of a session.
        bench.feed(fragment(2, request(0x04f2, hex("70000e51 01 8230 00 07 00ce"))), fromClient: true)
        bench.feed(fragment(3, request(0x0542, hex("00000000 01 04"))), fromClient: true)
        bench.feed(fragment(3, request(0x054c, hex("00000000 01 04"))), fromClient: true)
        bench.feed(fragment(3, request(0x04d4, hex("8a0e0001"))), fromClient: true)
        #expect(bench.effects == [.control, .none, .login, .write, .read, .download])
        #expect(bench.values(.version) == ["3", "2"])
    }

    @Test func continuedFragmentsAreNoMessages() {
        var bench = DissectorBench(S7commPlus.self)
        bench.feed(isoData(hex("7201 0008 32 0000 04bb 0000 01")), fromClient: false)
        bench.feed(isoData(hex("7201 0004 31000004 72010000")), fromClient: false)
        bench.feed(fragment(1, hex("33 0000 0000 0000 0001")), fromClient: false)
        #expect(bench.names() == ["Explore (response)", "Notification"])
    }

    @Test func probeTellsItFromOthers() {
        #expect(probe(S7commPlus.self, session, port: 102) == .certain(from: .server))
        #expect(probe(S7commPlus.self, isoData(hex("3201 0000 0005 0002 0000 0401")), port: 102) == .no)
    }

    @Test func hostileBytesDoNotTrap() {
        let messages = [session, fragment(3, request(0x04f2, hex("00000034 01 9077 00 08 01")))]
        #expect(DissectorBench.torment(S7commPlus.self, messages) > 2_000)
    }

    @Test func corpusHasBothGenerationsAndNoRemoteDesktop() throws {
        guard let file = CaptureCorpus.file("cisagov__icsnpp-s7comm/tests/traces/s7comm_plus.pcap") else { return }
        let services = try CaptureReading.read(path: file.path).conversations.map(\.service)
        #expect(services.compactMap { $0 } == ["s7comm-plus", "s7comm"])
    }
}
