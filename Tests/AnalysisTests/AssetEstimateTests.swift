import Model
import TestSupport
import Testing

@testable import Analysis

/// How many devices are likely still unseen.
@Suite struct AssetEstimateTests {
    @Test func theFormulasAreAsPublished() {
        // (9/10) · 6² / (2·3) = 5.4
        let some = AssetEstimate(slotSeconds: 3600, slots: 10, seen: 40, once: 6, twice: 3)
        #expect(abs(some.unseen - 5.4) < 1e-9)
        // (9/10) · 6·5 / 2 = 13.5
        let none = AssetEstimate(slotSeconds: 3600, slots: 10, seen: 40, once: 6, twice: 0)
        #expect(abs(none.unseen - 13.5) < 1e-9)
        // One more slot: f · Q1/(m·f + Q1) = 5.4 · 6/60 = 0.54
        #expect(abs(some.added(by: 3600) - 0.54) < 1e-9)
        #expect(abs(some.added(by: 1e9) - 5.4) < 1e-3)
        #expect(AssetEstimate(slotSeconds: 3600, slots: 10, seen: 40, once: 0, twice: 9).unseen == 0)
        #expect(AssetEstimate(slotSeconds: 0, slots: 0, seen: 0, once: 0, twice: 0).added(by: 1) == 0)
    }

    /// A made-up plant of 200 devices, of which the rarest speak once in a few days: the estimate lies between what was
    /// seen and a little more than there are, and further watching adds about what it said.
    @Test func aMadePlantIsEstimatedWell() throws {
        var random = SplitMix(seed: 11)
        let rates = (0..<200).map { 0.9 / Double($0 % 40 + 1) }
        let slots: [[Int]] = rates.map { rate in
            (0..<24).filter { _ in Double(random.next() % 1_000_000) / 1e6 < rate }
        }
        func estimate(_ hours: Int) -> AssetEstimate {
            let seen = slots.map { $0.filter { $0 < hours } }
            return AssetEstimate(
                slotSeconds: 3600, slots: hours, seen: seen.count { !$0.isEmpty }, once: seen.count { $0.count == 1 },
                twice: seen.count { $0.count == 2 })
        }
        let half = estimate(12)
        let whole = estimate(24)
        #expect(half.isEnough)
        #expect(Double(half.seen) + half.unseen <= 215)
        let added = Double(whole.seen - half.seen)
        #expect(abs(half.added(by: 12 * 3600) - added) <= max(8, added / 2))
    }

    @Test func devicesAreCountedBySlotsOfTime() throws {
        func frame(_ seconds: Int64) -> FrameRef {
            FrameRef(
                capture: 1, number: UInt64(seconds + 1),
                time: Timestamp(nanoseconds: (1_800_000_000 + seconds) * 1_000_000_000))
        }
        func conversation(_ mac: Int, _ first: Int64, _ last: Int64, frames: UInt64) -> Conversation {
            let end = Endpoint(mac: MACAddress(bits: UInt64(mac)), ip: IPAddress(v4: 0x0a00_0000 + UInt32(mac)))
            let other = Endpoint(mac: .broadcast, ip: IPAddress(v4: 0xffff_ffff))
            return Conversation(
                key: ConversationKey(
                    a: IPAddress(v4: 0x0a00_0000 + UInt32(mac)), b: IPAddress(v4: 0xffff_ffff), aPort: 1, bPort: 2,
                    transport: .udp),
                client: end, server: other, clientPort: 1, serverPort: 2, service: nil,
                fromClient: Volume(frames: frames, bytes: frames * 60), fromServer: Volume(), first: frame(first),
                last: frame(last), openingSeen: false)
        }
        let conversations = [
            // Once; in two slots; steadily; at both ends only, which is two.
            conversation(0x10, 30, 30, frames: 1), conversation(0x20, 30, 30, frames: 3),
            conversation(0x20, 700, 700, frames: 1), conversation(0x30, 0, 7100, frames: 500),
            conversation(0x40, 0, 7100, frames: 2),
        ]
        let result = CaptureResult(
            capture: CaptureRecord(
                name: "made", sha256: "x", format: "made", frames: 507, bytes: 0, first: frame(0).time,
                last: frame(7199).time, linkTypes: [:], accounting: ["analysed": 507], watchedSeconds: 7199),
            conversations: conversations, observations: [], sightings: [])
        let estimate = try #require(PlantAnalysis.derive([result]).picture.coverage.estimate)
        #expect(estimate.slotSeconds == 600)
        #expect(estimate.slots == 12 || estimate.slots == 13)
        #expect(estimate.seen == 4)
        #expect(estimate.once == 1)
        #expect(estimate.twice == 2)
    }
}
