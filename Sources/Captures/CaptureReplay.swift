import Glibc
import Model

/// How frames of a capture that was read can be read again: near the wanted frame where the capture is a plain file,
/// from its start where it is compressed.
package struct CaptureReplay: Sendable {
    /// What is read at a time near a frame: frames wanted are few and far between.
    static let bufferSize = 32 * 1024

    let origin: ReplayOrigin
    let source: CaptureSource
    let layout: PcapLayout
    let frameLimit: Int
    let interfaces: [CaptureInterface]
    let marks: [ReplayMark]

    init(
        origin: ReplayOrigin, source: CaptureSource, layout: PcapLayout, frameLimit: Int,
        interfaces: [CaptureInterface], marks: [ReplayMark]
    ) {
        self.origin = origin
        self.source = source
        self.layout = layout
        self.frameLimit = frameLimit
        self.interfaces = interfaces
        self.marks = marks
    }

    /// A capture file that was not read with marks: each reading begins at its start.
    package init(path: String) throws(CaptureError) {
        let reader = try CaptureReader(path: path, hashing: false, replayable: true)
        guard let replay = reader.replay else {
            throw CaptureError(file: path, problem: .system(operation: "read again", code: ESPIPE))
        }
        self = replay
    }

    /// The capture's name as given.
    package var name: String { source.name }

    /// True when the capture came as a stream that could not be kept.
    package var isLost: Bool {
        if case .spool(let spool) = origin { return spool.isGivenUp }
        return false
    }

    /// Wanted frame numbers, ascending, in groups of which each is best read in one go.
    package func groups(_ numbers: [UInt64]) -> [[UInt64]] {
        var groups: [[UInt64]] = []
        var last: Int?
        for number in numbers {
            let mark = index(before: number)
            if mark == last, let end = groups.indices.last {
                groups[end].append(number)
            } else {
                groups.append([number])
                last = mark
            }
        }
        return groups
    }

    /// A reader that comes to frame `number` after as few others as can be. Must not be asked when `isLost`.
    package func reader(near number: UInt64) throws(CaptureError) -> CaptureReader {
        let mark = index(before: number)
        let offset = mark >= 0 ? marks[mark].offset : 0
        let bytes: any ByteSource
        switch origin {
        case .spool(let spool): bytes = SpoolSource(spool, at: offset)
        case .file(let path, let identity):
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw CaptureError(file: path, problem: .system(operation: "open", code: errno))
            }
            let file = FileSource(descriptor: descriptor, closes: true)
            guard let now = FileIdentity(descriptor), now.isSame(as: identity) else {
                throw CaptureError(
                    file: path,
                    problem: .invalid(
                        part: .frame(number), expected: "the file that was analysed", found: "another one in its place")
                )
            }
            guard lseek(descriptor, off_t(clamping: offset), SEEK_SET) >= 0 else {
                throw CaptureError(file: path, problem: .system(operation: "seek", code: errno))
            }
            bytes = file
        }
        if mark >= 0 { return CaptureReader(bytes, resuming: self, at: marks[mark]) }
        return try CaptureReader(bytes, name: source.name, hashing: false)
    }

    /// The last mark before frame `number`; -1 when there is none.
    private func index(before number: UInt64) -> Int {
        var low = 0
        var high = marks.count
        while low < high {
            let middle = (low &+ high) / 2
            if marks[middle].framesBefore < number { low = middle &+ 1 } else { high = middle }
        }
        return low &- 1
    }
}

/// Where a capture's bytes can be had again.
enum ReplayOrigin: Sendable {
    case file(String, FileIdentity)
    case spool(CaptureSpool)
}

/// Which regular file a path led to when it was first opened.
struct FileIdentity: Sendable, Hashable {
    let device: UInt64
    let inode: UInt64
    let size: Int64

    /// Nil when the descriptor is no regular file and so cannot be opened and read again.
    init?(_ descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
    }

    /// The same file, which may have grown.
    func isSame(as earlier: FileIdentity) -> Bool {
        device == earlier.device && inode == earlier.inode && size >= earlier.size
    }
}

/// A place between two records, and what the reader knew there.
struct ReplayMark: Sendable, Hashable {
    /// In the capture's bytes.
    var offset: UInt64
    /// The number of the frame before; 0 before the first.
    var framesBefore: UInt64
    /// pcapng: interfaces declared so far, those before the current section, and the section's byte order.
    var interfaceCount: Int
    var firstInterface: Int
    var swapped: Bool
}

/// Marks of one capture, never more than `limit`: when there are so many, every other one goes and they lie twice as far apart.
struct ReplayMarks: Sendable {
    static let limit = 8192

    private(set) var marks: [ReplayMark] = []
    /// Offset from which on the next mark is due.
    private(set) var due: UInt64
    private var distance: UInt64 = 64 * 1024

    init(areWanted: Bool) { due = areWanted ? 64 * 1024 : .max }

    mutating func add(_ mark: ReplayMark) {
        if marks.count >= ReplayMarks.limit {
            marks = stride(from: 0, to: marks.count, by: 2).map { marks[$0] }
            distance &*= 2
        }
        marks.append(mark)
        due = mark.offset &+ distance
    }
}
