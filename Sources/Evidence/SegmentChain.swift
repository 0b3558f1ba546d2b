import Crypto
package import Model

/// The chain of a live capture's segments: each names, by one hash, all that were captured before it.
package enum SegmentChain {
    /// What the segment after one that ends so must name: the hash over the text of what that one named and of its own
    /// SHA-256 (or the name that stands for it where no raw frames were kept).
    static func link(previous: String, sha256: String) -> String {
        SHA256.hash(data: Array((previous + sha256).utf8)).hexadecimalText
    }

    /// Segments before which another was changed, left out or put elsewhere. The last ones of a chain may be missing without a
    /// trace.
    package static func problems(_ records: [CaptureRecord]) -> [String] {
        let ends = Set(
            records.compactMap { record in record.live.map { link(previous: $0.previous, sha256: record.sha256) } })
        return records.compactMap { record in
            guard let live = record.live, !live.previous.isEmpty, !ends.contains(live.previous) else { return nil }
            return "segment \(WireText(record.name).visible) (\(record.sha256.prefix(12))): the segment before it was "
                + "changed, left out or moved"
        }
    }
}
