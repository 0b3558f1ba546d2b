import Analysis
import Model
import Protocols

/// Reads a capture with all protocols but those named, so that two runs under an instruction counter tell what the named ones
/// cost others: `probe-cost CAPTURE [NAME…]`. Prints the frames that were read.
@main
enum ProbeCost {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let path = arguments.first else {
            print("usage: probe-cost CAPTURE [PROTOCOL…]")
            return
        }
        let left = Set(arguments.dropFirst())
        let unknown = left.subtracting(ProtocolRegistry.all.map(\.description.name))
        guard unknown.isEmpty else {
            print("probe-cost: no protocol named \(unknown.sorted().joined(separator: ", "))")
            return
        }
        let protocols = ProtocolRegistry.all.filter { !left.contains($0.description.name) }
        let result = try CaptureReading.read(path: path, protocols: protocols)
        print(result.capture.frames)
    }
}
