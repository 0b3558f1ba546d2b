import Model

/// Reads the stream between the processes of a live capture: the collector's pcapng, with messages between the blocks.
///
/// It is pcapng as the collector writes it and nothing else (little-endian, one interface, nanoseconds), so whatever
/// else comes ends the reading. Nothing is allocated per frame.
package struct LiveStream: ~Copyable {
    package enum Step: Sendable {
        case frame
        case control(LiveControl)
        /// A block that carries neither.
        case other
        /// The writer closed the stream, or it is broken: why, in the latter case.
        case end(CaptureError?)
    }

    private var stream: ByteStream
    private let name: String
    /// The current frame; its number counts from 1.
    package private(set) var frame: Frame
    private var distance = 0
    private var hasInterface = false

    /// Longest block: the longest frame there is, and its header.
    private static let blockLimit: UInt32 = 262_144 + 64

    /// Reads from a descriptor that stays the caller's to close.
    package init(descriptor: Int32, name: String) {
        self.init(FileSource(descriptor: descriptor, closes: false), name: name)
    }

    /// Reads what is in memory.
    package init(bytes: [UInt8], name: String) { self.init(MemorySource(bytes), name: name) }

    private init(_ source: any ByteSource, name: String) {
        // Told to begin elsewhere than at 0, it does not look for compression.
        stream = ByteStream(source, limit: Int(LiveStream.blockLimit) * 2, hashing: false, at: 1)
        self.name = name
        frame = Frame(number: 0, time: .zero, originalLength: 0, capturedLength: 0, linkType: .null)
    }

    /// The current frame's bytes, valid until the next call of `next()`.
    package var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            _overrideLifetime(stream.consumed(distance: distance, count: Int(frame.capturedLength)), borrowing: self)
        }
    }

    /// Moves to the next block where that is a frame and all of it has arrived, as nearly always; else nothing happens, and
    /// `next()` says what there is. Apart from that one because a step that can be anything costs more than a frame does.
    ///
    ///     8 interface   12 time, high   16 time, low   20 captured length   24 original length   28 frame
    @inline(__always)
    package mutating func takeFrame() -> Bool {
        let available = stream.available
        guard available >= 32, hasInterface, stream.load(at: 0) == PcapngBlockType.enhancedPacket.rawValue else {
            return false
        }
        let length: UInt32 = stream.load(at: 4)
        guard length >= 32, length & 3 == 0, length <= LiveStream.blockLimit, Int(length) <= available,
            stream.load(at: Int(length) &- 4) == length
        else { return false }
        let captured: UInt32 = stream.load(at: 20)
        guard captured <= length &- 32 else { return false }
        let high: UInt32 = stream.load(at: 12)
        let low: UInt32 = stream.load(at: 16)
        frame.number &+= 1
        frame.capturedLength = captured
        frame.originalLength = stream.load(at: 24)
        frame.time = Timestamp(nanoseconds: Int64(clamping: UInt64(high) << 32 | UInt64(low)))
        stream.consume(Int(length))
        distance = Int(length) &- 28
        return true
    }

    /// Moves to the next block; waits for it.
    package mutating func next() -> Step {
        if takeFrame() { return .frame }
        frame.capturedLength = 0
        guard stream.require(12) else { return end(.fileHeader, needed: 12) }
        let type: UInt32 = stream.load(at: 0)
        let length: UInt32 = stream.load(at: 4)
        guard length >= 12, length & 3 == 0, length <= LiveStream.blockLimit else {
            return broken(.block(type: type), "a length from 12 to \(LiveStream.blockLimit)", "\(length)")
        }
        guard stream.require(Int(length)) else { return end(.block(type: type), needed: UInt64(length)) }
        let trailer: UInt32 = stream.load(at: Int(length) &- 4)
        guard trailer == length else {
            return broken(.block(type: type), "the length \(length) again at its end", "\(trailer)")
        }
        if type == PcapngBlockType.enhancedPacket.rawValue {
            return takeFrame() ? .frame : brokenFrame(length)
        }
        defer { stream.consume(Int(length)) }
        switch type {
        case PcapngBlockType.sectionHeader.rawValue:
            let magic: UInt32 = stream.load(at: 8)
            guard magic == 0x1a2b_3c4d else {
                return broken(.block(type: type), "the byte-order magic 0x1a2b3c4d", "0x" + String(magic, radix: 16))
            }
            hasInterface = false
            return .other
        case PcapngBlockType.interfaceDescription.rawValue:
            guard length >= 20 else { return broken(.block(type: type), "a length of 20 or more", "\(length)") }
            frame.linkType = LinkType(capture: stream.load(at: 8) as UInt16)
            hasInterface = true
            return .other
        case LiveControl.blockType:
            guard length <= LiveControl.lengthLimit,
                let message = LiveControl(stream.window.part(from: 0, count: Int(length)))
            else { return broken(.block(type: type), "a message of the supervisor", "something else") }
            return .control(message)
        default: return .other
        }
    }

    /// What is wrong with a frame that is there whole.
    private func brokenFrame(_ length: UInt32) -> Step {
        let part = CaptureError.Part.frame(frame.number &+ 1)
        guard length >= 32, hasInterface else {
            return broken(part, "an interface before the first frame", "none")
        }
        return broken(
            part, "a captured length of at most \(length &- 32)", "\(stream.load(at: 20) as UInt32)")
    }

    private func end(_ part: CaptureError.Part, needed: UInt64) -> Step {
        if let failure = stream.failure { return .end(CaptureError(failure, file: name, offset: stream.offset)) }
        if stream.available == 0 { return .end(nil) }
        return .end(
            CaptureError(
                file: name, offset: stream.offset,
                problem: .cut(part: part, needed: needed, present: UInt64(stream.available))))
    }

    private func broken(_ part: CaptureError.Part, _ expected: String, _ found: String) -> Step {
        .end(
            CaptureError(
                file: name, offset: stream.offset, problem: .invalid(part: part, expected: expected, found: found)))
    }
}
