import Model
import Wording

/// What was read in a capture, a line each, its parts set apart by tabs.
enum ObservationText {
    static func observations(_ result: CaptureResult) -> [String] {
        zip(result.observations, result.sightings).map { observation, sighting in
            [
                subject(observation.subject), observation.attribute.rawValue, observation.value.visible,
                observation.source, "#\(sighting.first.number)", "×\(sighting.count)",
            ].joined(separator: "\t")
        }
    }

    static func conversations(_ result: CaptureResult) -> [String] {
        result.conversations.map { conversation in
            let messages = conversation.messages.map { "\($0.name) ×\($0.count)" }.joined(separator: ", ")
            return [
                end(conversation.client) + ":\(conversation.clientPort)",
                end(conversation.server) + ":\(conversation.serverPort)", conversation.key.transport.word,
                conversation.service ?? "-", "#\(conversation.first.number)", "\(conversation.fromClient.frames)",
                "\(conversation.fromServer.frames)", messages,
            ].joined(separator: "\t")
        }
    }

    private static func subject(_ subject: Subject) -> String {
        switch subject {
        case .endpoint(let place): end(place)
        case .mac(let mac): mac.description
        case .address(let ip): ip.description
        case .conversation(let key): "\(key.a):\(key.aPort)-\(key.b):\(key.bPort)"
        case .network: "network"
        }
    }

    private static func end(_ end: Endpoint) -> String {
        let place = [end.ip?.description, end.mac?.description].compactMap { $0 }.joined(separator: "@")
        return end.vlan == 0 ? place : "\(place)/\(end.vlan)"
    }
}
