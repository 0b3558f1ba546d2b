import Analysis
import Foundation
import Model
import Protocols
import TestSupport
import Testing

@Suite struct EtherNetIPTests {
    private func encapsulated(_ command: Int, _ data: [UInt8], session: Int = 0x11, context: UInt8 = 1) -> [UInt8] {
        le16(command) + le16(data.count) + le32(session) + le32(0) + [context] + [UInt8](repeating: 0, count: 11) + data
    }

    private func unconnected(_ cip: [UInt8], context: UInt8 = 1) -> [UInt8] {
        encapsulated(
            0x6f, hex("00000000 0a00 0200 0000 0000 b200") + le16(cip.count) + cip, context: context)
    }

    private func connected(_ cip: [UInt8], connection: Int, sequence: Int) -> [UInt8] {
        encapsulated(
            0x70,
            hex("00000000 0000 0200 a100 0400") + le32(connection) + hex("b100") + le16(cip.count + 2) + le16(sequence)
                + cip, context: 0)
    }

    private func identity(_ name: String, type: Int = 14, code: Int = 54, revision: String = "1014") -> [UInt8] {
        le16(47) + le16(type) + le16(code) + hex(revision) + hex("3000") + le32(0x0051_aec3)
            + [UInt8(name.utf8.count)] + ascii(name)
    }

    private let identityAll = hex("01 02 2001 2401")

    @Test func identityIsReadFromTheAnswerToItsRequest() {
        var bench = DissectorBench(EtherNetIP.self)
        bench.feed(unconnected(identityAll), fromClient: true)
        bench.feed(unconnected(hex("81000000") + identity("EX-CPU")), fromClient: false)
        #expect(bench.value("identity_vendor_id", about: DissectorBench.server) == "47")
        #expect(bench.values(.vendor) == ["Omron"])
        #expect(bench.values(.deviceType) == ["14"])
        #expect(bench.values(.productCode) == ["54"])
        #expect(bench.values(.firmware) == ["16.20"])
        #expect(bench.values(.serial) == ["0x0051aec3"])
        #expect(bench.values(.model) == ["EX-CPU"])
        #expect(bench.values(.role) == ["plc"])
        #expect(bench.effects == [.identity, .none])
        // The same bytes as an answer to nothing, or to something else, are no identity.
        var other = DissectorBench(EtherNetIP.self)
        other.feed(unconnected(hex("81000000") + identity("EX-CPU")), fromClient: false)
        other.feed(unconnected(hex("01 02 2004 2401")), fromClient: true)
        other.feed(unconnected(hex("81000000") + identity("EX-CPU")), fromClient: false)
        #expect(other.values(.model).isEmpty)
    }

    @Test func modulesBehindTheDeviceKeepTheirPlace() {
        var bench = DissectorBench(EtherNetIP.self)
        // Unconnected Send to port 1 (backplane), slot 3.
        bench.feed(unconnected(hex("52 02 2006 2401 06 9a 0600") + identityAll + hex("01 00 0103")), fromClient: true)
        bench.feed(unconnected(hex("81000000") + identity("EX-CPU")), fromClient: false)
        #expect(bench.value("module_product_name", about: DissectorBench.server) == "EX-CPU")
        #expect(bench.values("module") == ["slot 3: EX-CPU, revision 16.20, serial 0x0051aec3"])
        #expect(bench.value("identity_product_name") == nil)
    }

    /// A safety network segment in the connection path is what makes a connection one of CIP Safety.
    @Test(arguments: [("a3 05 50 02 aabbccdd 2004 2401", ["connection"]), ("a3 02 2004 2401", [])])
    func safetyConnectionsAreSeen(_ path: String, _ expected: [String]) {
        var bench = DissectorBench(EtherNetIP.self)
        let open =
            hex("54 02 2006 2401 0a 05") + le32(0) + le32(0x77) + hex("0100 2b00 01000000 02 000000")
            + [UInt8](repeating: 0, count: 12) + hex(path)
        bench.feed(unconnected(open), fromClient: true)
        bench.feed(unconnected(hex("d4000100 0100")), fromClient: false)
        #expect(bench.values("cip_safety").isEmpty, "asked for and refused")
        bench.feed(unconnected(open), fromClient: true)
        bench.feed(unconnected(hex("d4000000") + le32(0x1001) + le32(0x77)), fromClient: false)
        #expect(bench.values("cip_safety") == expected)
        #expect(bench.value("safety_segment", about: DissectorBench.server) == expected.first)
    }

    @Test func connectedMessagesFindTheirRequests() {
        var bench = DissectorBench(EtherNetIP.self)
        let open =
            hex("54 02 2006 2401 0a 05") + le32(0) + le32(0x77) + hex("0100 2b00 01000000 02 000000")
            + [UInt8](repeating: 0, count: 12) + hex("a3 03 0100 2002 2401")
        bench.feed(unconnected(open), fromClient: true)
        bench.feed(
            unconnected(hex("d4000000") + le32(0x55) + le32(0x77) + [UInt8](repeating: 0, count: 18)), fromClient: false
        )
        // Multiple Service Packet: revision of the identity, then a tag.
        let services = [hex("0e 03 2001 2401 3004"), hex("4c 02 91024142 0100")]
        let packet =
            hex("0a 02 2002 2401") + le16(2) + le16(6) + le16(6 + services[0].count) + services[0] + services[1]
        bench.feed(connected(packet, connection: 0x55, sequence: 9), fromClient: true)
        let answers = [hex("8e000000 2105"), hex("cc000000 c30001 00")]
        let answer = hex("8a000000") + le16(2) + le16(6) + le16(6 + answers[0].count) + answers[0] + answers[1]
        bench.feed(connected(answer, connection: 0x77, sequence: 9), fromClient: false)
        #expect(bench.values(.firmware) == ["33.5"])
        // The connection leads to slot 0 of the backplane.
        #expect(bench.value("module_revision") == "33.5")
        #expect(bench.names().contains("Read_Tag: tag"))
    }

    @Test func servicesHaveTheirEffects() {
        var bench = DissectorBench(EtherNetIP.self)
        let requests = [
            "10 03 2001 2401 3007 00", "05 02 2001 2401 00", "07 02 208e 2401", "4d 02 91024142 c400 0100 00000000",
            "50 02 2037 2401", "08 02 2068 2400", "4b 02 20a1 2401",
        ]
        for request in requests { bench.feed(unconnected(hex(request)), fromClient: true) }
        #expect(bench.effects == [.write, .control, .control, .write, .download, .download, .firmware])
        #expect(bench.names()[2] == "Stop: Controller")
        #expect(bench.value("engineering_service", about: DissectorBench.client) == "engineering_station")
        // PCCC: change mode, then typed logical write.
        var pccc = DissectorBench(EtherNetIP.self)
        pccc.feed(unconnected(hex("4b 02 2067 2401 07 4d00 01020304 0f 00 0100 80 03")), fromClient: true)
        pccc.feed(
            unconnected(hex("4b 02 2067 2401 07 4d00 01020304 0f 00 0200 aa 02 07 89 00 00 0100")), fromClient: true)
        #expect(pccc.effects == [.control, .write])
    }

    private var listIdentity: [UInt8] {
        let item =
            le16(1) + be16(2) + be16(44818) + hex("0a000002") + [UInt8](repeating: 0, count: 8)
            + identity("EX-ADAPTER", type: 44, revision: "0203") + [3]
        return encapsulated(0x63, le16(1) + le16(12) + le16(item.count) + item, session: 0, context: 0)
    }

    @Test func listIdentityIsRead() {
        var bench = DissectorBench(EtherNetIP.self, isTCP: false)
        bench.feed(encapsulated(0x63, [], session: 0, context: 0), fromClient: true)
        bench.feed(listIdentity, fromClient: false)
        #expect(bench.value("lir_product_name", about: DissectorBench.server) == "EX-ADAPTER")
        #expect(bench.value("lir_status") == "0x0030")
        #expect(bench.value("lir_socket_address") == "10.0.0.2")
        #expect(bench.values(.firmware) == ["2.3"])
        #expect(bench.values(.role) == ["switch"])
        #expect(bench.effects == [.identity, .none])
    }

    @Test func interfaceObjectsNameAddressAndHost() {
        var bench = DissectorBench(EtherNetIP.self)
        bench.feed(unconnected(hex("01 02 20f5 2401")), fromClient: true)
        let all =
            le32(1) + le32(4) + le32(2) + le16(2) + hex("20f6 2401") + le32(0x0a00_0002) + hex("000000ff")
            + le32(0x0a00_0001) + le32(0) + le32(0) + le16(5) + ascii("plant") + [0] + le16(6) + ascii("mixer1")
        bench.feed(unconnected(hex("81000000") + all), fromClient: false)
        #expect(bench.value("interface_host_name") == "mixer1")
        #expect(bench.value("interface_domain") == "plant")
        #expect(bench.value("interface_address") == "10.0.0.2")
        #expect(bench.value("interface_gateway") == "10.0.0.1")
    }

    @Test func probesAskForInvariants() {
        #expect(probe(EtherNetIP.self, listIdentity, port: 44818, isTCP: false) == .certain(from: .server))
        #expect(probe(EtherNetIP.self, unconnected(identityAll), port: 5_000).certainty == .certain)
        #expect(probe(EtherNetIP.self, encapsulated(0x63, [], session: 0, context: 0), port: 5_000) == .no)
        #expect(probe(EtherNetIP.self, [UInt8](repeating: 0, count: 24), port: 80) == .no)
        let cyclic = hex("0200 0280 0800 01000000 02000000 b100 0400 0100 0000")
        #expect(probe(CIPIO.self, cyclic, port: 2222, isTCP: false) == .certain)
        #expect(
            probe(CIPIO.self, hex("0200 0280 0800 01000000 02000000 b100 ff00 0100"), port: 2222, isTCP: false) == .no)
    }

    @Test func hostileBytesDoNotTrap() {
        let services = [identityAll, identityAll]
        let multiple = hex("0a 02 2002 2401") + le16(2) + le16(6) + le16(12) + services[0] + services[1]
        let messages = [
            unconnected(identityAll), unconnected(hex("81000000") + identity("EX-CPU")), listIdentity,
            unconnected(hex("52 02 2006 2401 06 9a 0600") + identityAll + hex("01 00 0103")),
            connected(multiple, connection: 5, sequence: 1),
        ]
        #expect(DissectorBench.torment(EtherNetIP.self, messages) > 5_000)
    }

    @Test func corpusStatesWhatWiresharkShows() throws {
        let path = "ITI__ICS-Security-Tools/pcaps/openics/EIP-IPAddressChangeAttempt.pcap"
        guard let file = CaptureCorpus.file(path) else { return }
        let result = try CaptureReading.read(path: file.path)
        func firstFrame(_ source: String, _ value: String) -> UInt64? {
            zip(result.observations, result.sightings).first {
                $0.0.source == "enip.\(source)" && $0.0.value.raw == value
            }?.1.first.number
        }
        #expect(firstFrame("module_product_name", "1756-L61/B LOGIX5561") == 4)
        #expect(firstFrame("module_product_name", "1756-ENBT/A") == 10)
        #expect(firstFrame("module_vendor_id", "309") == 14)
        #expect(firstFrame("module_serial_number", "0x0000ad5e") == 19)
        #expect(firstFrame("identity_product_name", "1756-ENBT/A") == 1097)
        #expect(firstFrame("lir_product_name", "1756-ENBT/A") == 3986)
    }
}
