// The unsafe memory of the supervisor lives in this file: chunks that the collector's pipe is read into.

import Captures
import Glibc

/// Memory for one read after the other, given back when the last span in it is gone.
final class Chunk {
    static let size = 1 << 20

    let base: UnsafeMutableRawPointer
    private let pool: ChunkPool

    fileprivate init(_ pool: ChunkPool) {
        self.pool = pool
        base = pool.take()
    }

    deinit { pool.give(base) }

    /// Another one, beyond what the limit allows.
    func another() -> Chunk { pool.chunk() }
}

/// Chunks in use and, for reuse, those that are not.
final class ChunkPool {
    private var free: [UnsafeMutableRawPointer] = []
    private(set) var inUse = 0
    /// Chunks that nobody uses, kept for reuse.
    var spare: Int { free.count }
    /// Chunks kept for reuse however little comes.
    private static let least = 4
    /// Chunks that were free all the time since the last trimming.
    private var idle = 0

    deinit { for chunk in free { chunk.deallocate() } }

    func chunk() -> Chunk { Chunk(self) }

    fileprivate func take() -> UnsafeMutableRawPointer {
        inUse += 1
        // The one given back last: its memory is the likeliest to be near.
        if let chunk = free.popLast() {
            idle = min(idle, free.count)
            return chunk
        }
        idle = 0
        // In small pages: a large one has to be cleared as a whole, which under a hypervisor costs three times what the faults do.
        return .allocate(byteCount: Chunk.size, alignment: 4096)
    }

    fileprivate func give(_ chunk: UnsafeMutableRawPointer) {
        inUse -= 1
        free.append(chunk)
    }

    /// Gives back to the machine what was of no use since the last call. To be called every few seconds, for chunks come and
    /// go with each commit.
    func trim() {
        for _ in 0..<min(idle, max(0, free.count - ChunkPool.least)) { free.popLast()?.deallocate() }
        idle = free.count
    }
}

/// What goes to the analyser: kept from when it was received until what came of it is committed, so that it can be fed
/// again to another analyser. Bounded: whoever comes when it is full is turned away and counted.
struct Backlog {
    /// A run of whole blocks, or one message.
    struct Span {
        enum Content {
            case blocks(Chunk, Range<Int>)
            /// Section header and interface description, which every reading has to begin with.
            case preamble([UInt8])
            case control(LiveControl, [UInt8])
        }
        var content: Content
        /// Number in the sequence of the first numbered thing in it, or of the next one.
        var first: UInt64
        /// How many numbered things it holds.
        var count: UInt64

        var length: Int {
            switch content {
            case .blocks(_, let range): range.count
            case .preamble(let bytes), .control(_, let bytes): bytes.count
            }
        }
    }

    let pool = ChunkPool()
    private let limit: Int
    private var spans: [Span] = []
    /// Where the spans that are still wanted begin; those before are gone.
    private var head = 0
    /// The span that is being sent, and how much of it was.
    private var cursor = 0
    private var sent = 0
    /// Number in the sequence of what comes next.
    private(set) var next: UInt64 = 1
    /// What was in force at the head.
    private var headPreamble: [UInt8] = []
    private var headSegment: LiveSegmentStart?
    /// Frames that came when there was no room.
    private(set) var turnedAway: UInt64 = 0
    /// The last number that was committed.
    private var committed: UInt64 = 0
    /// Frames that were sent to an analyser that ended before it committed them, and could not be sent again because
    /// they had been given up for room.
    private(set) var lost: UInt64 = 0

    /// - Parameter limit: bytes of memory for frames.
    init(limit: Int) { self.limit = max(limit / Chunk.size, 4) }

    /// True when another chunk may be filled; makes room by giving up what was sent already.
    mutating func hasRoom() -> Bool {
        while pool.inUse >= limit, head < cursor { drop() }
        return pool.inUse < limit
    }

    /// True while less than three quarters of the memory is taken, so that what waits can wait.
    var isRoomy: Bool { pool.inUse < limit / 4 * 3 }

    // MARK: Coming in

    mutating func append(_ chunk: Chunk, _ range: Range<Int>, frames: UInt64) {
        guard !range.isEmpty else { return }
        spans.append(Span(content: .blocks(chunk, range), first: next, count: frames))
        next += frames
    }

    mutating func append(_ message: LiveControl) {
        spans.append(Span(content: .control(message, message.block), first: next, count: message.numbered))
        next += message.numbered
    }

    mutating func append(preamble: [UInt8]) {
        spans.append(Span(content: .preamble(preamble), first: next, count: 0))
    }

    /// Counts frames for which there was no room.
    mutating func turnAway(_ frames: UInt64, as name: String) {
        turnedAway += frames
        if let last = spans.indices.last, last > cursor || last == cursor && sent == 0, last >= head,
            case .control(.skip(let before, let old), _) = spans[last].content, old == name
        {
            let message = LiveControl.skip(before + frames, as: name)
            spans[last].content = .control(message, message.block)
            spans[last].count += frames
            next += frames
        } else {
            append(.skip(frames, as: name))
        }
    }

    // MARK: Going out

    var hasUnsent: Bool { cursor < spans.count }

    /// Writes to the analyser's pipe what it takes. False when nobody reads there any more.
    mutating func send(to descriptor: Int32) -> Bool {
        while cursor < spans.count {
            let length = spans[cursor].length
            let count: Int
            switch spans[cursor].content {
            case .blocks(let chunk, let range):
                count = write(descriptor, chunk.base + range.lowerBound + sent, length - sent)
            case .preamble(let bytes), .control(_, let bytes):
                count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress.map { $0 + sent }, length - sent) }
            }
            guard count >= 0 else { return errno == EAGAIN || errno == EINTR }
            sent += count
            guard sent == length else { continue }
            sent = 0
            cursor += 1
        }
        return true
    }

    /// Lets go of everything up to this number.
    mutating func release(upTo number: UInt64) {
        committed = max(committed, number)
        while head < cursor, spans[head].first + spans[head].count <= number + 1 { drop() }
        guard head > 256 else { return }
        spans.removeFirst(head)
        cursor -= head
        head = 0
    }

    private mutating func drop() {
        switch spans[head].content {
        case .preamble(let bytes): headPreamble = bytes
        case .control(.begin(let start), _): headSegment = start
        case .control, .blocks: break
        }
        // The slot stays until the array is cut, but not what it held.
        spans[head].content = .preamble([])
        head += 1
    }

    // MARK: Again

    /// Everything not committed goes out once more, to an analyser that knows nothing yet.
    mutating func rewind() {
        let first = head < spans.count ? spans[head].first : next
        var resumed: [Span] = []
        if !headPreamble.isEmpty { resumed.append(Span(content: .preamble(headPreamble), first: first, count: 0)) }
        if let start = headSegment {
            let message = LiveControl.begin(start)
            resumed.append(Span(content: .control(message, message.block), first: first, count: 0))
        }
        let at = LiveControl.at(min(first, committed + 1))
        resumed.append(Span(content: .control(at, at.block), first: first, count: 0))
        if first > committed + 1 {
            lost += first - committed - 1
            let skip = LiveControl.skip(first - committed - 1, as: "parser")
            resumed.append(
                Span(content: .control(skip, skip.block), first: committed + 1, count: first - committed - 1))
        }
        spans = resumed + spans[head...]
        head = 0
        cursor = 0
        sent = 0
    }

    /// Takes the frame with this number out, to be sent no more, and answers its block. After it, or where it was, the
    /// analyser is asked to commit.
    mutating func exclude(_ number: UInt64, as name: String) -> [UInt8]? {
        guard
            let index = spans.indices.first(where: {
                $0 >= head && number >= spans[$0].first && number - spans[$0].first < spans[$0].count
            })
        else { return nil }
        let span = spans[index]
        guard case .blocks(let chunk, let range) = span.content else {
            // A message that kills its reader is not sent again either.
            let skip = LiveControl.skip(span.count, as: name)
            if case .control = span.content { spans[index].content = .control(skip, skip.block) }
            return nil
        }
        var place = range.lowerBound
        var frames: UInt64 = 0
        while place < range.upperBound {
            let block = Block(chunk.base + place)
            if block.isFrame {
                if span.first + frames == number { break }
                frames += 1
            }
            place += block.length
        }
        guard place < range.upperBound else { return nil }
        let end = place + Block(chunk.base + place).length
        let bytes = [UInt8](UnsafeRawBufferPointer(start: chunk.base + place, count: end - place))
        let skip = LiveControl.skip(1, as: name)
        let commit = LiveControl.commit
        var parts = [Span(content: .blocks(chunk, range.lowerBound..<place), first: span.first, count: frames)]
        parts.append(Span(content: .control(commit, commit.block), first: number, count: 0))
        parts.append(Span(content: .control(skip, skip.block), first: number, count: 1))
        parts.append(
            Span(content: .blocks(chunk, end..<range.upperBound), first: number + 1, count: span.count - frames - 1))
        spans.replaceSubrange(index...index, with: parts.filter { $0.length > 0 })
        return bytes
    }
}

/// A pcapng block's frame: 0 type   4 length.
struct Block {
    static let frame: UInt32 = 6
    static let statistics: UInt32 = 5
    static let interface: UInt32 = 1
    static let section: UInt32 = 0x0a0d_0d0a

    let type: UInt32
    let length: Int

    init(_ bytes: UnsafeRawPointer) {
        type = bytes.loadUnaligned(as: UInt32.self)
        length = Int(bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    }

    var isFrame: Bool { type == Block.frame }
    /// A length that the collector's blocks can have.
    var isSound: Bool { length >= 12 && length & 3 == 0 && length <= 300_000 }
}
