/// Frames made up: what a quiet plant says, floods, and frames that kill an analyser.
struct MadeTraffic {
    enum Kind: String {
        /// Eight stations that speak Modbus/TCP-like datagrams to each other.
        case plain
        /// Every frame from another station to another.
        case spoof
        case broadcast
        /// As plain, in VLAN 10.
        case vlan
        /// As plain, and every hundredth frame is one that kills the trapping analyser.
        case trap
        /// As plain, each frame twice.
        case twice
        /// As plain, each pair of stations in a network of its own.
        case subnets
    }

    /// IEEE 802 local experimental EtherType 1.
    static let trapEtherType: UInt16 = 0x88b5

    let kind: Kind
    private var count: UInt64 = 0
    private var state: UInt64

    init(_ kind: Kind, seed: UInt64 = 1) {
        self.kind = kind
        state = seed
    }

    private mutating func random() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    /// The next frame; the bytes are written over `frame`.
    mutating func next(_ frame: inout [UInt8]) {
        frame.removeAll(keepingCapacity: true)
        defer { count &+= 1 }
        let number = kind == .twice ? count / 2 : count
        switch kind {
        case .spoof:
            let a = random()
            let b = random()
            put(mac: b, &frame)
            put(mac: a, &frame)
            datagram(
                from: UInt32(truncatingIfNeeded: a), to: UInt32(truncatingIfNeeded: b), 40_000, 50_000, number, &frame)
        case .broadcast:
            frame += [UInt8](repeating: 0xff, count: 6)
            put(mac: number % 8 + 1, &frame)
            // ARP, who has …
            frame += [8, 6, 0, 1, 8, 0, 6, 4, 0, 1]
            put(mac: number % 8 + 1, &frame)
            frame += [10, 0, 0, UInt8(number % 8 + 1)] + [UInt8](repeating: 0, count: 6) + [10, 0, 0, 99]
            frame += [UInt8](repeating: 0, count: 56 - frame.count)
            // In the padding a number, so that no two are taken for one that was mirrored twice.
            for shift in stride(from: 24, through: 0, by: -8) {
                frame.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
            }
        case .trap where number % 100 == 50:
            put(mac: 2, &frame)
            put(mac: 1, &frame)
            frame += [0x88, 0xb5] + Array("trap".utf8)
            frame += [UInt8](repeating: 0, count: 60 - frame.count)
        case .plain, .vlan, .trap, .twice, .subnets:
            let pair = number / 2 % 4
            let isReply = number % 2 == 1
            let client = pair * 2 + 1
            let server = pair * 2 + 2
            put(mac: isReply ? client : server, &frame)
            put(mac: isReply ? server : client, &frame)
            if kind == .vlan { frame += [0x81, 0x00, 0x00, 0x0a] }
            let base: UInt32 = 0x0a00_0000 + (kind == .subnets ? UInt32(pair) << 8 : 0)
            let (from, to) = isReply ? (server, client) : (client, server)
            datagram(
                from: base + UInt32(from), to: base + UInt32(to), isReply ? 9600 : 40_000, isReply ? 40_000 : 9600,
                number, &frame)
        }
    }

    private func put(mac number: UInt64, _ frame: inout [UInt8]) {
        frame += [0x02, 0, UInt8(truncatingIfNeeded: number >> 24), UInt8(truncatingIfNeeded: number >> 16)]
        frame += [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
    }

    private func datagram(
        from: UInt32, to: UInt32, _ source: UInt16, _ destination: UInt16, _ number: UInt64, _ frame: inout [UInt8]
    ) {
        func be16(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)] }
        func be32(_ value: UInt32) -> [UInt8] {
            be16(UInt16(value >> 16)) + be16(UInt16(truncatingIfNeeded: value))
        }
        frame += [8, 0, 0x45, 0] + be16(46) + be16(UInt16(truncatingIfNeeded: number)) + [0, 0, 64, 17, 0, 0]
        frame += be32(from) + be32(to) + be16(source) + be16(destination) + be16(26) + [0, 0]
        for shift in stride(from: 56, through: 0, by: -8) {
            frame.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
        }
        frame += Array("0123456789".utf8)
    }
}
