import Analysis
import Evidence
import Model
import Wording

/// Writes the kept frames of an exhibit as a capture of their own.
enum SliceWriting {
    /// - Parameter path: pcapng file to write; `-` is standard output.
    static func write(_ exhibit: Exhibit, _ reading: StoreReading, to path: String, style: TerminalStyle) throws {
        let frames = try reading.store.keptFrames(of: exhibit)
        guard !frames.isEmpty else {
            throw CommandError(
                "\(WireText(reading.store.path).visible): no frame of \(exhibit.id) was kept; analyse the capture again, it keeps them"
            )
        }
        try ExhibitSlice.write(frames: frames, captures: reading.captures, to: path)
        guard path != "-" else { return }
        let name = WireText(path).visible
        try StandardOutput.write(
            style.say("\(name): \(frames.count)フレームを書き出した\n", "\(name): \(Figures.count(frames.count, "frame"))\n"))
    }
}
