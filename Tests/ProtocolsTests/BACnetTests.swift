import Analysis
import Foundation
import Model
import Protocols
import TestSupport
import Testing

@Suite struct BACnetTests {
    private func datagram(_ function: UInt8, _ npdu: [UInt8], origin: [UInt8] = []) -> [UInt8] {
        let body = origin + npdu
        return [0x81, function] + be16(body.count + 4) + body
    }
    private func unicast(_ apdu: [UInt8], control: [UInt8] = [0]) -> [UInt8] { datagram(10, [1] + control + apdu) }
    private func string(_ text: [UInt8], charset: [UInt8] = [0]) -> [UInt8] {
        [0x75, UInt8(text.count + charset.count)] + charset + text
    }
    /// Tag of the device object with the instance number 501, application and context 0.
    private let device = hex("020001f5")

    private func readProperty(_ property: UInt8, _ value: [UInt8], object: [UInt8]? = nil) -> [UInt8] {
        unicast(hex("30 01 0c 0c") + (object ?? device) + [0x19, property, 0x3e] + value + [0x3f])
    }

    @Test func devicesAnnounceThemselves() {
        var bench = DissectorBench(BACnet.self, isTCP: false)
        bench.feed(datagram(11, hex("01 20 ffff 00 ff 1000 c4") + device + hex("2205c4 9103 2177")), fromClient: true)
        #expect(bench.value("device_instance", about: DissectorBench.client) == "501")
        #expect(bench.value("vendor_identifier", about: DissectorBench.client) == "119")
        #expect(bench.names() == ["I-Am"])
    }

    @Test func devicesBehindRoutersAreNotTheRouter() {
        var bench = DissectorBench(BACnet.self, isTCP: false)
        bench.feed(unicast(hex("1000 c4 0200003d 2205c4 9103 212a"), control: hex("08 000d 01 3d")), fromClient: true)
        #expect(bench.value("device_instance") == nil)
        #expect(bench.value("routed_device", about: DissectorBench.client) == "13:61 device 61")
        #expect(bench.value("source_network") == "gateway")
        let vendor = bench.d.observations.observations.first { $0.source == "bacnet.vendor_identifier" }
        #expect(vendor?.confidence == .low)
    }

    @Test func propertiesTellWhatADeviceIs() {
        var bench = DissectorBench(BACnet.self, isTCP: false)
        bench.feed(readProperty(77, string(ascii("AHU-1"))), fromClient: false)
        bench.feed(readProperty(70, string(ascii("DDC-200"))), fromClient: false)
        bench.feed(readProperty(44, string(ascii("3.4.1"))), fromClient: false)
        bench.feed(
            readProperty(58, string([0x8b, 0x40, 0x8a, 0x42, 0x8e, 0xba], charset: hex("01 03a4"))), fromClient: false)
        bench.feed(readProperty(28, string(ascii("a sensor")), object: hex("00000001")), fromClient: false)
        #expect(bench.values(.name) == ["AHU-1"])
        #expect(bench.values(.objectName) == ["AHU-1"])
        #expect(bench.values(.model) == ["DDC-200"])
        #expect(bench.values(.firmware) == ["3.4.1"])
        #expect(bench.values(.location) == ["機械室"])
        #expect(bench.values(.description).isEmpty, "another object's description is not the device's")
        #expect(bench.values(.role) == ["building_controller"])
    }

    /// One object: model name, an error, vendor name.
    private var multiple: [UInt8] {
        hex("0c") + device + hex("1e 2946 4e") + string(ascii("DDC-200")) + hex("4f 292c 5e 9102 9120 5f 2979 4e")
            + string(ascii("Example")) + hex("4f 1f")
    }

    @Test func severalPropertiesComeTogether() {
        var bench = DissectorBench(BACnet.self, isTCP: false)
        bench.feed(unicast(hex("30 05 0e") + multiple), fromClient: false)
        #expect(bench.values(.model) == ["DDC-200"])
        #expect(bench.values(.vendor) == ["Example"])
        #expect(bench.d.malformedCount == 0)
    }

    @Test func segmentsMakeOneAnswer() {
        var bench = DissectorBench(BACnet.self, isTCP: false)
        let parts = [
            Array(multiple.prefix(11)), Array(multiple.dropFirst(11).prefix(13)), Array(multiple.dropFirst(24)),
        ]
        bench.feed(unicast(hex("3c 05 00 02 0e") + parts[0]), fromClient: false)
        bench.feed(unicast(hex("3c 05 01 02 0e") + parts[1]), fromClient: false)
        bench.feed(unicast(hex("3c 05 01 02 0e") + parts[1]), fromClient: false)
        #expect(bench.values(.model).isEmpty)
        bench.feed(unicast(hex("38 05 02 02 0e") + parts[2]), fromClient: false)
        #expect(bench.values(.model) == ["DDC-200"])
        #expect(bench.values(.vendor) == ["Example"])
        #expect(bench.names() == ["ReadPropertyMultiple answer"])
    }

    @Test func aMissingSegmentLeavesTheAnswerUnread() {
        var bench = DissectorBench(BACnet.self, isTCP: false)
        bench.feed(unicast(hex("3c 05 00 02 0e") + multiple.prefix(11)), fromClient: false)
        bench.feed(unicast(hex("38 05 02 02 0e") + multiple.dropFirst(11)), fromClient: false)
        #expect(bench.values(.model).isEmpty)
    }

    @Test func operationsHaveTheirEffects() {
        var bench = DissectorBench(BACnet.self, isTCP: false)
        bench.feed(unicast(hex("0005 01 0f") + hex("0c 00000001 1955 3e 4442280000 3f")), fromClient: true)
        bench.feed(unicast(hex("0005 02 14 0901 1d0500") + ascii("pass")), fromClient: true)
        bench.feed(unicast(hex("0005 03 11 1901")), fromClient: true)
        bench.feed(unicast(hex("0005 04 07")), fromClient: true)
        #expect(bench.effects == [.write, .control, .control, .download])
        #expect(bench.names()[1] == "ReinitializeDevice")
        #expect(bench.values(.cleartextCredential) == ["BACnet device password"])
        #expect(
            !bench.d.observations.observations.contains { $0.value.raw.contains("pass ") || $0.value.raw == "pass" })
    }

    @Test func broadcastManagersAreTold() {
        var bench = DissectorBench(BACnet.self, isTCP: false)
        bench.feed(datagram(4, hex("0100 1008"), origin: hex("0a000005bac0")), fromClient: true)
        bench.feed(datagram(1, hex("0a000005bac0ffffffff")), fromClient: true)
        #expect(bench.value("forwarded_npdu", about: DissectorBench.client) == "BBMD")
        #expect(bench.effects == [.identity, .write])
    }

    @Test func probesTellItFromOthers() {
        #expect(probe(BACnet.self, unicast(hex("1008")), port: 1, isTCP: false) == .certain)
        #expect(probe(BACnet.self, unicast(hex("1008")) + [0], port: 47808, isTCP: false) == .certain)
        #expect(probe(BACnet.self, unicast(hex("1008")) + [0], port: 1, isTCP: false) == .no)
        #expect(probe(BACnet.self, hex("810a0006 0200"), port: 47808, isTCP: false) == .no)
        #expect(probe(BACnet.self, datagram(0, hex("0000")), port: 1, isTCP: false).certainty == .possible)
    }

    @Test func nothingHostileTraps() {
        #expect(
            DissectorBench.torment(
                BACnet.self,
                [
                    unicast(hex("30 05 0e") + multiple), unicast(hex("3c 05 00 02 0e") + multiple),
                    readProperty(77, string(ascii("AHU"))), unicast(hex("0005 02 14 0901 1d0500") + ascii("pass")),
                    datagram(11, hex("01 28 ffff 00 000d 01 3d ff 1000 c4") + device + hex("2205c4 9103 2177")),
                    unicast(hex("1001 c4") + device + hex("c4") + device + string(ascii("n"), charset: [4])),
                ], isTCP: false) > 6_000)
    }

    @Test func realDevicesAreNamed() throws {
        guard let file = CaptureCorpus.file("cisagov__icsnpp-bacnet/testing/traces/bacnet_example.pcap") else { return }
        let result = try CaptureReading.read(path: file.path)
        let names = zip(result.observations, result.sightings).filter { $0.0.source == "bacnet.object_name" }
        let controller = names.first { $0.0.value.raw == "PLC_57" }
        #expect(controller?.1.first.number == 153)
        #expect(controller?.1.count == 5)
        #expect(result.observations.filter { $0.source == "bacnet.vendor_identifier" }.count == 30)
        let resets = result.conversations.flatMap(\.messages).filter { $0.effect == .control }
        #expect(resets.reduce(0) { $0 + $1.count } == 120)
    }
}
