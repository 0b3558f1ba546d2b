import Model

/// How the network bears its traffic.
enum HealthAccount {
    static func sum(_ situation: Situation) -> NetworkHealth {
        var health = NetworkHealth()
        situation.eachConversation { conversation in
            let frames = conversation.fromClient.frames &+ conversation.fromServer.frames
            let bytes = conversation.fromClient.bytes &+ conversation.fromServer.bytes
            health.frames &+= frames
            health.bytes &+= bytes
            guard conversation.isToGroup else { return }
            health.groupFrames &+= frames
            health.groupBytes &+= bytes
        }
        health.duplicateAddresses = situation.inventory.addressConflicts.prefix(100).map(\.ip.description)
        let seconds = situation.coverage.seconds
        if seconds > 0 { health.meanBitsPerSecond = Double(health.bytes) * 8 / seconds }
        addCounts(&health, situation.results)
        return health
    }

    private static let cycles = 20

    /// What each capture counted, united. Where captures overlap their peaks are not added up: they may be of one wire.
    private static func addCounts(_ health: inout NetworkHealth, _ results: [CaptureResult]) {
        let counted = results.compactMap(\.capture.health)
        guard !counted.isEmpty else { return }
        func most(_ peaks: [CaptureHealth.Peak?], seconds: Double) -> NetworkHealth.Peak? {
            peaks.compactMap(\.self).max { $0.bytes < $1.bytes }.map {
                NetworkHealth.Peak(bitsPerSecond: Double($0.bytes) * 8 / seconds, begin: $0.begin)
            }
        }
        health.busiestSecond = most(counted.map(\.busiestSecond), seconds: 1)
        health.busiestMinute = most(counted.map(\.busiestMinute), seconds: 60)
        health.linkSpeed =
            counted.max { ($0.busiestMinute?.bytes ?? 0) < ($1.busiestMinute?.bytes ?? 0) }?.linkSpeed
        health.dataSegments = counted.reduce(0) { $0 &+ $1.dataSegments }
        health.repeatedSegments = counted.reduce(0) { $0 &+ $1.repeatedSegments }
        health.cycles = Array(
            counted.flatMap(\.cycles).sorted { ($1.missed, $1.deviation) < ($0.missed, $0.deviation) }
                .prefix(cycles))
    }
}

extension CaptureResult {
    /// The number that the result's frames bear; nil when it has none.
    var number: UInt32? { conversations.first?.first.capture ?? sightings.first?.first.capture }
}
