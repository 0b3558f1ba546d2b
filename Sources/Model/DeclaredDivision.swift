/// The declared zones beside what was seen: who is in each, and what crosses from one to another.
package struct DeclaredDivision: Hashable, Sendable, Codable {
    package struct Zone: Hashable, Sendable, Codable {
        package var name: String
        package var level: PurdueLevel?
        /// Asset ids.
        package var members: [String]

        package init(name: String, level: PurdueLevel?, members: [String]) {
            self.name = name
            self.level = level
            self.members = members
        }
    }

    /// Answered traffic of one service from clients of one zone to servers of another.
    package struct Crossing: Hashable, Sendable, Codable {
        /// Zone name, or `outside`.
        package var from: String
        package var to: String
        /// Registry name, or carrier and port where no protocol was recognised.
        package var service: String
        package var conversations: Int
        package var bytes: UInt64
        package var isPermitted: Bool
        package var first: FrameRef

        package init(
            from: String, to: String, service: String, conversations: Int, bytes: UInt64, isPermitted: Bool,
            first: FrameRef
        ) {
            self.from = from
            self.to = to
            self.service = service
            self.conversations = conversations
            self.bytes = bytes
            self.isPermitted = isPermitted
            self.first = first
        }
    }

    package var zones: [Zone]
    /// Assets with an interface of their own that no declared zone holds.
    package var unplaced: [String]
    /// What is not permitted first.
    package var crossings: [Crossing]

    package init(zones: [Zone], unplaced: [String], crossings: [Crossing]) {
        self.zones = zones
        self.unplaced = unplaced
        self.crossings = crossings
    }
}
