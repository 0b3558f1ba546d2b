package import Model
import Protocols
import Wire

extension CaptureAnalyzer {
    /// Ends the run: everything learnt, in the vocabulary of the model.
    package consuming func finish(_ source: CaptureSummary) -> CaptureResult {
        let record = record(source)
        var conversations: [Conversation] = []
        conversations.reserveCapacity(flows.count)
        // Flows go as conversations come, so that not both are whole in memory.
        for index in 0..<flows.count {
            conversations.append(conversation(index))
            if index & 0xfff == 0 { flows.release(before: index) }
        }
        return CaptureResult(
            capture: record, conversations: conversations, observations: dissection.observations.observations,
            sightings: dissection.observations.sightings)
    }

    /// Steps back in time make the sum of steps forward longer than the span; the span is the most there can be.
    private var watchedSeconds: Double {
        let (span, overflow) = lastTime.subtractingReportingOverflow(firstTime)
        return Double(overflow ? watchedTime : min(watchedTime, span)) / 1e9
    }

    func record(_ source: CaptureSummary) -> CaptureRecord {
        var accounting: [String: UInt64] = [:]
        var lost: UInt64 = 0
        for problem in DecodeProblem.allCases where problem != .none {
            let count = problems[Int(problem.rawValue)]
            if count > 0 { accounting[problem.name] = count }
            lost &+= count
        }
        if heldFragments > 0 { accounting["fragment"] = heldFragments }
        if overLimit > 0 { accounting["over_limit"] = overLimit }
        accounting["analysed"] = frames &- lost &- heldFragments &- overLimit
        var limitsReached: [String: UInt64] = [:]
        if overLimit > 0 { limitsReached["conversations"] = overLimit }
        if streamsOverLimit > 0 { limitsReached["reassembly"] = streamsOverLimit }
        if talliesOverLimit > 0 { limitsReached["messages"] = talliesOverLimit }
        if defragmenter.abandoned > 0 { limitsReached["fragments"] = defragmenter.abandoned }
        if dissection.observations.dropped > 0 { limitsReached["observations"] = dissection.observations.dropped }
        if cutFrames > 0 { limitsReached[CaptureRecord.snapLength] = cutFrames }
        let hasTime = firstTime <= lastTime
        return CaptureRecord(
            name: source.name, sha256: source.sha256, format: source.format, frames: frames, bytes: bytes,
            first: Timestamp(nanoseconds: hasTime ? firstTime : 0),
            last: Timestamp(nanoseconds: hasTime ? lastTime : 0),
            linkTypes: allLinkTypes, accounting: accounting, watchedSeconds: hasTime ? watchedSeconds : nil,
            reportedDrops: source.reportedDrops, damage: source.damage,
            limitsReached: limitsReached, malformedMessages: dissection.malformedCount,
            health: healthRecord(linkSpeed: source.linkSpeed))
    }

    func conversation(_ index: Int) -> Conversation {
        let flow = flows[index]
        let a = Volume(frames: flow.a.frames, bytes: flow.a.bytes, payload: flow.a.payload)
        let b = Volume(frames: flow.b.frames, bytes: flow.b.bytes, payload: flow.b.payload)
        let aEnd = endpoint(flow, isA: true)
        let bEnd = endpoint(flow, isA: false)
        let clientIsA = flow.clientIsA
        return Conversation(
            key: flow.key.conversation, client: clientIsA ? aEnd : bEnd, server: clientIsA ? bEnd : aEnd,
            clientPort: clientIsA ? flow.key.aPort : flow.key.bPort,
            serverPort: clientIsA ? flow.key.bPort : flow.key.aPort,
            service: flow.service >= 0 ? dispatch.names[Int(flow.service)].text : nil,
            fromClient: clientIsA ? a : b, fromServer: clientIsA ? b : a,
            first: FrameRef(capture: capture, number: flow.firstNumber, time: Timestamp(nanoseconds: flow.firstTime)),
            last: FrameRef(capture: capture, number: flow.lastNumber, time: Timestamp(nanoseconds: flow.lastTime)),
            openingSeen: flow.openingSeen, clientTCPFlags: clientIsA ? flow.a.flags : flow.b.flags,
            serverTCPFlags: clientIsA ? flow.b.flags : flow.a.flags, clientTTL: clientIsA ? flow.a.ttl : flow.b.ttl,
            serverTTL: clientIsA ? flow.b.ttl : flow.a.ttl, messages: messages(flow),
            isSymmetric: flow.a.sourceMAC != 0 && flow.a.destinationMAC == flow.b.sourceMAC
                && flow.b.destinationMAC == flow.a.sourceMAC)
    }

    /// An end with the MAC it sent from, or, when it never sent, the MAC it was sent to.
    private func endpoint(_ flow: borrowing Flow, isA: Bool) -> Endpoint {
        let own = isA ? flow.a.sourceMAC : flow.b.sourceMAC
        let addressed = isA ? flow.b.destinationMAC : flow.a.destinationMAC
        let bits = own != 0 ? own : addressed
        let ip =
            flow.key.isLink
            ? nil
            : IPAddress(high: isA ? flow.key.aHigh : flow.key.bHigh, low: isA ? flow.key.aLow : flow.key.bLow)
        return Endpoint(mac: bits == 0 ? nil : MACAddress(bits: bits), ip: ip, vlan: flow.key.vlan)
    }

    private func messages(_ flow: borrowing Flow) -> [MessageTally] {
        guard flow.tallies >= 0, flow.service >= 0 else { return [] }
        let entry = dispatch.entries[Int(flow.service)]
        var messages: [MessageTally] = []
        var slot = Int(flow.tallies)
        while slot >= 0 {
            let tally = tallies[slot]
            messages.append(
                MessageTally(
                    code: tally.code, name: entry.messageName(tally.code), effect: tally.effect,
                    fromClient: tally.fromClient, count: tally.count,
                    first: FrameRef(
                        capture: capture, number: tally.firstNumber, time: Timestamp(nanoseconds: tally.firstTime)),
                    last: FrameRef(
                        capture: capture, number: tally.lastNumber, time: Timestamp(nanoseconds: tally.lastTime))))
            slot = Int(tally.next)
        }
        return messages
    }
}

/// What the reader knows of a capture when it has ended.
package struct CaptureSummary: Sendable {
    package var name: String
    package var sha256: String
    package var format: String
    package var reportedDrops: UInt64?
    package var damage: String?
    /// Bits per second of the slowest interface, when the capture tells.
    package var linkSpeed: UInt64?

    package init(
        name: String, sha256: String, format: String, reportedDrops: UInt64? = nil, damage: String? = nil,
        linkSpeed: UInt64? = nil
    ) {
        self.name = name
        self.sha256 = sha256
        self.format = format
        self.reportedDrops = reportedDrops
        self.damage = damage
        self.linkSpeed = linkSpeed
    }
}
