/// A 48-bit IEEE 802 MAC address, kept in the low 48 bits of an integer so that it is cheap to hash and compare.
package struct MACAddress: Hashable, Sendable, Comparable {
    /// The six octets, first octet in bits 47…40.
    package let bits: UInt64

    package init(bits: UInt64) {
        self.bits = bits & 0xffff_ffff_ffff
    }

    package static let broadcast = MACAddress(bits: 0xffff_ffff_ffff)
    package static let zero = MACAddress(bits: 0)

    /// True for group addresses (I/G bit of the first octet), broadcast included.
    package var isMulticast: Bool { bits & 0x0100_0000_0000 != 0 }
    package var isBroadcast: Bool { bits == 0xffff_ffff_ffff }
    /// True when the U/L bit says that the address was not assigned by IEEE (randomised, virtual or hand-made).
    package var isLocallyAdministered: Bool { bits & 0x0200_0000_0000 != 0 }
    /// True for an address that one station can own.
    package var isUnicast: Bool { !isMulticast && bits != 0 }
    /// The first three octets (MA-L assignment).
    package var oui: UInt32 { UInt32(truncatingIfNeeded: bits >> 24) }

    package static func < (a: MACAddress, b: MACAddress) -> Bool { a.bits < b.bits }
}

extension MACAddress: CustomStringConvertible {
    /// Lower-case, colon-separated: `00:1b:1b:01:02:03`.
    package var description: String {
        var text = OctetText.hexadecimal[Int(bits >> 40 & 255)]
        text.reserveCapacity(17)
        for shift: UInt64 in [32, 24, 16, 8, 0] {
            text += ":"
            text += OctetText.hexadecimal[Int(bits >> shift & 255)]
        }
        return text
    }

    /// Reads `00:1b:1b:01:02:03`, `00-1B-…`, `001b.1b01.0203` and bare `001b1b010203`.
    package init?(_ text: some StringProtocol) {
        var value: UInt64 = 0
        var digits = 0
        for character in text.utf8 {
            let digit: UInt8
            switch character {
            case UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "."): continue
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = character - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = character - UInt8(ascii: "A") + 10
            default: return nil
            }
            guard digits < 12 else { return nil }
            value = value << 4 | UInt64(digit)
            digits += 1
        }
        guard digits == 12 else { return nil }
        self.init(bits: value)
    }
}

/// The 256 octets as text; addresses are written by the ten thousand.
enum OctetText {
    static let decimal = (0...255).map { String($0) }
    /// Two lower-case digits.
    static let hexadecimal = (0...255).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
}
