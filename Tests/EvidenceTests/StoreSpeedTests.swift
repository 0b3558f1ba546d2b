import Foundation
import Model
import Testing

@testable import Evidence

/// How long a large plant takes to be added and read back, in processor time of this process; measured in release builds only,
/// where it is bounded.
@Suite(.serialized) struct StoreSpeedTests {
    private func processorTime(_ body: () throws -> Void) rethrows -> Double {
        func now() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        let start = now()
        try body()
        return now() - start
    }

    @Test func aLargePlantIsAddedWithinASecond() throws {
        guard ProcessInfo.processInfo.environment["OTSCAN_MEASURE"] != nil else {
            print("skipped: set OTSCAN_MEASURE to measure the store")
            return
        }
        let folder = try Scratch()
        let result = StoreSpeedTests.plant(conversations: 73_000, observations: 20_000)
        let store = try Store(path: folder.file("a"), create: true)
        let adding = try processorTime { try store.add(result) }
        _ = try store.results()
        var count = 0
        let reading = try processorTime { count = try store.results()[0].conversations.count }
        #expect(count == 73_000)
        let other = try Store(path: folder.file("b"), create: true)
        let merging = try processorTime { _ = try other.merge(from: store) }
        print("adding \(adding) s, reading back \(reading) s, merging \(merging) s")
        #if !DEBUG
            #expect(adding < 1)
        #endif
    }

    static func plant(conversations: Int, observations: Int) -> CaptureResult {
        var result = RandomResults.result(1, capture: 1, conversations: 100, observations: 0)
        let models = result.conversations
        result.conversations = (0..<conversations).map { index in
            var conversation = models[index % models.count]
            conversation.clientPort = UInt16(truncatingIfNeeded: 1024 + index / 100)
            return conversation
        }
        for index in 0..<observations {
            result.observations.append(
                Observation(
                    subject: .endpoint(
                        Endpoint(
                            mac: MACAddress(bits: 0x001b_1b00_0000 | UInt64(index)),
                            ip: IPAddress(v4: 0x0a00_0000 | UInt32(index)))),
                    attribute: .name, value: WireText("host-\(index)"), source: "dhcp.host_name"))
            let frame = RandomResults.frame(1, 1, index)
            result.sightings.append(Sighting(first: frame, last: frame, count: 1))
        }
        return result
    }
}
