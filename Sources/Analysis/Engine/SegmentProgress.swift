package import Model
import Protocols

/// What a live capture asks of the analyser before it has ended.
extension CaptureAnalyzer {
    /// How far a commit came.
    package struct Committed: Sendable {
        /// The last frame read.
        package var frame: UInt64 = 0
        var conversations = 0
        var observations = 0

        package init() {}
    }

    /// Rises with every frame that is the first to show something: a conversation, a kind of message, a fact.
    package var novelty: Int { flows.count &+ tallies.count &+ dissection.observations.observations.count }

    /// True when a table is so full that the segment should end before it is.
    package var isNearLimit: Bool {
        flows.count &* 2 > limits.conversations || tallies.count &* 2 > limits.tallies
            || dissection.observations.observations.count &* 2 > limits.observations
    }

    /// True when something was left out because a table was full.
    package var isFlooded: Bool { overLimit > 0 || dissection.observations.dropped > 0 }

    /// Frames so far.
    package var framesRead: UInt64 { frames }

    /// Conversations so far.
    package var conversationCount: Int { flows.count }

    /// Everything that changed after `committed`, which is brought up to date.
    package func changes(
        since committed: inout Committed, _ source: CaptureSummary, upTo frame: UInt64
    ) -> SegmentChanges {
        var changes = SegmentChanges(capture: record(source))
        for index in 0..<flows.count where index >= committed.conversations || flows[index].lastNumber > committed.frame
        {
            changes.conversations.append(conversation(index))
            changes.positions.append(index)
        }
        let observations = dissection.observations.observations
        let sightings = dissection.observations.sightings
        for index in 0..<min(observations.count, sightings.count)
        where index >= committed.observations || sightings[index].last.number > committed.frame {
            changes.observations.append(observations[index])
            changes.sightings.append(sightings[index])
        }
        committed.frame = frame
        committed.conversations = flows.count
        committed.observations = observations.count
        return changes
    }

    /// Frames by protocol, and the remote-access conversations in which something was said after `moment`.
    package func activity(since moment: Timestamp) -> LiveActivity {
        var counts = [UInt64](repeating: 0, count: dispatch.entries.count)
        var activity = LiveActivity()
        for index in 0..<flows.count {
            let service = Int(flows[index].service)
            guard service >= 0, service < counts.count else { continue }
            counts[service] &+= flows[index].a.frames &+ flows[index].b.frames
            guard flows[index].lastTime >= moment.nanoseconds, activity.remote.count < LiveActivity.remoteLimit else {
                continue
            }
            switch dispatch.entries[service].description.family {
            case .remoteAccess, .tunnel: activity.remote.append(conversation(index))
            default: continue
            }
        }
        for (service, count) in counts.enumerated() where count > 0 {
            activity.protocols[dispatch.entries[service].description.title] = count
        }
        return activity
    }
}

/// What is going on in a live capture.
package struct LiveActivity: Sendable {
    static let remoteLimit = 64

    /// Frames by protocol, as its makers write it.
    package var protocols: [String: UInt64] = [:]
    /// Remote-access and tunnel conversations in use, at most `remoteLimit`.
    package var remote: [Conversation] = []
}
