import Captures
import Evidence
import Model

/// The kept frames of an exhibit as a capture of its own.
enum ExhibitSlice {
    static func write(_ exhibit: Exhibit, _ reading: StoreReading, to path: String, style: TerminalStyle) throws {
        throw CommandError("\(path): slices are not written yet")
    }
}
