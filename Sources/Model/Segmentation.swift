/// A division of the plant that would keep what was seen to be needed and refuse the rest.
package struct SegmentationPlan: Hashable, Sendable, Codable {
    package struct Zone: Hashable, Sendable, Codable {
        /// `office`, `cell-1` and the like: lower-case letters, digits and hyphens.
        package var id: String
        package var title: Phrase
        package var level: PurdueLevel
        /// Asset ids.
        package var members: [String]

        package init(id: String, title: Phrase, level: PurdueLevel, members: [String]) {
            self.id = id
            self.title = title
            self.level = level
            self.members = members
        }
    }

    /// What may pass from one zone to another by one service.
    package struct Conduit: Hashable, Sendable, Codable {
        /// Zone id, or `outside`.
        package var from: String
        package var to: String
        /// Registry name; empty where none was recognised.
        package var service: String
        package var transport: Transport
        /// Server port; for `.ip` the protocol number.
        package var port: UInt16
        /// Addresses that ask; empty for anybody outside.
        package var clients: [IPAddress]
        /// Addresses that answer; empty for anybody outside.
        package var servers: [IPAddress]
        package var conversations: Int

        package init(
            from: String, to: String, service: String, transport: Transport, port: UInt16, clients: [IPAddress],
            servers: [IPAddress], conversations: Int
        ) {
            self.from = from
            self.to = to
            self.service = service
            self.transport = transport
            self.port = port
            self.clients = clients
            self.servers = servers
            self.conversations = conversations
        }
    }

    /// How many assets a worm that starts at one of them could reach over services seen.
    package struct Reach: Hashable, Sendable, Codable {
        /// By asset id, the asset itself not counted.
        package var now: [String: Int]
        package var planned: [String: Int]
        /// Ids of assets that answered by TCP or UDP, in order, so that the same plant is written the same way.
        package let serving: [String]

        package init(now: [String: Int] = [:], planned: [String: Int] = [:], serving: Set<String> = []) {
            self.now = now
            self.planned = planned
            self.serving = serving.sorted()
        }

        package static func mean(_ reach: [String: Int]) -> Double {
            reach.isEmpty ? 0 : Double(reach.values.reduce(0, +)) / Double(reach.count)
        }
    }

    /// What the capture would have met with.
    package struct Replay: Hashable, Sendable, Codable {
        /// Conversations within a zone, which nothing filters.
        package var within: Int
        /// Conversations across zones that the conduits let pass.
        package var kept: Int
        /// Across zones and refused.
        package var cut: Int
        /// Examples of what is refused: client, server and service in words.
        package var examples: [String]

        package init(within: Int = 0, kept: Int = 0, cut: Int = 0, examples: [String] = []) {
            self.within = within
            self.kept = kept
            self.cut = cut
            self.examples = examples
        }
    }

    package var zones: [Zone]
    package var conduits: [Conduit]
    package var reach: Reach
    package var replay: Replay

    package init(zones: [Zone] = [], conduits: [Conduit] = [], reach: Reach = Reach(), replay: Replay = Replay()) {
        self.zones = zones
        self.conduits = conduits
        self.reach = reach
        self.replay = replay
    }
}
