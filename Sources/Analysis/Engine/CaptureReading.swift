package import Captures
import Glibc
package import Model
package import Protocols

/// Reads whole capture files.
package enum CaptureReading {
    /// Progress of a run: frames so far.
    package typealias Progress = (_ frames: UInt64, _ bytes: UInt64) -> Void

    /// Reads a capture from start to end; `-` is standard input. A damaged file gives everything before the damage, and
    /// says so in its record; only a file that cannot be read at all throws.
    package static func read(
        path: String, capture: UInt32 = 0, protocols: [ProtocolEntry] = ProtocolRegistry.all,
        limits: CaptureAnalyzer.Limits = CaptureAnalyzer.Limits(), progress: Progress? = nil
    ) throws(CaptureError) -> CaptureResult {
        var reader = try CaptureReader(path: path)
        return read(&reader, capture: capture, protocols: protocols, limits: limits, progress: progress)
    }

    /// The same, and how to come by single frames of the capture again.
    package static func readWithReplay(
        path: String, capture: UInt32 = 0, protocols: [ProtocolEntry] = ProtocolRegistry.all,
        limits: CaptureAnalyzer.Limits = CaptureAnalyzer.Limits(), progress: Progress? = nil
    ) throws(CaptureError) -> (result: CaptureResult, replay: CaptureReplay) {
        var reader = try CaptureReader(path: path, replayable: true)
        let result = read(&reader, capture: capture, protocols: protocols, limits: limits, progress: progress)
        guard let replay = reader.replay else {
            throw CaptureError(file: path, problem: .system(operation: "read again", code: ESPIPE))
        }
        return (result, replay)
    }

    private static func read(
        _ reader: inout CaptureReader, capture: UInt32, protocols: [ProtocolEntry], limits: CaptureAnalyzer.Limits,
        progress: Progress?
    ) -> CaptureResult {
        var analyzer = CaptureAnalyzer(capture: capture, protocols: protocols, limits: limits)
        while reader.next() {
            analyzer.prepare(reader.glimpse)
            analyzer.read(reader.bytes, reader.frame)
            if let progress, reader.frame.number & 0xffff == 0 { progress(reader.frame.number, analyzer.bytesRead) }
        }
        return analyzer.finish(summary(of: reader))
    }

    /// A name without its folder, which is no part of the evidence.
    private static func fileName(_ name: String) -> String {
        name == "standard input" ? "-" : name.split(separator: "/").last.map(String.init) ?? name
    }

    private static func summary(of reader: borrowing CaptureReader) -> CaptureSummary {
        var damage: String?
        if case .damaged(let error) = reader.ending { damage = error.description }
        let statistics = reader.statistics
        return CaptureSummary(
            name: fileName(reader.source.name), sha256: reader.sha256 ?? "", format: reader.source.description,
            reportedDrops: statistics.reportedDrops, damage: damage,
            linkSpeed: statistics.interfaces.map(\.speed).filter { $0 > 0 }.min())
    }
}

extension CaptureStatistics {
    /// Frames that the capture says were lost on their way into it: by interface, system and writer. Nil when it says nothing.
    var reportedDrops: UInt64? {
        var total = dropsReported
        var isTold = dropsReported > 0
        for interface in interfaces {
            for count in [interface.counters?.droppedByInterface, interface.counters?.droppedBySystem] {
                guard let count else { continue }
                isTold = true
                total = total.addingReportingOverflow(count).overflow ? .max : total &+ count
            }
        }
        return isTold ? total : nil
    }
}
