import Foundation
import Model
import TestSupport
import Testing

@testable import Captures

/// Reading single frames again gives what the first reading gave, wherever it starts.
@Suite struct ReplayTests {
    private func write(_ bytes: [UInt8]) throws -> String {
        let path = NSTemporaryDirectory() + "otscan-replay-\(UUID().uuidString)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// Frames that add up to many marks.
    private func samples(_ count: Int, seed: UInt64) -> [Sample] {
        var random = SplitMix(seed: seed)
        return (0..<count).map { index in
            Sample(
                random.bytes(200 + Int(random.next() % 1200)),
                at: 1_767_225_600_000_000_000 + Int64(index) * 1_234_567_000)
        }
    }

    private func check(
        _ path: String, marks: ClosedRange<Int>, numbers: [UInt64], expect: (UInt64) -> [UInt8]?
    ) throws {
        var first = try CaptureReader(path: path, replayable: true)
        var frames: [UInt64: Frame] = [:]
        while first.next() { frames[first.frame.number] = first.frame }
        let ending = first.ending
        #expect(ending == .complete)
        let taken = first.replay
        let replay = try #require(taken)
        #expect(marks.contains(replay.marks.count), "\(replay.marks.count) marks")
        var seen: [UInt64] = []
        for group in replay.groups(numbers) {
            var reader = try replay.reader(near: try #require(group.first))
            for number in group {
                var isThere = true
                while isThere, reader.frame.number < number { isThere = reader.next() }
                try #require(isThere)
                seen.append(number)
                let (frame, bytes) = (reader.frame, reader.bytes.array())
                #expect(frame == frames[number], "frame \(number)")
                #expect(bytes == expect(number), "frame \(number)")
            }
        }
        #expect(seen == numbers)
    }

    @Test func pcapIsReadNearTheFrame() throws {
        let samples = samples(2000, seed: 1)
        let path = try write(Pcap.file(samples, order: .big))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try check(path, marks: 10...40, numbers: [1, 2, 700, 701, 1333, 1999, 2000]) { samples[Int($0) - 1].bytes }
    }

    /// Two sections in two byte orders, interfaces declared late, and a record that counts as a frame without being one.
    @Test func pcapngIsReadNearTheFrameInAnySection() throws {
        let samples = samples(1800, seed: 2)
        var bytes = Pcapng.section() + Pcapng.interface(1)
        for index in 0..<600 { bytes += Pcapng.packet(samples[index]) }
        bytes += Pcapng.interface(101, options: Pcapng.option(9, [9])) + Pcapng.block(0xbad, [1, 2, 3, 4, 5, 6, 7, 8])
        for index in 600..<1200 {
            bytes += Pcapng.packet(samples[index], interface: 1, ticks: UInt64(samples[index].nanoseconds))
        }
        bytes += Pcapng.section(.big) + Pcapng.interface(113, order: .big)
        for index in 1200..<1800 { bytes += Pcapng.packet(samples[index], order: .big) }
        let path = try write(bytes)
        defer { try? FileManager.default.removeItem(atPath: path) }
        // Frame 601 is the custom block.
        try check(path, marks: 10...40, numbers: [5, 599, 600, 602, 900, 1201, 1202, 1500, 1801]) { number in
            samples[Int(number) - (number > 601 ? 2 : 1)].bytes
        }
    }

    @Test func compressedCapturesAreReadFromTheStart() throws {
        let samples = samples(800, seed: 3)
        for bytes in [try Compressed.gzip(Pcap.file(samples)), try Compressed.zstd(Pcap.file(samples))] {
            let path = try write(bytes)
            defer { try? FileManager.default.removeItem(atPath: path) }
            try check(path, marks: 0...0, numbers: [1, 400, 800]) { samples[Int($0) - 1].bytes }
        }
    }

    @Test func marksAreBounded() {
        var marks = ReplayMarks(areWanted: true)
        var offset: UInt64 = 0
        for number in 0..<100_000 {
            offset += 64 * 1024
            if offset >= marks.due {
                marks.add(
                    ReplayMark(
                        offset: offset, framesBefore: UInt64(number), interfaceCount: 1, firstInterface: 0,
                        swapped: false))
            }
        }
        #expect(marks.marks.count <= ReplayMarks.limit && marks.marks.count > ReplayMarks.limit / 4)
        #expect(zip(marks.marks, marks.marks.dropFirst()).allSatisfy { $0.framesBefore < $1.framesBefore })
    }

    @Test func anotherFileInItsPlaceIsNotTaken() throws {
        let path = try write(Pcap.file(samples(10, seed: 4)))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let replay = try CaptureReplay(path: path)
        let other = try write(Pcap.file(samples(10, seed: 5)))
        #expect(rename(other, path) == 0)
        #expect(throws: CaptureError.self) {
            let reader = try replay.reader(near: 3)
            Issue.record("frame \(reader.frame.number) was read from another file")
        }
    }

    // MARK: Streams

    /// What cannot be rewound is spooled: encrypted, without a name, and read again like a file.
    @Test func aPipeIsReadAgainFromItsSpool() throws {
        let samples = samples(1500, seed: 6)
        let path = NSTemporaryDirectory() + "otscan-fifo-\(UUID().uuidString)"
        try #require(mkfifo(path, 0o600) == 0)
        defer { try? FileManager.default.removeItem(atPath: path) }
        for bytes in [Pcap.file(samples), try Compressed.gzip(Pcap.file(samples))] {
            let isPlain = bytes.prefix(4) == Pcap.file(samples).prefix(4)
            let feeder = Process()
            let source = try write(bytes)
            defer { try? FileManager.default.removeItem(atPath: source) }
            feeder.executableURL = URL(fileURLWithPath: "/bin/sh")
            feeder.arguments = ["-c", "cat \"$0\" > \"$1\"", source, path]
            try feeder.run()
            try check(path, marks: isPlain ? 10...40 : 0...0, numbers: [1, 2, 800, 1500]) { samples[Int($0) - 1].bytes }
            feeder.waitUntilExit()
        }
    }

    @Test func aSpoolGivesBackEveryByteAndStopsAtItsLimit() throws {
        var random = SplitMix(seed: 7)
        let bytes = random.bytes(CaptureSpool.chunkSize * 2 + 12_345)
        let spool = CaptureSpool()
        bytes.withUnsafeBytes { all in
            for start in stride(from: 0, to: all.count, by: 100_001) {
                spool.append(UnsafeRawBufferPointer(rebasing: all[start..<min(start + 100_001, all.count)]))
            }
        }
        for start in [
            0, 1, CaptureSpool.chunkSize - 1, CaptureSpool.chunkSize, bytes.count - 3, bytes.count, bytes.count + 9,
        ] {
            let source = SpoolSource(spool, at: UInt64(start))
            var read: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 70_000)
            while true {
                let count = buffer.withUnsafeMutableBytes { source.read(into: $0) }
                if count == 0 { break }
                read += buffer.prefix(count)
            }
            #expect(read == Array(bytes.dropFirst(start)))
        }
        let small = CaptureSpool(limit: UInt64(CaptureSpool.chunkSize))
        bytes.withUnsafeBytes { small.append($0) }
        #expect(small.isGivenUp)
        var buffer: [UInt8] = [0, 0]
        #expect(buffer.withUnsafeMutableBytes { SpoolSource(small, at: 0).read(into: $0) } == 0)
    }
}
