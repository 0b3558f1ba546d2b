import Glibc
import Model

/// Reads pcap and pcapng captures, plain or compressed with gzip or zstd, in one pass with constant memory.
///
///     var reader = try CaptureReader(path: path)
///     while reader.next() {
///         look(at: reader.bytes, reader.frame)
///     }
///     if case .damaged(let error) = reader.ending { … }
///
/// Nothing is allocated per frame. Damage ends the reading, never the program: every frame before it is delivered.
package struct CaptureReader: ~Copyable {
    /// Frames of up to this many octets are read whatever snap length the capture declares (as libpcap and Wireshark do).
    package static let ordinaryFrameLimit = 262_144
    /// No frame is longer than this, whatever snap length is declared.
    package static let largestFrameLimit = 16 * 1024 * 1024
    /// Room for the options of a packet block.
    static let optionsLimit = 1024 * 1024

    var stream: ByteStream
    /// The current frame; meaningful after `next()` has returned true.
    package internal(set) var frame: Frame
    /// Where the current frame's bytes start, counted back from the stream's first unconsumed byte.
    var distance = 0
    var state: State
    /// True when the capture's integers are not in the machine's byte order.
    var swapped: Bool
    var layout: PcapLayout
    var frameLimit: Int
    /// Where the interfaces of the current pcapng section start in `gathered.interfaces`.
    var firstInterface = 0
    var gathered = CaptureStatistics()
    /// Octets of interface, name and comment texts that may still be kept.
    var textBudget = 4 * 1024 * 1024
    /// Places from which the reading can be taken up again; none unless asked for.
    var marks: ReplayMarks
    private let origin: ReplayOrigin?

    /// Name, format and compression.
    package let source: CaptureSource
    /// How the reading ended, or that it has not.
    package internal(set) var ending = CaptureEnding.unfinished
    /// SHA-256 of the whole uncompressed capture in hexadecimal: nil before the end, or when it was not asked for.
    /// When damage ended the reading it covers what follows the damage too, as far as that can be read.
    package internal(set) var sha256: String?

    enum State { case pcap, pcapng, ended }

    /// Opens a capture file; "-" is standard input. `hashing: false` saves the cost of the SHA-256; `replayable: true`
    /// notes what `replay` needs, and spools a stream that cannot be rewound.
    package init(path: String, hashing: Bool = true, replayable: Bool = false) throws(CaptureError) {
        let isInput = path == "-"
        let descriptor = isInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CaptureError(file: path, problem: .system(operation: "open", code: errno))
        }
        if !isInput { _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL) }
        let file = FileSource(descriptor: descriptor, closes: !isInput)
        let name = isInput ? "standard input" : path
        guard replayable else {
            try self.init(file, name: name, hashing: hashing)
            return
        }
        if !isInput, let identity = FileIdentity(descriptor) {
            try self.init(file, name: name, hashing: hashing, origin: .file(path, identity))
        } else {
            let spool = CaptureSpool()
            try self.init(
                SpoolingSource(upstream: file, spool: spool), name: name, hashing: hashing, origin: .spool(spool))
        }
    }

    /// Reads from a descriptor that stays the caller's to close, for example a pipe.
    package init(descriptor: Int32, name: String, hashing: Bool = false) throws(CaptureError) {
        try self.init(FileSource(descriptor: descriptor, closes: false), name: name, hashing: hashing)
    }

    /// Reads a capture that is in memory.
    package init(bytes: [UInt8], name: String, hashing: Bool = true) throws(CaptureError) {
        try self.init(MemorySource(bytes), name: name, hashing: hashing)
    }

    init(
        _ bytes: any ByteSource, name: String, bufferSize: Int = ByteStream.defaultBufferSize, hashing: Bool,
        origin: ReplayOrigin? = nil
    ) throws(CaptureError) {
        var stream = ByteStream(
            bytes, bufferSize: bufferSize,
            limit: CaptureReader.largestFrameLimit + CaptureReader.optionsLimit + 4096, hashing: hashing)
        let header = try CaptureHeader(reading: &stream, name: name)
        source = CaptureSource(name: name, format: header.format, compression: stream.compression)
        swapped = header.swapped
        layout = header.layout
        frameLimit = header.interface.map { CaptureReader.frameLimit(snapLength: $0.snapLength) } ?? 0
        if let interface = header.interface {
            gathered.interfaces = [interface]
            state = .pcap
        } else {
            state = .pcapng
        }
        frame = Frame(
            number: 0, time: .zero, originalLength: 0, capturedLength: 0, linkType: header.interface?.linkType ?? .null,
            fcsLength: header.interface?.fcsLength ?? 0)
        self.origin = origin
        // Offsets in an uncompressed stream are of no use for reading a compressed file again.
        marks = ReplayMarks(areWanted: origin != nil && stream.compression == .none)
        self.stream = stream
    }

    /// Takes the reading up at `mark`; `bytes` start there.
    init(_ bytes: any ByteSource, resuming replay: CaptureReplay, at mark: ReplayMark) {
        stream = ByteStream(
            bytes, bufferSize: CaptureReplay.bufferSize,
            limit: CaptureReader.largestFrameLimit + CaptureReader.optionsLimit + 4096, hashing: false, at: mark.offset)
        source = replay.source
        swapped = mark.swapped
        layout = replay.layout
        frameLimit = replay.frameLimit
        firstInterface = mark.firstInterface
        gathered.interfaces = Array(replay.interfaces.prefix(mark.interfaceCount))
        if case .pcap = replay.source.format { state = .pcap } else { state = .pcapng }
        let interface = gathered.interfaces.first
        frame = Frame(
            number: mark.framesBefore, time: .zero, originalLength: 0, capturedLength: 0,
            linkType: interface?.linkType ?? .null, fcsLength: interface?.fcsLength ?? 0)
        origin = nil
        marks = ReplayMarks(areWanted: false)
    }

    /// How frames of this capture can be read again; nil unless asked for at opening. To be taken at the end.
    package var replay: CaptureReplay? {
        guard let origin else { return nil }
        return CaptureReplay(
            origin: origin, source: source, layout: layout, frameLimit: frameLimit, interfaces: gathered.interfaces,
            marks: marks.marks)
    }

    /// The longest frame that is accepted under a declared snap length, of which 0 says that there is none.
    static func frameLimit(snapLength: UInt32) -> Int {
        snapLength == 0 ? largestFrameLimit : max(ordinaryFrameLimit, min(Int(snapLength), largestFrameLimit))
    }

    /// Moves to the next frame; false when there is none, and `ending` says why.
    package mutating func next() -> Bool {
        if stream.offset >= marks.due { mark() }
        return switch state {
        case .pcap: nextPcapRecord()
        case .pcapng: nextPcapngFrame()
        case .ended: false
        }
    }

    private mutating func mark() {
        marks.add(
            ReplayMark(
                offset: stream.offset, framesBefore: frame.number, interfaceCount: gathered.interfaces.count,
                firstInterface: firstInterface, swapped: swapped))
    }

    /// The current frame's bytes, valid until the next call of `next()`.
    package var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // The stream is part of this value, so a borrow of this value keeps its bytes in place.
            _overrideLifetime(stream.consumed(distance: distance, count: Int(frame.capturedLength)), borrowing: self)
        }
    }

    /// First bytes of the frame after the current one, as far as they are in memory already. Only a glimpse: nothing of it is
    /// checked, and where the next record holds no frame they are something else.
    package var glimpse: RawSpan {
        @_lifetime(borrow self)
        get {
            // Behind the record's header, or that of an enhanced packet block.
            let header = state == .pcap ? layout.headerLength : 28
            return _overrideLifetime(stream.window.part(from: header, count: 64), borrowing: self)
        }
    }

    /// What the capture told about itself so far.
    package var statistics: CaptureStatistics {
        var statistics = gathered
        statistics.frames = frame.number &- statistics.recordsWithoutFrame
        if case .pcap = source.format { statistics.interfaces[0].frames = statistics.frames }
        return statistics
    }

    // MARK: Ends

    /// Ends the reading; returns false for `next()` to return.
    mutating func end(_ how: CaptureEnding) -> Bool {
        state = .ended
        frame.capturedLength = 0
        distance = 0
        ending = how
        sha256 = stream.finishDigest()
        // What the stream's own end or the rest after the last record tells comes out only now.
        if how == .complete, let failure = stream.failure {
            ending = .damaged(CaptureError(failure, file: source.name, offset: stream.offset))
        }
        return false
    }

    /// Ends the reading where bytes were expected and did not come: `needed` of them in all from `offset` on.
    mutating func endCut(_ part: CaptureError.Part, at offset: UInt64, needed: UInt64) -> Bool {
        let present = stream.offset &+ UInt64(stream.available) &- offset
        if let failure = stream.failure {
            return end(.damaged(CaptureError(failure, file: source.name, offset: offset &+ present)))
        }
        return end(
            .damaged(
                CaptureError(
                    file: source.name, offset: offset, problem: .cut(part: part, needed: needed, present: present))))
    }

    mutating func endInvalid(
        _ part: CaptureError.Part, at offset: UInt64, expected: String, found: String
    ) -> Bool {
        end(
            .damaged(
                CaptureError(
                    file: source.name, offset: offset,
                    problem: .invalid(part: part, expected: expected, found: found))))
    }
}

extension CaptureError {
    init(_ failure: ByteSourceError, file: String, offset: UInt64?) {
        let problem: Problem =
            switch failure {
            case .system(let code): .system(operation: "read", code: code)
            case .compression(let format, let reason): .compression(format: format, reason: reason)
            }
        self.init(file: file, offset: offset, problem: problem)
    }
}
