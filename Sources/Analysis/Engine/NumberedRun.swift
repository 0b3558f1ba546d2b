import Protocols

/// Datagrams of one end that followed each other in a numbered stream, while the conversation's protocol is looked for.
struct NumberedRun: BitwiseCopyable, Sendable {
    /// Steps from a number to the next that no other protocol takes by chance: the stream's 32 bits stayed, its 16 counted.
    private static let enough: UInt8 = 3

    private var steps: UInt8 = 0
    private var isRepeated = false

    var isConvincing: Bool { steps >= NumberedRun.enough }

    /// Takes the next datagram's place; `end` remembers it. True when the datagram belongs to the run: one more, or, where both
    /// sides of a port are mirrored, the last one again.
    mutating func take(_ place: StreamPlace, _ end: inout FlowEnd) -> Bool {
        let step = place.stream == end.next ? place.number &- end.identification : .max
        end.next = place.stream
        end.identification = place.number
        switch step {
        case 1:
            steps = min(steps &+ 1, NumberedRun.enough)
            isRepeated = false
            return true
        case 0 where steps > 0 && !isRepeated:
            isRepeated = true
            return true
        default:
            self = NumberedRun()
            return false
        }
    }
}

extension Flow {
    /// Takes the place of a datagram in its end's numbered stream: whether that goes on, and whether it has for long enough.
    mutating func follow(_ place: StreamPlace, fromA: Bool) -> (goesOn: Bool, isConvincing: Bool) {
        fromA
            ? (aRun.take(place, &a), aRun.isConvincing)
            : (bRun.take(place, &b), bRun.isConvincing)
    }
}
