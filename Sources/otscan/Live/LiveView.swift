import Analysis
import Foundation
import Model

/// What the analyser of a live capture has to show, sent to the supervisor about once a second, as one line of JSON.
struct LiveView: Codable, Sendable {
    struct Device: Codable, Sendable {
        var mac: String
        var address: String?
        var vendor: String?
        var vlan: UInt16
        /// Nanoseconds since 1970.
        var first: Int64
    }

    struct Remote: Codable, Sendable {
        var service: String
        var client: String
        var server: String
        var first: Int64
    }

    struct Share: Codable, Sendable {
        var name: String
        var frames: UInt64
    }

    /// Frames read in this segment.
    var frames: UInt64 = 0
    /// Devices that sent something, by MAC address.
    var devices = 0
    /// Conversations of this segment.
    var conversations = 0
    /// The latest devices that the store did not know, newest last.
    var newest: [Device] = []
    /// The protocols with most frames, most first.
    var protocols: [Share] = []
    var remote: [Remote] = []
    /// True when a table is full and new conversations are only counted.
    var isFlooded = false
    /// What the mirror probe found, once it did.
    var mirror: MirrorFigures?

    /// As one line.
    var line: String? { (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } }

    init() {}

    /// Nil when the line is not what an analyser writes.
    init?(line: String) {
        guard let view = try? JSONDecoder().decode(LiveView.self, from: Data(line.utf8)) else { return nil }
        self = view
    }
}
