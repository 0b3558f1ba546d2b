import Crypto
import Model

/// When blocks are hashed that came: at once, when there is time, or soon, which catches up with what was put off.
enum HashTime { case now, soon, later }

/// The SHA-256 of a segment, and blocks that are still to go into it, in their order.
struct PendingHash {
    var hash = SHA256()
    private var waiting: [(chunk: Chunk, range: Range<Int>)] = []
    /// Those before are done.
    private var head = 0

    mutating func append(_ chunk: Chunk, _ range: Range<Int>) {
        if let last = waiting.last, head < waiting.count, last.chunk === chunk,
            last.range.upperBound == range.lowerBound
        {
            waiting[waiting.count - 1].range = last.range.lowerBound..<range.upperBound
        } else {
            waiting.append((chunk, range))
        }
    }

    /// Hashes about as many bytes, or all there are.
    mutating func hash(_ count: Int) {
        var left = count
        while left > 0, head < waiting.count {
            let (chunk, range) = waiting[head]
            hash.update(
                bufferPointer: UnsafeRawBufferPointer(start: chunk.base + range.lowerBound, count: range.count))
            left -= range.count
            head += 1
            // The slot is of the past, and so is the memory.
            if head == waiting.count || head > 64 {
                waiting.removeFirst(head)
                head = 0
            }
        }
    }

    mutating func finish() { hash(.max) }

    mutating func finalize() -> String {
        finish()
        return hash.finalize().hexadecimalText
    }
}
