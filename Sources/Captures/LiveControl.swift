package import Model

/// What the supervisor of a live capture tells the analyser between the frames, as pcapng blocks of a type that is for
/// local use (draft-ietf-opsawg-pcapng, 3.1: the highest bit set).
///
///     0 type   4 length   8 kind   12 count of numbers   16 numbers, 64 bits each   texts, each ended by a zero   length
///
/// Frames and the messages marked so take one number each in one sequence over the whole capture, so that what was
/// committed can be told in one number.
package enum LiveControl: Hashable, Sendable {
    /// Nothing; time goes on.
    case tick
    /// What comes next has this number in the sequence.
    case at(UInt64)
    /// A segment begins (numbered). Its frames count from `base` + 1.
    case begin(LiveSegmentStart)
    /// The segment ends (numbered): its identity, or empty to keep the provisional one.
    case end(sha256: String)
    /// This many frames do not come (each numbered): they count in this class of the accounting.
    case skip(UInt64, as: String)
    /// A time in which nobody watched (numbered).
    case gap(CaptureGap)
    /// The segment's counters so far.
    case account(received: UInt64, kernel: UInt64, interface: UInt64)
    /// Commit now.
    case commit
    /// Commit, and end.
    case finish

    static let blockType: UInt32 = 0x8000_0a75
    /// No message is longer.
    static let lengthLimit: UInt32 = 8192

    /// How many numbers of the sequence it takes.
    package var numbered: UInt64 {
        switch self {
        case .begin, .end, .gap: 1
        case .skip(let count, _): count
        default: 0
        }
    }
}

/// Which segment begins.
package struct LiveSegmentStart: Hashable, Sendable {
    /// Number in the sequence after which its frames come.
    package var base: UInt64
    /// The provisional identity.
    package var identity: String
    /// The file's name, or what stands for one.
    package var name: String
    /// Hash over all segments before, as it stands in the record.
    package var previous: String

    package init(base: UInt64, identity: String, name: String, previous: String) {
        self.base = base
        self.identity = identity
        self.name = name
        self.previous = previous
    }
}

extension LiveControl {
    /// The message as a block.
    package var block: [UInt8] {
        var numbers: [UInt64] = []
        var texts: [String] = []
        let kind: UInt32
        switch self {
        case .tick: kind = 0
        case .at(let sequence): (kind, numbers) = (1, [sequence])
        case .begin(let start):
            kind = 2
            numbers = [start.base]
            texts = [start.identity, start.name, start.previous]
        case .end(let sha256): (kind, texts) = (3, [sha256])
        case .skip(let count, let name):
            kind = 4
            numbers = [count]
            texts = [name]
        case .gap(let gap):
            kind = 5
            numbers = [UInt64(bitPattern: gap.start.nanoseconds), UInt64(bitPattern: gap.end.nanoseconds)]
            texts = [gap.interface, gap.reason.rawValue]
        case .account(let received, let kernel, let interface): (kind, numbers) = (6, [received, kernel, interface])
        case .commit: kind = 7
        case .finish: kind = 8
        }
        var bytes: [UInt8] = []
        func put(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        let text = texts.flatMap { Array($0.utf8.prefix(1024)).filter { $0 != 0 } + [0] }
        let padding = -text.count & 3
        let length = UInt32(16 + 8 * numbers.count + text.count + padding + 4)
        put(LiveControl.blockType)
        put(length)
        put(kind)
        put(UInt32(numbers.count))
        for number in numbers { put(number) }
        bytes += text + [UInt8](repeating: 0, count: padding)
        put(length)
        return bytes
    }

    /// Reads a message; nil when the block is none.
    init?(_ block: RawSpan) {
        let kind: UInt32 = block.load(at: 8, swapped: false)
        let count = Int(block.load(at: 12, swapped: false) as UInt32)
        guard block.byteCount >= 20, count <= 8, 16 + 8 * count + 4 <= block.byteCount else { return nil }
        func number(_ index: Int) -> UInt64 { index < count ? block.load(at: 16 + 8 * index, swapped: false) : 0 }
        let text = block.part(from: 16 + 8 * count, count: block.byteCount - 20 - 8 * count).array()
        let texts = text.split(separator: 0, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        func word(_ index: Int) -> String { index < texts.count ? texts[index] : "" }
        switch kind {
        case 0: self = .tick
        case 1: self = .at(number(0))
        case 2:
            self = .begin(
                LiveSegmentStart(base: number(0), identity: word(0), name: word(1), previous: word(2)))
        case 3: self = .end(sha256: word(0))
        case 4: self = .skip(number(0), as: word(0))
        case 5:
            guard let reason = CaptureGap.Reason(rawValue: word(1)) else { return nil }
            self = .gap(
                CaptureGap(
                    interface: word(0), start: Timestamp(nanoseconds: Int64(bitPattern: number(0))),
                    end: Timestamp(nanoseconds: Int64(bitPattern: number(1))), reason: reason))
        case 6: self = .account(received: number(0), kernel: number(1), interface: number(2))
        case 7: self = .commit
        case 8: self = .finish
        default: return nil
        }
    }
}
