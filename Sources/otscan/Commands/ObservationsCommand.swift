import Analysis
import ArgumentParser

/// Lists what the dissectors read in a capture, one fact a line, before anything is concluded from it.
struct ObservationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "observations", abstract: "Lists every fact read from a capture, with the frames that state it.")

    @Argument(help: "Capture files; - is standard input.")
    var files: [String]

    @Flag(help: "List conversations with the protocol recognised in each instead.")
    var conversations = false

    func run() throws {
        for file in files {
            let result = try CaptureReading.read(path: file)
            let lines = conversations ? ObservationText.conversations(result) : ObservationText.observations(result)
            for line in lines { try StandardOutput.write(line + "\n") }
        }
    }
}
