import Model
import Wire

/// Headers by hand, each around the bytes that follow it.
enum Made {
    static func be16(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }
    static func be32(_ value: Int) -> [UInt8] { be16(value >> 16) + be16(value) }
    static func le16(_ value: Int) -> [UInt8] { be16(value).reversed() }
    static func le32(_ value: Int) -> [UInt8] { be32(value).reversed() }

    static let macA: [UInt8] = [0x02, 0, 0, 0, 0, 0xaa]
    static let macB: [UInt8] = [0x02, 0, 0, 0, 0, 0xbb]
    static let addressA: [UInt8] = [10, 0, 0, 1]
    static let addressB: [UInt8] = [10, 0, 0, 2]
    static let address6A: [UInt8] = [0x20, 0x01, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [1]
    static let address6B: [UInt8] = [0x20, 0x01, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [2]
    static let payload: [UInt8] = Array("payload!".utf8)

    static func ethernet(_ type: Int, _ rest: [UInt8]) -> [UInt8] { macB + macA + be16(type) + rest }
    static func tag(_ vlan: Int, _ type: Int, _ rest: [UInt8]) -> [UInt8] { be16(0x6000 | vlan) + be16(type) + rest }
    static func udp(_ body: [UInt8] = payload, from: Int = 40_000, to: Int = 502) -> [UInt8] {
        be16(from) + be16(to) + be16(8 + body.count) + [0, 0] + body
    }
    static func tcp(_ body: [UInt8] = payload, flags: UInt8 = 0x18, options: [UInt8] = []) -> [UInt8] {
        be16(40_000) + be16(502) + be32(1000) + be32(2000) + [UInt8((20 + options.count) << 2), flags] + be16(8192)
            + [0, 0, 0, 0] + options + body
    }
    static func ipv4(
        _ proto: UInt8, _ body: [UInt8], options: [UInt8] = [], fragment: Int = 0, id: Int = 7, total: Int? = nil
    ) -> [UInt8] {
        let header = 20 + options.count
        return [0x40 | UInt8(header / 4), 0] + be16(total ?? header + body.count) + be16(id) + be16(fragment)
            + [64, proto, 0, 0] + addressA + addressB + options + body
    }
    static func ipv6(_ next: UInt8, _ body: [UInt8], length: Int? = nil) -> [UInt8] {
        [0x60, 0, 0, 0] + be16(length ?? body.count) + [next, 63] + address6A + address6B + body
    }
    /// GRE with flags, for a protocol type.
    static func gre(_ type: Int, _ rest: [UInt8], flags: Int = 0, extra: [UInt8] = []) -> [UInt8] {
        be16(flags) + be16(type) + extra + rest
    }
    static func snap(_ oui: [UInt8], _ type: Int, _ rest: [UInt8]) -> [UInt8] {
        [0xaa, 0xaa, 3] + oui + be16(type) + rest
    }
    /// An 802.3 frame: the length stands in the type's place.
    static func ieee8023(_ rest: [UInt8], padding: Int = 0) -> [UInt8] {
        macB + macA + be16(rest.count) + rest + [UInt8](repeating: 0xee, count: padding)
    }

    static func decode(_ frame: [UInt8], _ link: LinkType = .ethernet, wire: Int? = nil) -> FrameLayers {
        var layers = FrameLayers()
        layers.decode(frame.span.bytes, link: link, wireLength: wire ?? frame.count)
        return layers
    }

    /// The payload's bytes as the layers say where it is.
    static func payload(of layers: FrameLayers, in frame: [UInt8]) -> [UInt8] {
        let end = layers.payloadOffset + layers.payloadLength
        guard layers.payloadOffset >= 0, layers.payloadLength >= 0, end <= frame.count else {
            return [0xff, 0xff, 0xff]
        }
        return Array(frame[layers.payloadOffset..<end])
    }
}

/// A small deterministic generator (SplitMix64).
struct Noise {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }
}
