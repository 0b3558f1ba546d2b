import Model
import Wire

/// What a fuzzer mutates and what a case file holds: setup bytes, then records of control (1 byte), length (2 bytes,
/// big-endian) and that many bytes. A record that claims more than is left takes what is left, so any input means something.
package enum FuzzRecords {
    /// Longest record; leaves room for headers inside an IPv4 packet.
    package static let limit = 16_000
    /// Most records of one input that are used.
    package static let maximum = 64

    /// Calls `body` with each record from `offset` on.
    package static func forEach(_ bytes: RawSpan, from offset: Int, _ body: (_ control: UInt8, RawSpan) -> Void) {
        var offset = offset
        var count = 0
        while offset < bytes.byteCount, count < maximum {
            let control = bytes.u8(offset)
            let length = min(Int(bytes.u8(offset + 1)) << 8 | Int(bytes.u8(offset + 2)), limit)
            body(control, bytes.slice(offset + 3, length))
            offset += 3 + length
            count += 1
        }
    }

    /// One record, as seeds are written.
    package static func record(_ control: UInt8, _ bytes: RawSpan) -> [UInt8] {
        let kept = bytes.bytes(limit: limit)
        return [control, UInt8(kept.count >> 8), UInt8(kept.count & 255)] + kept
    }
}
