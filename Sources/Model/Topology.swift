/// A broadcast domain as observed: a VLAN as tagged, and the subnet its members use.
package struct Segment: Hashable, Sendable, Codable {
    package var id: String
    /// 802.1Q VLAN id, 0 for untagged.
    package var vlan: UInt16
    /// The subnet, declared by DHCP or a router where `prefixIsDeclared`, otherwise the smallest that covers its members.
    package var prefix: IPPrefix?
    package var prefixIsDeclared: Bool
    /// Asset ids.
    package var members: [String]
    /// Asset ids that forward for it.
    package var gateways: [String]
    package var otCount: Int
    package var itCount: Int

    package init(
        id: String, vlan: UInt16, prefix: IPPrefix?, prefixIsDeclared: Bool, members: [String], gateways: [String],
        otCount: Int,
        itCount: Int
    ) {
        self.id = id
        self.vlan = vlan
        self.prefix = prefix
        self.prefixIsDeclared = prefixIsDeclared
        self.members = members
        self.gateways = gateways
        self.otCount = otCount
        self.itCount = itCount
    }
}

/// Traffic between two segments, or between a segment and the outside.
package struct Conduit: Hashable, Sendable, Codable {
    /// Segment id, or `outside`.
    package var from: String
    package var to: String
    package var services: [String]
    package var conversations: Int
    package var bytes: UInt64
    /// Asset ids of the forwarding devices.
    package var via: [String]

    package init(from: String, to: String, services: [String], conversations: Int, bytes: UInt64, via: [String]) {
        self.from = from
        self.to = to
        self.services = services
        self.conversations = conversations
        self.bytes = bytes
        self.via = via
    }
}

/// Use of a remote-access protocol or tunnel between two ends.
package struct RemoteSession: Hashable, Sendable, Codable {
    /// Where the client end is.
    package enum Origin: String, Hashable, Sendable, Codable, CaseIterable {
        /// A public address reaches in.
        case outside
        /// A host of the plant reaches out (tele-maintenance through a provider's relay, VPN client).
        case outbound
        /// Both ends inside.
        case inside
    }

    /// Who or what is at work.
    package enum Character: String, Hashable, Sendable, Codable, CaseIterable {
        /// Irregular, answers larger than requests: a person at a screen or a shell.
        case interactive
        /// The same again and again at even intervals: a program that reports or keeps a line open.
        case periodic
        /// Most of it one way: files or backups.
        case transfer
    }

    /// What a declaration says of a session.
    package enum Permission: String, Hashable, Sendable, Codable, CaseIterable {
        case permitted
        case unknownVendor = "unknown_vendor"
        case outsideWindow = "outside_window"
        /// A permitted vendor by a protocol or at a target that is not permitted.
        case beyondPermission = "beyond_permission"
    }

    package var id: String
    package var service: String
    package var origin: Origin
    package var client: Endpoint
    package var clientPort: UInt16
    package var server: Endpoint
    package var serverPort: UInt16
    /// Asset ids; nil for ends outside the plant.
    package var clientAsset: String?
    package var serverAsset: String?
    package var user: WireText?
    /// True for a tunnel (VPN), false for a session at a desktop or shell.
    package var isTunnel: Bool
    package var reachesOT: Bool
    /// True when the other end answered with data, so that it was more than an attempt.
    package var isEstablished: Bool
    package var seen: Seen
    package var fromClient: Volume
    package var fromServer: Volume
    /// Conversations that make it up.
    package var conversations: Int
    /// What its rhythm says of who is at it; nil when too little was seen.
    package var character: Character?
    /// Sessions over which its user came here, the first one first: empty for one that starts at its client.
    package var way: [String]?
    /// What the plant's declaration says of it; nil when nothing is declared.
    package var permission: Permission?

    package init(
        id: String, service: String, origin: Origin, client: Endpoint, clientPort: UInt16, server: Endpoint,
        serverPort: UInt16,
        clientAsset: String?, serverAsset: String?, user: WireText?, isTunnel: Bool, reachesOT: Bool,
        isEstablished: Bool,
        seen: Seen, fromClient: Volume, fromServer: Volume, conversations: Int, character: Character? = nil,
        way: [String]? = nil, permission: Permission? = nil
    ) {
        self.id = id
        self.service = service
        self.origin = origin
        self.client = client
        self.clientPort = clientPort
        self.server = server
        self.serverPort = serverPort
        self.clientAsset = clientAsset
        self.serverAsset = serverAsset
        self.user = user
        self.isTunnel = isTunnel
        self.reachesOT = reachesOT
        self.isEstablished = isEstablished
        self.seen = seen
        self.fromClient = fromClient
        self.fromServer = fromServer
        self.conversations = conversations
        self.character = character
        self.way = way
        self.permission = permission
    }
}
