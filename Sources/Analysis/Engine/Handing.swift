import Model
import Protocols
import Wire

/// From a counted frame to the dissector that reads it.
extension CaptureAnalyzer {
    mutating func hand(_ payload: RawSpan, to index: Int, fromA: Bool, _ ref: FrameRef) {
        setFrame(index, fromA: fromA)
        switch flows[index].key.transport {
        case .tcp: segment(payload, to: index, fromA: fromA, ref)
        case .udp:
            dissection.frame = ref
            if flows[index].stage == .probing, !recogniseDatagram(payload, index, fromA: fromA) { return }
            _ = dissect(payload, index, fromA: fromA)
        case .ip, .ethernet:
            dissection.frame = ref
            _ = dissect(payload, index, fromA: fromA)
        }
    }

    /// Tells the dissection about the frame's ends.
    private mutating func setFrame(_ index: Int, fromA: Bool) {
        let hasMAC = layers.hasMAC && !layers.addressesAreTunnelled
        dissection.setEnds(
            flows[index].key, fromA: fromA, sourceMAC: hasMAC ? layers.sourceMAC : .zero,
            destinationMAC: hasMAC ? layers.destinationMAC : .zero)
        dissection.isCut = layers.isCut
        dissection.ttl = layers.ttl
        dissection.radioFrequency = layers.radioFrequency
        dissection.afterGap = false
    }

    // MARK: Dissection

    /// Calls the conversation's dissector once; nil when it wants no more of the conversation.
    mutating func dissect(_ bytes: RawSpan, _ index: Int, fromA: Bool) -> Progress? {
        let service = Int(flows[index].service)
        guard service >= 0, service < dispatch.types.count else { return nil }
        dissection.service = service
        dissection.fromClient = flows[index].clientIsA == fromA
        let slot = Int(flows[index].state)
        // Moved, not copied: counting references to a state that went out of the cache costs more than reading it.
        if slot >= 0 { swap(&dissection.kept, &states[slot]) }
        let progress = dispatch.types[service].dissect(bytes, &dissection)
        if dissection.kept != nil { keepState(index) }
        if dissection.messageCount > 0 { tally(index) }
        switch progress {
        case .conversationDone:
            release(index)
            return nil
        case .notMine:
            flows[index].excluded = flows[index].service
            flows[index].service = -1
            flows[index].stage = .probing
            dropState(index)
            countProbe(index, fromA: fromA)
            return nil
        default: return progress
        }
    }

    private mutating func keepState(_ index: Int) {
        var slot = flows[index].state
        if slot < 0 {
            if let free = freeStates.popLast() {
                slot = free
            } else {
                slot = Int32(truncatingIfNeeded: states.count)
                states.append(nil)
            }
            flows[index].state = slot
        }
        swap(&dissection.kept, &states[Int(slot)])
        dissection.kept = nil
    }

    private mutating func dropState(_ index: Int) {
        let slot = flows[index].state
        guard slot >= 0 else { return }
        states[Int(slot)] = nil
        freeStates.append(slot)
        flows[index].state = -1
    }

    private mutating func tally(_ index: Int) {
        var position = 0
        while position < dissection.messageCount {
            tally(dissection.message(at: position), index)
            position &+= 1
        }
        dissection.clearMessages()
    }

    private mutating func tally(_ message: Dissection.Message, _ index: Int) {
        let number = dissection.frame.number
        let time = dissection.frame.time.nanoseconds
        // Most often a side says what it said before.
        let before = Int(message.fromClient ? flows[index].clientTally : flows[index].serverTally)
        if before >= 0, tallies[before].isOf(message) {
            tallies[before].count(number, time)
            return
        }
        var slot = Int(flows[index].tallies)
        var kinds = 0
        while slot >= 0 {
            if tallies[slot].isOf(message) {
                tallies[slot].count(number, time)
                remember(slot, message, index)
                return
            }
            kinds &+= 1
            slot = Int(tallies[slot].next)
        }
        guard kinds < limits.talliesPerConversation else { return }
        let added = tallies.append(
            Tally(
                code: message.code, effect: message.effect, fromClient: message.fromClient, count: 1,
                firstNumber: number, firstTime: time, lastNumber: number, lastTime: time))
        guard added >= 0 else {
            talliesOverLimit &+= 1
            return
        }
        let last = Int(flows[index].lastTally)
        if last >= 0 {
            tallies[last].next = Int32(truncatingIfNeeded: added)
        } else {
            flows[index].tallies = Int32(truncatingIfNeeded: added)
        }
        flows[index].lastTally = Int32(truncatingIfNeeded: added)
        remember(added, message, index)
    }

    private mutating func remember(_ slot: Int, _ message: Dissection.Message, _ index: Int) {
        if message.fromClient {
            flows[index].clientTally = Int32(truncatingIfNeeded: slot)
        } else {
            flows[index].serverTally = Int32(truncatingIfNeeded: slot)
        }
    }

    // MARK: Streams

    /// Puts a TCP segment in its place and delivers what is in order.
    private mutating func segment(_ payload: RawSpan, to index: Int, fromA: Bool, _ ref: FrameRef) {
        let isSYN = layers.tcpFlags & FrameLayers.Flag.syn != 0
        if flows[index].stream < 0, !isSYN, layers.payloadWireLength <= 0 { return }
        guard let slot = stream(index, fromA: fromA) else { return }
        if streams[slot].isDone { return }
        if isSYN {
            streams[slot].isStarted = true
            streams[slot].isFromStart = true
            streams[slot].next = layers.sequence &+ 1
            return
        }
        guard layers.payloadWireLength > 0 else { return }
        if !streams[slot].isStarted {
            streams[slot].isStarted = true
            streams[slot].next = layers.sequence
        }
        // A keep-alive probe repeats the byte before the next.
        let missing = layers.payloadWireLength &- payload.byteCount
        switch StreamDirection.place(layers.sequence, count: layers.payloadWireLength, next: streams[slot].next) {
        case .old: return
        case .inOrder(let overlap):
            advance(payload.from(overlap), missing: missing, index, slot, fromA: fromA, ref)
        case .ahead:
            let before = streams[slot].earlyBytes
            let giveUp = streams[slot].keep(payload, sequence: layers.sequence, frame: ref, missing: missing)
            reassemblyBytes &+= streams[slot].earlyBytes &- before
            if giveUp || reassemblyBytes > limits.reassembly { streams[slot].passHole() } else { return }
        }
        drain(index, slot, fromA: fromA)
    }

    /// Delivers early segments that have become due.
    private mutating func drain(_ index: Int, _ slot: Int, fromA: Bool) {
        while !streams[slot].early.isEmpty, flows[index].stage != .counting, !streams[slot].isDone {
            let before = streams[slot].earlyBytes
            let ready = streams[slot].takeReady()
            reassemblyBytes &-= before &- streams[slot].earlyBytes
            guard let early = ready else { return }
            let distance = Int(Int32(bitPattern: streams[slot].next &- early.sequence))
            advance(
                early.bytes.span.bytes.from(distance), missing: early.missing, index, slot, fromA: fromA, early.frame)
        }
    }

    /// Takes bytes that continue the stream.
    private mutating func advance(
        _ payload: RawSpan, missing: Int, _ index: Int, _ slot: Int, fromA: Bool, _ ref: FrameRef
    ) {
        streams[slot].next = streams[slot].next &+ UInt32(truncatingIfNeeded: payload.byteCount)
        dissection.frame = ref
        let skipped = min(streams[slot].skip, payload.byteCount)
        streams[slot].skip &-= skipped
        if skipped < payload.byteCount { unread(payload.from(skipped), index, slot, fromA: fromA) }
        if missing > 0, flows[index].stream >= 0 { streams[slot].lose(missing) }
    }

    /// Appends to what is unread and delivers it when the dissector has what it asked for.
    private mutating func unread(_ payload: RawSpan, _ index: Int, _ slot: Int, fromA: Bool) {
        if streams[slot].pending.isEmpty {
            let used = consume(payload, index, slot, fromA: fromA)
            if used < payload.byteCount, flows[index].stage != .counting, !streams[slot].isDone {
                keepUnread(payload.from(used), slot)
            }
            return
        }
        var pending: [UInt8] = []
        swap(&pending, &streams[slot].pending)
        reassemblyBytes &-= pending.count
        append(payload, to: &pending)
        guard reassemblyBytes &+ pending.count <= limits.reassembly else {
            streamsOverLimit &+= 1
            streams[slot].wanted = 0
            streams[slot].afterGap = true
            return
        }
        if pending.count < streams[slot].wanted {
            streams[slot].pending = pending
            reassemblyBytes &+= pending.count
            return
        }
        let used = consume(pending.span.bytes, index, slot, fromA: fromA)
        if used < pending.count, flows[index].stage != .counting, !streams[slot].isDone {
            if used > 0 { pending.removeFirst(used) }
            streams[slot].pending = pending
            reassemblyBytes &+= pending.count
        }
    }

    private func append(_ payload: RawSpan, to pending: inout [UInt8]) {
        pending.append(contentsOf: payload.bytes(limit: StreamDirection.pendingLimit))
    }

    private mutating func keepUnread(_ rest: RawSpan, _ slot: Int) {
        guard rest.byteCount <= StreamDirection.pendingLimit, reassemblyBytes <= limits.reassembly else {
            streamsOverLimit &+= 1
            streams[slot].afterGap = true
            return
        }
        streams[slot].pending = rest.bytes(limit: StreamDirection.pendingLimit)
        reassemblyBytes &+= streams[slot].pending.count
    }

    /// Recognises and dissects in-order bytes; answers how many are done with.
    private mutating func consume(_ bytes: RawSpan, _ index: Int, _ slot: Int, fromA: Bool) -> Int {
        if flows[index].stage == .probing {
            let isStart = streams[slot].isFromStart && !streams[slot].afterGap
            let answer = dispatch.recognise(
                bytes, hint(index, fromA: fromA, isStreamStart: isStart), excluding: flows[index].excluded)
            if !settle(answer, index, fromA: fromA) {
                if answer.verdict.certainty == .wait, bytes.byteCount < 1024 {
                    streams[slot].wanted = 0
                    return 0
                }
                countProbe(index, fromA: fromA)
                // While one direction could be something, its bytes wait for the other to confirm it.
                return answer.verdict.certainty == .possible && bytes.byteCount < 16_384 ? 0 : bytes.byteCount
            }
        }
        var offset = 0
        var calls = 0
        var isHandedOver = false
        while offset < bytes.byteCount, flows[index].stage == .dissecting, calls < 65_536 {
            calls &+= 1
            dissection.afterGap = streams[slot].afterGap
            guard let progress = dissect(bytes.from(offset), index, fromA: fromA) else {
                guard !isHandedOver, takesOver(bytes.from(offset), index, slot, fromA: fromA) else {
                    return bytes.byteCount
                }
                isHandedOver = true
                continue
            }
            switch progress {
            case .consumed(let used):
                streams[slot].afterGap = false
                guard used > 0 else { return bytes.byteCount }
                streams[slot].stalls = 0
                let left = bytes.byteCount &- offset
                if used > left {
                    streams[slot].skip = min(used &- left, 1 << 31)
                    return bytes.byteCount
                }
                offset &+= used
            case .needMore(let wanted):
                guard wanted <= StreamDirection.pendingLimit else {
                    streamsOverLimit &+= 1
                    streams[slot].afterGap = true
                    return bytes.byteCount
                }
                streams[slot].wait(for: wanted, having: bytes.byteCount &- offset)
                return offset
            case .malformed:
                dissection.malformedCount &+= 1
                streams[slot].afterGap = true
                return bytes.byteCount
            case .directionDone:
                reassemblyBytes &-= streams[slot].earlyBytes
                streams[slot].close()
                return bytes.byteCount
            case .conversationDone, .notMine: return bytes.byteCount
            }
        }
        return max(offset, 0)
    }

    /// The index of the stream direction of a flow, made on first use.
    private mutating func stream(_ index: Int, fromA: Bool) -> Int? {
        if flows[index].stream < 0 {
            if let free = freeStreams.popLast() {
                flows[index].stream = free
            } else {
                flows[index].stream = Int32(truncatingIfNeeded: streams.count)
                streams.append(StreamDirection())
                streams.append(StreamDirection())
            }
        }
        return Int(flows[index].stream) &+ (fromA ? 0 : 1)
    }

    /// Ends the reading of a conversation: only its volume counts from here.
    mutating func release(_ index: Int) {
        flows[index].stage = .counting
        let stream = flows[index].stream
        if stream >= 0 {
            for slot in Int(stream)...(Int(stream) &+ 1) {
                reassemblyBytes &-= streams[slot].pending.count &+ streams[slot].earlyBytes
                streams[slot] = StreamDirection()
            }
            freeStreams.append(stream)
            flows[index].stream = -1
        }
        dropState(index)
    }
}
