package import Model
import Wire

/// All observations of a capture segment with their sightings. Bounded; what no longer fits is counted.
package struct ObservationTable: Sendable {
    /// Most observations kept of one capture segment, unless told otherwise.
    package static let limit = 524_288
    private let limit: Int

    package let seed: UInt64
    package private(set) var observations: [Observation] = []
    package private(set) var sightings: [Sighting] = []
    /// Observations that came when the table was full.
    package private(set) var dropped: UInt64 = 0

    private var index = KeyIndex()

    package init(seed: UInt64, limit: Int = ObservationTable.limit) {
        self.seed = seed
        self.limit = max(limit, 0)
    }

    /// The key of a fact: hash of whom it is about, which field said it, and a hash of the value.
    package func key(_ subject: Subject, _ field: StaticString, _ value: UInt64) -> UInt64 {
        var hash = seed ^ value
        // The address of a literal is as good a name as its text, and needs no reading.
        if field.hasPointerRepresentation {
            hash = mixed(hash ^ UInt64(UInt(bitPattern: field.utf8Start)))
        }
        switch subject {
        case .endpoint(let end):
            hash = mixed(hash ^ (end.mac?.bits ?? .max) ^ UInt64(end.vlan) << 48)
            if let ip = end.ip { hash = mixed(mixed(hash ^ ip.low) ^ ip.high) }
        case .mac(let mac): hash = mixed(hash ^ mac.bits ^ 1 << 62)
        case .address(let ip): hash = mixed(mixed(hash ^ ip.low ^ 1 << 61) ^ ip.high)
        case .conversation(let key):
            hash = mixed(mixed(mixed(hash ^ key.a.low) ^ key.b.low ^ 1 << 60) ^ key.a.high ^ key.b.high)
            hash = mixed(
                hash ^ UInt64(key.aPort) << 48 ^ UInt64(key.bPort) << 32 ^ UInt64(key.vlan) << 16 ^ UInt64(key.code))
            hash = mixed(hash ^ key.aMAC.bits ^ mixed(key.bMAC.bits) ^ UInt64(key.transport.rawValue) << 56)
        case .network: hash = mixed(hash ^ 1 << 59)
        }
        return hash
    }

    /// True when the fact was known; its last sighting and count are renewed then.
    package mutating func sighted(_ key: UInt64, _ frame: FrameRef) -> Bool {
        let slot = Int(index.position(of: key))
        guard slot >= 0 else { return slot == Int(KeyIndex.seen) }
        guard slot < sightings.count else { return true }
        if sightings[slot].last != frame {
            // A segment that came early is read after the one that it waited for, and keeps its own, smaller number.
            if frame.number > sightings[slot].last.number { sightings[slot].last = frame }
            if frame.number < sightings[slot].first.number { sightings[slot].first = frame }
            sightings[slot].count &+= 1
        }
        return true
    }

    package mutating func add(_ key: UInt64, _ observation: Observation, _ frame: FrameRef) {
        guard observations.count < limit else {
            dropped &+= 1
            return
        }
        index.insert(key, Int32(truncatingIfNeeded: observations.count))
        observations.append(observation)
        sightings.append(Sighting(first: frame, last: frame, count: 1))
    }

    func isKnown(_ key: UInt64) -> Bool { index.position(of: key) != KeyIndex.absent }

    /// Marks a key without an observation; true the first time.
    mutating func firstTime(_ key: UInt64) -> Bool {
        if index.position(of: key) != KeyIndex.absent { return false }
        if index.count < limit &* 2 { index.insert(key, KeyIndex.seen) }
        return true
    }
}

/// From keys that are seeded hashes already to positions: open addressing, linear probing, load at most one half.
struct KeyIndex: Sendable {
    static let absent: Int32 = -2
    /// Known, with no position.
    static let seen: Int32 = -1

    private struct Slot: BitwiseCopyable {
        var key: UInt64
        var position: Int32
    }

    private var slots = [Slot](repeating: Slot(key: 0, position: KeyIndex.absent), count: 1024)
    private(set) var count = 0

    @inline(__always)
    func position(of key: UInt64) -> Int32 {
        let mask = slots.count &- 1
        var place = Int(truncatingIfNeeded: key) & mask
        while true {
            let slot = slots[place]
            if slot.position == KeyIndex.absent || slot.key == key { return slot.position }
            place = (place &+ 1) & mask
        }
    }

    /// Sets the position of a key, known or not.
    mutating func insert(_ key: UInt64, _ position: Int32) {
        if (count &+ 1) &* 2 > slots.count { grow() }
        if KeyIndex.put(key, position, &slots) { count &+= 1 }
    }

    private mutating func grow() {
        var larger = [Slot](repeating: Slot(key: 0, position: KeyIndex.absent), count: slots.count &* 2)
        for slot in slots where slot.position != KeyIndex.absent {
            _ = KeyIndex.put(slot.key, slot.position, &larger)
        }
        slots = larger
    }

    /// True when the key is new.
    private static func put(_ key: UInt64, _ position: Int32, _ slots: inout [Slot]) -> Bool {
        let mask = slots.count &- 1
        var place = Int(truncatingIfNeeded: key) & mask
        while slots[place].position != KeyIndex.absent {
            if slots[place].key == key {
                slots[place].position = position
                return false
            }
            place = (place &+ 1) & mask
        }
        slots[place] = Slot(key: key, position: position)
        return true
    }
}
