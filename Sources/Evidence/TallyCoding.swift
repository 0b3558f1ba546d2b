import Model

/// A conversation's message tallies as text: one line each, fields parted by tabs, without the capture's number, which differs from store to store.
///
///     code  effect  1 from the client or 0  count  first frame  its time in ns  last frame  its time  name
enum TallyCoding {
    static func text(_ tallies: [MessageTally]) -> String {
        var text = ""
        for tally in tallies {
            if !text.isEmpty { text += "\n" }
            text += "\(tally.code)\t\(tally.effect.rawValue)\t\(tally.fromClient ? 1 : 0)\t\(tally.count)\t"
            text += "\(tally.first.number)\t\(tally.first.time.nanoseconds)\t"
            text += "\(tally.last.number)\t\(tally.last.time.nanoseconds)\t"
            for scalar in tally.name.unicodeScalars {
                text.unicodeScalars.append(scalar == "\t" || scalar == "\n" ? " " : scalar)
            }
        }
        return text
    }

    /// Lines that are no tally are left out.
    static func tallies(_ text: String, capture: UInt32) -> [MessageTally] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count == 9, let code = UInt32(fields[0]),
                let effect = UInt8(fields[1]).flatMap(MessageEffect.init(rawValue:)), let count = UInt64(fields[3]),
                let first = frame(fields[4], fields[5], capture), let last = frame(fields[6], fields[7], capture)
            else { return nil }
            return MessageTally(
                code: code, name: String(fields[8]), effect: effect, fromClient: fields[2] == "1", count: count,
                first: first, last: last)
        }
    }

    private static func frame(_ number: Substring, _ time: Substring, _ capture: UInt32) -> FrameRef? {
        guard let number = UInt64(number), let time = Int64(time) else { return nil }
        return FrameRef(capture: capture, number: number, time: Timestamp(nanoseconds: time))
    }
}
