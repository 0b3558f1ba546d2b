import Foundation
import Model
import Testing

@testable import Captures

@Suite struct CompressionTests {
    static let samples = Sample.series(3000)
    static let plain = Pcap.file(samples)
    static let digest = (try? Reading(plain, hashing: true))?.sha256

    @Test(arguments: [16, 999, 1 << 18])
    func gzip(bufferSize: Int) throws {
        let reading = try Reading(try Compressed.gzip(Self.plain), bufferSize: bufferSize, hashing: true)
        #expect(reading.samples == Self.samples)
        #expect(reading.ending == .complete)
        #expect(reading.source.compression == .gzip)
        #expect(reading.source.description == "pcap, little-endian, microseconds, gzip")
        #expect(reading.sha256 == Self.digest)
        #expect(reading.sha256?.count == 64)
    }

    @Test(arguments: [16, 999, 1 << 18])
    func zstd(bufferSize: Int) throws {
        let reading = try Reading(try Compressed.zstd(Self.plain), bufferSize: bufferSize, hashing: true)
        #expect(reading.samples == Self.samples)
        #expect(reading.ending == .complete)
        #expect(reading.source.compression == .zstd)
        #expect(reading.sha256 == Self.digest)
    }

    @Test func severalMembersAndPadding() throws {
        let middle = Self.plain.count / 2 + 3
        let halves = [Array(Self.plain.prefix(middle)), Array(Self.plain.dropFirst(middle))]
        let gzip = try halves.flatMap { try Compressed.gzip($0) } + [UInt8](repeating: 0, count: 512)
        #expect(try Reading(gzip).samples == Self.samples)
        #expect(try Reading(gzip).ending == .complete)
        let skippable: [UInt8] = [0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]
        let zstd = try skippable + Compressed.zstd(halves[0]) + skippable + Compressed.zstd(halves[1])
        #expect(try Reading(zstd).samples == Self.samples)
        #expect(try Reading(zstd).ending == .complete)
    }

    @Test func truncationKeepsWhatCameBefore() throws {
        for (format, whole) in [("gzip", try Compressed.gzip(Self.plain)), ("zstd", try Compressed.zstd(Self.plain))] {
            for part in [whole.count / 3, whole.count / 2, whole.count - 1] {
                let cut = Array(whole.prefix(part))
                guard let reading = try? Reading(cut) else {
                    // The first compressed block may not be whole.
                    #expect(refusal(of: cut)?.description == "test: damaged \(format) data: the data ends early")
                    continue
                }
                #expect(reading.samples == Array(Self.samples.prefix(reading.samples.count)))
                #expect(
                    reading.ending.error?.problem == .compression(format: format, reason: "the data ends early"))
            }
        }
    }

    @Test func truncatedGzipDeliversMostFrames() throws {
        let reading = try Reading(Array(try Compressed.gzip(Self.plain).dropLast(9)))
        #expect(reading.samples.count > Self.samples.count / 2)
    }

    @Test func damageIsReportedAfterTheFramesBeforeIt() throws {
        var gzip = try Compressed.gzip(Self.plain)
        gzip[gzip.count - 6] ^= 0xff  // in the CRC
        let checked = try Reading(gzip)
        #expect(checked.samples == Self.samples)
        #expect(
            checked.ending.error?.description.contains(
                "\(Self.plain.count) bytes into the capture: incorrect data check") == true)
        let trailing = try Reading(try Compressed.gzip(Self.plain) + Array("tail".utf8))
        #expect(trailing.samples == Self.samples)
        #expect(trailing.ending.error?.description.contains("follow the last one") == true)
    }

    @Test func compressedNonsenseIsRefused() throws {
        #expect(refusal(of: try Compressed.gzip([]))?.problem == .empty)
        #expect(
            refusal(of: try Compressed.gzip(Array("hello, this is text".utf8)))?.description.contains("found text")
                == true)
        let twice = try Compressed.gzip(Compressed.gzip(Self.plain))
        #expect(refusal(of: twice)?.description.contains("gzip data within compressed data") == true)
        #expect(refusal(of: [0x1f, 0x8b, 8, 0])?.description.contains("damaged gzip data") == true)
        #expect(
            refusal(of: [0x28, 0xb5, 0x2f, 0xfd, 0xff, 0xff, 0xff, 0xff, 0xff])?.description.contains("damaged zstd")
                == true)
    }

    /// A window of 2^40 octets is asked for; none of it is given.
    @Test func hugeZstdWindowsAreRefused() {
        let frame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xf0, 0x01, 0, 0]
        #expect(refusal(of: frame)?.description.contains("damaged zstd data: ") == true)
    }

    @Test func dripFedPipesAreRead() throws {
        for bytes in [Self.plain, try Compressed.gzip(Self.plain), try Compressed.zstd(Self.plain)] {
            let reading = try Reading(Dripping(bytes), bufferSize: 4096, hashing: true)
            #expect(reading.samples == Self.samples)
            #expect(reading.sha256 == Self.digest)
        }
    }

    @Test func readsPipes() throws {
        let pipe = Pipe()
        let bytes = try Compressed.gzip(Self.plain)
        let thread = Thread {
            pipe.fileHandleForWriting.write(Data(bytes))
            try? pipe.fileHandleForWriting.close()
        }
        thread.start()
        var reader = try CaptureReader(descriptor: pipe.fileHandleForReading.fileDescriptor, name: "pipe")
        var count = 0
        while reader.next() { count += 1 }
        #expect(count == Self.samples.count)
        #expect(reader.ending == .complete)
    }
}

/// Gives one to seven bytes at a time, as a slow pipe may.
private final class Dripping: ByteSource {
    private let inner: MemorySource
    private var step = 0

    init(_ bytes: [UInt8]) { inner = MemorySource(bytes) }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int {
        step += 1
        return inner.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(step % 7 + 1)))
    }
}
