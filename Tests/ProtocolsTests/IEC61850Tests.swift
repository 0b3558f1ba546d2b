import Analysis
import Foundation
import Model
import Protocols
import TestSupport
import Testing

@Suite struct IEC61850Tests {
    private func tlv(_ tag: String, _ value: [UInt8]) -> [UInt8] {
        value.count < 128 ? hex(tag) + [UInt8(value.count)] + value : hex(tag) + [0x82] + be16(value.count) + value
    }
    private func packet(_ user: [UInt8], isLast: Bool = true) -> [UInt8] {
        hex("0300") + be16(user.count + 7) + hex("02f0") + [isLast ? 0x80 : 0] + user
    }
    private func data(_ pdu: [UInt8]) -> [UInt8] {
        hex("01000100") + tlv("61", tlv("30", hex("020103") + tlv("a0", pdu)))
    }
    private func request(_ invoke: UInt8, _ service: [UInt8]) -> [UInt8] { tlv("a0", [2, 1, invoke] + service) }
    private func response(_ invoke: UInt8, _ service: [UInt8]) -> [UInt8] { tlv("a1", [2, 1, invoke] + service) }
    private var identity: [UInt8] {
        response(
            1, tlv("a2", tlv("80", ascii("Example Relays")) + tlv("81", ascii("P-400")) + tlv("82", ascii("V2.50"))))
    }
    private var association: [UInt8] {
        let initiate = tlv("a8", hex("80 02 7d00"))
        let acse = tlv(
            "60",
            tlv("a1", hex("06 05 28ca220203")) + tlv("8a", hex("0780")) + tlv("ac", tlv("80", ascii("example")))
                + tlv("be", tlv("28", hex("020103") + tlv("a0", initiate))))
        let user = tlv("61", tlv("30", hex("020101") + tlv("a0", acse)))
        let presentation = tlv("31", tlv("a0", hex("800101")) + tlv("a2", hex("8104 00000001") + user))
        let session = hex("0506 130100 160102 1402 0002") + tlv("c1", presentation)
        return hex("0d") + [UInt8(session.count)] + session
    }

    @Test func identifyNamesTheServer() {
        var bench = DissectorBench(MMS.self)
        bench.feed(packet(data(request(1, hex("8200")))), fromClient: true)
        bench.feed(packet(data(identity)), fromClient: false)
        #expect(bench.value("vendor_name", about: DissectorBench.server) == "Example Relays")
        #expect(bench.values(.model) == ["P-400"])
        #expect(bench.values(.firmware) == ["V2.50"])
        #expect(bench.effects == [.identity, .none])
        #expect(bench.names() == ["Identify", "Identify (response)"])
    }

    @Test func answersInPartsAndListsOfDomainsAreRead() {
        var bench = DissectorBench(MMS.self)
        let whole = data(identity)
        bench.feed(
            packet(Array(whole.prefix(20)), isLast: false) + packet(Array(whole.dropFirst(20))), fromClient: false)
        #expect(bench.values(.model) == ["P-400"])
        bench.feed(
            packet(data(request(2, tlv("a1", tlv("a0", hex("800109")) + tlv("a1", hex("8000")))))), fromClient: true)
        let names = tlv("1a", ascii("BAY1LD0")) + tlv("1a", ascii("BAY1MEAS"))
        bench.feed(packet(data(response(2, tlv("a1", tlv("a0", names) + hex("810100"))))), fromClient: false)
        #expect(bench.values("logical_device") == ["BAY1LD0", "BAY1MEAS"])
    }

    @Test func servicesWithHighTagsHaveTheirEffects() {
        var bench = DissectorBench(MMS.self)
        let services = ["a500", "a400", "bf4800", "bf2800", "ba00", "bf4c00", "8000"]
        for service in services { bench.feed(packet(data(request(9, hex(service)))), fromClient: true) }
        #expect(bench.effects == [.write, .read, .upload, .control, .download, .write, .read])
        #expect(bench.names()[2] == "FileOpen")
    }

    @Test func passwordsOfAssociationsAreNoted() {
        var bench = DissectorBench(MMS.self)
        bench.feed(packet(association), fromClient: true)
        #expect(bench.values(.cleartextCredential) == ["MMS association password"])
        #expect(bench.names() == ["Session connect"])
        #expect(probe(MMS.self, packet(association), port: 102) == .certain(from: .client))
    }

    @Test func probesTellItFromOtherOSIApplications() {
        #expect(probe(MMS.self, packet(data(identity)), port: 102) == .certain(from: .server))
        #expect(probe(MMS.self, packet(data(request(1, hex("8200")))), port: 8102) == .certain(from: .client))
        // Remote operations have a universal operation code after the invoke id.
        #expect(probe(MMS.self, packet(data(tlv("a1", hex("020101 020101 3000")))), port: 102) == .no)
        #expect(probe(MMS.self, packet(hex("32010000000000080000f0000001000101e0")), port: 102) == .no)
    }

    private func goose(_ fields: [UInt8], tag: String = "61") -> [UInt8] {
        let pdu = tlv(tag, fields)
        return hex("0001") + be16(pdu.count + 8) + hex("00000000") + pdu
    }
    private var trip: [UInt8] {
        goose(
            tlv("80", ascii("BAY1LD0/LLN0$GO$trip")) + tlv("81", hex("07d0")) + tlv("82", ascii("BAY1LD0/LLN0$ds"))
                + tlv("83", ascii("TRIP1")) + tlv("84", hex("5f00000000000000")) + tlv("85", [1]) + tlv("86", [2])
                + tlv("87", [1]) + tlv("88", [1]) + tlv("89", [0]) + tlv("8a", [1]) + tlv("ab", hex("830100")))
    }

    @Test func gooseNamesItsPublisher() {
        var bench = DissectorBench(GOOSE.self, isTCP: false, isLink: true)
        bench.feed(trip, fromClient: true)
        #expect(bench.value("control_block") == "BAY1LD0/LLN0$GO$trip")
        #expect(bench.values(.name) == ["BAY1LD0"])
        #expect(bench.value("go_id") == "TRIP1")
        #expect(bench.values(.status) == ["simulated messages"])
        bench.feed(Array(trip.prefix(30)), fromClient: true)
        #expect(bench.d.malformedCount == 1)
    }

    @Test func sampledValuesNameTheirStream() {
        let unit = tlv(
            "30", tlv("80", ascii("MU01")) + hex("82020001 830400000001 850100") + tlv("87", hex("00000000")))
        var bench = DissectorBench(SampledValues.self, isTCP: false, isLink: true)
        bench.feed(goose(hex("800102") + tlv("a2", unit + unit), tag: "60"), fromClient: true)
        #expect(bench.values("sv_id") == ["MU01"])
        #expect(bench.values(.role) == ["sensor"])
        #expect(bench.values(.status) == ["not synchronised"])
    }

    @Test func nothingHostileTraps() {
        #expect(DissectorBench.torment(MMS.self, [packet(association), packet(data(identity))]) > 2_000)
        #expect(DissectorBench.torment(GOOSE.self, [trip], isTCP: false, isLink: true) > 1_000)
        #expect(
            DissectorBench.torment(
                SampledValues.self, [goose(hex("80010160"), tag: "60"), trip], isTCP: false, isLink: true)
                > 2_000)
    }

    @Test func corpusIsRead() throws {
        guard let mms = CaptureCorpus.file("ntop__nDPI/tests/cfgs/default/pcap/iso9506-1-mms.pcap"),
            let bay = CaptureCorpus.file(
                "haolipeng__icsnpp-iec61850-goose/testing/Traces/GOOSE_all_data_primitives_fallbacks.pcap"),
            let stream = CaptureCorpus.file("DINA-community__icsnpp-iec61850-sv/testing/Traces/SV_Normal_Traffic.pcap")
        else { return }
        let session = try CaptureReading.read(path: mms.path)
        #expect(session.conversations.map(\.service) == ["mms"])
        #expect(session.conversations[0].messages.contains { $0.name == "Read" && $0.effect == .read && $0.count == 1 })
        let event = try CaptureReading.read(path: bay.path)
        #expect(event.observations.contains { $0.source == "goose.go_id" && $0.value.raw == "F650_GOOSE1" })
        let samples = try CaptureReading.read(path: stream.path)
        #expect(samples.observations.filter { $0.attribute == "sv_id" }.map(\.value.raw) == ["4001"])
        #expect(samples.conversations.map { $0.fromClient.frames }.reduce(0, +) == 10_161)
    }
}
