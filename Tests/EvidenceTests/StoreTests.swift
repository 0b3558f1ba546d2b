import Assessment
import Evidence
import Foundation
import Model
import Testing

@Suite struct StoreTests {
    private func result(capture: UInt32) throws -> CaptureResult {
        let first = FrameRef(capture: capture, number: 3, time: Timestamp(nanoseconds: 1_000))
        let last = FrameRef(capture: capture, number: 9, time: Timestamp(nanoseconds: 5_000))
        let client = Endpoint(mac: MACAddress(bits: 0x0001_0203_0405), ip: IPAddress(v4: 0x0a00_0002), vlan: 7)
        let server = Endpoint(mac: MACAddress(bits: 0x0001_0203_0406), ip: IPAddress(v4: 0x0a00_0001), vlan: 7)
        let key = ConversationKey(
            a: try #require(server.ip), b: try #require(client.ip), aPort: 502, bPort: 50_000, transport: .tcp, vlan: 7)
        let conversation = Conversation(
            key: key, client: client, server: server, clientPort: 50_000, serverPort: 502, service: "modbus",
            fromClient: Volume(frames: 4, bytes: 400, payload: 48),
            fromServer: Volume(frames: 3, bytes: 300, payload: 40),
            first: first, last: last, openingSeen: true, clientTCPFlags: 0x1a, serverTCPFlags: 0x12, clientTTL: 64,
            serverTTL: 64,
            messages: [
                MessageTally(
                    code: 6, name: "Write Single Register", effect: .write, fromClient: true, count: 2, first: first,
                    last: last)
            ], isSymmetric: true)
        let observation = Observation(
            subject: .endpoint(server), attribute: .vendor, value: WireText("Example"), source: "modbus.vendor_name")
        return CaptureResult(
            capture: CaptureRecord(
                name: "a.pcap", sha256: String(repeating: "ab", count: 32), format: "pcap", frames: 9, bytes: 700,
                first: first.time, last: last.time, linkTypes: [1: 9], accounting: ["analysed": 7, "cut_header": 2]),
            conversations: [conversation], observations: [observation],
            sightings: [Sighting(first: first, last: last, count: 2)])
    }

    @Test func analysingTwiceChangesNothing() throws {
        let store = try Store()
        let id = try store.captureID()
        let once = try result(capture: id)
        try store.add(once)
        let before = try #require(try store.results().first)
        #expect(try store.add(once) == id)
        let results = try store.results()
        #expect(results.count == 1)
        #expect(results[0].capture == before.capture)
        #expect(results[0].observations == once.observations)
        #expect(results[0].sightings == once.sightings)
        let conversation = try #require(results[0].conversations.first)
        #expect(results[0].conversations.count == 1)
        #expect(conversation.key == once.conversations[0].key)
        #expect(conversation.client == once.conversations[0].client)
        #expect(conversation.fromServer == once.conversations[0].fromServer)
        #expect(conversation.messages == once.conversations[0].messages)
        #expect(conversation.first == once.conversations[0].first)
    }

    @Test func subjectsReadBack() {
        let key = ConversationKey(
            a: IPAddress(v4: 1), b: IPAddress(high: 1, low: 2), aPort: 1, bPort: 2, transport: .udp, code: 3, vlan: 4,
            aMAC: MACAddress(bits: 5), bMAC: MACAddress(bits: 6))
        let subjects: [Subject] = [
            .network, .mac(MACAddress(bits: 0xaabb_ccdd_eeff)),
            .address(IPAddress(high: 0x2001_0db8_0000_0000, low: 1)),
            .endpoint(Endpoint(mac: nil, ip: IPAddress(v4: 7), vlan: 9)), .conversation(key),
        ]
        for subject in subjects { #expect(SubjectCoding.subject(SubjectCoding.text(subject)) == subject) }
        #expect(SubjectCoding.subject("talk|") == nil)
    }

    @Test func decisionsFormAChainAndSupersede() throws {
        let store = try Store()
        let item = try #require(ItemID("3-5"))
        let first = try store.append(
            Decision(item: item, answer: .level(.notDone), reason: "flat", reviewer: "a", time: 1))
        let second = try store.append(
            Decision(item: item, answer: .level(.partly), reason: "split", reviewer: "a", time: 2))
        #expect(second.previous == first.id)
        #expect(second.supersedes == [first.id])
        #expect(try store.verifyDecisions().isEmpty)
        #expect(DecisionHistory(try store.decisions()).standing(of: item) == .settled(second))
    }

    @Test func aFileThatIsNoStoreIsRefusedInOneLine() throws {
        let path = NSTemporaryDirectory() + "otscan-\(UUID().uuidString).otscan"
        try Data("not a database at all".utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        do {
            _ = try Store(path: path, create: true)
            Issue.record("a text file was opened as a store")
        } catch {
            #expect(error.description.contains(path) && error.description.contains("not a store"))
        }
    }
}
