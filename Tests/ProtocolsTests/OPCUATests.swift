import Analysis
import Foundation
import Model
import Protocols
import TestSupport
import Testing

@Suite struct OPCUATests {
    private func text(_ text: String?) -> [UInt8] {
        guard let text else { return hex("ffffffff") }
        return le32(text.utf8.count) + ascii(text)
    }
    private func chunk(_ kind: String, _ body: [UInt8]) -> [UInt8] { ascii(kind) + le32(body.count + 8) + body }
    private func message(_ service: Int, _ body: [UInt8], request: Int = 2, kind: String = "MSGF") -> [UInt8] {
        chunk(kind, le32(5) + le32(1) + le32(51) + le32(request) + hex("0100") + le16(service) + body)
    }
    private func open(_ policy: String, certificate: [UInt8] = [], _ body: [UInt8]) -> [UInt8] {
        let uri = "http://opcfoundation.org/UA/SecurityPolicy#" + policy
        return chunk(
            "OPNF",
            le32(5) + text(uri) + (certificate.isEmpty ? hex("ffffffff") : le32(certificate.count) + certificate)
                + hex("ffffffff") + le32(1) + le32(1) + body)
    }
    private var requestHeader: [UInt8] {
        hex("0000") + [UInt8](repeating: 0, count: 16) + text(nil) + le32(1000) + hex("000000")
    }
    private func responseHeader(_ result: [UInt8] = hex("00000000")) -> [UInt8] {
        [UInt8](repeating: 0, count: 12) + result + hex("00") + hex("00000000") + hex("000000")
    }
    private func application(_ uri: String, type: Int, url: String? = nil) -> [UInt8] {
        text(uri) + text("urn:product") + hex("02") + text("Press 4 server") + le32(type) + text(nil) + text(nil)
            + (url.map { le32(1) + text($0) } ?? hex("ffffffff"))
    }
    private func endpoint(_ uri: String, mode: Int, policy: String) -> [UInt8] {
        text("opc.tcp://press4:4840") + application(uri, type: 0) + text(nil) + le32(mode)
            + text("http://opcfoundation.org/UA/SecurityPolicy#" + policy) + le32(2)
            + text("a") + le32(0) + text(nil) + text(nil) + text(nil) + text("u") + le32(1) + text(nil) + text(nil)
            + text(nil)
            + text("http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary") + hex("00")
    }
    private var endpoints: [UInt8] {
        responseHeader() + le32(2) + endpoint("urn:press4", mode: 1, policy: "None")
            + endpoint("urn:press4", mode: 3, policy: "Basic256Sha256")
    }

    @Test func endpointsTellIdentityAndSecurity() {
        var bench = DissectorBench(OPCUA.self)
        bench.feed(message(428, requestHeader + text("opc.tcp://press4:4840")), fromClient: true)
        bench.feed(message(431, endpoints), fromClient: false)
        #expect(bench.value("application_uri", about: DissectorBench.server) == "urn:press4")
        #expect(bench.values(.software) == ["Press 4 server"])
        #expect(bench.values(.security) == ["None/None", "Basic256Sha256/SignAndEncrypt"])
        #expect(bench.values("user_token") == ["anonymous", "user name"])
        #expect(bench.value("response", about: DissectorBench.server) == "opc_server")
        #expect(bench.effects == [.identity, .none])
        #expect(bench.d.malformedCount == 0)
    }

    @Test func chunksMakeOneMessage() {
        var bench = DissectorBench(OPCUA.self)
        let whole = Array(message(431, endpoints).dropFirst(24))
        let first = chunk("MSGC", le32(5) + le32(1) + le32(51) + le32(9) + whole.prefix(100))
        let second = chunk("MSGC", le32(5) + le32(1) + le32(52) + le32(9) + whole.dropFirst(100).prefix(77))
        let last = chunk("MSGF", le32(5) + le32(1) + le32(53) + le32(9) + whole.dropFirst(177))
        bench.feed(first, fromClient: false)
        bench.feed(second, fromClient: false)
        #expect(bench.values(.applicationURI).isEmpty)
        bench.feed(last, fromClient: false)
        #expect(bench.values(.applicationURI) == ["urn:press4"])
        #expect(bench.d.observations.sightings.first?.first.number == 3, "the frame in which the message ends")
    }

    @Test func sessionsTellWhoLogsInAndHowItEnds() {
        var bench = DissectorBench(OPCUA.self)
        bench.feed(
            open("None", hex("0100be01") + requestHeader + le32(0) + le32(0) + le32(1) + text(nil) + le32(60_000)),
            fromClient: true)
        let token = text("u") + text("operator") + text("hunter2") + text(nil)
        let activate =
            requestHeader + text(nil) + text(nil) + hex("00000000") + hex("00000000") + hex("01004401") + hex("01")
            + le32(token.count) + token
        bench.feed(message(467, activate, request: 7), fromClient: true)
        bench.feed(message(397, responseHeader(hex("00001f80")), request: 7), fromClient: false)
        #expect(bench.values(.security) == ["None/None"])
        #expect(bench.values(.user) == ["operator"])
        #expect(bench.values("user_token") == ["user name"])
        #expect(bench.values(.cleartextCredential) == ["OPC UA password"])
        #expect(bench.values(.authentication) == ["rejected"])
        #expect(!bench.d.observations.observations.contains { $0.value.raw.contains("hunter2") })
        #expect(bench.effects == [.none, .login, .none])
    }

    @Test func writesAndCallsAreOperations() {
        var bench = DissectorBench(OPCUA.self)
        bench.feed(
            message(673, requestHeader) + message(712, requestHeader) + message(631, requestHeader), fromClient: true)
        #expect(bench.effects == [.write, .control, .read])
        #expect(bench.names() == ["Write", "Call", "Read"])
    }

    @Test func encryptedChannelsAreSaidToBe() {
        var bench = DissectorBench(OPCUA.self)
        bench.feed(open("Basic256Sha256", [UInt8](repeating: 0xa7, count: 256)), fromClient: true)
        bench.feed(chunk("MSGF", le32(5) + le32(1) + [UInt8](repeating: 0xa7, count: 96)), fromClient: true)
        #expect(bench.values(.security) == ["Basic256Sha256/SignAndEncrypt"])
    }

    @Test func discoveryServersSpeakOfOthers() {
        var bench = DissectorBench(OPCUA.self)
        let servers =
            responseHeader() + le32(2) + application("urn:lds", type: 3, url: "opc.tcp://plant-lds:4840")
            + application("urn:other", type: 0, url: "opc.tcp://10.0.0.77:4840/x")
        bench.feed(message(425, servers), fromClient: false)
        #expect(bench.value("application_uri", about: DissectorBench.server) == "urn:lds")
        let other = bench.d.observations.observations.first { $0.value.raw == "urn:other" }
        #expect(other?.subject == .address(IPAddress(v4: 0x0a00_004d)))
    }

    @Test func probesTellItFromOthers() {
        let hello = chunk("HELF", [UInt8](repeating: 0, count: 20) + text("opc.tcp://h:4840"))
        #expect(probe(OPCUA.self, hello) == .certain(from: .client))
        #expect(probe(OPCUA.self, chunk("ACKF", [UInt8](repeating: 0, count: 20))) == .certain(from: .server))
        #expect(probe(OPCUA.self, ascii("MSG FROM THE MESSENGER")) == .no)
        #expect(probe(OPCUA.self, ascii("HELO mail.example")) == .no)
    }

    @Test func nothingHostileTraps() {
        #expect(
            DissectorBench.torment(
                OPCUA.self,
                [
                    message(431, endpoints), message(425, responseHeader() + le32(1) + application("u", type: 0)),
                    open("None", hex("0100be01") + requestHeader + le32(0) + le32(0) + le32(1)),
                    message(467, requestHeader), message(464, responseHeader() + hex("0000 0000")),
                    message(431, endpoints, kind: "MSGC"),
                ]) > 6_000)
    }

    @Test func realServersAreNamed() throws {
        guard let file = CaptureCorpus.file("cisagov__icsnpp-opcua-binary/pcaps/opcua_with-gap_with-handshake.pcap")
        else { return }
        let result = try CaptureReading.read(path: file.path)
        func first(_ value: String) -> UInt64? {
            zip(result.observations, result.sightings).first {
                $0.0.source == "opcua.application_uri" && $0.0.value.raw == value
            }?.1.first.number
        }
        #expect(first("urn:MES::FraunhoferIOSB:SiLab UA-Client") == 10)
        #expect(first("urn:open62541.server.application") == 274)
        #expect(first("urn:unconfigured:application") == 298)
        #expect(result.observations.contains { $0.attribute == .certificateName && $0.value.raw == "opcua_gw" })
    }
}
