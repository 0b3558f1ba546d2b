import Model
import Testing

@testable import Evidence

/// What a store hands out of its memory right after adding must be what it reads back later.
@Suite struct FreshResultTests {
    static func result() -> CaptureResult {
        func frame(_ number: UInt64) -> FrameRef {
            FrameRef(capture: 1, number: number, time: Timestamp(nanoseconds: Int64(number) * 1000))
        }
        func end(_ last: UInt32) -> Endpoint {
            Endpoint(
                mac: MACAddress(bits: 0x0012_3400_0000 | UInt64(last)), ip: IPAddress(v4: 0x0a00_0000 | last), vlan: 7)
        }
        let key = ConversationKey(
            a: IPAddress(v4: 0x0a00_0001), b: IPAddress(v4: 0x0a00_0002), aPort: 40_000, bPort: 502, transport: .tcp,
            vlan: 7)
        let names = ["read", "say \"x\\y\"\n\u{1}", "読み出し"]
        let conversation = Conversation(
            key: key, client: end(1), server: end(2), clientPort: 40_000, serverPort: 502, service: "modbus",
            fromClient: Volume(frames: 3, bytes: 200, payload: 36),
            fromServer: Volume(frames: 2, bytes: 150, payload: 20),
            first: frame(1), last: frame(9), openingSeen: true, clientTCPFlags: 0x1a, serverTCPFlags: 0x12,
            clientTTL: 64, serverTTL: 128,
            messages: names.enumerated().map { index, name in
                MessageTally(
                    code: UInt32(index), name: name, effect: .read, fromClient: index != 1, count: 4, first: frame(2),
                    last: frame(8))
            }, isSymmetric: true)
        func fact(_ value: String) -> Observation {
            Observation(subject: .endpoint(end(2)), attribute: .model, value: WireText(value), source: "modbus.x")
        }
        return CaptureResult(
            capture: CaptureRecord(
                name: "a", sha256: "00ff", format: "pcap", frames: 9, bytes: 350, first: .zero,
                last: Timestamp(nanoseconds: 9000), linkTypes: [1: 9], accounting: ["analysed": 9]),
            conversations: [conversation],
            // Later facts first, and one fact stated twice, by fields that differ in their bytes only.
            observations: [fact("b"), fact("a"), fact("c"), fact("a")],
            sightings: [
                Sighting(first: frame(5), last: frame(6), count: 2),
                Sighting(first: frame(2), last: frame(3), count: 2),
                Sighting(first: frame(2), last: frame(2), count: 1),
                Sighting(first: frame(1), last: frame(9), count: 5),
            ])
    }

    @Test func memoryAndTableAgree() throws {
        let store = try Store()
        try store.add(FreshResultTests.result())
        let fresh = try store.results()
        let read = try store.results()
        #expect(fresh.count == 1)
        #expect(fresh.map(\.capture) == read.map(\.capture))
        #expect(fresh.map(\.observations) == read.map(\.observations))
        #expect(fresh.map(\.sightings) == read.map(\.sightings))
        #expect(fresh[0].observations.map(\.value.raw).first == "a")
        #expect(fresh[0].sightings.first?.count == 5)
        #expect(fresh[0].observations.count == 3)
        for (a, b) in zip(fresh[0].conversations, read[0].conversations) {
            #expect(a.key == b.key && a.client == b.client && a.server == b.server && a.messages == b.messages)
            #expect(a.service == b.service && a.first == b.first && a.last == b.last)
        }
    }

    @Test func aFreshResultIsHandedOutOnceAndOnlyForItsRecord() throws {
        let kept = FreshResults()
        let result = FreshResultTests.result()
        kept.keep(result, as: 4)
        var other = result.capture
        other.frames += 1
        #expect(kept.take(3, result.capture) == nil)
        kept.keep(result, as: 5)
        #expect(kept.take(5, other) == nil)
        #expect(kept.take(4, result.capture) != nil)
        #expect(kept.take(4, result.capture) == nil)
    }
}
