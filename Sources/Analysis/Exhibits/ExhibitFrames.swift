package import Captures
import Crypto
package import Model
import Wire

/// Fetches the frames that exhibits cite and keeps of each what may be kept.
package enum ExhibitFrames {
    /// Frames to keep, and in one line each why some could not be had.
    package struct Collected: Sendable {
        package var frames: [KeptFrame] = []
        package var problems: [String] = []
    }

    /// Reads the cited frames of the captures at hand again. A frame is passed over that is not the one that was
    /// cited, because its file was replaced; citations of captures that are not at hand are left alone.
    package static func collect(
        _ cited: [FrameRef], from captures: [(id: UInt32, replay: CaptureReplay)]
    ) -> Collected {
        var collected = Collected()
        var wanted: [UInt32: [UInt64: Timestamp]] = [:]
        for frame in cited { wanted[frame.capture, default: [:]][frame.number] = frame.time }
        for (id, replay) in captures {
            guard let times = wanted.removeValue(forKey: id) else { continue }
            let before = collected.frames.count
            do throws(CaptureError) {
                for group in replay.isLost ? [] : replay.groups(times.keys.sorted()) {
                    try collect(group, times, of: id, replay, into: &collected.frames)
                }
            } catch {
                collected.problems.append(error.description)
            }
            let missing = times.count - (collected.frames.count - before)
            if missing > 0 {
                collected.problems.append(
                    "\(WireText(replay.name).visible): \(missing) of \(times.count) frames that prove something could not be kept; "
                        + (replay.isLost
                            ? "there was no room to keep the stream while it was read"
                            : "expected the capture as it was when it was analysed"))
            }
        }
        return collected
    }

    private static func collect(
        _ numbers: [UInt64], _ times: [UInt64: Timestamp], of capture: UInt32, _ replay: CaptureReplay,
        into frames: inout [KeptFrame]
    ) throws(CaptureError) {
        guard let first = numbers.first else { return }
        var reader = try replay.reader(near: first)
        for number in numbers {
            while reader.frame.number < number { guard reader.next() else { return } }
            let frame = reader.frame
            guard frame.number == number, times[number] == frame.time else { continue }
            frames.append(keep(reader.bytes, frame, of: capture))
        }
    }

    /// What is kept of one frame.
    package static func keep(_ bytes: RawSpan, _ frame: Frame, of capture: UInt32) -> KeptFrame {
        let (kept, isRedacted) = FrameRedaction.redact(bytes, frame)
        return KeptFrame(
            frame: FrameRef(capture: capture, number: frame.number, time: frame.time),
            linkType: frame.linkType.rawValue, originalLength: frame.originalLength, bytes: kept,
            isRedacted: isRedacted, sha256Original: bytes.withUnsafeBytes { digest($0) },
            sha256Kept: kept.withUnsafeBytes { digest($0) })
    }

    private static func digest(_ bytes: UnsafeRawBufferPointer) -> String {
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        return hash.finalize().hexadecimalText
    }
}
