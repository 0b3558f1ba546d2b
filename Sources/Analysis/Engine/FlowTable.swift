import CPrefetch
import Model
import Wire

/// A conversation while its capture is read: fixed size, no references, so that it lives in one dense table. What every
/// frame touches comes first and lies in two cache lines.
struct Flow: BitwiseCopyable, Sendable {
    enum Stage: UInt8, BitwiseCopyable, Sendable {
        /// The protocol is being looked for.
        case probing
        /// Its dissector reads on.
        case dissecting
        /// Only volumes are counted.
        case counting
    }

    var key: FlowKey
    var stage: Stage = .counting
    var clientIsA = true
    var openingSeen = false
    var directionCertain = false
    var a = FlowEnd()
    var b = FlowEnd()
    var lastNumber: UInt64 = 0
    var lastTime: Int64 = 0

    var firstNumber: UInt64 = 0
    var firstTime: Int64 = 0
    /// Registry index, -1 when none.
    var service: Int16 = -1
    /// A protocol that one direction could be; -1 when none.
    var tentative: Int16 = -1
    /// A protocol that turned out to be wrong.
    var excluded: Int16 = -1
    /// Index of A's stream direction, B's is the next; -1 when none.
    var stream: Int32 = -1
    /// The first and the last of the conversation's tallies; -1 when none.
    var tallies: Int32 = -1
    var lastTally: Int32 = -1
    /// What each side's message before was counted in; -1 when none.
    var clientTally: Int32 = -1
    var serverTally: Int32 = -1
    var state: Int32 = -1
    /// Place among the rhythms, where its protocol sends in a fixed one; -1 when none is followed.
    var rhythm: Int32 = -1
    /// Payloads of each end that were looked at without recognising the protocol.
    var aProbes: UInt8 = 0
    var bProbes: UInt8 = 0
    var aRun = NumberedRun()
    var bRun = NumberedRun()

    var transport: Transport { key.transport }

    init(key: FlowKey) { self.key = key }
}

/// What one end of a conversation sent.
struct FlowEnd: BitwiseCopyable, Sendable {
    var frames: UInt64 = 0
    var bytes: UInt64 = 0
    var payload: UInt64 = 0
    var sourceMAC: UInt64 = 0
    var destinationMAC: UInt64 = 0
    var flags: UInt8 = 0
    var ttl: UInt8 = 0
    /// TCP: the sequence number after the last byte seen, and the IPv4 identification of the packet that brought it. UDP, while
    /// its protocol is looked for: the numbered stream of the last datagram, and its number.
    var identification: UInt16 = 0
    var next: UInt32 = 0

    @inline(__always)
    mutating func count(_ layers: borrowing FrameLayers, wire: UInt64) {
        if frames == 0 {
            ttl = layers.ttl
            if layers.hasMAC, !layers.addressesAreTunnelled {
                sourceMAC = layers.sourceMAC.bits
                destinationMAC = layers.destinationMAC.bits
            }
        }
        frames &+= 1
        bytes &+= wire
        payload &+= UInt64(truncatingIfNeeded: max(0, layers.payloadWireLength))
        flags |= layers.tcpFlags
    }

    /// Moves on to the end of a counted TCP segment with data; false when all of its data was there before.
    @inline(__always)
    mutating func advance(_ layers: borrowing FrameLayers) -> Bool {
        let length = UInt32(truncatingIfNeeded: layers.payloadWireLength)
        let end = layers.sequence &+ length
        // The first data of this direction is new in any case.
        guard payload == UInt64(length) || Int32(bitPattern: end &- next) > 0 else { return false }
        next = end
        identification = layers.isV6 ? 0 : UInt16(truncatingIfNeeded: layers.fragmentID)
        return true
    }
}

/// Open addressing over dense entries: linear probing, load at most one half, seeded hash.
struct FlowTable: ~Copyable {
    private var flows: Slab<Flow>
    private var slots: [UInt32]
    private var mask: Int
    private let seed: UInt64
    /// The slot of the key that was expected last; beyond all of them when there is none.
    private var expected = Int.max

    init(seed: UInt64, limit: Int) {
        self.seed = seed
        flows = Slab(limit: min(limit, Int(Int32.max)))
        slots = [UInt32](repeating: .max, count: 4096)
        mask = 4095
    }

    var count: Int { flows.count }

    /// The index of the flow with this key, which is added when there is none; -1 when it is new and the table is full.
    @inline(__always)
    mutating func find(_ key: FlowKey) -> (index: Int, isNew: Bool) {
        var slot = Int(truncatingIfNeeded: key.hash(seed: seed)) & mask
        while true {
            let entry = slots[slot]
            if entry == .max { break }
            let index = Int(entry)
            if flows[index].key.isSame(key) { return (index, false) }
            slot = (slot &+ 1) & mask
        }
        return (add(key, slot), true)
    }

    /// Has the slot at which `find` will start with this key brought near; `prefetchExpected` then goes on to the flow.
    @inline(__always)
    mutating func expect(_ key: FlowKey) {
        expected = Int(truncatingIfNeeded: key.hash(seed: seed)) & mask
        slots.withUnsafeBufferPointer { all in
            if let start = all.baseAddress { otscan_prefetch(start + expected) }
        }
    }

    /// Has the flow brought near whose key was expected. To be called when the slot has had time to arrive.
    @inline(__always)
    mutating func prefetchExpected() {
        guard expected < slots.count else { return }
        let entry = slots[expected]
        if entry != .max { flows.prefetch(Int(entry)) }
        expected = .max
    }

    @inline(never)
    private mutating func add(_ key: FlowKey, _ slot: Int) -> Int {
        let index = flows.append(Flow(key: key))
        guard index >= 0 else { return -1 }
        slots[slot] = UInt32(truncatingIfNeeded: index)
        if flows.count &* 2 > slots.count { grow() }
        return index
    }

    /// Starts a new flow under the key of an old one, which stays as it is but is found no more. Answers the old index
    /// when the table is full.
    mutating func restart(_ old: Int) -> Int {
        let key = flows[old].key
        let index = flows.append(Flow(key: key))
        guard index >= 0 else { return old }
        var slot = Int(truncatingIfNeeded: key.hash(seed: seed)) & mask
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
        for index in 0..<flows.count where !dead.contains(UInt32(truncatingIfNeeded: index)) {
            var slot = Int(truncatingIfNeeded: flows[index].key.hash(seed: seed)) & mask
            while slots[slot] != .max { slot = (slot &+ 1) & mask }
            slots[slot] = UInt32(truncatingIfNeeded: index)
        }
    }

    subscript(index: Int) -> Flow {
        @inline(__always) _read { yield flows[index] }
        @inline(__always) _modify { yield &flows[index] }
    }

    /// Gives back the memory of flows before `index`; nothing may be looked up any more.
    mutating func release(before index: Int) {
        slots = []
        flows.release(before: index)
    }
}
