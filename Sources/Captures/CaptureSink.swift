import Glibc

/// A file being written: buffered, and every write and the close checked, so that a full disk is never a silent success.
struct CaptureSink: ~Copyable {
    private static let bufferSize = 64 * 1024

    let name: String
    private var descriptor: Int32
    private let closes: Bool
    private var buffer: [UInt8] = []
    /// Bytes handed to the operating system or waiting in the buffer.
    private(set) var written: UInt64 = 0

    /// Creates or empties a file that only its owner can read; "-" is standard output.
    init(path: String) throws(CaptureError) {
        if path == "-" {
            self.init(descriptor: STDOUT_FILENO, name: "standard output")
            return
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CaptureError(file: path, problem: .system(operation: "create", code: errno))
        }
        self.init(descriptor: descriptor, name: path, closes: true)
    }

    init(descriptor: Int32, name: String, closes: Bool = false) {
        self.descriptor = descriptor
        self.name = name
        self.closes = closes
        buffer.reserveCapacity(CaptureSink.bufferSize + 4096)
    }

    deinit { if closes, descriptor >= 0 { _ = Glibc.close(descriptor) } }

    mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { buffer.append(contentsOf: $0) }
        written &+= UInt64(MemoryLayout.size(ofValue: value))
    }

    mutating func append(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { buffer.append(contentsOf: $0) }
        written &+= UInt64(bytes.byteCount)
    }

    mutating func append(zeros count: Int) {
        buffer.append(contentsOf: repeatElement(0, count: count))
        written &+= UInt64(count)
    }

    /// To be called after each record: hands on what has gathered once it is enough.
    mutating func endRecord() throws(CaptureError) {
        if buffer.count >= CaptureSink.bufferSize { try flush() }
    }

    /// Hands everything gathered to the operating system.
    mutating func flush() throws(CaptureError) {
        var done = 0
        while done < buffer.count {
            let count = buffer.withUnsafeBytes { bytes in
                Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
            }
            if count > 0 {
                done += count
                continue
            }
            let code = count == 0 ? ENOSPC : errno
            switch code {
            case EINTR: continue
            case EAGAIN:
                var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&request, 1, -1)
            default:
                // What was accepted must not be written a second time by a later try.
                buffer.removeFirst(done)
                throw CaptureError(
                    file: name, offset: written &- UInt64(buffer.count),
                    problem: .system(operation: "write", code: code))
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Flushes and closes. Only after this has returned is the file whole.
    mutating func close() throws(CaptureError) {
        try flush()
        guard closes, descriptor >= 0 else { return }
        let result = Glibc.close(descriptor)
        let code = errno
        descriptor = -1
        // On Linux the descriptor is gone even when close(2) was interrupted.
        if result != 0, code != EINTR {
            throw CaptureError(file: name, offset: written, problem: .system(operation: "close", code: code))
        }
    }
}
