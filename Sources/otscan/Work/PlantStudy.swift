import Analysis
import Assessment
import Captures
import Evidence
import Model

/// Keeps a store and what is derived from it in step: captures are read into it, and everything that follows is derived
/// anew from all that it holds.
struct PlantStudy {
    let store: Store
    let knowledge: Knowledge

    /// What reading one file gave.
    struct Addition {
        var capture: CaptureRecord
        /// True when the store had this capture already.
        var wasKnown: Bool
    }

    /// Reads a capture file into the store; `-` is standard input. Reading the same capture again changes nothing.
    func add(_ path: String, progress: CaptureReading.Progress? = nil) throws -> Addition {
        let next = try store.captureID()
        var result = try CaptureReading.read(path: path, capture: next, progress: progress)
        let id = try store.captureID(sha256: result.capture.sha256)
        if id != next { result.renumber(as: id) }
        try store.add(result)
        return Addition(capture: result.capture, wasKnown: id != next)
    }

    /// Reads files one after the other. One that cannot be read, or is damaged, is told on standard error and does not
    /// keep the others from being read.
    func addAll(_ paths: [String]) -> (additions: [Addition], failed: Bool) {
        var additions: [Addition] = []
        var failed = false
        for path in paths {
            let meter = ProgressMeter(path: path)
            defer { meter.finish() }
            do {
                let addition = try add(path) { meter.update(frames: $0, bytes: $1) }
                meter.finish()
                additions.append(addition)
                guard let damage = addition.capture.damage else { continue }
                failed = true
                StandardError.say("\(damage); the \(Figures.count(addition.capture.frames)) frames before it were kept")
            } catch {
                meter.finish()
                failed = true
                StandardError.say(ErrorText.line(error))
            }
        }
        return (additions, failed)
    }

    /// Derives assets, segments, sessions, findings and proposals from everything in the store. Needs no capture file.
    func derive() throws {
        let derived = PlantAnalysis.derive(try store.results(), ledger: try store.ledger(), knowledge: knowledge)
        try store.replaceDerived(
            derived.picture, proposals: derived.proposals, ledgerMatch: derived.ledger,
            keptFrames: try keptFrames())
    }

    /// The frames kept so far.
    private func keptFrames() throws -> [KeptFrame] {
        var frames: [FrameRef: KeptFrame] = [:]
        for exhibit in try store.exhibits() {
            for kept in try store.keptFrames(of: exhibit) { frames[kept.frame] = kept }
        }
        return frames.values.sorted { $0.frame < $1.frame }
    }
}
