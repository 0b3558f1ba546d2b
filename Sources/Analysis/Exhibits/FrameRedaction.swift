import Captures
import Model
import Wire

/// Takes out of a frame whatever could be a secret.
///
/// Nothing is searched for, because what is searched for can be missed: split over segments or fragments, encoded, on
/// another port, in a tunnel. Instead only bytes are kept that are known not to be secret: the headers from link to transport, and
/// of the payload what `PayloadRedaction` recognises within this one frame. All else is overwritten, lengths stay.
enum FrameRedaction {
    /// What overwritten bytes read: `x`.
    static let filler: UInt8 = 0x78

    /// The first `Exhibit.snapLength` bytes, redacted, and whether any byte was overwritten.
    static func redact(_ bytes: RawSpan, _ frame: Frame) -> (bytes: [UInt8], isRedacted: Bool) {
        let original = bytes.bytes(limit: Exhibit.snapLength)
        var layers = FrameLayers()
        layers.decode(bytes, link: frame.linkType, wireLength: Int(frame.originalLength))
        var ranges = KeptRanges(limit: original.count)
        // Of a frame that is not understood nobody can say what is in it.
        if layers.problem == .none {
            ranges.keep(0, layers.payloadOffset)
            if !layers.isFragment {
                ranges.base = layers.payloadOffset
                PayloadRedaction.keep(bytes.slice(layers.payloadOffset, layers.payloadLength), layers, &ranges)
                ranges.base = 0
            }
            keepPadding(bytes, from: layers.payloadOffset &+ layers.payloadLength, &ranges)
        }
        var kept = [UInt8](repeating: filler, count: original.count)
        for range in ranges.ranges { kept.replaceSubrange(range, with: original[range]) }
        guard kept != original else { return (kept, false) }
        clearChecksum(bytes, layers, &kept)
        return (kept, true)
    }

    /// Zeroes behind the payload fill short frames up; anything else there may be a leak of the sender's memory.
    private static func keepPadding(_ bytes: RawSpan, from start: Int, _ ranges: inout KeptRanges) {
        var offset = start
        while offset < bytes.byteCount { if bytes.u8(offset) == 0 { offset &+= 1 } else { return } }
        ranges.keep(start, bytes.byteCount &- start)
    }

    /// A checksum over bytes that are overwritten would tell sixteen bits about them.
    private static func clearChecksum(_ bytes: RawSpan, _ layers: FrameLayers, _ kept: inout [UInt8]) {
        guard layers.problem == .none, layers.hasPorts, !layers.isFragment else { return }
        var checksum: Int?
        if layers.ipProtocol == 17 {
            checksum = layers.payloadOffset &- 2
        } else {
            for length in stride(from: 20, through: 60, by: 4) {
                let start = layers.payloadOffset &- length
                guard start >= 0 else { break }
                if Int(bytes.u8(start &+ 12) >> 4) &* 4 == length, bytes.be16(start) == layers.sourcePort,
                    bytes.be16(start &+ 2) == layers.destinationPort, bytes.be32(start &+ 4) == layers.sequence
                {
                    checksum = start &+ 16
                    break
                }
            }
        }
        guard let checksum, checksum >= 0, checksum &+ 2 <= kept.count else { return }
        kept[checksum] = 0
        kept[checksum &+ 1] = 0
    }
}

/// The byte ranges of a frame that are kept.
struct KeptRanges {
    private(set) var ranges: [Range<Int>] = []
    /// Added to every offset: where the part of the frame begins that is being looked at.
    var base = 0
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Keeps `count` bytes from `offset` on, as far as they exist.
    mutating func keep(_ offset: Int, _ count: Int) {
        let start = min(max(base &+ offset, 0), limit)
        let end = min(max(start &+ max(count, 0), start), limit)
        if end > start { ranges.append(start..<end) }
    }
}
