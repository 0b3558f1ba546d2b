import Analysis
import Assessment
import Captures
import Evidence
import Model
import Wording

/// Keeps a store and what is derived from it in step: captures are read into it, and everything that follows is derived
/// anew from all that it holds.
struct PlantStudy {
    let store: Store
    let knowledge: Knowledge
    /// Captures read in this run, from which single frames can be read again.
    private var atHand: [(id: UInt32, replay: CaptureReplay)] = []

    init(store: Store, knowledge: Knowledge) {
        self.store = store
        self.knowledge = knowledge
    }

    /// What reading one file gave.
    struct Addition {
        var capture: CaptureRecord
        /// True when the store had this capture already.
        var wasKnown: Bool
    }

    /// Reads a capture file into the store; `-` is standard input. Reading the same capture again changes nothing.
    mutating func add(_ path: String, progress: CaptureReading.Progress? = nil) throws -> Addition {
        let next = try store.captureID()
        var (result, replay) = try CaptureReading.readWithReplay(path: path, capture: next, progress: progress)
        // Only the hash over all of it tells whether the store knows the capture already, and by which number.
        let id = try store.captureID(sha256: result.capture.sha256)
        if id != next { result = result.numbered(as: id) }
        // Coming in by a pipe takes no name away that the capture already has.
        if result.capture.name == "-", let known = try store.captures().first(where: { $0.id == id }) {
            result.capture.name = known.record.name
        }
        try store.add(result)
        atHand.removeAll { $0.id == id }
        atHand.append((id, replay))
        return Addition(capture: result.capture, wasKnown: id != next)
    }

    /// Reads files one after the other. One that cannot be read, or is damaged, is told on standard error and does not
    /// keep the others from being read.
    mutating func addAll(_ paths: [String]) -> (additions: [Addition], failed: Bool) {
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
                StandardError.say(
                    "\(damage); what came before it (\(Figures.count(addition.capture.frames, "frame"))) was kept")
            } catch {
                meter.finish()
                failed = true
                StandardError.say(ErrorText.line(error))
            }
        }
        return (additions, failed)
    }

    /// Derives assets, segments, sessions, findings and proposals from everything in the store, and keeps the frames that
    /// prove them: of captures read here those cited now, of others those that were kept when they were read.
    /// Without any capture there is nothing that could follow from one. Answers the assets.
    @discardableResult
    func derive() throws -> [Asset] {
        if try store.captures().isEmpty { return [] }
        let derived = PlantAnalysis.derive(
            try store.results(), ledger: try store.ledger(), knowledge: knowledge,
            declarations: try store.declarations())
        let kept = ExhibitFrames.collect(derived.picture.citedFrames, from: atHand)
        for problem in kept.problems { StandardError.say(problem) }
        try store.replaceDerived(
            derived.picture, proposals: derived.proposals, ledgerMatch: derived.ledger, keptFrames: kept.frames)
        return derived.picture.assets
    }
}
