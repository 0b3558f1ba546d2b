import Glibc

/// The kernel's files about an interface (/sys/class/net), opened before nothing can be opened any more and read again
/// and again.
struct InterfaceFiles {
    enum Link: Equatable { case up, down, gone, unknown }

    private let state: Int32
    /// Frames that the adapter had no room for, as libpcap counts them: missed, and lost in its queue.
    private let drops: [Int32]
    private let dropsAtStart: UInt64

    init(_ interface: String) {
        let isName = !interface.isEmpty && !interface.contains("/") && interface != "." && interface != ".."
        func file(_ name: String) -> Int32 {
            isName ? open("/sys/class/net/\(interface)/\(name)", O_RDONLY | O_CLOEXEC) : -1
        }
        state = file("operstate")
        let drops = [file("statistics/rx_missed_errors"), file("statistics/rx_fifo_errors")].filter { $0 >= 0 }
        dropsAtStart = InterfaceFiles.sum(drops)
        self.drops = drops
    }

    var descriptors: [Int32] { drops + (state >= 0 ? [state] : []) }

    /// Since the capture began.
    var droppedByInterface: UInt64 {
        let now = InterfaceFiles.sum(drops)
        return now >= dropsAtStart ? now - dropsAtStart : now
    }

    var link: Link {
        guard state >= 0 else { return .unknown }
        guard let text = InterfaceFiles.read(state) else { return .gone }
        // Interfaces without a notion of a link say "unknown" (loopback, tap).
        return text == "down" || text == "lowerlayerdown" || text == "notpresent" ? .down : .up
    }

    private static func sum(_ files: [Int32]) -> UInt64 {
        files.reduce(0) { $0 &+ (read($1).flatMap { UInt64($0) } ?? 0) }
    }

    /// The one word in such a file; nil when the interface is gone.
    private static func read(_ descriptor: Int32) -> String? {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return nil }
        return String(decoding: bytes.prefix(count).prefix { $0 > 0x20 }, as: UTF8.self)
    }
}
