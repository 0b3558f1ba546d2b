package import Model
import Protocols
import Wire

extension Flow {
    /// The conversation's key in the vocabulary of the model.
    var key: ConversationKey {
        if isLink {
            return ConversationKey(
                a: IPAddress(v4: 0), b: IPAddress(v4: 0), aPort: 0, bPort: 0, transport: transport, code: code,
                vlan: vlan,
                aMAC: MACAddress(bits: aLow), bMAC: MACAddress(bits: bLow))
        }
        return ConversationKey(
            a: IPAddress(high: aHigh, low: aLow), b: IPAddress(high: bHigh, low: bLow), aPort: aPort, bPort: bPort,
            transport: transport, code: code, vlan: vlan)
    }
}

extension CaptureAnalyzer {
    /// Ends the run: everything learnt, in the vocabulary of the model.
    package consuming func finish(_ source: CaptureSummary) -> CaptureResult {
        var conversations: [Conversation] = []
        conversations.reserveCapacity(flows.count)
        for index in 0..<flows.count { conversations.append(conversation(index)) }
        return CaptureResult(
            capture: record(source), conversations: conversations, observations: dissection.observations.observations,
            sightings: dissection.observations.sightings)
    }

    private func record(_ source: CaptureSummary) -> CaptureRecord {
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
        if defragmenter.abandoned > 0 { limitsReached["fragments"] = defragmenter.abandoned }
        if dissection.observations.dropped > 0 { limitsReached["observations"] = dissection.observations.dropped }
        let hasTime = firstTime <= lastTime
        return CaptureRecord(
            name: source.name, sha256: source.sha256, format: source.format, frames: frames, bytes: bytes,
            first: Timestamp(nanoseconds: hasTime ? firstTime : 0),
            last: Timestamp(nanoseconds: hasTime ? lastTime : 0),
            linkTypes: allLinkTypes, accounting: accounting, reportedDrops: source.reportedDrops, damage: source.damage,
            limitsReached: limitsReached, malformedMessages: dissection.malformedCount)
    }

    private func conversation(_ index: Int) -> Conversation {
        let flow = flows[index]
        let a = Volume(frames: flow.aFrames, bytes: flow.aBytes, payload: flow.aPayload)
        let b = Volume(frames: flow.bFrames, bytes: flow.bBytes, payload: flow.bPayload)
        let aEnd = endpoint(flow, isA: true)
        let bEnd = endpoint(flow, isA: false)
        let clientIsA = flow.clientIsA
        return Conversation(
            key: flow.key, client: clientIsA ? aEnd : bEnd, server: clientIsA ? bEnd : aEnd,
            clientPort: clientIsA ? flow.aPort : flow.bPort, serverPort: clientIsA ? flow.bPort : flow.aPort,
            service: flow.service >= 0 ? dispatch.entries[Int(flow.service)].description.name : nil,
            fromClient: clientIsA ? a : b, fromServer: clientIsA ? b : a,
            first: FrameRef(capture: capture, number: flow.firstNumber, time: Timestamp(nanoseconds: flow.firstTime)),
            last: FrameRef(capture: capture, number: flow.lastNumber, time: Timestamp(nanoseconds: flow.lastTime)),
            openingSeen: flow.openingSeen, clientTCPFlags: clientIsA ? flow.aFlags : flow.bFlags,
            serverTCPFlags: clientIsA ? flow.bFlags : flow.aFlags, clientTTL: clientIsA ? flow.aTTL : flow.bTTL,
            serverTTL: clientIsA ? flow.bTTL : flow.aTTL, messages: messages(flow),
            isSymmetric: flow.aSourceMAC != 0 && flow.aDestinationMAC == flow.bSourceMAC
                && flow.bDestinationMAC == flow.aSourceMAC)
    }

    /// An end with the MAC it sent from, or, when it never sent, the MAC it was sent to.
    private func endpoint(_ flow: borrowing Flow, isA: Bool) -> Endpoint {
        let own = isA ? flow.aSourceMAC : flow.bSourceMAC
        let addressed = isA ? flow.bDestinationMAC : flow.aDestinationMAC
        let bits = own != 0 ? own : addressed
        let ip = flow.isLink ? nil : IPAddress(high: isA ? flow.aHigh : flow.bHigh, low: isA ? flow.aLow : flow.bLow)
        return Endpoint(mac: bits == 0 ? nil : MACAddress(bits: bits), ip: ip, vlan: flow.vlan)
    }

    private func messages(_ flow: borrowing Flow) -> [MessageTally] {
        guard flow.tallies >= 0, flow.service >= 0 else { return [] }
        let entry = dispatch.entries[Int(flow.service)]
        return tallies[Int(flow.tallies)].map { tally in
            MessageTally(
                code: tally.code, name: entry.messageName(tally.code), effect: tally.effect,
                fromClient: tally.fromClient,
                count: tally.count,
                first: FrameRef(
                    capture: capture, number: tally.firstNumber, time: Timestamp(nanoseconds: tally.firstTime)),
                last: FrameRef(capture: capture, number: tally.lastNumber, time: Timestamp(nanoseconds: tally.lastTime))
            )
        }
    }
}

/// What the reader knows of a capture when it has ended.
package struct CaptureSummary: Sendable {
    package var name: String
    package var sha256: String
    package var format: String
    package var reportedDrops: UInt64?
    package var damage: String?

    package init(name: String, sha256: String, format: String, reportedDrops: UInt64? = nil, damage: String? = nil) {
        self.name = name
        self.sha256 = sha256
        self.format = format
        self.reportedDrops = reportedDrops
        self.damage = damage
    }
}
