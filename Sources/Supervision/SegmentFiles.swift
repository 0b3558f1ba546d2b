import Captures
import Crypto
import Glibc
import Model

/// Where the raw frames go, as with tcpdump: one file, files of a size (`-C`), files of a time (`-G`), a ring of them
/// (`-W`). Each file is a segment of the capture; without a file, segments are cut all the same.
package struct RingOptions: Sendable {
    /// As given with `-w`; nil to keep no raw frames.
    package var path: String?
    /// `-C`: a file takes no more than this many bytes; 0 for no limit.
    package var size: UInt64 = 0
    /// `-G`: seconds after which the next file begins; 0 for never.
    package var seconds: Double = 0
    /// `-W`: with `-C` how many files there are before the first is written over; with `-G` alone how many are written at
    /// all. 0 for any number.
    package var count = 0
    /// Raw frames are not written while less than this is free on their disk: the inventory needs room, too.
    package var reserve: UInt64 = 256 << 20
    /// Whom files are given to, for a supervisor that root started; nil to leave them as they are made.
    package var owner: FileOwner?

    package init() {}
}

/// A user and a group by their numbers.
package struct FileOwner: Sendable {
    let user: UInt32
    let group: UInt32

    package init(user: UInt32, group: UInt32) {
        self.user = user
        self.group = group
    }

    func take(_ descriptor: Int32) { _ = fchown(descriptor, user, group) }
}

/// The segment that is being captured: its file and the file's hash, if it is to have one, and its place in the chain.
struct SegmentFiles {
    private let options: RingOptions
    private let capture: String
    private let interface: String
    private var descriptor: Int32 = -1
    private var pending = PendingHash()
    /// Segments begun.
    private(set) var index = 0
    private(set) var size: UInt64 = 0
    private(set) var frames: UInt64 = 0
    private var began = 0.0
    /// As it is known until its hash is.
    private var identity = ""
    private var previous = ""
    private var path = ""
    /// Bytes written to files.
    private(set) var written: UInt64 = 0
    /// Frames that are in no file though files were asked for.
    private(set) var unwritten: UInt64 = 0
    /// Why raw frames are not being written; nil while they are, or were never to be.
    private(set) var suspension: String?

    /// Segments without a file, and those of a file without limits, end after this many seconds.
    static let longest = 6 * 3600.0

    /// - Parameter capture: what tells this capture's segments from all others.
    init(_ options: RingOptions, capture: String, interface: String) {
        self.options = options
        self.capture = capture
        self.interface = interface
    }

    /// True when `-G` and `-W` say that enough files were written.
    var isComplete: Bool {
        options.path != nil && options.seconds > 0 && options.size == 0 && options.count > 0 && index >= options.count
    }

    /// True when the segment is to end for its age.
    var isDue: Bool {
        guard index > 0 else { return false }
        let age = Clock.monotonic - began
        if options.path == nil || options.size == 0 && options.seconds == 0 {
            return options.path == nil && age >= SegmentFiles.longest
        }
        return options.seconds > 0 && age >= options.seconds
    }

    /// Bytes that the segment still takes.
    var room: UInt64 {
        guard options.path != nil, suspension == nil, options.size > 0 else { return .max }
        return options.size > size ? options.size - size : 0
    }

    /// Begins the next segment. `base`: number in the sequence after which its frames come.
    mutating func begin(_ preamble: [UInt8], base: UInt64) -> LiveSegmentStart {
        index += 1
        pending = PendingHash()
        size = 0
        frames = 0
        began = Clock.monotonic
        let time = SegmentFiles.time("%Y-%m-%dT%H:%M:%SZ")
        var name = "\(interface) \(time)"
        if let template = options.path, suspension == nil {
            path = fileName(template)
            descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            if descriptor < 0 {
                suspend("\(path): cannot be made: \(String(cString: strerror(errno)))")
            } else {
                options.owner?.take(descriptor)
                name = path.split(separator: "/").last.map(String.init) ?? path
            }
        }
        write(preamble: preamble)
        identity = "\(LiveRecord.namePrefix)\(capture):\(index)"
        return LiveSegmentStart(base: base, identity: identity, name: name, previous: previous)
    }

    /// Adds section header and interface description.
    mutating func write(preamble: [UInt8]) {
        preamble.withUnsafeBytes { bytes in
            write(bytes, frames: 0)
            pending.finish()
            if options.path != nil { pending.hash.update(bufferPointer: bytes) }
        }
    }

    /// Adds whole blocks to the segment. Hashing them waits where it may: it costs as much as all else that is done here.
    mutating func write(_ chunk: Chunk, _ range: Range<Int>, frames count: UInt64, hashing: HashTime) {
        write(UnsafeRawBufferPointer(start: chunk.base + range.lowerBound, count: range.count), frames: count)
        // Of frames that nobody keeps there is nothing to hold a hash against.
        guard options.path != nil else { return }
        pending.append(chunk, range)
        switch hashing {
        case .later: break
        // A little faster than blocks come: all at once would hold up what comes next.
        case .soon: pending.hash(range.count + range.count / 4)
        case .now: pending.finish()
        }
    }

    /// Hashes some of what waits for it.
    mutating func hashSome() { pending.hash(8 << 20) }

    /// What cannot be written to the file is taken off it again.
    private mutating func write(_ bytes: UnsafeRawBufferPointer, frames count: UInt64) {
        if descriptor >= 0 {
            if let problem = put(bytes) {
                _ = ftruncate(descriptor, off_t(size))
                closeFile()
                suspend(problem)
            } else {
                written += UInt64(bytes.count)
            }
        }
        if descriptor < 0, options.path != nil { unwritten += count }
        size += UInt64(bytes.count)
        frames += count
    }

    private func put(_ bytes: UnsafeRawBufferPointer) -> String? {
        var done = 0
        while done < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
            if count > 0 {
                done += count
            } else if count < 0, errno == EINTR {
                continue
            } else {
                return "\(path): cannot be written: \(String(cString: strerror(count == 0 ? ENOSPC : errno)))"
            }
        }
        return nil
    }

    /// Ends the segment; its SHA-256, or nothing where it was to have no file and keeps the name that it has.
    mutating func end() -> String {
        closeFile()
        let digest = options.path == nil ? "" : pending.finalize()
        let link = digest.isEmpty ? identity : digest
        previous = SHA256.hash(data: Array((previous + link).utf8)).hexadecimalText
        return digest
    }

    private mutating func closeFile() {
        guard descriptor >= 0 else { return }
        let result = close(descriptor)
        descriptor = -1
        if result != 0 { suspend("\(path): cannot be closed: \(String(cString: strerror(errno)))") }
    }

    private mutating func suspend(_ why: String) { if suspension == nil { suspension = why } }

    /// Looks whether there is room on the disk. True when writing has to stop or can go on, so that a segment has to end.
    mutating func checkRoom() -> Bool {
        guard let template = options.path else { return false }
        var status = statvfs()
        let folder = template.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let place = folder.isEmpty ? (template.hasPrefix("/") ? "/" : ".") : folder
        guard statvfs(place, &status) == 0 else { return false }
        let free = UInt64(status.f_bavail) * UInt64(status.f_frsize)
        let reserve = min(options.reserve, UInt64(status.f_blocks) * UInt64(status.f_frsize) / 10)
        if suspension == nil, free < reserve {
            suspend("\(place): less than \(reserve >> 20) MiB free; raw frames are not written until there is room")
            return true
        }
        guard suspension != nil, free > reserve + reserve / 4 else { return false }
        suspension = nil
        return true
    }

    // MARK: Names

    private func fileName(_ template: String) -> String {
        var name = template
        if options.seconds > 0 {
            // Without a time in the name each file would write over the one before.
            if !template.contains("%"), options.size == 0 {
                name = SegmentFiles.insert("-%Y%m%dT%H%M%S", into: template)
            }
            name = SegmentFiles.time(name, isLocal: true)
        }
        guard options.size > 0 else { return name }
        if options.count > 0, options.seconds == 0 {
            let width = String(options.count - 1).utf8.count
            let number = String((index - 1) % options.count)
            return name + String(repeating: "0", count: max(0, width - number.utf8.count)) + number
        }
        return index == 1 ? name : name + String(index - 1)
    }

    /// `text` before the file name's extension.
    private static func insert(_ text: String, into path: String) -> String {
        let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return path + text }
        let cut = path.index(path.endIndex, offsetBy: -name.distance(from: dot, to: name.endIndex))
        return path[..<cut] + text + path[cut...]
    }

    /// Local time, as tcpdump puts into names, or UTC.
    private static func time(_ format: String, isLocal: Bool = false) -> String {
        var now = Glibc.time(nil)
        var parts = tm()
        if isLocal { localtime_r(&now, &parts) } else { gmtime_r(&now, &parts) }
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = strftime(&buffer, buffer.count, format, &parts)
        return count == 0 ? format : String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
