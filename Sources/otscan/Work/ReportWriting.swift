import Assessment
import Evidence

/// Writes the report of a store in the format that a file's name asks for.
struct ReportWriting {
    let store: Store
    let rulebook: Rulebook
    let language: Language
    let isMasked: Bool

    func write(to path: String) throws {
        throw CommandError("\(path): reports are not written yet")
    }
}
