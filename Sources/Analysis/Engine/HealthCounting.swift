import Model
import Wire

/// What a frame tells of the network's health, counted beside its volume.
extension CaptureAnalyzer {
    /// Looks at a frame after it was counted; `before` is when the conversation's frame before came.
    @inline(__always)
    mutating func follow(_ payload: RawSpan, _ index: Int, fromA: Bool, before: Int64, _ ref: FrameRef) {
        let ttl = layers.ttl
        if layers.hasPorts, layers.ipProtocol == 6, layers.payloadWireLength > 0 {
            health.dataSegments &+= 1
            let isNew = fromA ? flows[index].a.advance(layers) : flows[index].b.advance(layers)
            if !isNew { repeated(index, fromA: fromA, before: before, ref) }
        } else if layers.hasMAC, layers.destinationMAC.isMulticast {
            group(payload, ref)
        }
        // A hop or two less is another way or the other side of a router.
        if ttl != 0, ttl &+ 2 < (fromA ? flows[index].a.ttl : flows[index].b.ttl) { sinks(index, fromA: fromA, ref) }
        if flows[index].rhythm >= 0 { beat(payload, index, fromA: fromA, ref) }
    }

    /// Data that was there before. A host that sends again numbers the packet anew; what a mirror delivers twice, or late,
    /// keeps its number. Where packets bear none, only time tells: nothing is sent again at once.
    @inline(never)
    private mutating func repeated(_ index: Int, fromA: Bool, before: Int64, _ ref: FrameRef) {
        let end = fromA ? flows[index].a : flows[index].b
        // A keep-alive probe repeats the byte before the next.
        if layers.payloadWireLength == 1, layers.sequence &+ 1 == end.next { return }
        let identification = layers.isV6 ? 0 : UInt16(truncatingIfNeeded: layers.fragmentID)
        let silence = ref.time.nanoseconds &- before
        let isCopy: Bool
        if identification != 0, end.identification != 0 {
            isCopy = Int16(bitPattern: identification &- end.identification) <= 0
        } else {
            isCopy = silence < 50_000_000
        }
        health.note(
            repeatIn: Int32(truncatingIfNeeded: index), isCopy: isCopy, ref.number, ref.time.nanoseconds)
    }

    @inline(never)
    private mutating func sinks(_ index: Int, fromA: Bool, _ ref: FrameRef) {
        // Without a number of its own only TCP's sequence tells one packet from the next.
        var identification = layers.isV6 ? 0 : layers.fragmentID & 0xffff
        if identification == 0 {
            guard layers.hasPorts, layers.ipProtocol == 6 else { return }
            identification = layers.sequence
        }
        health.note(
            sinkingIn: Int32(truncatingIfNeeded: index), fromA: fromA, identification: identification,
            ttl: layers.ttl, ref.number, ref.time.nanoseconds)
    }

    /// Frames to groups of the kinds that no fieldbus sends in the same words again and again: ARP and IP.
    @inline(never)
    private mutating func group(_ payload: RawSpan, _ ref: FrameRef) {
        guard layers.kind == .network || layers.kind == .etherType && layers.etherType == 0x0806 else { return }
        var hash = layers.sourceMAC.bits &* 0x9e37_79b9_7f4a_7c15 ^ layers.destinationMAC.bits
        func mix(_ value: UInt64) { hash = (hash ^ value) &* 0xff51_afd7_ed55_8ccd ^ hash >> 29 }
        mix(UInt64(layers.fragmentID) << 32 | UInt64(truncatingIfNeeded: layers.payloadLength))
        mix(layers.sourceIP.low ^ layers.destinationIP.low << 1)
        mix(UInt64(layers.sourcePort) << 16 | UInt64(layers.destinationPort) | UInt64(layers.ttl) << 32)
        var offset = 0
        while offset < 64, payload.has(8, at: offset) {
            mix(payload.be64(offset))
            offset &+= 8
        }
        if payload.has(4, at: offset) { mix(UInt64(payload.be32(offset))) }
        health.note(
            groupFrame: hash, from: layers.sourceMAC, to: layers.destinationMAC, ref.number, ref.time.nanoseconds)
    }

    // MARK: Cyclic data

    /// Registry names of protocols whose data is sent in a fixed rhythm.
    static let cyclicServices: Set<String> = [
        "profinet", "cip-io", "ethercat", "powerlink", "sercos", "sampled-values", "cclink-ief-basic",
    ]

    /// Begins to follow the rhythm of a conversation whose protocol was recognised.
    mutating func followRhythm(_ index: Int, _ service: Int16) {
        guard dispatch.isCyclic[Int(service)], flows[index].rhythm < 0, health.rhythms.count < HealthMeter.rhythmLimit
        else { return }
        flows[index].rhythm = Int32(truncatingIfNeeded: health.rhythms.count)
        health.rhythms.append(Rhythm(flow: Int32(truncatingIfNeeded: index)))
    }

    @inline(never)
    private mutating func beat(_ payload: RawSpan, _ index: Int, fromA: Bool, _ ref: FrameRef) {
        let slot = Int(flows[index].rhythm)
        guard slot >= 0, slot < health.rhythms.count else { return }
        var stream: UInt32 = 0
        if layers.etherType == 0x8892 {
            // PROFINET: only the FrameIDs of cyclic data count (IEC 61158-6-10, FrameID 0x0100 to 0xfbff).
            let id = payload.be16(0)
            guard id >= 0x0100, id <= 0xfbff else { return }
            stream = UInt32(id)
        } else if layers.hasPorts, payload.has(10), flows[index].key.aPort == 2222 || flows[index].key.bPort == 2222 {
            // CIP I/O: the connection id of the sequenced address item.
            stream = payload.le32(6)
        }
        if fromA {
            health.rhythms[slot].a.beat(stream, ref.number, ref.time.nanoseconds)
        } else {
            health.rhythms[slot].b.beat(stream, ref.number, ref.time.nanoseconds)
        }
    }
}
