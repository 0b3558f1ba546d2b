import Glibc

/// Why a source of bytes stopped before its end.
enum ByteSourceError: Error, Hashable {
    /// read(2) failed with this errno.
    case system(Int32)
    case compression(format: String, reason: String)
}

/// Where bytes come from, one buffer at a time.
protocol ByteSource: AnyObject {
    /// Writes at most `buffer.count` bytes to the buffer's start and returns how many; 0 means the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int
}

/// A file descriptor, which it closes when it was the one to open it.
final class FileSource: ByteSource {
    private let descriptor: Int32
    private let closes: Bool

    init(descriptor: Int32, closes: Bool) {
        self.descriptor = descriptor
        self.closes = closes
    }

    deinit { if closes { _ = close(descriptor) } }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            let code = errno
            switch code {
            case EINTR: continue
            case EAGAIN:
                // Standard input can have been left non-blocking by whoever else holds it.
                var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                _ = poll(&request, 1, -1)
            default: throw .system(code)
            }
        }
    }
}

/// Bytes already in memory.
final class MemorySource: ByteSource {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, bytes.count - position)
        buffer.copyBytes(from: bytes[position..<position + count])
        position += count
        return count
    }
}
