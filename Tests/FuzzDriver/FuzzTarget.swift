package import Protocols
import Wire

/// What is fuzzed: a protocol by its registry name, `all` protocols together, `frames`, `captures`, or `live` (the
/// stream between the processes of a live capture).
package enum FuzzTarget: Sendable {
    case protocols([ProtocolEntry])
    case frames
    case captures
    case live

    package init?(_ name: String) {
        switch name {
        case "frames": self = .frames
        case "captures": self = .captures
        case "live": self = .live
        case "all": self = .protocols(ProtocolRegistry.all)
        default:
            guard let entry = ProtocolRegistry.all.first(where: { $0.description.name == name }) else { return nil }
            self = .protocols([entry])
        }
    }

    /// One input through the target; returns, or traps.
    package func run(_ bytes: RawSpan) {
        switch self {
        case .protocols(let entries): FuzzConversation.run(bytes, entries)
        case .frames: FuzzFrames.run(bytes)
        case .captures: FuzzCaptures.run(bytes)
        case .live: FuzzLive.run(bytes)
        }
    }
}
