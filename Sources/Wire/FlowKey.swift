package import Model

/// What tells conversations apart, in few words; the lower end is A. MACs stand in for addresses where there is no network
/// layer.
package struct FlowKey: BitwiseCopyable, Sendable {
    package let aLow: UInt64
    package let bLow: UInt64
    package let aHigh: UInt64
    package let bHigh: UInt64
    /// From the top: A's port and B's port of 16 bits each, what carries it in 4, the VLAN in 12, the code in 16.
    package let ends: UInt64

    @inlinable
    package init(
        aHigh: UInt64, aLow: UInt64, bHigh: UInt64, bLow: UInt64, aPort: UInt16, bPort: UInt16, code: UInt16,
        vlan: UInt16, transport: Transport
    ) {
        self.aLow = aLow
        self.bLow = bLow
        self.aHigh = aHigh
        self.bHigh = bHigh
        let carrier: UInt64 =
            switch transport {
            case .ethernet: FlowKey.ethernet
            case .tcp: FlowKey.tcp
            case .udp: FlowKey.udp
            case .ip: FlowKey.ip
            }
        ends =
            UInt64(aPort) << 48 | UInt64(bPort) << 32 | carrier << 28 | UInt64(vlan & 0xfff) << 16 | UInt64(code)
    }

    /// The key of what goes between two addresses, and whether its source is the A end: the lower address, and of one
    /// address the lower port.
    @inlinable @inline(__always)
    package static func between(
        _ source: IPAddress, _ sourcePort: UInt16, _ destination: IPAddress, _ destinationPort: UInt16, code: UInt16,
        vlan: UInt16, transport: Transport
    ) -> (key: FlowKey, fromA: Bool) {
        let fromA =
            source.high != destination.high
            ? source.high < destination.high
            : source.low != destination.low ? source.low < destination.low : sourcePort <= destinationPort
        let a = fromA ? source : destination
        let b = fromA ? destination : source
        return (
            FlowKey(
                aHigh: a.high, aLow: a.low, bHigh: b.high, bLow: b.low, aPort: fromA ? sourcePort : destinationPort,
                bPort: fromA ? destinationPort : sourcePort, code: code, vlan: vlan, transport: transport), fromA
        )
    }

    /// The key of an Ethernet frame with TCP or UDP over plain IPv4 under at most one VLAN tag, from its first bytes; nil for
    /// any other. A guess of where the frame will be counted, for having that at hand: nothing is checked.
    @inlinable @inline(__always)
    package init?(glimpse frame: RawSpan) {
        let isTagged = frame.be16(12) == 0x8100
        let ip = isTagged ? 18 : 14
        // Version 4, no options, no fragment.
        guard frame.be16(ip &- 2) == 0x0800, frame.u8(ip) == 0x45, frame.be16(ip &+ 6) & 0x3fff == 0 else {
            return nil
        }
        let carried = frame.u8(ip &+ 9)
        guard carried == 6 || carried == 17 else { return nil }
        self =
            FlowKey.between(
                IPAddress(v4: frame.be32(ip &+ 12)), frame.be16(ip &+ 20), IPAddress(v4: frame.be32(ip &+ 16)),
                frame.be16(ip &+ 22), code: 0, vlan: isTagged ? frame.be16(14) & 0xfff : 0,
                transport: carried == 6 ? .tcp : .udp
            ).key
    }

    @inlinable @inline(__always) package static var ethernet: UInt64 { 0 }
    @inlinable @inline(__always) package static var tcp: UInt64 { 1 }
    @inlinable @inline(__always) package static var udp: UInt64 { 2 }
    @inlinable @inline(__always) package static var ip: UInt64 { 3 }
    private var carrier: UInt64 { ends >> 28 & 15 }

    package var transport: Transport {
        switch carrier {
        case FlowKey.tcp: .tcp
        case FlowKey.udp: .udp
        case FlowKey.ip: .ip
        default: .ethernet
        }
    }

    package var aPort: UInt16 { UInt16(truncatingIfNeeded: ends >> 48) }
    package var bPort: UInt16 { UInt16(truncatingIfNeeded: ends >> 32) }
    package var vlan: UInt16 { UInt16(truncatingIfNeeded: ends >> 16 & 0xfff) }
    /// EtherType (or LLC SAP) for `.ethernet`, IP protocol number for `.ip`; otherwise 0.
    package var code: UInt16 { UInt16(truncatingIfNeeded: ends) }
    package var isLink: Bool { carrier == FlowKey.ethernet }
    package var isTCP: Bool { carrier == FlowKey.tcp }

    /// A's address; 0.0.0.0 where there is no network layer.
    package var a: IPAddress { isLink ? IPAddress(v4: 0) : IPAddress(high: aHigh, low: aLow) }
    package var b: IPAddress { isLink ? IPAddress(v4: 0) : IPAddress(high: bHigh, low: bLow) }

    @inlinable @inline(__always)
    package func isSame(_ other: FlowKey) -> Bool {
        aLow == other.aLow && bLow == other.bLow && ends == other.ends && aHigh == other.aHigh && bHigh == other.bHigh
    }

    @inlinable @inline(__always)
    package func hash(seed: UInt64) -> UInt64 {
        var hash = mixed(aLow ^ seed)
        hash = mixed(hash ^ bLow)
        hash = mixed(hash ^ ends)
        if aHigh | bHigh != 0 { hash = mixed(hash ^ aHigh ^ mixed(bHigh)) }
        return hash
    }

    /// The same key in the vocabulary of the model.
    package var conversation: ConversationKey {
        ConversationKey(
            a: a, b: b, aPort: aPort, bPort: bPort, transport: transport, code: code, vlan: vlan,
            aMAC: isLink ? MACAddress(bits: aLow) : .zero, bMAC: isLink ? MACAddress(bits: bLow) : .zero)
    }
}
