/// Text put together in one buffer that is used again for the next, UTF-8: for what is written by the ten thousand.
package struct TextBytes: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Empties the text and keeps its memory.
    package mutating func clear() { bytes.removeAll(keepingCapacity: true) }

    package mutating func add(_ text: String) { bytes.append(contentsOf: text.utf8) }
    package mutating func add(_ other: TextBytes) { bytes.append(contentsOf: other.bytes) }

    /// One ASCII character.
    package mutating func add(_ character: UInt8) { bytes.append(character) }

    package mutating func add(decimal value: UInt64) {
        if value < 10 { return bytes.append(0x30 &+ UInt8(truncatingIfNeeded: value)) }
        if value < 1000 {
            let number = UInt32(truncatingIfNeeded: value)
            if number >= 100 { bytes.append(0x30 &+ UInt8(truncatingIfNeeded: number / 100)) }
            bytes.append(0x30 &+ UInt8(truncatingIfNeeded: number / 10 % 10))
            return bytes.append(0x30 &+ UInt8(truncatingIfNeeded: number % 10))
        }
        var low = bytes.count
        var rest = value
        repeat {
            bytes.append(0x30 &+ UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        // The digits came last first.
        var high = bytes.count &- 1
        while low < high {
            bytes.swapAt(low, high)
            low &+= 1
            high &-= 1
        }
    }

    package mutating func add(decimal value: Int64) {
        if value < 0 { bytes.append(0x2d) }
        add(decimal: value.magnitude)
    }

    package mutating func add(_ mac: MACAddress) {
        var shift: UInt64 = 40
        while true {
            add(hexadecimal: UInt8(truncatingIfNeeded: mac.bits >> shift))
            if shift == 0 { return }
            bytes.append(0x3a)
            shift &-= 8
        }
    }

    package mutating func add(_ address: IPAddress) {
        guard let v4 = address.v4 else { return add(address.description) }
        add(decimal: UInt64(v4 >> 24))
        var shift: UInt32 = 24
        while shift > 0 {
            shift &-= 8
            bytes.append(0x2e)
            add(decimal: UInt64(v4 >> shift & 255))
        }
    }

    /// Two lower-case digits.
    package mutating func add(hexadecimal octet: UInt8) {
        add(nibble: octet >> 4)
        add(nibble: octet & 15)
    }

    private mutating func add(nibble: UInt8) { bytes.append(nibble < 10 ? 0x30 &+ nibble : 0x57 &+ nibble) }
}
