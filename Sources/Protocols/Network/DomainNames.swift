import Wire

/// Domain names as DHCP, DHCPv6 and Neighbor Discovery options carry them (RFC 1035, 3.1): labels of length and bytes,
/// a zero length ends the name. DHCPv4 (RFC 3397) also allows pointers back into the same option.
package enum DomainNames {
    /// Most pointers followed and labels read for one name.
    private static let mostHops = 20, mostLabels = 128

    /// The names in `bytes`, at most `limit`; stops without complaint where the bytes end or make no sense.
    package static func read(_ bytes: RawSpan, limit: Int) -> [String] {
        var names: [String] = []
        var offset = 0
        while names.count < limit, offset < bytes.byteCount {
            guard let (name, end) = one(bytes, at: offset) else { break }
            // Zero padding after the last name.
            if name.isEmpty { break }
            names.append(name)
            offset = end
        }
        return names
    }

    /// One name and the offset after it; a name without its final zero ends with the bytes (RFC 4704, partial names).
    private static func one(_ bytes: RawSpan, at start: Int) -> (String, Int)? {
        var octets: [UInt8] = []
        var offset = start
        var end: Int?
        var hops = 0
        var labels = 0
        while offset < bytes.byteCount {
            let length = bytes.u8(offset)
            if length == 0 {
                return (String(decoding: octets, as: UTF8.self), end ?? offset &+ 1)
            }
            if length & 0xc0 == 0xc0 {
                guard bytes.has(2, at: offset), hops < mostHops else { return nil }
                hops &+= 1
                end = end ?? offset &+ 2
                offset = Int(bytes.be16(offset) & 0x3fff)
                continue
            }
            labels &+= 1
            guard length < 64, labels <= mostLabels, octets.count < 255, bytes.has(Int(length), at: offset &+ 1) else {
                return nil
            }
            if !octets.isEmpty { octets.append(0x2e) }
            octets += bytes.slice(offset &+ 1, Int(length)).bytes()
            offset &+= 1 &+ Int(length)
        }
        return (String(decoding: octets, as: UTF8.self), end ?? bytes.byteCount)
    }
}
