import Glibc

/// Standard output: results, and nothing else.
enum StandardOutput {
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Writes all of a text. Throws `ClosedPipe` when the reader has gone away, which is no failure of this program.
    static func write(_ text: String) throws {
        try writeAll(text, to: STDOUT_FILENO, name: "standard output")
    }
}

/// Standard output for many small pieces, handed on in large ones.
struct BufferedOutput {
    private var buffer = ""
    private static let size = 64 * 1024

    mutating func write(_ text: String) throws {
        buffer += text
        if buffer.utf8.count >= BufferedOutput.size { try flush() }
    }

    mutating func flush() throws {
        try StandardOutput.write(buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}

/// Standard error: progress, warnings and errors.
enum StandardError {
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes as far as it goes: there is nobody left to tell when it does not.
    static func write(_ text: String) {
        try? writeAll(text, to: STDERR_FILENO, name: "standard error")
    }

    /// One message as a line of its own, with the program's name before it.
    static func say(_ message: String) { write("otscan: \(message)\n") }
}

/// The reader of a pipe closed it, as `head` does when it has seen enough.
struct ClosedPipe: Error {}

private func writeAll(_ text: String, to descriptor: Int32, name: String) throws {
    var text = text
    let failure = text.withUTF8 { bytes -> Int32 in
        var rest = UnsafeRawBufferPointer(bytes)
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count >= 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&request, 1, -1)
            default: return errno
            }
        }
        return 0
    }
    if failure == EPIPE { throw ClosedPipe() }
    if failure != 0 {
        throw CommandError("\(name): cannot be written: \(String(cString: strerror(failure)))")
    }
}
