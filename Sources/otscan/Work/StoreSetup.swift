import Evidence
import Foundation
import Model

/// Makes a store, and names things in it.
enum StoreSetup {
    /// Sets the facts that have a value; the store is made when there is none.
    static func make(_ path: String, facts: [String: String?], style: TerminalStyle) throws {
        let existed = FileManager.default.fileExists(atPath: path)
        let store = try Store(path: path, create: true)
        for (name, value) in facts.sorted(by: { $0.key < $1.key }) {
            if let value { try store.setFact(name, value) }
        }
        let name = WireText(path).visible
        try StandardOutput.write(
            existed
                ? style.say("\(name): 更新した\n", "\(name): updated\n") : style.say("\(name): 作成した\n", "\(name): made\n"))
    }
}
