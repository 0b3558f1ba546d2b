import Analysis
import ArgumentParser
import Model

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
            if conversations { list(result.conversations) } else { list(result) }
        }
    }

    private func list(_ result: CaptureResult) {
        for (observation, sighting) in zip(result.observations, result.sightings) {
            print(
                SubjectText.describe(observation.subject), observation.attribute.rawValue, observation.value.visible,
                observation.source, "#\(sighting.first.number)", "×\(sighting.count)", separator: "\t")
        }
    }

    private func list(_ conversations: [Conversation]) {
        for conversation in conversations {
            let messages = conversation.messages.map { "\($0.name) ×\($0.count)" }.joined(separator: ", ")
            print(
                SubjectText.describe(conversation.client) + ":\(conversation.clientPort)",
                SubjectText.describe(conversation.server) + ":\(conversation.serverPort)", conversation.key.transport,
                conversation.service ?? "-", "#\(conversation.first.number)", conversation.fromClient.frames,
                conversation.fromServer.frames, messages, separator: "\t")
        }
    }
}

/// Ends and subjects as one word each.
enum SubjectText {
    static func describe(_ subject: Subject) -> String {
        switch subject {
        case .endpoint(let end): describe(end)
        case .mac(let mac): mac.description
        case .address(let ip): ip.description
        case .conversation(let key): "\(key.a):\(key.aPort)-\(key.b):\(key.bPort)"
        case .network: "network"
        }
    }

    static func describe(_ end: Endpoint) -> String {
        let place = [end.ip?.description, end.mac?.description].compactMap { $0 }.joined(separator: "@")
        return end.vlan == 0 ? place : "\(place)/\(end.vlan)"
    }
}
