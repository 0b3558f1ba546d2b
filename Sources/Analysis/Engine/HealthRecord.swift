import Foundation
import Model
import Wire

extension CaptureAnalyzer {
    private static let kept = 20
    /// Intervals before anything is said of a rhythm.
    private static let leastIntervals: UInt64 = 50
    /// So many hops of one packet make a loop: the two sides of a router give one, a chain of mirrored routers a few.
    private static let hopsOfLoop: UInt64 = 8

    /// What was counted of the network's health.
    func healthRecord(linkSpeed: UInt64?) -> CaptureHealth {
        let peaks = health.load.peaks
        var record = CaptureHealth(
            busiestSecond: peaks.second, busiestMinute: peaks.minute, linkSpeed: linkSpeed,
            dataSegments: health.dataSegments)
        addRepeats(to: &record)
        record.cycles = Array(cycles().prefix(CaptureAnalyzer.kept))
        record.loops = loops()
        return record
    }

    private func addRepeats(to record: inout CaptureHealth) {
        var found: [CaptureHealth.Repeats] = []
        for (index, account) in health.repeats {
            let conversation = conversation(Int(index))
            let frames = conversation.fromClient.frames &+ conversation.fromServer.frames
            // The whole conversation was delivered twice, by a mirror of several ports: nothing can be told.
            guard account.repeated > 0, account.copies &* 4 < frames, account.repeated &* 3 < frames else { continue }
            record.repeatedSegments &+= account.repeated
            found.append(
                CaptureHealth.Repeats(
                    key: conversation.key, client: conversation.client, server: conversation.server, frames: frames,
                    repeated: account.repeated, first: CaptureAnalyzer.place(account.first),
                    last: CaptureAnalyzer.place(account.last)))
        }
        found.sort { ($1.repeated, $0.first.number) < ($0.repeated, $1.first.number) }
        record.repeats = Array(found.prefix(CaptureAnalyzer.kept))
    }

    private func cycles() -> [CaptureHealth.Cycle] {
        var found: [CaptureHealth.Cycle] = []
        for rhythm in health.rhythms {
            let conversation = conversation(Int(rhythm.flow))
            let clientIsA = flows[Int(rhythm.flow)].clientIsA
            let (a, b) =
                clientIsA ? (conversation.client, conversation.server) : (conversation.server, conversation.client)
            for (side, sender, receiver) in [(rhythm.a, a, b), (rhythm.b, b, a)]
            where side.intervals >= CaptureAnalyzer.leastIntervals {
                let count = Double(side.intervals)
                let mean = side.sum / count
                let variance = max(0, side.squares / count - mean * mean)
                found.append(
                    CaptureHealth.Cycle(
                        sender: sender, receiver: receiver, service: conversation.service ?? "",
                        intervals: side.intervals, mean: Int64(mean), deviation: Int64(variance.squareRoot()),
                        longest: side.longest, missed: side.missed,
                        longestEnd: CaptureAnalyzer.place(side.longestEnd)))
            }
        }
        func unsteadiness(_ cycle: CaptureHealth.Cycle) -> Double {
            cycle.mean == 0 ? 0 : Double(cycle.deviation) / Double(cycle.mean)
        }
        return found.sorted {
            (Double($1.missed), unsteadiness($1), $0.longestEnd.number)
                < (Double($0.missed), unsteadiness($0), $1.longestEnd.number)
        }
    }

    private func loops() -> [CaptureHealth.Loop] {
        var found = health.frameLoops.map { loop in
            CaptureHealth.Loop(
                kind: .frames, sender: Endpoint(mac: loop.sender, ip: nil),
                receiver: Endpoint(mac: loop.receiver, ip: nil), copies: loop.count,
                first: CaptureAnalyzer.place(loop.first), last: CaptureAnalyzer.place(loop.last))
        }
        for (index, account) in health.sinking.sorted(by: { $0.key < $1.key })
        where account.longest >= CaptureAnalyzer.hopsOfLoop && found.count < 2 * CaptureAnalyzer.kept {
            let conversation = conversation(Int(index))
            let fromClient = flows[Int(index)].clientIsA == account.fromA
            found.append(
                CaptureHealth.Loop(
                    kind: .packets, sender: fromClient ? conversation.client : conversation.server,
                    receiver: fromClient ? conversation.server : conversation.client, copies: account.longest &+ 1,
                    first: CaptureAnalyzer.place(account.first), last: CaptureAnalyzer.place(account.last)))
        }
        return found
    }

    private static func place(_ place: (number: UInt64, time: Int64)) -> CaptureHealth.Place {
        CaptureHealth.Place(number: place.number, time: Timestamp(nanoseconds: place.time))
    }
}
