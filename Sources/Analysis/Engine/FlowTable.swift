import Model
import Wire

/// A conversation while its capture is read: fixed size, no references, so that it lives in one dense array.
struct Flow: Sendable {
    enum Stage: UInt8, Sendable {
        /// The protocol is being looked for.
        case probing
        /// Its dissector reads on.
        case dissecting
        /// Only volumes are counted.
        case counting
    }

    var aHigh: UInt64
    var aLow: UInt64
    var bHigh: UInt64
    var bLow: UInt64
    var aPort: UInt16
    var bPort: UInt16
    var code: UInt16
    var vlan: UInt16
    var transport: Transport
    var isLink: Bool

    var stage: Stage = .counting
    var clientIsA = true
    var openingSeen = false
    var directionCertain = false
    var aFlags: UInt8 = 0
    var bFlags: UInt8 = 0
    var aTTL: UInt8 = 0
    var bTTL: UInt8 = 0
    var aProbes: UInt8 = 0
    var bProbes: UInt8 = 0
    /// Registry index, -1 when none.
    var service: Int16 = -1
    /// A protocol that one direction could be; -1 when none.
    var tentative: Int16 = -1
    /// A protocol that turned out to be wrong.
    var excluded: Int16 = -1
    var stream: Int32 = -1
    var tallies: Int32 = -1
    var state: Int32 = -1

    var aFrames: UInt64 = 0
    var aBytes: UInt64 = 0
    var aPayload: UInt64 = 0
    var bFrames: UInt64 = 0
    var bBytes: UInt64 = 0
    var bPayload: UInt64 = 0
    var firstNumber: UInt64 = 0
    var firstTime: Int64 = 0
    var lastNumber: UInt64 = 0
    var lastTime: Int64 = 0
    var aSourceMAC: UInt64 = 0
    var aDestinationMAC: UInt64 = 0
    var bSourceMAC: UInt64 = 0
    var bDestinationMAC: UInt64 = 0

    @inline(__always)
    func isSame(_ other: Flow) -> Bool {
        aLow == other.aLow && bLow == other.bLow && aPort == other.aPort && bPort == other.bPort && code == other.code
            && vlan == other.vlan && transport == other.transport && aHigh == other.aHigh && bHigh == other.bHigh
            && isLink == other.isLink
    }
}

/// Open addressing over dense entries: linear probing, load at most one half, seeded hash.
struct FlowTable: ~Copyable {
    private(set) var flows: [Flow] = []
    private var slots: [UInt32]
    private var mask: Int
    private let seed: UInt64
    let limit: Int

    init(seed: UInt64, limit: Int) {
        self.seed = seed
        self.limit = limit
        slots = [UInt32](repeating: .max, count: 4096)
        mask = 4095
    }

    @inline(__always)
    private func hash(_ flow: Flow) -> Int {
        var hash = mixed(flow.aLow ^ seed)
        hash = mixed(hash ^ flow.bLow)
        hash = mixed(
            hash ^ UInt64(flow.aPort) << 48 ^ UInt64(flow.bPort) << 32 ^ UInt64(flow.vlan) << 16 ^ UInt64(flow.code)
                ^ UInt64(flow.transport.rawValue) << 8)
        if flow.aHigh | flow.bHigh != 0 { hash = mixed(hash ^ flow.aHigh ^ mixed(flow.bHigh)) }
        return Int(truncatingIfNeeded: hash >> 1)
    }

    /// The index of a flow with the same key, or of `flow` itself, just added; -1 when it is new and the table is full.
    @inline(__always)
    mutating func find(_ flow: Flow) -> (index: Int, isNew: Bool) {
        var slot = hash(flow) & mask
        while true {
            let entry = slots[slot]
            if entry == .max { break }
            let index = Int(entry)
            if flows[index].isSame(flow) { return (index, false) }
            slot = (slot &+ 1) & mask
        }
        guard flows.count < limit else { return (-1, true) }
        let index = flows.count
        flows.append(flow)
        slots[slot] = UInt32(truncatingIfNeeded: index)
        if flows.count &* 2 > slots.count { grow() }
        return (index, true)
    }

    /// Starts a new flow under the key of an old one, which stays as it is but is found no more.
    mutating func restart(_ old: Int, as fresh: Flow) -> Int {
        guard flows.count < limit else { return old }
        let index = flows.count
        flows.append(fresh)
        var slot = hash(fresh) & mask
        while slots[slot] != .max {
            if Int(slots[slot]) == old {
                slots[slot] = UInt32(truncatingIfNeeded: index)
                break
            }
            slot = (slot &+ 1) & mask
        }
        replaced.append(UInt32(truncatingIfNeeded: old))
        return index
    }

    /// Flows that `restart` took out of the index.
    private var replaced: [UInt32] = []

    private mutating func grow() {
        mask = slots.count &* 2 &- 1
        slots = [UInt32](repeating: .max, count: mask &+ 1)
        let dead = Set(replaced)
        for index in flows.indices where !dead.contains(UInt32(truncatingIfNeeded: index)) {
            var slot = hash(flows[index]) & mask
            while slots[slot] != .max { slot = (slot &+ 1) & mask }
            slots[slot] = UInt32(truncatingIfNeeded: index)
        }
    }

    subscript(index: Int) -> Flow {
        @inline(__always) _read { yield flows[index] }
        @inline(__always) _modify { yield &flows[index] }
    }

    var count: Int { flows.count }
}
