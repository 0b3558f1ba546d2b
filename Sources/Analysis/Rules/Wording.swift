import Model
import Protocols

/// Words that the texts of findings and proposals share.
enum Wording {
    private static let titles: [String: String] = Dictionary(
        ProtocolRegistry.all.map { ($0.description.name, $0.description.title) },
        uniquingKeysWith: { first, _ in first })

    /// What people call a service: its registry title without a remark in brackets, or the name that a signature gave it.
    static func service(_ name: String) -> String {
        guard let title = titles[name] else { return name }
        return title.firstRange(of: " (").map { String(title[..<$0.lowerBound]) } ?? title
    }

    /// Carrier and server port of a conversation: `tcp/5900`.
    static func port(_ conversation: Conversation) -> String {
        "\(conversation.key.transport)/\(conversation.serverPort)"
    }

    /// English number and noun: `1 device`, `2 devices`.
    static func count(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
        "\(number) \(number == 1 ? singular : plural ?? singular + "s")"
    }

    /// English adverb of frequency: `once`, `twice`, `5 times`.
    static func times(_ number: Int) -> String {
        switch number {
        case 1: "once"
        case 2: "twice"
        default: "\(number) times"
        }
    }
}

/// The same in the order of first appearance.
func unique(_ ids: [String]) -> [String] {
    var seen: Set<String> = []
    return ids.filter { seen.insert($0).inserted }
}
