/// One lower-case hexadecimal digit for the low four bits of `value`.
package func hexDigit(_ value: UInt8) -> Character {
    let nibble = value & 15
    return Character(UnicodeScalar(nibble < 10 ? 48 + nibble : 87 + nibble))
}

/// `0x` and lower-case digits, with zeros in front up to `digits`: how makers and specifications print numbers and words.
package func hexadecimal(_ value: some UnsignedInteger, digits: Int) -> String {
    let text = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: max(0, digits - text.count)) + text
}

extension Sequence where Element == UInt8 {
    /// Two lower-case digits an octet, one after the other: how a digest is written.
    package var hexadecimalText: String { map { OctetText.hexadecimal[Int($0)] }.joined() }
}
