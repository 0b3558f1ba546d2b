import Analysis
import Foundation
import Model
import TestSupport

/// The whole corpus, read once for all suites that compare conversations with what others say of them.
enum CorpusConversations {
    /// True when the tables are wanted whole, and not only their sums.
    static let isDetailed = ProcessInfo.processInfo.environment["OTSCAN_CORPUS"] != nil

    /// What both ends of a conversation tell it by, in either order.
    struct Ends: Hashable {
        /// `tcp`, `udp`, or `link` for everything without ports.
        var transport: String
        /// `address port` of both ends, sorted.
        var ends: [String]

        init(_ transport: String, _ a: (String, String), _ b: (String, String)) {
            self.transport = transport
            ends = ["\(a.0) \(a.1)", "\(b.0) \(b.1)"].sorted()
        }
    }

    struct Entry {
        var ends: Ends
        var service: String?
        /// The lower port, by which a service is looked for.
        var port: UInt16
        var conversation: Conversation
    }

    /// Conversations with ports, by the capture's path as in MANIFEST.tsv; empty when the corpus is absent.
    static let all: [String: [Entry]] = {
        guard let folder = CaptureCorpus.folder else {
            print("skipped: corpus of captures not found (set OTSCAN_CAPTURES)")
            return [:]
        }
        var all: [String: [Entry]] = [:]
        for path in (try? CaptureCorpus.manifest()) ?? [] {
            guard let result = try? CaptureReading.read(path: folder.appendingPathComponent(path).path) else {
                continue
            }
            all[path] = result.conversations.map(entry)
        }
        return all
    }()

    private static func entry(_ conversation: Conversation) -> Entry {
        let key = conversation.key
        let transport: String
        switch key.transport {
        case .tcp: transport = "tcp"
        case .udp: transport = "udp"
        case .ip, .ethernet: transport = "link"
        }
        return Entry(
            ends: Ends(
                transport, (key.a.description, String(key.aPort)), (key.b.description, String(key.bPort))),
            service: conversation.service, port: min(key.aPort, key.bPort), conversation: conversation)
    }
}
