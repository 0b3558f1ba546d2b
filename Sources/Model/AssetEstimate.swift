/// How many devices are likely still unseen, estimated from how rarely the rarest were seen.
///
/// Time is cut into slots; a device is seen in a slot or not (Chao 1987, Colwell et al. 2012, for incidence in samples).
package struct AssetEstimate: Hashable, Sendable, Codable {
    /// Length of a slot in seconds.
    package var slotSeconds: Int
    /// Slots in which somebody watched.
    package var slots: Int
    /// Devices with a MAC of their own.
    package var seen: Int
    /// Those seen in one slot only, and in two.
    package var once: Int
    package var twice: Int

    package init(slotSeconds: Int, slots: Int, seen: Int, once: Int, twice: Int) {
        self.slotSeconds = slotSeconds
        self.slots = slots
        self.seen = seen
        self.once = once
        self.twice = twice
    }

    /// Fewer slots, or devices, than these tell nothing.
    package static let enoughSlots = 5
    package static let enoughDevices = 5
    package var isEnough: Bool { slots >= AssetEstimate.enoughSlots && seen >= AssetEstimate.enoughDevices }

    /// Devices likely still unseen (Chao2, a lower bound): (m−1)/m · Q1²/(2·Q2), or (m−1)/m · Q1·(Q1−1)/2 where none was
    /// seen exactly twice.
    package var unseen: Double {
        guard slots > 0 else { return 0 }
        let share = Double(slots - 1) / Double(slots)
        let q1 = Double(once)
        return twice > 0 ? share * q1 * q1 / (2 * Double(twice)) : share * q1 * (q1 - 1) / 2
    }

    /// Devices that so many further seconds of watching would likely add: f · (1 − (1 − Q1/(m·f + Q1))^t), where f is `unseen`
    /// and t the number of further slots.
    package func added(by seconds: Double) -> Double {
        let unseen = unseen
        guard unseen > 0, slotSeconds > 0, seconds > 0 else { return 0 }
        let q1 = Double(once)
        let base = 1 - q1 / (Double(slots) * unseen + q1)
        return unseen * (1 - power(base, seconds / Double(slotSeconds)))
    }

    /// Share of what can be seen that was seen, by this estimate.
    package var completeness: Double { seen == 0 ? 0 : Double(seen) / (Double(seen) + unseen) }

    /// `base` between 0 and 1, by squaring; the exponent is rounded down.
    private func power(_ base: Double, _ exponent: Double) -> Double {
        var result = 1.0
        var factor = base
        var rest = UInt64(min(max(exponent, 0), 1e9))
        while rest > 0 {
            if rest & 1 == 1 { result *= factor }
            factor *= factor
            rest >>= 1
        }
        return result
    }
}
