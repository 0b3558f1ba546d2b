import Foundation
import Model

/// Files that a command writes.
enum OutputFile {
    /// Writes a text, whole or not at all; `-` is standard output.
    static func write(_ text: String, to path: String) throws {
        if path == "-" { return try StandardOutput.write(text) }
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw CommandError(
                "\(WireText(path).visible): cannot be written; check that the folder exists and is writable")
        }
    }
}
