import Analysis
import Evidence
import Foundation
import Model

/// One run of `analyze`: a store opened or made, captures read into it, everything derived.
struct AnalysisRun {
    let store: Store
    let additions: [PlantStudy.Addition]
    /// What was derived: reading them back from the store would take longer than deriving them.
    let assets: [Asset]
    /// True when a file could not be read, or not to its end.
    let failed: Bool

    /// - Parameter plant: the plant's name, remembered in the store; nil leaves it as it is.
    init(files: [String], storePath: String, plant: String?, knowledge: KnowledgeOptions) throws {
        let isNew = !FileManager.default.fileExists(atPath: storePath)
        if isNew { try AnalysisRun.expectReadable(files) }
        store = try Store(path: storePath, create: true)
        if let plant { try store.setFact(StoreFact.plant, plant) }
        var study = PlantStudy(store: store, knowledge: try knowledge.knowledge(store))
        (additions, failed) = study.addAll(files)
        guard !additions.isEmpty else {
            assets = []
            // Nothing came of it, so nothing is left behind.
            if isNew { StoreFiles.remove(storePath) }
            return
        }
        assets = try study.derive()
    }

    /// Throws before a store is made when there is nothing to read for it.
    private static func expectReadable(_ files: [String]) throws {
        let readable = files.contains { $0 == "-" || FileManager.default.isReadableFile(atPath: $0) }
        guard !readable, let first = files.first else { return }
        try InputFile.expect(first)
    }
}
