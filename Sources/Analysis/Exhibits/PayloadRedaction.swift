import Wire

/// What of a payload is known not to be secret, decided from its own bytes alone: neither a port nor what the conversation
/// was taken for is believed, except where a port narrows down what the bytes already say.
enum PayloadRedaction {
    typealias Keeper = @Sendable (RawSpan, FrameLayers, inout KeptRanges) -> Bool

    /// Each recognises one protocol by lengths and constants that other traffic does not satisfy, keeps what proves it, and
    /// answers whether it was it. The first that does ends the search.
    private static let tcp: [Keeper] = [
        RedactedIndustrial.modbus, RedactedIndustrial.isoOnTCP, RedactedIndustrial.etherNetIP, RedactedIndustrial.slmp,
        RedactedIndustrial.fins, RedactedIndustrial.opcUA, RedactedServices.tls, RedactedServices.ssh,
        RedactedServices.vnc, RedactedServices.mqtt, RedactedServices.smb, RedactedText.lines,
    ]
    private static let udp: [Keeper] = [
        RedactedNetwork.dns, RedactedNetwork.snmp, RedactedNetwork.radius, RedactedNetwork.dhcp, RedactedNetwork.ntp,
        RedactedNetwork.capwap, RedactedIndustrial.bacnet, RedactedIndustrial.etherNetIP, RedactedIndustrial.slmp,
        RedactedIndustrial.fins, RedactedText.lines,
    ]

    static func keep(_ payload: RawSpan, _ layers: FrameLayers, _ ranges: inout KeptRanges) {
        switch layers.kind {
        case .network where layers.hasPorts:
            for keeper in layers.ipProtocol == 6 ? tcp : udp where keeper(payload, layers, &ranges) { return }
        case .network: RedactedNetwork.message(payload, layers, &ranges)
        case .etherType, .llc, .snap: RedactedNetwork.link(payload, layers, &ranges)
        case .wirelessManagement: RedactedNetwork.wirelessManagement(payload, layers, &ranges)
        case .none: break
        }
    }
}
