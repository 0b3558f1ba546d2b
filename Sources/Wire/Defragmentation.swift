package import Model

/// Puts fragmented IP datagrams together, in bounded memory. Overlapping fragments keep the bytes that came first.
package struct Defragmenter: ~Copyable {
    /// All buffers together, in bytes, with what each datagram costs beside its bytes.
    package static let memoryLimit = 32 << 20
    private static let overhead = 256
    /// How long an unfinished datagram is kept, in nanoseconds of capture time.
    package static let timeLimit: Int64 = 30_000_000_000
    private static let largestDatagram = 65_535
    private static let mostPieces = 512

    private struct Key: Hashable {
        var source: IPAddress
        var destination: IPAddress
        var id: UInt32
        var proto: UInt8
        var vlan: UInt16
    }

    private struct Datagram {
        var bytes: [UInt8] = []
        /// Filled ranges, sorted, not touching.
        var ranges: [(start: Int, end: Int)] = []
        var total: Int?
        var pieces = 0
        var lastUse: Timestamp
        var cost: Int { bytes.count &+ Defragmenter.overhead }
    }

    private var open: [Key: Datagram] = [:]
    /// Bytes held at present.
    package private(set) var memory = 0
    /// Datagrams given up because of time or memory.
    package private(set) var abandoned: UInt64 = 0

    package init() {}

    /// Takes one fragment; returns the whole datagram's payload when it completes one.
    package mutating func add(_ layers: borrowing FrameLayers, _ payload: RawSpan, at time: Timestamp) -> [UInt8]? {
        let key = Key(
            source: layers.sourceIP, destination: layers.destinationIP, id: layers.fragmentID, proto: layers.ipProtocol,
            vlan: layers.vlan)
        let start = layers.fragmentOffset
        let (end, overflow) = start.addingReportingOverflow(payload.byteCount)
        guard !overflow, end <= Defragmenter.largestDatagram, payload.byteCount > 0 else { return nil }
        let known = open.removeValue(forKey: key)
        var datagram = known ?? Datagram(lastUse: time)
        if known != nil { memory &-= datagram.cost }
        if time.elapsed(since: datagram.lastUse) > Defragmenter.timeLimit {
            abandoned &+= 1
            datagram = Datagram(lastUse: time)
        }
        datagram.lastUse = time
        datagram.pieces &+= 1
        guard datagram.pieces <= Defragmenter.mostPieces else {
            abandoned &+= 1
            return nil
        }
        if datagram.bytes.count < end {
            datagram.bytes += [UInt8](repeating: 0, count: end &- datagram.bytes.count)
        }
        Defragmenter.fill(&datagram, payload, start, end)
        if !layers.moreFragments { datagram.total = end }
        if let total = datagram.total, let first = datagram.ranges.first, first.start == 0, first.end >= total {
            return Array(datagram.bytes.prefix(total))
        }
        memory &+= datagram.cost
        open[key] = datagram
        if memory > Defragmenter.memoryLimit { shed() }
        return nil
    }

    private static func fill(_ datagram: inout Datagram, _ payload: RawSpan, _ start: Int, _ end: Int) {
        var merged: [(start: Int, end: Int)] = []
        var low = start
        var high = end
        var cursor = start
        for range in datagram.ranges {
            if range.end < start || range.start > end {
                merged.append(range)
                continue
            }
            copy(payload, offset: start, from: cursor, to: min(range.start, end), into: &datagram.bytes)
            cursor = max(cursor, range.end)
            low = min(low, range.start)
            high = max(high, range.end)
        }
        copy(payload, offset: start, from: cursor, to: end, into: &datagram.bytes)
        merged.append((low, high))
        merged.sort { $0.start < $1.start }
        datagram.ranges = merged
    }

    private static func copy(_ payload: RawSpan, offset: Int, from: Int, to: Int, into bytes: inout [UInt8]) {
        var index = from
        while index < to, index < bytes.count {
            bytes[index] = payload.u8(index &- offset)
            index &+= 1
        }
    }

    /// Gives up the older half when memory runs out.
    private mutating func shed() {
        let oldest = open.sorted { $0.value.lastUse < $1.value.lastUse }.prefix(max(1, open.count / 2))
        for (key, datagram) in oldest {
            memory &-= datagram.cost
            open[key] = nil
            abandoned &+= 1
        }
    }
}
