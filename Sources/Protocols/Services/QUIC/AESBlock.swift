/// AES-128 of a single block (FIPS 197), encryption only: what QUIC's header protection takes (RFC 9001, 5.4.3) and
/// swift-crypto does not offer. Keys here are public values derived from the wire, so table look-ups need not be hardened
/// against timing.
struct AESBlock {
    /// 11 round keys of 16 bytes.
    private let schedule: [UInt8]

    /// Nil unless the key has 16 bytes.
    init?(key: [UInt8]) {
        guard key.count == 16 else { return nil }
        var words = key
        var constant: UInt8 = 1
        while words.count < 176 {
            let last = Array(words.suffix(4))
            var word = last
            if words.count % 16 == 0 {
                word = [
                    AESBlock.substituted(last[1]) ^ constant, AESBlock.substituted(last[2]),
                    AESBlock.substituted(last[3]), AESBlock.substituted(last[0]),
                ]
                constant = AESBlock.doubled(constant)
            }
            for index in 0..<4 { words.append(words[words.count - 16] ^ word[index]) }
        }
        schedule = words
    }

    /// The 16 bytes that `block` encrypts to; empty unless it has 16.
    func encrypt(_ block: [UInt8]) -> [UInt8] {
        guard block.count == 16 else { return [] }
        var state = block
        addKey(&state, round: 0)
        for round in 1...10 {
            for index in 0..<16 { state[index] = AESBlock.substituted(state[index]) }
            shiftRows(&state)
            if round < 10 { mixColumns(&state) }
            addKey(&state, round: round)
        }
        return state
    }

    private func addKey(_ state: inout [UInt8], round: Int) {
        for index in 0..<16 { state[index] ^= schedule[round * 16 + index] }
    }

    /// Row r of the column-major state moves r places to the left.
    private func shiftRows(_ state: inout [UInt8]) {
        let old = state
        for column in 0..<4 {
            for row in 1..<4 { state[column * 4 + row] = old[(column + row) % 4 * 4 + row] }
        }
    }

    private func mixColumns(_ state: inout [UInt8]) {
        for column in 0..<4 {
            let base = column * 4
            let old = Array(state[base..<base + 4])
            let all = old[0] ^ old[1] ^ old[2] ^ old[3]
            for row in 0..<4 {
                state[base + row] = old[row] ^ all ^ AESBlock.doubled(old[row] ^ old[(row + 1) % 4])
            }
        }
    }

    /// Multiplication by x in GF(2^8).
    private static func doubled(_ value: UInt8) -> UInt8 { value << 1 ^ (value & 0x80 != 0 ? 0x1b : 0) }

    private static func substituted(_ value: UInt8) -> UInt8 { box[Int(value)] }

    /// The S-box, computed as the standard defines it: inverse in GF(2^8), then an affine map (5.1.1).
    private static let box: [UInt8] = {
        var box = [UInt8](repeating: 0x63, count: 256)
        var power: UInt8 = 1
        var inverse: UInt8 = 1
        repeat {
            // Times 3, and divided by 3: the two stay inverse to each other.
            power = power ^ doubled(power)
            inverse ^= inverse << 1
            inverse ^= inverse << 2
            inverse ^= inverse << 4
            if inverse & 0x80 != 0 { inverse ^= 0x09 }
            let rotated =
                inverse ^ (inverse << 1 | inverse >> 7) ^ (inverse << 2 | inverse >> 6) ^ (inverse << 3 | inverse >> 5)
                ^ (inverse << 4 | inverse >> 4)
            box[Int(power)] = rotated ^ 0x63
        } while power != 1
        return box
    }()
}
