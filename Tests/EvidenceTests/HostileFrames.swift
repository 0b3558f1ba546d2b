import Analysis
import Captures
import Model

/// Frames made by hand, around any payload.
enum HostileFrames {
    typealias Bytes = [UInt8]

    static func be16(_ value: Int) -> Bytes {
        [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
    }
    static func be32(_ value: Int) -> Bytes { be16(value >> 16) + be16(value) }

    static func tcp(_ payload: Bytes, from: Int = 40_000, to: Int, sequence: Int = 1) -> (proto: UInt8, Bytes) {
        (
            6,
            be16(from) + be16(to) + be32(sequence) + be32(1) + [0x50, 0x18] + be16(1024) + be16(0xbeef) + [0, 0]
                + payload
        )
    }

    static func udp(_ payload: Bytes, from: Int = 40_000, to: Int) -> (proto: UInt8, Bytes) {
        (17, be16(from) + be16(to) + be16(payload.count + 8) + be16(0xbeef) + payload)
    }

    static func ipv4(_ inner: (proto: UInt8, Bytes), fragment: Int = 0, id: Int = 7) -> Bytes {
        [0x45, 0] + be16(20 + inner.1.count) + be16(id) + be16(fragment) + [
            64, inner.proto, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1,
        ]
            + inner.1
    }

    static func ipv6(_ inner: (proto: UInt8, Bytes)) -> Bytes {
        [0x60, 0, 0, 0] + be16(inner.1.count) + [inner.proto, 64] + Bytes(repeating: 0xfd, count: 16)
            + Bytes(repeating: 0xfc, count: 16) + inner.1
    }

    static func ethernet(_ type: Int, _ payload: Bytes) -> Bytes {
        [0x00, 0x1b, 0x1b, 1, 2, 3, 0x00, 0x1b, 0x1b, 4, 5, 6] + be16(type) + payload
    }

    /// Ways to carry a packet, tunnels and tags among them, each as the frames that result.
    static let carriers: [(name: String, link: UInt16, frames: @Sendable ((proto: UInt8, Bytes)) -> [Bytes])] = [
        ("ethernet", 1, { [ethernet(0x0800, ipv4($0))] }),
        ("ipv6", 1, { [ethernet(0x86dd, ipv6($0))] }),
        ("trailer", 1, { [ethernet(0x0800, ipv4($0)) + $0.1] }),
        ("vlan", 1, { [ethernet(0x8100, [0, 7, 8, 0] + ipv4($0))] }),
        ("qinq", 1, { [ethernet(0x88a8, [0, 7, 0x81, 0, 0, 8, 8, 0] + ipv4($0))] }),
        (
            "nine tags", 1,
            { inner in
                [
                    ethernet(
                        0x8100, Bytes((0..<9).flatMap { _ in [0, 7, 0x81, 0] as Bytes }) + [0, 7, 8, 0] + ipv4(inner))
                ]
            }
        ),
        ("mpls", 1, { [ethernet(0x8847, [0, 1, 0x31, 64] + ipv4($0))] }),
        ("pppoe", 1, { [ethernet(0x8864, [0x11, 0, 0, 1] + be16(ipv4($0).count + 2) + [0, 0x21] + ipv4($0))] }),
        ("gre", 1, { [ethernet(0x0800, ipv4((47, [0, 0, 8, 0] + ipv4($0))))] }),
        ("gre, unknown protocol", 1, { [ethernet(0x0800, ipv4((47, [0, 0, 0x77, 0x77] + ipv4($0))))] }),
        (
            "erspan", 1,
            { inner in
                [
                    ethernet(
                        0x0800,
                        ipv4(
                            (
                                47,
                                [0x10, 0, 0x88, 0xbe, 0, 0, 0, 1] + Bytes(repeating: 0, count: 8)
                                    + ethernet(0x0800, ipv4(inner))
                            ))
                    )
                ]
            }
        ),
        ("ip in ip", 1, { [ethernet(0x0800, ipv4((4, ipv4($0))))] }),
        (
            "vxlan", 1,
            { [ethernet(0x0800, ipv4(udp([8, 0, 0, 0, 0, 0, 1, 0] + ethernet(0x0800, ipv4($0)), to: 4789)))] }
        ),
        (
            "vxlan, odd port", 1,
            { [ethernet(0x0800, ipv4(udp([8, 0, 0, 0, 0, 0, 1, 0] + ethernet(0x0800, ipv4($0)), to: 8472)))] }
        ),
        (
            "five tunnels", 1,
            { inner in
                var packet = ipv4(inner)
                for _ in 0..<5 { packet = ipv4((4, packet)) }
                return [ethernet(0x0800, packet)]
            }
        ),
        (
            "fragments", 1,
            { inner in
                let cut = max(8, inner.1.count / 2 & ~7)
                return [
                    ethernet(0x0800, ipv4((inner.proto, Bytes(inner.1.prefix(cut))), fragment: 0x2000)),
                    ethernet(0x0800, ipv4((inner.proto, Bytes(inner.1.dropFirst(cut))), fragment: cut / 8)),
                ]
            }
        ),
        (
            "fragments in a tunnel", 1,
            { inner in
                let cut = max(8, inner.1.count / 2 & ~7)
                return [
                    ethernet(0x0800, ipv4((4, ipv4((inner.proto, Bytes(inner.1.prefix(cut))), fragment: 0x2000)))),
                    ethernet(0x0800, ipv4((4, ipv4((inner.proto, Bytes(inner.1.dropFirst(cut))), fragment: cut / 8)))),
                ]
            }
        ),
        ("raw", 101, { [ipv4($0)] }),
        ("cooked", 113, { [[0, 0, 0, 1, 0, 6, 0, 0x1b, 0x1b, 1, 2, 3, 0, 0, 8, 0] + ipv4($0)] }),
        ("unknown link", 147, { [ipv4($0)] }),
        (
            "bad header length", 1,
            { inner in
                var packet = ipv4(inner)
                packet[0] = 0x44
                return [ethernet(0x0800, packet)]
            }
        ),
        ("unknown type", 1, { [ethernet(0x9999, ipv4($0))] }),
        ("ppp", 9, { [[0xff, 3, 0, 0x21] + ipv4($0)] }),
    ]
}

extension HostileFrames {
    /// A frame as it is kept.
    static func kept(_ number: UInt64) -> KeptFrame {
        let bytes = ethernet(0x0800, ipv4(tcp(Bytes(repeating: 7, count: 400), to: 21)))
        let frame = Frame(
            number: number, time: Timestamp(nanoseconds: Int64(number)), originalLength: UInt32(bytes.count),
            capturedLength: UInt32(bytes.count), linkType: .ethernet)
        return ExhibitFrames.keep(bytes.span.bytes, frame, of: 1)
    }
}
