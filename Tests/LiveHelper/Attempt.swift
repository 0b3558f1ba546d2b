import CTestCalls
import Confinement
import Glibc

/// `attempt WHAT INTERFACE FILE`: enters the collector's confinement, with a packet socket open as the collector has one,
/// and tries what it must not be able to do. Prints `refused` and why, or `done`.
///
/// `none` tries nothing and shows that what is allowed works; with `free` before the name nothing is confined, which shows
/// that the attempt itself is sound.
enum Attempt {
    static func run(_ arguments: [String]) {
        let isFree = arguments.first == "free"
        let words = isFree ? Array(arguments.dropFirst()) : arguments
        guard words.count == 3 else { LiveHelper.fail("attempt [free] WHAT INTERFACE FILE") }
        let open = Opened(interface: words[1], file: words[2])
        if !isFree {
            do {
                try Confinement.dropPrivileges(user: 65534, group: 65534)
                _ = try Confinement.confineCollector(
                    socket: open.socket, stream: STDOUT_FILENO, log: STDERR_FILENO, control: STDIN_FILENO,
                    counters: [])
            } catch {
                say("error: \(error)")
                exit(1)
            }
        }
        let result = attempt(words[0], open, words[2])
        say(result < 0 ? "refused \(String(cString: strerror(errno)))" : "done")
        exit(0)
    }

    /// What each attempt needs, so that nothing but the confinement can make it fail.
    private struct Opened {
        let socket: Int32
        /// A pipe that holds one frame.
        let pipe: (reading: Int32, writing: Int32)
        /// A file that holds one frame, open for reading and writing.
        let data: Int32
        /// A socket that has a route to the loopback address.
        let datagrams: Int32

        init(interface: String, file: String) {
            socket = LiveHelper.socket(on: interface)
            var ends: [Int32] = [0, 0]
            guard Glibc.pipe(&ends) == 0 else { LiveHelper.fail("pipe") }
            pipe = (ends[0], ends[1])
            data = Glibc.open(file, O_RDWR | O_CREAT, 0o666)
            datagrams = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
            let frame = Attempt.frame
            guard data >= 0, datagrams >= 0, write(pipe.writing, frame, frame.count) == frame.count,
                pwrite(data, frame, frame.count, 0) == frame.count
            else { LiveHelper.fail("\(file): \(String(cString: strerror(errno)))") }
        }
    }

    /// To all, IEEE 802 local experimental EtherType 1.
    private static var frame: [UInt8] {
        var frame = [UInt8](repeating: 0xff, count: 60)
        frame[12] = 0x88
        frame[13] = 0xb5
        return frame
    }

    /// print(3) would ask about standard output what the filter does not answer.
    private static func say(_ text: String) {
        let line = Array("\(text)\n".utf8)
        _ = line.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }

    private static func attempt(_ what: String, _ open: Opened, _ file: String) -> Int {
        let socket = open.socket
        var frame = Attempt.frame
        var address = sockaddr_in()
        address.sin_family = UInt16(AF_INET)
        address.sin_port = UInt16(9).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return frame.withUnsafeMutableBytes { bytes in
            var vector = iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
            switch what {
            case "none": return 0
            case "send": return send(socket, bytes.baseAddress, bytes.count, 0)
            case "sendmsg":
                return withUnsafeMutablePointer(to: &vector) { vector in
                    var message = msghdr()
                    message.msg_iov = vector
                    message.msg_iovlen = 1
                    return sendmsg(socket, &message, 0)
                }
            case "write": return write(socket, bytes.baseAddress, bytes.count)
            case "writev": return writev(socket, &vector, 1)
            case "pwrite": return pwrite(open.data, bytes.baseAddress, bytes.count, 0)
            case "write-other": return write(open.pipe.writing, bytes.baseAddress, bytes.count)
            case "dup2": return Int(dup2(socket, 77))
            case "dup": return Int(dup(socket))
            case "fcntl-dup": return Int(fcntl(socket, F_DUPFD, 50))
            case "splice": return raw_call(275, Int(open.pipe.reading), 0, Int(socket), 0, 60, 0)
            case "sendfile": return raw_call(40, Int(socket), Int(open.data), 0, 60, 0, 0)
            case "io_uring":
                var parameters = [UInt8](repeating: 0, count: 120)
                return parameters.withUnsafeMutableBytes {
                    raw_call(425, 4, Int(bitPattern: $0.baseAddress), 0, 0, 0, 0)
                }
            case "openat2":
                // struct open_how: flags, mode, resolve; all 0 is to read.
                var how: [UInt64] = [0, 0, 0]
                return file.withCString { path in
                    how.withUnsafeMutableBytes {
                        raw_call(437, -100, Int(bitPattern: path), Int(bitPattern: $0.baseAddress), 24, 0, 0)
                    }
                }
            case "socket": return Int(Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
            case "connect":
                return withUnsafePointer(to: &address) {
                    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        Int(connect(open.datagrams, $0, socklen_t(MemoryLayout<sockaddr_in>.size)))
                    }
                }
            case "open": return Int(Glibc.open(file, O_WRONLY | O_CREAT, 0o600))
            case "open-read": return Int(Glibc.open("/etc/passwd", O_RDONLY))
            case "unlink": return Int(unlink(file))
            case "fork": return raw_call(57, 0, 0, 0, 0, 0, 0)
            case "exec":
                // Says that it is done by being another program.
                var words: [UnsafeMutablePointer<CChar>?] = [strdup("/bin/echo"), strdup("done"), nil]
                return Int(execv("/bin/echo", &words))
            case "kill": return Int(kill(getppid(), 0))
            // PTRACE_TRACEME
            case "ptrace": return raw_call(101, 0, 0, 0, 0, 0, 0)
            case "exec-memory":
                let memory = mmap(nil, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                return memory == MAP_FAILED ? -1 : 0
            case "ring":
                // PACKET_TX_RING (13): a ring for sending.
                var request: [UInt32] = [4096, 1, 2048, 2]
                return Int(setsockopt(socket, 263, 13, &request, 16))
            default: LiveHelper.fail("attempt what?")
            }
        }
    }
}
