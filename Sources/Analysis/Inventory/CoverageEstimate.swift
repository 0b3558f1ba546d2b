import Model

/// Counts in how many slots of time each device was seen, for the estimate of how many were not.
enum CoverageEstimate {
    /// Slots of ten minutes in what is shorter than half a day, else of an hour.
    private static let shortSlot: Int64 = 600
    private static let longSlot: Int64 = 3600
    private static let half: Double = 12 * 3600
    /// More slots than these (a year of hours) are not told apart.
    private static let slotLimit = 8760

    /// The slots of one device, as far as it matters: one, two, or more.
    private struct Slots {
        var first: Int64
        var second: Int64?
        var hasMore = false

        mutating func add(_ slot: Int64) {
            if hasMore || slot == first || slot == second { return }
            if second == nil { second = slot } else { hasMore = true }
        }
    }

    /// Nil where nothing was watched.
    static func make(_ results: [CaptureResult], _ assets: [Asset], seconds: Double) -> AssetEstimate? {
        guard seconds > 0 else { return nil }
        let slot = seconds < half ? shortSlot : longSlot
        var owners: [MACAddress: Int] = [:]
        for (index, asset) in assets.enumerated() where !asset.isBehindRouter {
            for mac in asset.macs where owners[mac] == nil { owners[mac] = index }
        }
        var seen: [Int: Slots] = [:]
        for result in results {
            for conversation in result.conversations {
                let ends = [
                    (conversation.client, conversation.fromClient), (conversation.server, conversation.fromServer),
                ]
                for (end, volume) in ends where volume.frames > 0 {
                    guard let mac = end.mac, let owner = owners[mac] else { continue }
                    note(owner, conversation, frames: volume.frames, slot, &seen)
                }
            }
        }
        return AssetEstimate(
            slotSeconds: Int(slot), slots: watched(results, slot), seen: seen.count,
            once: seen.values.count { $0.second == nil }, twice: seen.values.count { $0.second != nil && !$0.hasMore })
    }

    private static func note(
        _ owner: Int, _ conversation: Conversation, frames: UInt64, _ slot: Int64, _ seen: inout [Int: Slots]
    ) {
        let first = conversation.first.time.nanoseconds / 1_000_000_000 / slot
        let last = conversation.last.time.nanoseconds / 1_000_000_000 / slot
        var slots = seen[owner] ?? Slots(first: first)
        slots.add(first)
        // One frame was in one place; of more, the last is in the last slot.
        if frames > 1, last > first {
            slots.add(last)
            // With two frames a slot on average it would be odd if all were at both ends.
            if last - first > 1, frames / 2 >= UInt64(last - first) { slots.hasMore = true }
        }
        seen[owner] = slots
    }

    /// Slots in which some capture watched.
    private static func watched(_ results: [CaptureResult], _ slot: Int64) -> Int {
        var slots: Set<Int64> = []
        for result in results where result.capture.frames > 0 && result.capture.last > .zero {
            let first = result.capture.first.nanoseconds / 1_000_000_000 / slot
            let last = result.capture.last.nanoseconds / 1_000_000_000 / slot
            // A clock that jumped makes a span of which most was not watched: what was watched bounds it.
            let most = Int64((result.capture.watchedSeconds ?? Double(last - first) * Double(slot)) / Double(slot)) + 1
            var place = first
            while place <= min(last, first + most), slots.count < slotLimit {
                slots.insert(place)
                place += 1
            }
        }
        return slots.count
    }
}
