// Builds capture files byte by byte, apart from the writers under test.

import CDecompression
import Model
import Testing

@testable import Captures

/// Integers in one byte order, one after the other.
struct CaptureBytes {
    var bytes: [UInt8] = []
    let order: CaptureByteOrder

    init(_ order: CaptureByteOrder = .little) { self.order = order }

    mutating func add(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: order == .little ? value.littleEndian : value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func add(_ more: [UInt8]) { bytes.append(contentsOf: more) }

    mutating func pad() { bytes.append(contentsOf: [UInt8](repeating: 0, count: -bytes.count & 3)) }
}

/// A frame as the tests think of it.
struct Sample: Hashable {
    var bytes: [UInt8]
    var nanoseconds: Int64
    var original: UInt32

    init(_ bytes: [UInt8], at nanoseconds: Int64, original: UInt32? = nil) {
        self.bytes = bytes
        self.nanoseconds = nanoseconds
        self.original = original ?? UInt32(bytes.count)
    }

    /// Frames of growing length, no two alike; times are whole microseconds.
    static func series(_ count: Int, step: Int = 7) -> [Sample] {
        (0..<count).map { index in
            Sample(
                (0..<(index * step % 97 + 1)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ index) },
                at: 1_767_225_600_000_000_000 + Int64(index) * 1_234_567_000,
                original: UInt32(index * step % 97 + 1 + index % 3))
        }
    }
}

enum Pcap {
    static func header(
        _ magic: UInt32 = 0xa1b2_c3d4, order: CaptureByteOrder = .little, major: UInt16 = 2, minor: UInt16 = 4,
        snapLength: UInt32 = 65535, network: UInt32 = 1
    ) -> [UInt8] {
        var out = CaptureBytes(order)
        out.add(magic)
        out.add(major)
        out.add(minor)
        out.add(UInt64(0))
        out.add(snapLength)
        out.add(network)
        return out.bytes
    }

    static func record(
        _ sample: Sample, order: CaptureByteOrder = .little, unit: Int64 = 1000, extra: [UInt8] = [],
        swapLengths: Bool = false
    ) -> [UInt8] {
        var out = CaptureBytes(order)
        out.add(UInt32(sample.nanoseconds / 1_000_000_000))
        out.add(UInt32(sample.nanoseconds % 1_000_000_000 / unit))
        out.add(swapLengths ? sample.original : UInt32(sample.bytes.count))
        out.add(swapLengths ? UInt32(sample.bytes.count) : sample.original)
        out.add(extra)
        out.add(sample.bytes)
        return out.bytes
    }

    static func file(_ samples: [Sample], order: CaptureByteOrder = .little) -> [UInt8] {
        samples.reduce(into: header(order: order)) { $0 += record($1, order: order) }
    }
}

enum Pcapng {
    static func option(_ code: UInt16, _ value: [UInt8], _ order: CaptureByteOrder = .little) -> [UInt8] {
        var out = CaptureBytes(order)
        out.add(code)
        out.add(UInt16(value.count))
        out.add(value)
        out.pad()
        return out.bytes
    }

    static func option(_ code: UInt16, _ text: String, _ order: CaptureByteOrder = .little) -> [UInt8] {
        option(code, Array(text.utf8), order)
    }

    static func option<Number: FixedWidthInteger>(
        _ code: UInt16, number: Number, _ order: CaptureByteOrder = .little
    ) -> [UInt8] {
        var out = CaptureBytes(order)
        out.add(number)
        return option(code, out.bytes, order)
    }

    static func block(
        _ type: UInt32, _ body: [UInt8], options: [UInt8] = [], order: CaptureByteOrder = .little
    ) -> [UInt8] {
        var content = body
        content += [UInt8](repeating: 0, count: -body.count & 3)
        if !options.isEmpty { content += options + [0, 0, 0, 0] }
        var out = CaptureBytes(order)
        out.add(type)
        out.add(UInt32(content.count + 12))
        out.add(content)
        out.add(UInt32(content.count + 12))
        return out.bytes
    }

    static func section(_ order: CaptureByteOrder = .little, options: [UInt8] = [], major: UInt16 = 1) -> [UInt8] {
        var body = CaptureBytes(order)
        body.add(UInt32(0x1a2b_3c4d))
        body.add(major)
        body.add(UInt16(0))
        body.add(UInt64.max)
        return block(0x0a0d_0d0a, body.bytes, options: options, order: order)
    }

    static func interface(
        _ linkType: UInt16 = 1, snapLength: UInt32 = 0, options: [UInt8] = [], order: CaptureByteOrder = .little
    ) -> [UInt8] {
        var body = CaptureBytes(order)
        body.add(linkType)
        body.add(UInt16(0))
        body.add(snapLength)
        return block(1, body.bytes, options: options, order: order)
    }

    /// `ticks` are in the interface's unit; by default microseconds.
    static func packet(
        _ sample: Sample, interface: UInt32 = 0, ticks: UInt64? = nil, options: [UInt8] = [],
        order: CaptureByteOrder = .little
    ) -> [UInt8] {
        let ticks = ticks ?? UInt64(sample.nanoseconds / 1000)
        var body = CaptureBytes(order)
        body.add(interface)
        body.add(UInt32(ticks >> 32))
        body.add(UInt32(truncatingIfNeeded: ticks))
        body.add(UInt32(sample.bytes.count))
        body.add(sample.original)
        body.add(sample.bytes)
        return block(6, body.bytes, options: options, order: order)
    }

    static func obsoletePacket(
        _ sample: Sample, interface: UInt16 = 0, drops: UInt16 = .max, order: CaptureByteOrder = .little
    ) -> [UInt8] {
        let ticks = UInt64(sample.nanoseconds / 1000)
        var body = CaptureBytes(order)
        body.add(interface)
        body.add(drops)
        body.add(UInt32(ticks >> 32))
        body.add(UInt32(truncatingIfNeeded: ticks))
        body.add(UInt32(sample.bytes.count))
        body.add(sample.original)
        body.add(sample.bytes)
        return block(2, body.bytes, order: order)
    }

    static func simplePacket(_ bytes: [UInt8], original: UInt32, order: CaptureByteOrder = .little) -> [UInt8] {
        var body = CaptureBytes(order)
        body.add(original)
        body.add(bytes)
        return block(3, body.bytes, order: order)
    }
}

enum Compressed {
    static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
        var stream = z_stream()
        try #require(
            deflateInit2_(
                &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)
            )
                == Z_OK)
        defer { deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, uLong(bytes.count))) + 64)
        let size = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = uInt(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = uInt(target.count)
                let result = deflate(&stream, Z_FINISH)
                return result == Z_STREAM_END ? target.count - Int(stream.avail_out) : 0
            }
        }
        try #require(size > 0)
        return Array(output.prefix(size))
    }

    static func zstd(_ bytes: [UInt8]) throws -> [UInt8] {
        var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
        let size = ZSTD_compress(&output, output.count, bytes, bytes.count, 3)
        try #require(ZSTD_isError(size) == 0)
        return Array(output.prefix(size))
    }
}

/// What a reader delivered.
struct Reading {
    var frames: [Frame] = []
    var samples: [Sample] = []
    var ending = CaptureEnding.unfinished
    var statistics = CaptureStatistics()
    var sha256: String?
    var source: CaptureSource
    /// Size of the reader's buffer at the end.
    var bufferSize = 0

    init(_ bytes: [UInt8], bufferSize: Int = ByteStream.defaultBufferSize, hashing: Bool = false) throws(CaptureError) {
        try self.init(MemorySource(bytes), bufferSize: bufferSize, hashing: hashing)
    }

    init(_ bytes: any ByteSource, bufferSize: Int, hashing: Bool) throws(CaptureError) {
        var reader = try CaptureReader(bytes, name: "test", bufferSize: bufferSize, hashing: hashing)
        source = reader.source
        while reader.next() {
            frames.append(reader.frame)
            samples.append(
                Sample(
                    reader.bytes.array(), at: reader.frame.time.nanoseconds, original: reader.frame.originalLength))
        }
        ending = reader.ending
        statistics = reader.statistics
        sha256 = reader.sha256
        self.bufferSize = reader.stream.capacity
    }
}

/// The error with which a capture cannot be opened.
func refusal(of bytes: [UInt8]) -> CaptureError? {
    do throws(CaptureError) {
        _ = try Reading(bytes)
        return nil
    } catch {
        return error
    }
}
