import Assessment
import Foundation
import Glibc
import Wording

/// Tells on a terminal how far the reading of a large file is; silent elsewhere, and for what is done in two seconds.
final class ProgressMeter {
    private let name: String
    private let isShown: Bool
    /// Size of a plain capture file; nil where the share done cannot be told (a pipe, a compressed file).
    private let size: UInt64?
    private let overheadPerFrame: UInt64
    private let start = ContinuousClock.now
    private var lastShown: ContinuousClock.Instant?
    private static let patience = Duration.seconds(2)

    init(path: String, isShown: Bool = StandardError.isTerminal) {
        name = path == "-" ? "standard input" : URL(fileURLWithPath: path).lastPathComponent
        self.isShown = isShown
        var size: UInt64?
        var overhead: UInt64 = 16
        if isShown, path != "-", let handle = FileHandle(forReadingAtPath: path) {
            defer { try? handle.close() }
            let magic = [UInt8]((try? handle.read(upToCount: 4)) ?? Data())
            let isPcapng = magic == [0x0a, 0x0d, 0x0d, 0x0a]
            let isPcap = magic.contains(0xa1) && magic.contains(0xb2)
            // Block header, lengths and padding of an enhanced packet block; the record header of a pcap.
            overhead = isPcapng ? 34 : 16
            if isPcapng || isPcap {
                let attributes = try? FileManager.default.attributesOfItem(atPath: path)
                size = (attributes?[.size] as? NSNumber)?.uint64Value
            }
        }
        self.size = size
        overheadPerFrame = overhead
    }

    func update(frames: UInt64, bytes: UInt64) {
        guard isShown else { return }
        let now = ContinuousClock.now
        guard now - start >= ProgressMeter.patience else { return }
        if let lastShown, now - lastShown < .milliseconds(250) { return }
        lastShown = now
        let seconds = Double((now - start) / .seconds(1))
        var line = "\(name): \(Figures.count(frames)) frames, \(Figures.tenths(Double(bytes) / 1e6 / seconds)) MB/s"
        let read = bytes &+ frames &* overheadPerFrame
        if let size, size > 0, read > 0 {
            let share = min(Double(read) / Double(size), 0.99)
            let left = seconds / share - seconds
            line += ", \(Int(share * 100)) %, \(Figures.duration(left.rounded(.up), in: .english)) left"
        }
        StandardError.write("\r\u{1b}[K" + line)
    }

    /// Takes the line away.
    func finish() {
        if lastShown != nil { StandardError.write("\r\u{1b}[K") }
    }
}
