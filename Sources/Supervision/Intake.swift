import Glibc

/// Takes what the collector sent.
protocol IntakeConsumer: AnyObject {
    /// Memory to read into; nil when there is no room for more.
    func chunk() -> Chunk?
    /// A section header and interface description, with which a reading begins.
    func take(preamble: [UInt8])
    /// A run of whole blocks. What is not kept lies in memory that is used again at once.
    func take(_ chunk: Chunk, _ range: Range<Int>, frames: UInt64, isKept: Bool)
    /// How many more bytes the present segment takes. Where `next` bytes are too many, another segment begins.
    func room(next: Int) -> Int
}

/// Reads the collector's pipe and finds where blocks end. It looks at block headers, and at the collector's own
/// statistics; never into a frame.
final class Intake {
    /// What the kernel and the interface counted, of one collector.
    struct Counters {
        var received: UInt64 = 0
        var droppedByInterface: UInt64 = 0
        var droppedBySystem: UInt64 = 0
        /// Frames that came through the pipe: counted here, for a collector that was killed did not say.
        var delivered: UInt64 = 0
    }

    private var chunk: Chunk
    private var start = 0
    private var end = 0
    private var isScratch = false
    private(set) var counters = Counters()
    private var ringFill: UInt64 = 0
    private var section: [UInt8] = []

    /// Less is not worth reading into: another chunk is begun instead.
    private static let leastRoom = 16 * 1024

    /// - Parameter chunk: memory to read into.
    init(_ chunk: Chunk) { self.chunk = chunk }

    enum Reading {
        case some
        case nothing
        case closed
        /// What came is not the collector's stream.
        case broken
    }

    /// Reads once, and hands on what is complete.
    func read(_ descriptor: Int32, _ consumer: some IntakeConsumer) -> Reading {
        makeRoom(consumer)
        let count = Glibc.read(descriptor, chunk.base + end, Chunk.size - end)
        if count == 0 { return .closed }
        guard count > 0 else { return errno == EAGAIN || errno == EINTR ? .nothing : .closed }
        end += count
        return scan(consumer) ? .some : .broken
    }

    private func makeRoom(_ consumer: some IntakeConsumer) {
        // What the block needs whose beginning is there, to lie in one piece.
        let rest = end - start
        let needed = rest >= 8 ? Block(chunk.base + start).length - rest : 0
        let isFull = Chunk.size - end < max(needed, Intake.leastRoom)
        if isScratch {
            if let other = consumer.chunk() {
                move(to: other)
                isScratch = false
            } else if isFull {
                move(to: chunk)
            }
        } else if isFull {
            if let other = consumer.chunk() {
                move(to: other)
            } else {
                move(to: chunk.another())
                isScratch = true
            }
        }
    }

    private func move(to other: Chunk) {
        let rest = end - start
        other.base.copyMemory(from: chunk.base + start, byteCount: rest)
        chunk = other
        start = 0
        end = rest
    }

    /// False when a block is none.
    private func scan(_ consumer: some IntakeConsumer) -> Bool {
        let base = UnsafeRawPointer(chunk.base)
        let end = end
        var place = start
        // Where what was not handed on yet begins, and the frames in it.
        var first = start
        var frames: UInt64 = 0
        var left = consumer.room(next: 0)
        func hand() {
            start = place
            guard place > first else { return }
            counters.delivered &+= frames
            consumer.take(chunk, first..<place, frames: frames, isKept: !isScratch)
            first = place
            frames = 0
        }
        while end &- place >= 12 {
            let block = Block(base + place)
            guard block.isSound else {
                hand()
                return false
            }
            guard end &- place >= block.length else { break }
            if block.isFrame {
                if place &- first &+ block.length > left {
                    hand()
                    left = consumer.room(next: block.length)
                }
                frames &+= 1
                place &+= block.length
                continue
            }
            if block.type == Block.section || block.type == Block.interface {
                hand()
                let bytes = [UInt8](UnsafeRawBufferPointer(start: base + place, count: block.length))
                if block.type == Block.section { section = bytes } else { consumer.take(preamble: section + bytes) }
                place &+= block.length
                first = place
                left = consumer.room(next: 0)
                continue
            }
            if place &- first &+ block.length > left {
                hand()
                left = consumer.room(next: block.length)
            }
            if block.type == Block.statistics { readCounters(block, place) }
            place &+= block.length
        }
        hand()
        return true
    }

    /// As the collector lays it out: from 20 on options of 4 + 8 octets each, the fourth what it delivered itself, the fifth,
    /// which a collector may leave out, how full the kernel's ring was.
    private func readCounters(_ block: Block, _ place: Int) {
        guard block.length == 76 || block.length == 88 else { return }
        func value(_ index: Int) -> UInt64 {
            (chunk.base + place + 24 + 12 * index).loadUnaligned(as: UInt64.self)
        }
        counters.received = value(0)
        counters.droppedByInterface = value(1)
        counters.droppedBySystem = value(2)
        if block.length == 88 { ringFill = max(ringFill, value(4)) }
    }

    /// How full the kernel's ring was at most, in thousandths, since this was last asked.
    func takeRingFill() -> UInt64 {
        defer { ringFill = 0 }
        return ringFill
    }
}
