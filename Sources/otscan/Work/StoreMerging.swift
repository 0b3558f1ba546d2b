import Evidence
import Foundation
import Model
import Wording

/// Makes one store of several, and one file of a store.
struct StoreMerging {
    let stores: [String]
    let output: String
    let knowledge: KnowledgeOptions
    let style: TerminalStyle

    func run() throws {
        let sources = try stores.map { (name: $0, store: try StoreReading.open($0)) }
        let isNew = !FileManager.default.fileExists(atPath: output)
        do {
            let target = try Store(path: output, create: true)
            for (name, source) in sources {
                let summary = try target.merge(from: source)
                try copyFacts(from: source, to: target)
                try StandardOutput.write(
                    style.say(
                        "\(WireText(name).visible): 記録\(summary.newCaptures)件、判定\(summary.newDecisions)件を追加(共通の記録\(summary.sharedCaptures)件)\n",
                        "\(WireText(name).visible): added \(Figures.count(summary.newCaptures, "capture")) and \(Figures.count(summary.newDecisions, "decision")), knew \(Figures.count(summary.sharedCaptures, "capture"))\n"
                    ))
            }
            // What is derived is not merged but derived anew from all that came together.
            try PlantStudy(store: target, knowledge: try knowledge.knowledge(target)).derive()
        } catch {
            if isNew { StoreFiles.remove(output) }
            throw error
        }
    }

    /// Names and the ledger are taken from the first store that has them.
    private func copyFacts(from source: Store, to target: Store) throws {
        let names = [
            StoreFact.plant, StoreFact.ownPrefixes, "addressee", "author", "edition", "handling", "scope",
            "capture_mode",
            "capture_point", "declarations",
        ]
        for name in names where try target.fact(name) == nil {
            if let value = try source.fact(name) { try target.setFact(name, value) }
        }
        if try target.ledger() == nil, let ledger = try source.ledger() { try target.replaceLedger(ledger) }
    }

    /// A copy as it is at one moment, while others may be writing.
    static func bundle(_ path: String, to output: String, style: TerminalStyle) throws {
        let store = try StoreReading.open(path)
        let name = WireText(output).visible
        guard !FileManager.default.fileExists(atPath: output) else {
            throw CommandError("\(name): is there already; name another file")
        }
        try store.copy(to: output)
        let bytes = (try FileManager.default.attributesOfItem(atPath: output)[.size] as? UInt64) ?? 0
        try StandardOutput.write("\(name): \(Figures.bytes(bytes))\n")
    }
}

/// The files that make up a store.
enum StoreFiles {
    static func remove(_ path: String) {
        for suffix in ["", "-journal", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }
}
