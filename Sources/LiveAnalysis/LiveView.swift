package import Analysis
import Foundation

/// What the analyser of a live capture has to show, sent to the supervisor about once a second, as one line of JSON.
package struct LiveView: Codable, Sendable {
    package struct Device: Codable, Sendable {
        package var mac: String
        package var address: String?
        package var vendor: String?
        package var vlan: UInt16
        /// Nanoseconds since 1970.
        package var first: Int64
    }

    package struct Remote: Codable, Sendable {
        package var service: String
        package var client: String
        package var server: String
        package var first: Int64
    }

    package struct Share: Codable, Sendable {
        package var name: String
        package var frames: UInt64
    }

    /// Frames read in this segment.
    package var frames: UInt64 = 0
    /// Devices that sent something, by MAC address.
    package var devices = 0
    /// Conversations of this segment.
    package var conversations = 0
    /// The latest devices that the store did not know, newest last.
    package var newest: [Device] = []
    /// The protocols with most frames, most first.
    package var protocols: [Share] = []
    package var remote: [Remote] = []
    /// True when a table is full and new conversations are only counted.
    package var isFlooded = false
    /// What the mirror probe found, once it did.
    package var mirror: MirrorFigures?

    /// As one line.
    package var line: String? { (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } }

    package init() {}

    /// Nil when the line is not what an analyser writes.
    package init?(line: String) {
        guard let view = try? JSONDecoder().decode(LiveView.self, from: Data(line.utf8)) else { return nil }
        self = view
    }
}
