// The two decompressors' C interfaces want stable addresses; they get them here and nowhere else.

import CDecompression

/// The compressed bytes that a decompressor has read ahead.
private final class CompressedInput {
    private static let size = 128 * 1024
    private let upstream: any ByteSource
    private let buffer: UnsafeMutableRawBufferPointer
    private(set) var position = 0
    private(set) var end: Int
    private var reachedEnd = false

    init(upstream: any ByteSource, prefix: [UInt8]) {
        self.upstream = upstream
        buffer = .allocate(byteCount: max(CompressedInput.size, prefix.count), alignment: 16)
        buffer.copyBytes(from: prefix)
        end = prefix.count
    }

    deinit { buffer.deallocate() }

    /// Unused bytes; after a refill when there were none. Empty at the end of the input.
    func unused() throws(ByteSourceError) -> UnsafeMutableRawBufferPointer {
        if position == end, !reachedEnd {
            position = 0
            end = 0
            end = try upstream.read(into: buffer)
            reachedEnd = end == 0
        }
        return UnsafeMutableRawBufferPointer(rebasing: buffer[position..<end])
    }

    func use(_ count: Int) { position = min(position &+ count, end) }
}

/// gzip data of one or more members (RFC 1952).
final class GzipSource: ByteSource {
    private let input: CompressedInput
    private let stream: UnsafeMutablePointer<z_stream>
    private let initialised: Bool
    private enum State { case within, between, ended }
    private var state = State.within
    /// An error that came with bytes, which are handed on first.
    private var pending: ByteSourceError?

    init(upstream: any ByteSource, prefix: [UInt8]) {
        input = CompressedInput(upstream: upstream, prefix: prefix)
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 16 more than the largest window asks zlib for gzip framing with its CRC check.
        initialised = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    }

    deinit {
        if initialised { _ = inflateEnd(stream) }
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int {
        guard initialised else { throw .compression(format: "gzip", reason: "zlib refused to start") }
        if let pending { throw pending }
        while state != .ended {
            let bytes = try input.unused()
            if state == .between {
                guard try beginMember(bytes) else { continue }
            }
            guard let first = bytes.baseAddress, !bytes.isEmpty else {
                throw .compression(format: "gzip", reason: "the data ends early")
            }
            stream.pointee.next_in = first.assumingMemoryBound(to: Bytef.self)
            stream.pointee.avail_in = uInt(truncatingIfNeeded: bytes.count)
            stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: Bytef.self)
            let room = min(buffer.count, Int(Int32.max))
            stream.pointee.avail_out = uInt(truncatingIfNeeded: room)
            let result = inflate(stream, Z_NO_FLUSH)
            input.use(bytes.count &- Int(stream.pointee.avail_in))
            let produced = room &- Int(stream.pointee.avail_out)
            switch result {
            case Z_OK, Z_BUF_ERROR: break
            case Z_STREAM_END: state = .between
            default:
                let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(result)"
                let error = ByteSourceError.compression(format: "gzip", reason: reason)
                guard produced > 0 else { throw error }
                pending = error
            }
            if produced > 0 { return produced }
        }
        return 0
    }

    /// After a member: another one, or zero padding to the end (which gzip allows), or the end.
    private func beginMember(_ bytes: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Bool {
        guard let first = bytes.first else {
            state = .ended
            return false
        }
        if first == 0 {
            input.use(bytes.prefix { $0 == 0 }.count)
            return false
        }
        guard first == 0x1f else {
            throw .compression(format: "gzip", reason: "bytes that are no gzip member follow the last one")
        }
        _ = inflateReset(stream)
        state = .within
        return true
    }
}

/// zstd data of one or more frames (RFC 8878). Its window, hence its memory, is at most 128 MiB.
final class ZstdSource: ByteSource {
    private let input: CompressedInput
    private let stream: OpaquePointer?
    /// What ZSTD_decompressStream said last; 0 at the end of a frame.
    private var expected = 1
    /// An error that came with bytes, which are handed on first.
    private var pending: ByteSourceError?

    init(upstream: any ByteSource, prefix: [UInt8]) {
        input = CompressedInput(upstream: upstream, prefix: prefix)
        stream = ZSTD_createDStream()
        if let stream { _ = ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, 27) }
    }

    deinit { if let stream { _ = ZSTD_freeDStream(stream) } }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int {
        guard let stream else { throw .compression(format: "zstd", reason: "libzstd refused to start") }
        if let pending { throw pending }
        while true {
            let bytes = try input.unused()
            if bytes.isEmpty, expected == 0 { return 0 }
            var source = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
            var target = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
            let result = ZSTD_decompressStream(stream, &target, &source)
            guard ZSTD_isError(result) == 0 else {
                let error = ByteSourceError.compression(
                    format: "zstd", reason: String(cString: ZSTD_getErrorName(result)))
                guard target.pos > 0 else { throw error }
                pending = error
                return target.pos
            }
            input.use(source.pos)
            expected = result
            if target.pos > 0 { return target.pos }
            if bytes.isEmpty { throw .compression(format: "zstd", reason: "the data ends early") }
        }
    }
}
