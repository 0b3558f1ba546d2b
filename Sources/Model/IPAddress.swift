/// An IPv4 or IPv6 address in 16 bytes. IPv4 is held as `::ffff:a.b.c.d` (RFC 4291, 2.5.5.2), so that one
/// key type serves every table.
package struct IPAddress: Hashable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package init(v4: UInt32) {
        high = 0
        low = 0xffff_0000_0000 | UInt64(v4)
    }

    package var isV4: Bool { high == 0 && low >> 32 == 0xffff }
    /// The IPv4 address in host order, or nil for IPv6.
    package var v4: UInt32? { isV4 ? UInt32(truncatingIfNeeded: low) : nil }

    /// 0.0.0.0 or ::
    package var isUnspecified: Bool { isV4 ? low & 0xffff_ffff == 0 : high == 0 && low == 0 }
    package var isLoopback: Bool { v4.map { $0 >> 24 == 127 } ?? (high == 0 && low == 1) }
    /// 224.0.0.0/4 or ff00::/8
    package var isMulticast: Bool { v4.map { $0 >> 28 == 0xe } ?? (high >> 56 == 0xff) }
    package var isLimitedBroadcast: Bool { v4 == 0xffff_ffff }
    /// 169.254.0.0/16 or fe80::/10
    package var isLinkLocal: Bool { v4.map { $0 >> 16 == 0xa9fe } ?? (high >> 54 == 0x3fa) }
    /// RFC 1918 or unique-local (RFC 4193).
    package var isPrivate: Bool {
        if let v4 { return v4 >> 24 == 10 || v4 >> 20 == 0xac1 || v4 >> 16 == 0xc0a8 }
        return high >> 57 == 0x7e
    }
    /// True for an address that one host can own.
    package var isUnicast: Bool { !isMulticast && !isUnspecified && !isLimitedBroadcast }
    /// Neither private, ULA, link-local, loopback, multicast nor unspecified: "outside", as far as the address tells.
    package var isGlobal: Bool {
        if let v4 {
            // 100.64/10 (RFC 6598) and the documentation and benchmark nets are counted as outside on purpose:
            // inside a plant they are as foreign as any public address.
            if v4 >> 24 == 0 || v4 >> 28 == 0xf { return false }
        }
        return isUnicast && !isPrivate && !isLinkLocal && !isLoopback
    }
}

extension IPAddress: Comparable {
    package static func < (a: IPAddress, b: IPAddress) -> Bool {
        a.high == b.high ? a.low < b.low : a.high < b.high
    }
}

extension IPAddress: CustomStringConvertible {
    /// Dotted quad, or RFC 5952 canonical IPv6.
    package var description: String {
        if let v4 {
            // Up to 15 ASCII characters fit into a string without storage.
            var text = OctetText.decimal[Int(v4 >> 24)]
            for shift: UInt32 in [16, 8, 0] {
                text += "."
                text += OctetText.decimal[Int(v4 >> shift & 255)]
            }
            return text
        }
        var groups: [UInt16] = []
        for shift in stride(from: 48, through: 0, by: -16) {
            groups.append(UInt16(truncatingIfNeeded: high >> UInt64(shift)))
        }
        for shift in stride(from: 48, through: 0, by: -16) {
            groups.append(UInt16(truncatingIfNeeded: low >> UInt64(shift)))
        }
        var bestStart = -1
        var bestLength = 1
        var index = 0
        while index < 8 {
            var end = index
            while end < 8, groups[end] == 0 { end += 1 }
            if end - index > bestLength {
                bestStart = index
                bestLength = end - index
            }
            index = max(end, index + 1)
        }
        var text = ""
        index = 0
        while index < 8 {
            if index == bestStart {
                text += "::"
                index += bestLength
                continue
            }
            if !text.isEmpty, !text.hasSuffix(":") { text += ":" }
            text += String(groups[index], radix: 16)
            index += 1
        }
        return text
    }

    /// Reads a dotted quad or an IPv6 address (with `::` and an embedded dotted quad; no zone).
    package init?(_ text: some StringProtocol) {
        if let v4 = IPAddress.dottedQuad(text) {
            self.init(v4: v4)
            return
        }
        guard text.contains(":") else { return nil }
        let string = String(text)
        let halves = string.splitOnDoubleColon()
        guard halves.count <= 2 else { return nil }
        guard let head = IPAddress.groups(halves[0]) else { return nil }
        let tail: [UInt16]
        if halves.count == 2 {
            guard let parsed = IPAddress.groups(halves[1]), head.count + parsed.count < 8 else { return nil }
            tail = [UInt16](repeating: 0, count: 8 - head.count - parsed.count) + parsed
        } else {
            tail = []
        }
        let all = head + tail
        guard all.count == 8 else { return nil }
        let high = all[0..<4].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
        let low = all[4..<8].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
        self.init(high: high, low: low)
    }

    private static func dottedQuad(_ text: some StringProtocol) -> UInt32? {
        var value: UInt32 = 0
        var octet: UInt32 = 0
        var digits = 0
        var dots = 0
        for character in text.utf8 {
            switch character {
            case 0x30...0x39:
                octet = octet * 10 + UInt32(character - 0x30)
                digits += 1
                guard digits <= 3, octet <= 255 else { return nil }
            case 0x2e:
                guard digits > 0, dots < 3 else { return nil }
                value = value << 8 | octet
                dots += 1
                octet = 0
                digits = 0
            default: return nil
            }
        }
        return dots == 3 && digits > 0 ? value << 8 | octet : nil
    }

    private static func groups(_ text: String) -> [UInt16]? {
        if text.isEmpty { return [] }
        var result: [UInt16] = []
        for part in text.split(separator: ":", omittingEmptySubsequences: false) {
            if let quad = dottedQuad(part) {
                result += [UInt16(quad >> 16), UInt16(quad & 0xffff)]
            } else {
                guard part.count <= 4, let group = UInt16(part, radix: 16) else { return nil }
                result.append(group)
            }
            guard result.count <= 8 else { return nil }
        }
        return result
    }
}

extension String {
    /// Splits at `::`; more than one `::` gives more than two parts.
    fileprivate func splitOnDoubleColon() -> [String] {
        var parts: [String] = [""]
        var previousColon = false
        for character in self {
            if character == ":" {
                if previousColon {
                    parts[parts.count - 1].removeLast()
                    parts.append("")
                    previousColon = false
                    continue
                }
                previousColon = true
            } else {
                previousColon = false
            }
            parts[parts.count - 1].append(character)
        }
        return parts
    }
}

/// An address block, `10.0.0.0/8` or `fd00::/8`.
package struct IPPrefix: Hashable, Sendable, CustomStringConvertible {
    package let address: IPAddress
    /// Prefix length as written: 0…32 for IPv4, 0…128 for IPv6.
    package let length: Int

    package init?(address: IPAddress, length: Int) {
        guard length >= 0, length <= (address.isV4 ? 32 : 128) else { return nil }
        self.length = length
        self.address = IPPrefix.masked(address, address.isV4 ? length + 96 : length)
    }

    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(first) else { return nil }
        switch parts.count {
        case 1: self.init(address: address, length: address.isV4 ? 32 : 128)
        case 2:
            guard let length = Int(parts[1]) else { return nil }
            self.init(address: address, length: length)
        default: return nil
        }
    }

    package func contains(_ other: IPAddress) -> Bool {
        guard address.isV4 == other.isV4 else { return false }
        return IPPrefix.masked(other, address.isV4 ? length + 96 : length) == address
    }

    package var description: String { "\(address)/\(length)" }

    private static func masked(_ address: IPAddress, _ bits: Int) -> IPAddress {
        let high: UInt64 = bits <= 0 ? 0 : bits >= 64 ? .max : ~(UInt64.max >> UInt64(bits))
        let low: UInt64 = bits <= 64 ? 0 : bits >= 128 ? .max : ~(UInt64.max >> UInt64(bits - 64))
        return IPAddress(high: address.high & high, low: address.low & low)
    }
}
