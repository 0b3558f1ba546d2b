// All unsafe memory of the reader lives in this file: one buffer that is refilled in place.

import Crypto
import Model

/// The bytes of a capture, after decompression, seen through one buffer that is reused for the whole file.
///
/// The buffer starts at its initial size and doubles only when a record needs it and that many bytes really arrived,
/// up to `limit`; so memory depends neither on the file's length nor on what a length field claims.
struct ByteStream: ~Copyable {
    /// What is read at a time from a file.
    static let defaultBufferSize = 256 * 1024

    private var base: UnsafeMutableRawPointer
    /// The buffer's present size.
    private(set) var capacity: Int
    private var start = 0
    private var end = 0
    /// Offset in the stream of the buffer's first byte.
    private var offsetOfBase: UInt64 = 0
    private var source: any ByteSource
    private var hasher: SHA256?
    private var reachedEnd = false
    private let limit: Int
    /// Why bytes stopped coming, when it was not the end of the file.
    private(set) var failure: ByteSourceError?
    private(set) var compression = CaptureCompression.none

    /// `offset`: where in the uncompressed stream `source` starts; other than 0 its first bytes tell no compression.
    init(
        _ source: any ByteSource, bufferSize: Int = defaultBufferSize, limit: Int, hashing: Bool, at offset: UInt64 = 0
    ) {
        let size = max(bufferSize, 16)
        base = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        capacity = size
        self.limit = max(limit, size)
        self.source = source
        offsetOfBase = offset
        if offset == 0 { recogniseCompression() }
        if hashing {
            var hasher = SHA256()
            hasher.update(bufferPointer: UnsafeRawBufferPointer(start: base + start, count: available))
            self.hasher = hasher
        }
    }

    deinit { base.deallocate() }

    private mutating func recogniseCompression() {
        guard require(4) else { return }
        let prefix = [UInt8](UnsafeRawBufferPointer(start: base + start, count: available))
        compression = CaptureCompression(magic: UInt32(littleEndian: load(at: 0)))
        switch compression {
        case .none: return
        case .gzip: source = GzipSource(upstream: source, prefix: prefix)
        case .zstd: source = ZstdSource(upstream: source, prefix: prefix)
        }
        start = 0
        end = 0
        reachedEnd = false
    }

    /// Bytes in the buffer that are not consumed.
    var available: Int { end &- start }

    /// Offset in the stream of the first byte that is not consumed.
    var offset: UInt64 { offsetOfBase &+ UInt64(truncatingIfNeeded: start) }

    /// The unconsumed bytes in the buffer.
    var window: RawSpan {
        @_lifetime(borrow self)
        get {
            let span = RawSpan(_unsafeStart: UnsafeRawPointer(base + start), byteCount: end &- start)
            return _overrideLifetime(span, borrowing: self)
        }
    }

    /// `count` bytes that were already consumed but are still in the buffer, starting `distance` before the first
    /// unconsumed byte. Empty when the buffer no longer holds them.
    @_lifetime(borrow self)
    func consumed(distance: Int, count: Int) -> RawSpan {
        let held = distance >= 0 && distance <= start && count >= 0 && count <= distance
        let span = RawSpan(
            _unsafeStart: UnsafeRawPointer(base + (held ? start &- distance : 0)), byteCount: held ? count : 0)
        return _overrideLifetime(span, borrowing: self)
    }

    /// An integer in the machine's byte order, `position` bytes after the first unconsumed one; 0 when not in the buffer.
    func load<Value: FixedWidthInteger & BitwiseCopyable>(at position: Int) -> Value {
        guard position >= 0, position &+ MemoryLayout<Value>.size <= end &- start else { return 0 }
        return (base + start + position).loadUnaligned(as: Value.self)
    }

    /// True when at least `count` unconsumed bytes are in the buffer, after reading more if need be.
    mutating func require(_ count: Int) -> Bool {
        end &- start >= count || fill(count)
    }

    /// Steps over `count` bytes that are in the buffer.
    mutating func consume(_ count: Int) {
        start = min(start &+ count, end)
    }

    /// Steps over `count` bytes, reading on as far as needed. False when the stream ends before.
    mutating func skip(_ count: UInt64) -> Bool {
        var rest = count
        while rest > UInt64(available) {
            rest &-= UInt64(available)
            start = end
            guard fill(1) else { return false }
        }
        start &+= Int(truncatingIfNeeded: rest)
        return true
    }

    @inline(never)
    private mutating func fill(_ count: Int) -> Bool {
        if start > 0 {
            (base).copyMemory(from: base + start, byteCount: available)
            offsetOfBase &+= UInt64(truncatingIfNeeded: start)
            end = available
            start = 0
        }
        while end < count {
            if reachedEnd { return false }
            if end == capacity {
                guard capacity < limit else { return false }
                grow()
            }
            let free = UnsafeMutableRawBufferPointer(start: base + end, count: capacity &- end)
            do throws(ByteSourceError) {
                let read = try source.read(into: free)
                guard read > 0 else {
                    reachedEnd = true
                    return false
                }
                hasher?.update(bufferPointer: UnsafeRawBufferPointer(start: base + end, count: read))
                end &+= min(read, free.count)
            } catch {
                failure = error
                reachedEnd = true
                return false
            }
        }
        return true
    }

    private mutating func grow() {
        let size = min(capacity &* 2, limit)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        larger.copyMemory(from: base, byteCount: end)
        base.deallocate()
        base = larger
        capacity = size
    }

    /// Reads what is left and gives the SHA-256 of the whole stream, in hexadecimal; nil when it was not asked for.
    /// Of a stream that could not be read to its end, it is the digest of what could.
    mutating func finishDigest() -> String? {
        guard hasher != nil else { return nil }
        while true {
            start = end
            guard fill(1) else { break }
        }
        guard let digest = hasher?.finalize() else { return nil }
        hasher = nil
        return digest.hexadecimalText
    }
}

/// Fields of a span by position; what lies outside reads as zero or empty, so that a short block cannot trap.
extension RawSpan {
    func load<Value: FixedWidthInteger & BitwiseCopyable>(at position: Int, swapped: Bool) -> Value {
        guard position >= 0, position <= byteCount &- MemoryLayout<Value>.size else { return 0 }
        let value = unsafeLoadUnaligned(fromByteOffset: position, as: Value.self)
        return swapped ? value.byteSwapped : value
    }

    /// The bytes from `position` on, at most `count`.
    @_lifetime(copy self)
    func part(from position: Int, count: Int) -> RawSpan {
        let first = min(max(position, 0), byteCount)
        return extracting(first..<first + min(max(count, 0), byteCount - first))
    }

    /// Up to the first zero byte, as UTF-8 with what is not replaced by U+FFFD; no more than a stored text needs.
    func text() -> WireText {
        WireText(withUnsafeBytes { String(decoding: $0.prefix(WireText.limit * 2).prefix { $0 != 0 }, as: UTF8.self) })
    }

    func array() -> [UInt8] { withUnsafeBytes { [UInt8]($0) } }
}
