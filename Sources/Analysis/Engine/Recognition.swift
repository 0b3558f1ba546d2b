import Model
import Protocols
import Wire

/// Which dissector a conversation belongs to.
extension CaptureAnalyzer {
    func hint(_ index: Int, fromA: Bool, isStreamStart: Bool) -> ProbeHint {
        let key = flows[index].key
        return ProbeHint(
            sourcePort: fromA ? key.aPort : key.bPort, destinationPort: fromA ? key.bPort : key.aPort,
            isTCP: key.transport == .tcp, fromClient: flows[index].clientIsA == fromA, isStreamStart: isStreamStart)
    }

    mutating func recogniseDatagram(_ payload: RawSpan, _ index: Int, fromA: Bool) -> Bool {
        let answer = dispatch.recognise(
            payload, hint(index, fromA: fromA, isStreamStart: true), excluding: flows[index].excluded)
        // Where datagrams are numbered, only that they count on proves anything: an answer that repeats its question's first
        // bytes looks like the other direction's agreement.
        if answer.verdict.certainty == .possible, !answer.isRegistered,
            let place = dispatch.types[Int(answer.service)].place(payload)
        {
            let run = flows[index].follow(place, fromA: fromA)
            if run.isConvincing {
                name(index, answer, fromA: fromA)
                return true
            }
            if run.goesOn { return false }
        } else if settle(answer, index, fromA: fromA) {
            return true
        }
        countProbe(index, fromA: fromA)
        return false
    }

    /// Takes a recognition when it is good enough; remembers it when the other direction may confirm it.
    mutating func settle(_ answer: Dispatch.Recognition, _ index: Int, fromA: Bool) -> Bool {
        switch answer.verdict.certainty {
        case .certain: break
        case .possible where answer.isRegistered: break
        case .possible:
            let other = fromA ? flows[index].bProbes : flows[index].aProbes
            guard flows[index].tentative == answer.service, other > 0 else {
                flows[index].tentative = answer.service
                return false
            }
        case .no, .wait: return false
        }
        name(index, answer, fromA: fromA)
        return true
    }

    mutating func name(_ index: Int, _ answer: Dispatch.Recognition, fromA: Bool) {
        flows[index].service = answer.service
        flows[index].stage = .dissecting
        followRhythm(index, answer.service)
        if !flows[index].directionCertain {
            switch answer.verdict.sender {
            case .client: flows[index].clientIsA = fromA
            case .server: flows[index].clientIsA = !fromA
            case .unknown: break
            }
        }
    }

    mutating func countProbe(_ index: Int, fromA: Bool) {
        if fromA { flows[index].aProbes &+= 1 } else { flows[index].bProbes &+= 1 }
        // Give up when either way was looked at often enough without an answer.
        if flows[index].aProbes >= limits.probes || flows[index].bProbes >= limits.probes { release(index) }
    }

    /// True when another dissector is certain of the stream's bytes that one gave back, and has the conversation now.
    mutating func takesOver(_ bytes: RawSpan, _ index: Int, _ slot: Int, fromA: Bool) -> Bool {
        guard flows[index].stage == .probing else { return false }
        let isStart = streams[slot].isFromStart && !streams[slot].afterGap
        let answer = dispatch.recognise(
            bytes, hint(index, fromA: fromA, isStreamStart: isStart), excluding: flows[index].excluded)
        return answer.verdict.certainty == .certain && settle(answer, index, fromA: fromA)
    }
}
