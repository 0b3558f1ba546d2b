/// A random generator that gives the same sequence for the same seed (Steele, Lea, Flood: SplitMix64).
package struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    package mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }

    /// Up to twelve characters of one to four UTF-8 bytes.
    package mutating func text() -> String {
        let letters = Array("aZ9 -é線🏭")
        return String((0..<Int(next() % 13)).compactMap { _ in letters.randomElement(using: &self) })
    }
}
