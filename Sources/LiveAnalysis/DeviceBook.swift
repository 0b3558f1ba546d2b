import Analysis
import Model

/// Devices that sent something, by MAC address; those that the store did not know are the new ones.
struct DeviceBook {
    /// More devices than these are counted once only if they are known already.
    private static let limit = 65_536
    private let known: Set<MACAddress>
    private var seen: Set<MACAddress> = []
    private(set) var newest: [LiveView.Device] = []

    init(known: [MACAddress]) { self.known = Set(known) }

    var count: Int { seen.count }

    mutating func note(_ conversations: [Conversation], _ knowledge: Knowledge) {
        for conversation in conversations {
            if conversation.fromClient.frames > 0 { note(conversation.client, conversation, knowledge) }
            if conversation.fromServer.frames > 0 { note(conversation.server, conversation, knowledge) }
        }
    }

    private mutating func note(_ end: Endpoint, _ conversation: Conversation, _ knowledge: Knowledge) {
        guard let mac = end.mac, mac.isUnicast, !seen.contains(mac), seen.count < DeviceBook.limit else { return }
        seen.insert(mac)
        guard !known.contains(mac) else { return }
        newest.append(
            LiveView.Device(
                mac: mac.description, address: end.ip?.description, vendor: knowledge.vendor(mac), vlan: end.vlan,
                first: conversation.first.time.nanoseconds))
        if newest.count > 8 { newest.removeFirst() }
    }
}
