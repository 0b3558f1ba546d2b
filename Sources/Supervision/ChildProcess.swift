import Glibc

/// A program that the supervisor started, in a process group of its own so that the terminal's signals reach only the
/// supervisor.
struct ChildProcess {
    let pid: pid_t

    /// Starts a program.
    ///
    /// - Parameter descriptors: what becomes its descriptors 0, 1, 2, … in this order.
    /// - Throws: `SupervisionError` when it cannot be started.
    init(path: String, arguments: [String], descriptors: [Int32]) throws(SupervisionError) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // Out of the way first, so that no target is still needed as a source.
        let base: Int32 = 100
        for (target, source) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, source, base + Int32(target))
        }
        for target in descriptors.indices {
            posix_spawn_file_actions_adddup2(&actions, base + Int32(target), Int32(target))
            posix_spawn_file_actions_addclose(&actions, base + Int32(target))
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        // A trap must end the program at once: nobody reads its backtrace, and a filter forbids making one.
        var environment = ChildProcess.environment.map { strdup($0) } + [strdup("SWIFT_BACKTRACE=enable=no"), nil]
        defer { for text in words + environment { free(text) } }
        var pid: pid_t = 0
        let result = posix_spawn(&pid, path, &actions, &attributes, &words, &environment)
        guard result == 0 else {
            throw SupervisionError("\(path): cannot be started: \(String(cString: strerror(result)))")
        }
        self.pid = pid
    }

    private static var environment: [String] {
        var all: [String] = []
        var entry: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = environ
        while let text = entry.pointee {
            let variable = String(cString: text)
            if !variable.hasPrefix("SWIFT_BACKTRACE=") { all.append(variable) }
            entry += 1
        }
        return all
    }

    func kill(_ signal: Int32 = SIGKILL) { _ = Glibc.kill(pid, signal) }

    /// How it ended; nil while it runs.
    func ending() -> ProcessEnding? {
        var status: Int32 = 0
        guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
        return ProcessEnding(status: status)
    }

    /// Waits for its end.
    func wait() -> ProcessEnding {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return ProcessEnding(status: status)
    }
}

/// How a process ended.
package enum ProcessEnding: Hashable, Sendable {
    case exited(Int32)
    case signalled(Int32)

    init(status: Int32) {
        self = status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .signalled(status & 0x7f)
    }
}

extension ProcessEnding: CustomStringConvertible {
    package var description: String {
        switch self {
        case .exited(let status): "exit status \(status)"
        case .signalled(let signal): "signal \(signal) (\(String(cString: strsignal(signal))))"
        }
    }
}

/// Why a capture cannot go on.
package struct SupervisionError: Error, CustomStringConvertible, Sendable {
    package let description: String
    package init(_ description: String) { self.description = description }
}

/// A pipe whose ends are not inherited.
struct Pipe {
    let reading: Int32
    let writing: Int32

    init() throws(SupervisionError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw SupervisionError("cannot make a pipe: \(String(cString: strerror(errno)))")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        reading = ends[0]
        writing = ends[1]
    }
}

/// Lines from a child, as they come through a pipe; longer ones than the limit are cut.
struct LineReader {
    private static let limit = 64 * 1024
    private var rest: [UInt8] = []

    /// The lines that are complete now; nil when the other end is closed.
    mutating func read(_ descriptor: Int32) -> [String]? {
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        if count == 0 { return nil }
        guard count > 0 else { return errno == EAGAIN || errno == EINTR ? [] : nil }
        var lines: [String] = []
        for byte in buffer.prefix(count) {
            if byte == UInt8(ascii: "\n") {
                lines.append(String(decoding: rest, as: UTF8.self))
                rest.removeAll(keepingCapacity: true)
            } else if rest.count < LineReader.limit {
                rest.append(byte)
            }
        }
        return lines
    }
}

enum Clock {
    /// Seconds since some moment; never set back.
    static var monotonic: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Nanoseconds since 1970, as the machine believes.
    static var wall: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
