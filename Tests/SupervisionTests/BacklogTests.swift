import Captures
import Glibc
import TestSupport
import Testing

@testable import Supervision

/// What waits between collector and analyser, and is given to another analyser when one dies.
@Suite struct BacklogTests {
    /// A frame's block with a number in it, of a multiple of 4 octets.
    private func block(_ number: UInt64, size: Int = 60) -> [UInt8] {
        let length = UInt32(32 + size)
        var bytes: [UInt8] = []
        for value in [6, length, 0, 0, 0, UInt32(size), UInt32(size)] {
            withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
        }
        withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
        bytes += [UInt8](repeating: 0, count: size - 8)
        withUnsafeBytes(of: length.littleEndian) { bytes += $0 }
        return bytes
    }

    private func append(_ numbers: ClosedRange<UInt64>, to backlog: inout Backlog) {
        let chunk = backlog.pool.chunk()
        var end = 0
        for number in numbers {
            let bytes = block(number)
            (chunk.base + end).copyMemory(from: bytes, byteCount: bytes.count)
            end += bytes.count
        }
        backlog.append(chunk, 0..<end, frames: UInt64(numbers.count))
    }

    /// What an analyser would get: numbers of frames in order, and messages, each with its place in the sequence.
    private func received(_ backlog: inout Backlog) throws -> (frames: [UInt64: UInt64], messages: [LiveControl]) {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        // F_SETPIPE_SZ, fcntl(2).
        _ = fcntl(ends[1], 1031, 1 << 20)
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        let isTaken = backlog.send(to: ends[1])
        #expect(isTaken)
        #expect(!backlog.hasUnsent)
        close(ends[1])
        defer { close(ends[0]) }
        var stream = LiveStream(descriptor: ends[0], name: "test")
        var frames: [UInt64: UInt64] = [:]
        var messages: [LiveControl] = []
        var next: UInt64 = 1
        while true {
            switch stream.next() {
            case .frame:
                frames[next] = stream.bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
                next += 1
            case .control(let message):
                if case .at(let number) = message { next = number } else { next += message.numbered }
                messages.append(message)
            case .other: break
            case .end(let error):
                #expect(error == nil)
                return (frames, messages)
            }
        }
    }

    private static let preamble: [UInt8] = [
        0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255,
        28, 0, 0, 0,
        1, 0, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 4, 0, 20, 0, 0, 0,
    ]
    private static let start = LiveSegmentStart(base: 1, identity: "live:x:1", name: "x", previous: "")

    private func begun() -> Backlog {
        var backlog = Backlog(limit: 8 * Chunk.size)
        backlog.append(preamble: BacklogTests.preamble)
        backlog.append(.begin(BacklogTests.start))
        return backlog
    }

    @Test func whatIsNotCommittedGoesOutAgain() throws {
        var backlog = begun()
        append(1...10, to: &backlog)
        append(11...20, to: &backlog)
        let first = try received(&backlog)
        // The beginning of the segment took number 1.
        #expect(first.frames == Dictionary(uniqueKeysWithValues: (1...20).map { ($0 + 1, $0) }))
        backlog.release(upTo: 11)
        append(21...30, to: &backlog)
        backlog.rewind()
        let second = try received(&backlog)
        #expect(second.frames == Dictionary(uniqueKeysWithValues: (11...30).map { ($0 + 1, $0) }))
        #expect(second.messages == [.begin(BacklogTests.start), .at(12)])
    }

    @Test func oneFrameIsTakenOutAndNoOther() throws {
        var backlog = begun()
        append(1...10, to: &backlog)
        _ = try received(&backlog)
        let fifth = backlog.exclude(6, as: "quarantined")
        #expect(fifth == block(5))
        backlog.rewind()
        let again = try received(&backlog)
        #expect(again.frames == Dictionary(uniqueKeysWithValues: (1...10).filter { $0 != 5 }.map { ($0 + 1, $0) }))
        #expect(again.messages.contains(.skip(1, as: "quarantined")))
        #expect(again.messages.contains(.commit))
        // The first and the last of a run, too; what is not there is not taken out.
        let first = backlog.exclude(2, as: "quarantined")
        let last = backlog.exclude(11, as: "quarantined")
        let none = backlog.exclude(99, as: "quarantined")
        #expect(first == block(1) && last == block(10) && none == nil)
        backlog.rewind()
        let rest = try received(&backlog)
        #expect(rest.frames.count == 7)
    }

    @Test func whereThereIsNoRoomFramesAreCountedAndTheOthersKeepTheirNumbers() throws {
        var backlog = begun()
        append(1...10, to: &backlog)
        backlog.turnAway(5, as: "queue")
        backlog.turnAway(2, as: "queue")
        append(18...20, to: &backlog)
        let answer = try received(&backlog)
        #expect(answer.frames[19] == 18)
        #expect(answer.frames.count == 13)
        #expect(answer.messages.contains(.skip(7, as: "queue")))
        #expect(backlog.turnedAway == 7)
    }

    @Test func memoryIsBoundedAndWhatWasSentGoesFirst() throws {
        var backlog = begun()
        append(1...10, to: &backlog)
        _ = try received(&backlog)
        // Eight chunks are the limit; the one that was sent makes room.
        for number in 1...7 { append(UInt64(number * 100)...UInt64(number * 100 + 1), to: &backlog) }
        let before = backlog.hasRoom()
        #expect(before)
        #expect(backlog.pool.inUse == 7)
        append(900...901, to: &backlog)
        let after = backlog.hasRoom()
        #expect(!after)
        // An analyser that dies now had frames that nobody has any more.
        backlog.rewind()
        #expect(backlog.lost > 0)
    }

    /// However the bytes arrive, every block comes out once and whole.
    @Test func theIntakeFindsBlocksHoweverBytesArrive() throws {
        var random = SplitMix(seed: 3)
        final class Taker: IntakeConsumer {
            let pool = ChunkPool()
            var bytes: [UInt8] = []
            var frames: UInt64 = 0
            var preambles = 0
            func chunk() -> Chunk? { pool.inUse < 3 ? pool.chunk() : nil }
            func take(preamble: [UInt8]) {
                preambles += 1
                bytes += preamble
            }
            func take(_ chunk: Chunk, _ range: Range<Int>, frames: UInt64, isKept: Bool) {
                bytes += UnsafeRawBufferPointer(start: chunk.base + range.lowerBound, count: range.count)
                self.frames += frames
            }
            func room(next: Int) -> Int { 100_000 }
        }
        var sent = BacklogTests.preamble
        for number in 1...3000 {
            // Some as long as a block can be, so that they meet the ends of chunks.
            let words = random.next() % 100 == 0 ? 65_000 : random.next() % 400
            sent += block(UInt64(number), size: 8 + Int(words) * 4)
        }
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        let taker = Taker()
        let intake = Intake(taker.pool.chunk())
        var done = 0
        while done < sent.count {
            let count = min(sent.count - done, Int(random.next() % 30_000) + 1)
            let written = sent.withUnsafeBytes { write(ends[1], $0.baseAddress.map { $0 + done }, count) }
            if written > 0 { done += written }
            _ = intake.read(ends[0], taker)
        }
        close(ends[1])
        while case .some = intake.read(ends[0], taker) {}
        close(ends[0])
        #expect(taker.bytes == sent)
        #expect(taker.frames == 3000)
        #expect(taker.preambles == 1)
    }

    /// Takes whatever comes and keeps nothing.
    private final class AnyTaker: IntakeConsumer {
        let pool = ChunkPool()
        func chunk() -> Chunk? { pool.chunk() }
        func take(preamble: [UInt8]) {}
        func take(_ chunk: Chunk, _ range: Range<Int>, frames: UInt64, isKept: Bool) {}
        func room(next: Int) -> Int { Int.max }
    }

    /// The collector's statistics tell how full the kernel's ring was, or leave it out.
    @Test func howFullTheRingWasIsRead() throws {
        func statistics(_ values: [UInt64]) -> [UInt8] {
            var bytes: [UInt8] = []
            func put(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
            let length = UInt32(20 + 12 * values.count + 8)
            for word in [5, length, 0, 0, 0] { put(word) }
            for (code, value) in zip([4, 5, 7, 8, 0x8001] as [UInt16], values) {
                put(code)
                put(8 as UInt16)
                put(value)
            }
            put(0 as UInt32)
            put(length)
            return bytes
        }
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        let taker = AnyTaker()
        let intake = Intake(taker.pool.chunk())
        func read(_ bytes: [UInt8]) {
            _ = bytes.withUnsafeBytes { write(ends[1], $0.baseAddress, $0.count) }
            _ = intake.read(ends[0], taker)
        }
        read(BacklogTests.preamble + statistics([9, 1, 2, 7]))
        #expect(intake.counters.received == 9 && intake.counters.droppedBySystem == 2)
        #expect(intake.takeRingFill() == 0)
        // The fullest counts until it is asked for.
        read(statistics([19, 1, 3, 16, 800]) + statistics([20, 1, 3, 17, 100]))
        #expect(intake.counters.received == 20 && intake.counters.droppedBySystem == 3)
        #expect(intake.takeRingFill() == 800)
        #expect(intake.takeRingFill() == 0)
    }

    /// Hashing may wait, but not for ever, and what was hashed takes no memory.
    @Test func whatWaitsForHashingIsBounded() {
        let pool = ChunkPool()
        var pending = PendingHash()
        var atOnce = PendingHash()
        for number in 0..<100 {
            let chunk = pool.chunk()
            memset(chunk.base, Int32(number), Chunk.size)
            atOnce.append(chunk, 0..<Chunk.size)
            atOnce.finish()
            pending.append(chunk, 0..<1000)
            pending.append(chunk, 1000..<Chunk.size)
            #expect(pending.bytes <= PendingHash.most)
        }
        #expect(pool.inUse <= PendingHash.most / Chunk.size)
        pending.hash(3 << 20)
        #expect(pool.inUse <= PendingHash.most / Chunk.size - 3)
        #expect(pending.finalize() == atOnce.finalize())
        #expect(pool.inUse == 0 && pending.bytes == 0)
    }

    @Test func memoryThatWasOfNoUseForAWhileGoesBack() {
        let pool = ChunkPool()
        var chunks = (0..<40).map { _ in pool.chunk() }
        #expect(pool.inUse == 40 && pool.spare == 0)
        chunks.removeAll()
        // All of it was needed since.
        pool.trim()
        #expect(pool.inUse == 0 && pool.spare == 40)
        chunks = (0..<10).map { _ in pool.chunk() }
        chunks.removeAll()
        pool.trim()
        #expect(pool.spare == 10)
        pool.trim()
        #expect(pool.spare == 4)
    }

    /// Whatever comes instead of blocks, it is told and nothing traps.
    @Test func theIntakeBearsAnything() throws {
        var random = SplitMix(seed: 4)
        for _ in 0..<500 {
            var bytes = BacklogTests.preamble + (1...20).flatMap { block(UInt64($0)) }
            for _ in 0..<3 {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            _ = bytes.withUnsafeBytes { write(ends[1], $0.baseAddress, $0.count) }
            close(ends[1])
            let taker = AnyTaker()
            let intake = Intake(taker.pool.chunk())
            while case .some = intake.read(ends[0], taker) {}
            close(ends[0])
        }
    }
}
