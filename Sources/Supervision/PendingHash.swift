import Crypto
import Model

/// When blocks are hashed that came: at once, when there is time, or soon, which catches up with what was put off.
enum HashTime { case now, soon, later }

/// The SHA-256 of a segment, and blocks that are still to go into it, in their order.
struct PendingHash {
    /// Bytes that wait at most: what a processor hashes in some hundredths of a second, for at a segment's end all of it is done
    /// at once; and memory that stays taken until then.
    static let most = 64 << 20

    var hash = SHA256()
    private var waiting: [(chunk: Chunk?, range: Range<Int>)] = []
    /// Those before are done.
    private var head = 0
    /// Bytes that wait.
    private(set) var bytes = 0

    mutating func append(_ chunk: Chunk, _ range: Range<Int>) {
        bytes += range.count
        if let last = waiting.last, head < waiting.count, last.chunk === chunk,
            last.range.upperBound == range.lowerBound
        {
            waiting[waiting.count - 1].range = last.range.lowerBound..<range.upperBound
        } else {
            waiting.append((chunk, range))
        }
        if bytes > PendingHash.most { hash(bytes - PendingHash.most) }
    }

    /// Hashes about as many bytes, or all there are.
    mutating func hash(_ count: Int) {
        var left = count
        while left > 0, head < waiting.count {
            let range = waiting[head].range
            if let chunk = waiting[head].chunk {
                hash.update(
                    bufferPointer: UnsafeRawBufferPointer(start: chunk.base + range.lowerBound, count: range.count))
            }
            // The slot stays until the array is cut, but not the memory.
            waiting[head].chunk = nil
            bytes -= range.count
            left -= range.count
            head += 1
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
